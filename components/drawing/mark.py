"""What a mark of a figure stands for, as it travels through the browser and back.

Plotly carries a mark's `customdata` to the browser, shows parts of it in a hover
(`%{customdata.n}`), and sends it back when the mark is clicked. Here it is an object with names: a
rule that says which patients stand behind the mark, and how many they are. The rule is answered by
the database when somebody asks, so a mark never lists its patients.

To let a mark say more, add a field that defaults to None, "this does not narrow the patients", and
answer it in the query behind the list.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

Line = Literal["any", "class", "term", "patient"]


@dataclass(frozen=True)
class Mark:
    """The patients behind a mark.

    `line` is the kind of line the mark stands on: any event, a system organ class, a preferred
    term, or a preferred term in one patient. `n` is how many patients the mark stands for. Every
    other field narrows them to those with this value; None: whatever the value.
    """

    line: Line
    n: int
    AEBODSYS: str | None = None
    AEDECOD: str | None = None
    group: str | None = None
    USUBJID: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The mark as Plotly carries it: without what does not narrow the patients."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def read(cls, sent: object) -> Mark | None:
        """The mark that a browser sent back; None where it is not one of these marks.

        A browser can send anything, so every value is checked.
        """
        if not isinstance(sent, dict) or not set(sent) <= {field.name for field in fields(cls)}:
            return None
        line, n = sent.get("line"), sent.get("n")
        narrowing = [value for name, value in sent.items() if name not in {"line", "n"}]
        if line not in get_args(Line) or isinstance(n, bool) or not isinstance(n, int) or n < 0:
            return None
        return cls(**sent) if all(isinstance(value, str) for value in narrowing) else None
