"""The laboratory parameters and visits that `study.toml` names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from data.study import ResponseRule, Study
from data.study_file import Problem, shown
from queries.engine.compose import compose
from queries.engine.run import run
from queries.files import text
from queries.opening.proposal import instead, listed

SQL = Path(__file__).parent / "laboratory_visit.sql"
FOLLOWED = 14
"""Days before the last day of the response window from which on the data are taken for complete."""


def problems(study: Study, file: str) -> Iterator[Problem]:
    """Parameters and late visits that ADLB does not hold; nothing in a study without ADLB."""
    visits = run(study, compose(study, text(SQL)))
    if visits.empty:
        return
    codes = sorted(visits["PARAMCD"].astype(str).unique())
    rule = study.response
    asked = [("[laboratory] parameter", study.parameter)]
    if rule is not None and rule.bleeding:
        asked.append(("[response] bleeding", rule.bleeding))
    for path, code in asked:
        if code not in codes:
            what = "is not a PARAMCD of ADLB"
            yield Problem(file, f"{path} = {shown(code)}", what, instead(code, codes))
    if rule is not None:
        yield from _visits(rule, visits, study.parameter, file)


def _visits(
    rule: ResponseRule, visits: pd.DataFrame, parameter: str, file: str
) -> Iterator[Problem]:
    """Visits of the late definitions that nobody has, in data that reach the end of follow-up."""
    days = visits.loc[visits["PARAMCD"] == parameter, "last_day"]
    if days.empty or pd.isna(days.max()) or days.max() < rule.last_day - FOLLOWED:
        return
    numbers = sorted(visits["AVISITN"].dropna().unique())
    advice = f"AVISITN of ADLB are {listed([f'{number:g}' for number in numbers])}."
    if lacking := [visit for visit in rule.late_visits if visit not in numbers]:
        visits_named = ", ".join(f"{visit:g}" for visit in lacking)
        what = f"names visits nobody has: {visits_named}"
        yield Problem(file, "[response] late_visits", what, advice)
    first, last = rule.last_weeks
    if last and not any(first <= number <= last for number in numbers):
        path = f"[response] last_weeks = [{first:g}, {last:g}]"
        yield Problem(file, path, "holds no visit", advice)
