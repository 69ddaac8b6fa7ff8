"""DOSE01A: the dose, as delivered or as the treatment states it."""

from __future__ import annotations

import re

from data.ingest.findings import subjects as findings
from data.ingest.stage import text
from data.ingest.subjects.arms import PLACEBO, treatment
from data.ingest.work import Work

_UNIT = r"(?:mg|µg|μg|ug|mcg|g|ng|mL|IU|U|units?|cells|x?\s*10\^?\d+\s*cells)"
_DOSE = re.compile(
    rf"(?<![\w.])(\d+(?:\.\d+)?)\s*(?:[x×]\s*)?((?:10\^?\d+\s*)?{_UNIT}(?:\s*/\s*(?:kg|m\^?2|day|d|week|wk))*)(?!\w)",
    re.IGNORECASE,
)

_Arms = list[tuple[str, float | None]]


def complete(work: Work) -> None:
    """DOSE01A, else the planned dose, else that of the treatment's words or number."""
    if work.has("ADSL", "DOSE01A") or work.is_mapped("ADSL", "DOSE01A"):
        return
    if work.has("ADSL", "DOSE01P"):
        work.add(findings.planned_dose_only())
        work.connection.execute("update ADSL set DOSE01A = DOSE01P where SAFFL = 'Y'")
        work.redecide("ADSL", "DOSE01A", "DOSE01P", "actual dose missing; the planned dose")
        return
    variable, number, kind = treatment(work)
    arms = _arms(work, variable, number)
    if doses := _doses_in_words(arms):
        why = f"DOSE01A missing; the {kind} treatment names a dose in every arm"
        _fill(work, variable, doses, variable, why)
    elif number and _numbers_are_doses(arms):
        coded = {arm: (code, "") for arm, code in arms if code is not None}
        named = [f"{arm}: {code:g}" for arm, code in arms if code is not None]
        work.add(findings.dose_from_number(number, named))
        why = (
            f"DOSE01A missing; the numbers of the {kind} treatment are 0 for placebo and do not "
            "just count the others, so they are read as its doses"
        )
        _fill(work, variable, coded, number, why)
    else:
        why = (
            "DOSE01A and DOSE01P missing, and neither the words nor the number of the treatment "
            "give a dose; set it under [map.ADSL]"
        )
        work.redecide("ADSL", "DOSE01A", "", why)


def _arms(work: Work, variable: str, number: str) -> _Arms:
    """The arms of treated patients, each with its number."""
    return [
        (str(arm), None if code is None else float(str(code)))
        for arm, code in work.rows(
            f"select {variable}, {f'any_value({number})' if number else 'null'} from ADSL "
            f"where SAFFL = 'Y' and {variable} is not null group by {variable}"
        )
    ]


def _fill(
    work: Work, variable: str, doses: dict[str, tuple[float, str]], source: str, why: str
) -> None:
    for arm, (dose, unit) in doses.items():
        work.connection.execute(
            f"update ADSL set DOSE01A = {float(dose)!r}::double, "
            f"DOSE01U = coalesce(DOSE01U, nullif({text(unit)}, '')) "
            f"where SAFFL = 'Y' and {variable} = {text(arm)}"
        )
    work.redecide("ADSL", "DOSE01A", source, why)


def _doses_in_words(arms: _Arms) -> dict[str, tuple[float, str]]:
    """Arm -> dose and unit, if every arm names one dose in one unit, or is placebo."""
    doses: dict[str, tuple[float, str]] = {}
    units = set()
    for arm, _ in arms:
        named = _DOSE.findall(arm)
        if len(named) == 1:
            unit = re.sub(r"\s+", " ", named[0][1]).strip()
            doses[arm] = (float(named[0][0]), unit)
            units.add(unit.lower())
        elif not named and PLACEBO.search(arm):
            doses[arm] = (0.0, "")
        else:
            return {}
    if len(units) != 1 or not any(dose for dose, _ in doses.values()):
        return {}
    unit = next(unit for _, unit in doses.values() if unit)
    return {arm: (dose, unit) for arm, (dose, _) in doses.items()}


def _numbers_are_doses(arms: _Arms) -> bool:
    """Whether the numbers of the arms are doses: 0 is placebo, and they do not just count."""
    codes = [code for _, code in arms if code is not None]
    if len(codes) < len(arms) or len(codes) < 2 or min(codes) < 0:
        return False
    if any((code == 0) != bool(PLACEBO.search(arm)) for arm, code in arms):
        return False
    if 0 not in codes:
        return False
    return sorted(codes) != [float(place) for place in range(len(codes))] and max(codes) < 99
