"""The values of adverse events that `study.toml` names."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from data.study import Study
from data.study_file import Problem, shown
from queries.engine.compose import compose
from queries.engine.run import run
from queries.files import text

SQL = Path(__file__).parent / "event_relation.sql"


def problems(study: Study, file: str) -> Iterator[Problem]:
    """Misspelt values of AEREL, and a scale that no event is graded on."""
    events = run(study, compose(study, text(SQL)))
    if events.empty:
        return
    values = [str(value) for value in events["AEREL"].dropna()]
    for value in study.related:
        if value not in values and (near := _meant(value, values)):
            yield Problem(
                file,
                f"[adverse_events] related = {shown(value)}",
                "is not a value of AEREL",
                f"Did you mean {shown(near)}?",
            )
    graded, severe = int(events["n_grade"].sum()), int(events["n_severity"].sum())
    other = "severity" if study.scale == "grade" else "grade"
    if (graded, severe)[study.scale == "severity"] == 0 < graded + severe:
        column = "AETOXGR" if study.scale == "grade" else "AESEV"
        yield Problem(
            file,
            f'[adverse_events] scale = "{study.scale}"',
            f"needs {column}, which is missing in every event",
            f'Write scale = "{other}".',
        )


def _meant(value: str, values: list[str]) -> str:
    """The value of AEREL that a misspelt one means; RELATED does not mean UNRELATED."""
    for known in get_close_matches(value.upper(), [item.upper() for item in values], cutoff=0.85):
        if known == value.upper() or not known.endswith(value.upper()):
            return next(item for item in values if item.upper() == known)
    return ""
