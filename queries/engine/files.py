"""The query files and the values a study gives to their parameters; no DuckDB needed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from data.study import Study

FOLDER = Path(__file__).parents[1]


@cache
def _file(path: Path, _mtime_ns: int) -> str:
    return path.read_text(encoding="utf-8").strip().rstrip(";")


def text(path: Path) -> str:
    """The text of a query file, read again only when it changed."""
    return _file(path, path.stat().st_mtime_ns)


def study_params(study: Study) -> dict[str, Any]:
    """Values a study gives to the `$parameters` of its queries: windows, rescue, related."""
    rule = study.response
    return {
        "rescue_days": study.rescue_days,
        "related": list(study.related),
        "first_day": rule.first_day if rule else None,
        "last_day": rule.last_day if rule else None,
        "bleeding": rule.bleeding if rule else "",
        "paramcd": study.parameter,
        "with_derived": False,
        "with_repeats": False,
        "with_unscheduled": False,
        "only_flagged": False,
        "scale": study.scale,
        "late_visits": list(rule.late_visits) if rule else [],
        "last_weeks_from": rule.last_weeks[0] if rule else None,
        "last_weeks_to": rule.last_weeks[1] if rule else None,
    }
