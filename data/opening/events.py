"""The values of adverse events that `study.toml` names."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from data.opening.ask import Ask, statement
from data.study import Study
from data.study_file import Problem, shown


def problems(study: Study, ask: Ask, file: str) -> Iterator[Problem]:
    """Misspelt values of AEREL, and a scale that no event is graded on."""
    relations = ask("ADAE", statement("event_relation"), {})
    values = [str(value) for value, *_ in relations if value is not None]
    for value in study.related:
        if value not in values and (near := _meant(value, values)):
            yield Problem(
                file,
                f"[adverse_events] related = {shown(value)}",
                "is not a value of AEREL",
                f"Did you mean {shown(near)}?",
            )
    n_grade = sum(int(row[1]) for row in relations)
    n_severity = sum(int(row[2]) for row in relations)
    variable, n, other, n_other = (
        ("AETOXGR", n_grade, "severity", n_severity)
        if study.scale == "grade"
        else ("AESEV", n_severity, "grade", n_grade)
    )
    if not n and n_other:
        yield Problem(
            file,
            f"[adverse_events] scale = {shown(study.scale)}",
            f"needs {variable}, which is missing in every event",
            f"Write scale = {shown(other)}.",
        )


def _meant(value: str, values: list[str]) -> str:
    """The value of AEREL that a misspelt one means; RELATED does not mean UNRELATED."""
    for known in get_close_matches(value.upper(), [item.upper() for item in values], cutoff=0.85):
        if known == value.upper() or not known.endswith(value.upper()):
            return next(item for item in values if item.upper() == known)
    return ""
