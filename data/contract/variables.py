"""Variables that several datasets hold, and the two kinds of which there are many: flag and day."""

from __future__ import annotations

from typing import Final

from data.contract.shape import Reference, Variable

FLAG: Final = ("Y", "N")
STUDYID: Final = Variable("STUDYID", "Study Identifier", required=True, filled=True)
USUBJID: Final = Variable(
    "USUBJID",
    "Unique Subject Identifier",
    required=True,
    filled=True,
    description="One patient, over all studies.",
)
IN_ADSL: Final = (Reference("USUBJID", "ADSL"),)


def flag(name: str, label: str, description: str = "") -> Variable:
    """A flag: Y, N or missing."""
    return Variable(name, label, allowed=FLAG, description=description)


def day(name: str, label: str, *, required: bool = False, description: str = "") -> Variable:
    """A study day: the first treatment is day 1, the day before it day -1, and no day is 0."""
    return Variable(
        name,
        label,
        "integer",
        unit="day",
        required=required,
        condition=f"{name} <> 0",
        description=description,
    )
