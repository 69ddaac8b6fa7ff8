"""The values that a study gives to the `$parameters` of its queries; no DuckDB needed."""

from __future__ import annotations

from typing import Any

from data.study import Study


def study_parameters(study: Study) -> dict[str, Any]:
    """Parameter name -> value: windows of response, rescue, bleeding, the scale of severity.

    The rules for laboratory records are here with the values they have unless a figure's options
    say otherwise.
    """
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
        "limits": "limit",
        "basetype": study.baseline_type(study.parameter),
        "time_point": None,
        "window": 1,
        "scale": study.scale,
        "late_visits": list(rule.late_visits) if rule else [],
        "last_weeks_from": rule.last_weeks[0] if rule else None,
        "last_weeks_to": rule.last_weeks[1] if rule else None,
    }
