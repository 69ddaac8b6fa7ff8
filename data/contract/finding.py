"""One departure of a table from its contract, in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One way in which a table departs from its contract, and what to do about it.

    `rows`: how many rows are concerned (0 where a whole column is). `patients`: the first few
    USUBJID of those rows. `values`: the first few values that are not allowed.
    """

    dataset: str
    variable: str
    rule: str
    rows: int
    patients: tuple[str, ...]
    advice: str
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"{self.dataset}.{self.variable}: {self.rule}"
        if self.values:
            where += f" ({', '.join(repr(value) for value in self.values)})"
        count = f", {self.rows} row{'s' if self.rows != 1 else ''}" if self.rows else ""
        who = f" ({', '.join(self.patients)})" if self.patients else ""
        return f"{where}{count}{who}. {self.advice}"
