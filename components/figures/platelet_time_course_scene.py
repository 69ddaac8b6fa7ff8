"""The options of the time course, and what its drawing functions share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from components.figure import Frame
from components.options import shared
from components.options.option import choice, flag
from components.stats.time_course import TimeCourse, time_course
from components.wording import unit_text
from data.study import Study
from queries.engine.records import records

STATISTICS = {
    "individual": "Every patient",
    "median": "Median and IQR",
    "mean": "Mean and interval",
    "box": "Box per visit",
}
MEASURES = {"count": "Count", "change": "Change from baseline", "fold": "Fold change"}
# Beyond this many patients single lines cannot be told apart, and a summary is drawn instead.
MOST_LINES = 1000


def parameters(study: Study) -> dict[str, str]:
    """Laboratory parameters of a study by PARAMCD, its platelets first."""
    return {code: unit_text(label) for code, label in study.parameters}


def _summarised(options: Options) -> bool:
    return options.statistic == "mean"


def _may_be_log(options: Options) -> bool:
    return options.measure != "change"


@dataclass(frozen=True)
class Options:
    """What a reader can choose."""

    statistic: str = choice("Show", STATISTICS, prominent=True)
    group: str = choice("By", shared.groupings, prominent=True)
    layout: str = choice("Panels", {"panels": "Small multiples", "overlay": "One panel"})
    measure: str = choice("Value", MEASURES)
    axis: str = choice("Time", {"visit": "Scheduled visit", "day": "Study day"})
    scale: str = choice("Scale", {"log": "Log", "linear": "Linear"}, when=_may_be_log)
    level: str = choice("Interval", shared.LEVELS, more=True, when=_summarised)
    parameter: str = choice("Parameter", parameters, more=True)
    unscheduled: bool = flag(
        "Unscheduled visits",
        more=True,
        help="Put records of unscheduled visits on the visit axis too",
    )
    derived: bool = flag("Derived records", more=True, help="Use records that DTYPE calls derived")
    repeats: bool = flag(
        "Repeated records",
        more=True,
        help="Use records that repeat the value of an earlier visit of the same day: "
        "end of treatment",
    )
    flagged: bool = flag(
        "Only ANL01FL = Y", more=True, help="Use only the records this analysis flag marks"
    )


@dataclass(frozen=True)
class Scene:
    """What the drawing functions share. `infusions`: group and study day of each."""

    frame: Frame
    options: Options
    course: TimeCourse
    lines: pd.DataFrame | None
    rescue: pd.DataFrame
    infusions: tuple[tuple[str, float], ...]
    name: str
    unit: str
    log: bool
    calendar: Calendar

    @property
    def time_title(self) -> str:
        """What the time axis counts."""
        return self.calendar.title


@dataclass(frozen=True)
class Calendar:
    """Where visits stand on the time axis.

    `places`: slot -> place; `labels`: place -> tick label. `kind`: "day" where places are study
    days, "week" where they are weeks since day 1, "order" where visits only have an order.
    """

    kind: str
    places: dict[float, float]
    labels: dict[float, str]

    @property
    def title(self) -> str:
        """What the time axis counts."""
        return {"day": "Study day", "week": "Week"}.get(self.kind, "Visit")

    def place_of_day(self, day: float) -> float | None:
        """A study day on the axis; None where visits only have an order."""
        if self.kind == "order":
            return None
        return day if self.kind == "day" else (day - (1 if day > 0 else 0)) / 7


def calendar(visits: Mapping[float, str], *, by_visit: bool, lines: bool) -> Calendar:
    """The time axis for these visits (slot -> name, in order).

    Visits called "Week 4" at slot 4 stand in weeks, and so does what lies between them; a visit
    beyond the last week ("End of Treatment", 99) stands behind it. Where visits are not numbered by
    weeks, they stand one after the other.
    """
    slots = list(visits)
    if not by_visit:
        return Calendar(
            "day" if lines else "week",
            {slot: slot for slot in slots},
            {} if lines else {slot: f"{slot:g}" for slot in slots},
        )
    weeks = [slot for slot in slots if str(visits[slot]).strip().lower() == f"week {slot:g}"]
    after_start = [slot for slot in slots if slot > 0 and float(slot).is_integer()]
    if 2 * len(weeks) < len(after_start):
        places = {slot: float(index) for index, slot in enumerate(slots)}
        return Calendar("order", places, {places[slot]: str(visits[slot]) for slot in slots})
    last = max(weeks, default=0.0)
    step = max(1.0, (last - min(slots, default=0.0)) / 14)
    beyond = [slot for slot in slots if slot > last and not last < slot < last + 1]
    places = {slot: slot for slot in slots} | {
        slot: last + step * (index + 1) for index, slot in enumerate(beyond)
    }
    labels = {
        places[slot]: str(visits[slot]) if slot in beyond else f"{slot:g}"
        for slot in slots
        if float(slot).is_integer()
    }
    return Calendar("week", places, labels)


def scene_of(frames: Mapping[str, pd.DataFrame], options: Options, frame: Frame) -> Scene:
    """The rows of a time course with their places on the axis, and what the axis counts."""
    course = time_course(frames["points"], int(options.level) / 100)
    label = parameters(frame.study).get(options.parameter, options.parameter)
    name, _, unit = label.partition(" (")
    lines = frames.get("lines")
    if lines is not None and lines["USUBJID"].nunique() > MOST_LINES:
        lines = None
    smallest = course.points["minimum"].min()
    points = course.points.sort_values("slot")
    found = calendar(
        dict(zip(points["slot"], points["visit"], strict=True)),
        by_visit=options.axis == "visit",
        lines=lines is not None,
    )
    course.points["place"] = course.points["slot"].map(found.places)
    if lines is not None:
        by_day = found.kind == "day"
        lines = lines.assign(place=lines["slot"] if by_day else lines["slot"].map(found.places))
    return Scene(
        frame,
        options,
        course,
        lines,
        frames["rescue"],
        infusions=tuple(
            (str(row.group_label), float(row.infusion_day)) for row in records(frames["infusions"])
        ),
        name=name,
        unit=unit.rstrip(")") if options.measure != "fold" else "ratio to baseline",
        log=options.scale == "log" and options.measure != "change" and bool(smallest > 0),
        calendar=found,
    )


def has_references(scene: Scene) -> bool:
    """Whether the study's reference lines belong on this axis: they are counts of platelets."""
    study, options = scene.frame.study, scene.options
    return bool(
        study.reference_lines
        and options.measure == "count"
        and options.parameter == study.parameter
    )


def statistic_words(scene: Scene) -> str:
    """What a line, point or box of the figure stands for."""
    if scene.lines is not None:
        return "One line per patient"
    return {
        "mean": f"Mean and {scene.options.level}% t interval",
        "box": "Box: quartiles and median; whiskers: minimum and maximum",
    }.get(scene.options.statistic, "Median and interquartile range")
