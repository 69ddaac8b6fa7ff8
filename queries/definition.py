"""The response definitions: each is one file in `queries/definitions/`, its words in its header.

A header line `-- key: text` gives `label` (a short name), `words` (the definition as it stands
under a figure), `evaluable` (when a patient can be judged) and `measure` (what the column of that
name counts). `$parameters` in them are replaced by their values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from data.study import Study
from queries.files import FOLDER, text
from queries.parameters import study_parameters

WEEKS_NEEDED = 4.0


@dataclass(frozen=True)
class Definition:
    """A response definition in words."""

    key: str
    label: str
    words: str
    evaluable: str
    measure: str


ORDER = (
    "iwg2009",
    "any50",
    "stable50",
    "durable_two_thirds",
    "durable_half",
    "cumulative_weeks",
    "target_band",
)


def definitions(study: Study) -> dict[str, Definition]:
    """The definitions a study can be judged by, its default first; none without a response rule."""
    if study.response is None:
        return {}
    keys = [file.stem for file in sorted((FOLDER / "definitions").glob("*.sql"))]
    keys.sort(key=lambda key: (key != study.response.default, _rank(key)))  # type: ignore[union-attr]
    return {key: definition(study, key) for key in keys}


def _rank(key: str) -> int:
    return ORDER.index(key) if key in ORDER else len(ORDER)


def definition(study: Study, key: str, *, weeks_needed: float = WEEKS_NEEDED) -> Definition:
    """One definition with the study's windows in its words."""
    header = dict(
        re.findall(
            r"^-- ([a-z]+): (.*)$", text(FOLDER / "definitions" / f"{key}.sql"), re.MULTILINE
        )
    )
    values = study_parameters(study) | {"weeks_needed": weeks_needed}

    def spoken(match: re.Match[str]) -> str:
        value = values[match[1]]
        return (
            ", ".join(f"week {item:g}" for item in value)
            if isinstance(value, list)
            else _number(value)
        )

    return Definition(
        key,
        **{
            part: re.sub(r"\$([a-z_]+)", spoken, header[part])
            for part in ("label", "words", "evaluable", "measure")
        },
    )


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)
