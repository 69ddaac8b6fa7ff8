"""The order of visits: AVISITN."""

from __future__ import annotations

import re

from data.ingest.findings import laboratory as findings
from data.ingest.stage import text
from data.ingest.work import Work

_COUNTED = re.compile(r"(week|day|month|visit|cycle)\s*(-?\d+(?:\.\d+)?)", re.IGNORECASE)


def complete(work: Work) -> None:
    """AVISITN, else the number in the words of AVISIT, if all count in one kind."""
    if work.has("ADLB", "AVISITN"):
        clashing = work.texts(
            "select AVISIT from ADLB where AVISIT is not null and AVISITN is not null "
            "and AVISIT not ilike 'unscheduled%' "
            "group by AVISIT having count(distinct AVISITN) > 1 order by all limit 3"
        )
        if clashing:
            work.add(findings.visit_numbers_differ(clashing))
        return
    names = work.texts("select distinct AVISIT from ADLB where AVISIT is not null")
    numbers = visit_numbers(names)
    if not numbers:
        work.add(findings.visit_order_unknown())
        return
    for name, number in numbers.items():
        work.connection.execute(
            f"update ADLB set AVISITN = {number!r}::double where AVISIT = {text(name)}"
        )
    why = "AVISITN and VISITNUM missing; screening is -1, baseline 0, then the number in the name"
    work.redecide("ADLB", "AVISITN", "AVISIT", why)


def visit_numbers(names: list[str]) -> dict[str, float]:
    """Visit name -> its number, if the names count in one kind (weeks, days, months, visits)."""
    kinds = set()
    numbers: dict[str, float] = {}
    for name in names:
        if re.match(r"screening", name, re.IGNORECASE):
            numbers[name] = -1.0
        elif re.match(r"baseline", name, re.IGNORECASE):
            numbers[name] = 0.0
        elif match := _COUNTED.fullmatch(name):
            kinds.add(match.group(1).lower())
            numbers[name] = float(match.group(2))
        elif re.match(r"unscheduled", name, re.IGNORECASE):
            continue
        else:
            return {}
    return numbers if len(kinds) <= 1 else {}
