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
        {"log": "Log", "linear": "Linear"},
        when=lambda options: options.measure != "change",
    )
    level: str = choice(
        "Interval", shared.LEVELS, more=True, when=lambda options: options.statistic == "mean"
    )
    parameter: str = choice("Parameter", shared.parameters, more=True)
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


def needs(options: TimeCourseOptions, _study: Study) -> dict[str, Request]:
    """Points by visit or week, records left out, infusions, rescue; each record for lines."""
    rules: dict[str, Any] = {
        "paramcd": options.parameter,
        "with_derived": options.derived,
        "with_repeats": options.repeats,
        "only_flagged": options.flagged,
    }
    params = rules | {
        "axis": options.axis,
        "measure": options.measure,
        "with_unscheduled": options.unscheduled,
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
