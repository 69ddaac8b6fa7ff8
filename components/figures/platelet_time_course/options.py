"""What a reader can choose of the time course, and the rows it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from components.figure import Request
from components.options import shared
from components.options.option import Options, choice, flag
from data.study import Study

STATISTICS = {
    "individual": "Every patient",
    "median": "Median and IQR",
    "mean": "Mean and interval",
    "box": "Box per visit",
}
MEASURES = {"count": "Count", "change": "Change from baseline", "fold": "Fold change"}

LIMITS = {"limit": "At the limit", "half": "Half the lower limit", "excluded": "Left out"}


@dataclass(frozen=True)
class TimeCourseOptions(Options):
    """What a reader can choose."""

    statistic: str = choice("Show", STATISTICS, prominent=True)
    group: str = choice("By", shared.groupings, prominent=True)
    layout: str = choice("Panels", {"panels": "Small multiples", "overlay": "One panel"})
    measure: str = choice("Value", MEASURES)
    axis: str = choice("Time", {"visit": "Scheduled visit", "day": "Study day"})
    scale: str = choice(
        "Scale",
        shared.scales,
        when=lambda options: options.measure != "change",
    )
    level: str = choice(
        "Interval", shared.LEVELS, more=True, when=lambda options: options.statistic == "mean"
    )
    parameter: str = choice("Parameter", shared.parameters, more=True)
    baseline: str = choice(
        "Baseline", shared.baseline_types, more=True, help="The kind of baseline (BASETYPE)"
    )
    time_point: str = choice(
        "Time of day",
        shared.time_points,
        more=True,
        help="Which of several records of a day (ATPT); records without a time point stay",
    )
    window: str = choice(
        "Window",
        shared.windows,
        more=True,
        help="How many weeks one point covers",
        when=lambda options: options.axis == "day" and options.statistic != "individual",
    )
    limits: str = choice(
        "Values beyond a limit",
        LIMITS,
        more=True,
        help="Values reported as <10 or >1000, beyond a limit of quantification",
    )
    unscheduled: bool = flag(
        "Unscheduled visits", more=True, help="Show unscheduled visits on the visit axis too"
    )
    derived: bool = flag(
        "Derived records", more=True, help="Include derived records (those with a DTYPE)"
    )
    repeats: bool = flag(
        "Repeated records",
        more=True,
        help="Include records that repeat the value of an earlier visit on the same day, "
        "such as end of treatment",
    )
    flagged: bool = flag(
        "Only ANL01FL = Y", more=True, help="Only the records that this analysis flag selects"
    )


def needs(options: TimeCourseOptions, study: Study) -> dict[str, Request]:
    """Points by visit or week, records left out, infusions, rescue; each record for lines."""
    rules: dict[str, Any] = {
        "paramcd": options.parameter,
        "with_derived": options.derived,
        "with_repeats": options.repeats,
        "only_flagged": options.flagged,
        "limits": options.limits,
        "basetype": baseline_type(options, study),
        "time_point": time_point(options),
    }
    params = rules | {
        "axis": options.axis,
        "measure": options.measure,
        "with_unscheduled": options.unscheduled,
        "window": int(options.window or study.window),
    }
    requests = {
        "points": Request.of("platelet_time_course", **params),
        "records": Request.of("platelet_records", **params),
        "infusions": Request.of("infusion_days"),
        "rescue": Request.of("rescue_days", **rules),
    }
    if options.statistic == "individual":
        requests["lines"] = Request.of("platelet_individual", **params)
    return requests


def baseline_type(options: TimeCourseOptions, study: Study) -> str | None:
    """The BASETYPE that is drawn; None where the parameter has only one kind of baseline."""
    chosen = "" if options.baseline == shared.NO_TYPE else options.baseline or None
    return study.baseline_type(options.parameter or study.parameter, chosen)


def asks_for_log(options: TimeCourseOptions, study: Study) -> bool:
    """Whether the scale is to be logarithmic, by the reader's choice or the study's own."""
    return (options.scale or study.value_axis or "log") == "log"


def time_point(options: TimeCourseOptions) -> str | None:
    """The time point of the day that is drawn; None for any."""
    return None if options.time_point in {"", shared.ANY_TIME} else options.time_point
