"""The laboratory parameters and visits that `study.toml` names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from data.opening.ask import Ask, statement
from data.opening.proposal import instead, listed
from data.study import ResponseRule, Study
from data.study_file import Problem, shown

FOLLOWED = 14
"""Days before the last day of the response window from which on the data are taken for complete."""


@dataclass(frozen=True)
class Visit:
    """A visit at which a parameter has values, and the last study day on which it has one."""

    parameter: str
    number: float | None
    last_day: int | None


def problems(study: Study, ask: Ask, file: str) -> Iterator[Problem]:
    """Parameters and late visits that ADLB does not hold; nothing where it holds no values."""
    visits = [Visit(*row) for row in ask("ADLB", statement("laboratory_visit"), {})]
    if not visits:
        return
    codes = sorted({visit.parameter for visit in visits})
    rule = study.response
    asked = [("[laboratory] parameter", study.parameter)]
    if rule is not None and rule.bleeding:
        asked.append(("[response] bleeding", rule.bleeding))
    for path, code in asked:
        if code not in codes:
            what = "is not a PARAMCD of ADLB"
            yield Problem(file, f"{path} = {shown(code)}", what, instead(code, codes))
    if rule is not None and _is_followed_up(rule, visits, study.parameter):
        yield from _late_visits(rule, visits, file)


def _is_followed_up(rule: ResponseRule, visits: list[Visit], parameter: str) -> bool:
    """Whether the data reach the end of the response window."""
    days = [visit.last_day for visit in visits if visit.parameter == parameter]
    return max((day for day in days if day is not None), default=0) >= rule.last_day - FOLLOWED


def _late_visits(rule: ResponseRule, visits: list[Visit], file: str) -> Iterator[Problem]:
    """Visits of the late definitions that nobody has."""
    numbers = sorted({visit.number for visit in visits if visit.number is not None})
    advice = f"AVISITN of ADLB are {listed([f'{number:g}' for number in numbers])}."
    if lacking := [visit for visit in rule.late_visits if visit not in numbers]:
        what = f"names visits nobody has: {', '.join(f'{visit:g}' for visit in lacking)}"
        yield Problem(file, "[response] late_visits", what, advice)
    first, last = rule.last_weeks
    if last and not any(first <= number <= last for number in numbers):
        path = f"[response] last_weeks = [{first:g}, {last:g}]"
        yield Problem(file, path, "holds no visit", advice)
