"""The rows of a time course, placed on its time axis, with what its value is and is called."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from components.drawing.time_axis import Calendar, study_days, study_weeks, visits
from components.figure import Rows
from components.figures.platelet_time_course.options import TimeCourseOptions, asks_for_log
from components.options.shared import parameters
from components.population import Population
from components.stats.time_course import TimeCourse, time_course
from data.parameter_name import name_and_unit

# Beyond this many patients single lines cannot be told apart, and a summary is drawn instead.
MOST_LINES = 1000


@dataclass(frozen=True, eq=False)
class PlacedRows:
    """Rows from the queries with their place on the time axis in a column `place`.

    lines: a row per record where every patient has a line, else None. rescue: a row per therapy.
    infusions: a row per group and study day. records: how many there are, and how many are left
    out, by reason. name, unit: of the parameter; value_unit: of what is drawn.
    """

    options: TimeCourseOptions
    population: Population
    course: TimeCourse
    lines: pd.DataFrame | None
    rescue: pd.DataFrame
    infusions: pd.DataFrame
    records: pd.Series
    calendar: Calendar
    name: str
    unit: str
    is_log: bool

    @property
    def statistic(self) -> str:
        """What is drawn: the median where there are too many patients for a line each."""
        if self.lines is not None:
            return "individual"
        return "median" if self.options.statistic == "individual" else self.options.statistic

    @property
    def value_unit(self) -> str:
        """The unit of what is drawn."""
        return "ratio to baseline" if self.options.measure == "fold" else self.unit

    @property
    def is_of_platelets(self) -> bool:
        """Whether the parameter is the study's platelet count."""
        return self.options.parameter == self.population.study.parameter

    @property
    def references(self) -> tuple[float, ...]:
        """The study's reference lines where they belong on the axis: they are platelet counts."""
        if self.options.measure == "count" and self.is_of_platelets:
            return self.population.study.reference_lines
        return ()


def placed_rows(rows: Rows, options: TimeCourseOptions, population: Population) -> PlacedRows:
    """The rows of the queries, placed on the time axis that these options ask for."""
    lines = rows.get("lines")
    if lines is not None and lines["USUBJID"].nunique() > MOST_LINES:
        lines = None
    points = rows["points"]
    calendar = _calendar(points, options, has_lines=lines is not None)
    course = time_course(_placed(points, calendar), int(options.level) / 100)
    label = parameters(population.study).get(options.parameter, options.parameter)
    name, unit = name_and_unit(label)
    may_be_log = asks_for_log(options, population.study) and options.measure != "change"
    return PlacedRows(
        options=options,
        population=population,
        course=course,
        lines=None if lines is None else _placed(lines, calendar),
        rescue=rows["rescue"],
        infusions=rows["infusions"],
        records=rows["records"].iloc[0],
        calendar=calendar,
        name=name,
        unit=unit,
        is_log=may_be_log and bool(points["minimum"].min() > 0),
    )


def _calendar(points: pd.DataFrame, options: TimeCourseOptions, *, has_lines: bool) -> Calendar:
    ordered = points.sort_values("slot")
    slots = [float(slot) for slot in ordered["slot"]]
    if options.axis == "visit":
        return visits(dict(zip(slots, map(str, ordered["visit"]), strict=True)))
    return study_days() if has_lines else study_weeks(slots)


def _placed(rows: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    return rows.assign(place=[calendar.place(float(slot)) for slot in rows["slot"]])
