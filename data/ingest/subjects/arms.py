"""The arms: which variable they are in, planned or actual, and the order of their values."""

from __future__ import annotations

import re

from data.ingest.findings import subjects as findings
from data.ingest.report import IngestError
from data.ingest.stage import text
from data.ingest.work import Work

PLACEBO = re.compile(r"\b(placebo|no treatment|untreated|observation|sham)\b", re.IGNORECASE)


def treatment(work: Work) -> tuple[str, str, str]:
    """The variable of the arms, the one that orders them, and "actual" or "planned"."""
    kinds = [
        ("TRT01A", "TRT01AN", "actual"), ("TRT01P", "TRT01PN", "planned"), ("ARM", "", "planned")
    ]  # fmt: skip
    if work.settings.treatment == "planned":
        kinds = [*kinds[1:], kinds[0]]
    for variable, number, kind in kinds:
        if work.has("ADSL", variable):
            return variable, number, kind
    return "", "", ""


def complete(work: Work) -> None:
    """Choose the variable of the arms, note whom the choice concerns, and number its values.

    Raises:
        IngestError: no variable gives a treatment.
    """
    variable, number_variable, kind = treatment(work)
    if not variable:
        raise IngestError(findings.no_arm())
    why = f"{kind} treatment"
    if work.settings.treatment:
        why += f", as set in {work.settings.name}"
    planned = next((v for v in ("TRT01P", "ARM") if work.has("ADSL", v)), "")
    if planned and work.has("ADSL", "TRT01A"):
        differing = work.concerned(
            "ADSL",
            f"TRT01A is not null and SAFFL = 'Y' and upper(TRT01A) <> upper({planned})",
        )
        why += f"; actual and planned ({planned}) differ in {differing.rows} treated patients"
        if differing:
            work.add(findings.arm_not_as_planned(planned, variable, kind, differing))
    work.decide("ADSL", "arm", variable, why)
    if missing := work.concerned("ADSL", f"SAFFL = 'Y' and {variable} is null"):
        work.add(findings.arm_missing(variable, missing))
    if number_variable:
        number(work, variable, number_variable)


def number(work: Work, variable: str, number: str) -> None:
    """The number that orders the values of a variable: as delivered, else by the text."""
    if not work.has("ADSL", variable):
        return
    clashing = work.texts(
        f"select {variable} from ADSL where SAFFL = 'Y' and {variable} is not null "
        f"group by {variable} having count(distinct {number}) <> 1 or count({number}) < count(*)"
    )
    if not clashing:
        return
    if work.has("ADSL", number):
        work.add(findings.order_not_one_to_one(variable, number, clashing[:3]))
    values = work.texts(f"select distinct {variable} from ADSL where {variable} is not null")
    for place, value in enumerate(sorted(values, key=_natural), start=1):
        work.connection.execute(
            f"update ADSL set {number} = {place} where {variable} = {text(value)}"
        )
    work.redecide("ADSL", number, variable, "numbered in the order of the text, placebo first")


def _natural(value: str) -> tuple[bool, list[tuple[int, float, str]]]:
    """A key that puts placebo first, and "2 mg" before "10 mg"."""
    parts = re.split(r"(\d+(?:\.\d+)?)", value)
    key = [(0, float(p), "") if p[:1].isdigit() else (1, 0.0, p.casefold()) for p in parts if p]
    return not PLACEBO.search(value), key
