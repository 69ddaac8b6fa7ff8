"""The time course in numbers and words: a course per group, table, notes, text alternative."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pandas as pd

from components.drawing.time_axis import Calendar
from components.figure import Rows, Summary
from components.figures.platelet_time_course import words
from components.figures.platelet_time_course.options import TimeCourseOptions
from components.figures.platelet_time_course.placed import PlacedRows, placed_rows
from components.figures.platelet_time_course.table import data_table
from components.population import Group, Population
from components.wording import capitalised, unit_text
from queries.engine.records import records


@dataclass(frozen=True)
class Point:
    """The summary of a group at a place of the time axis, in the unit of the value.

    centre: median or mean; low, high: quartiles, or the ends of the interval. n counts the patients
    with a value; with fewer than three of them, or none, `is_drawn` is false. hover: what the point
    says, the group's name first.
    """

    place: float
    n: int = 0
    is_drawn: bool = False
    centre: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    minimum: float = float("nan")
    maximum: float = float("nan")
    hover: tuple[str, ...] = ()


@dataclass(frozen=True)
class PatientLine:
    """The values of one patient in the order of time: places, values, whether they are after
    rescue, and what each says, the patient first."""

    places: tuple[float, ...]
    values: tuple[float, ...]
    after_rescue: tuple[bool, ...]
    hover: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Rescue:
    """A rescue therapy at the place where it begins; value: the last one before it, or None."""

    place: float
    value: float | None
    hover: tuple[str, ...]


@dataclass(frozen=True)
class Course:
    """What is drawn of a group: the points of its summary or a line per patient, the rescue
    therapies, and the places of its infusions."""

    group: Group
    points: tuple[Point, ...]
    lines: tuple[PatientLine, ...]
    rescues: tuple[Rescue, ...]
    infusions: tuple[float, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class TimeCourseSummary(Summary):
    """The courses of a time course, those that share a panel together.

    statistic: "individual", "median", "mean" or "box". value_title, unit: what the value axis
    measures. references: values of reference lines. infusion: what one is called.
    """

    statistic: str
    panels: tuple[tuple[Course, ...], ...]
    calendar: Calendar
    value_title: str
    unit: str
    is_log: bool
    references: tuple[float, ...]
    infusion: str

    @property
    def courses(self) -> tuple[Course, ...]:
        """The courses of all panels."""
        return tuple(course for panel in self.panels for course in panel)

    @property
    def has_lines(self) -> bool:
        """Whether every patient has a line."""
        return self.statistic == "individual"


def summarise(rows: Rows, options: TimeCourseOptions, population: Population) -> TimeCourseSummary:
    """The time course; values are in the parameter's unit, or a ratio for the fold change."""
    placed = placed_rows(rows, options, population)
    nothing = words.nothing(placed)
    courses = () if nothing else tuple(_course(placed, group) for group in population.shown)
    is_panelled = options.layout == "panels"
    return TimeCourseSummary(
        title=f"{placed.name} over time" if nothing else words.title(placed),
        subtitle="" if nothing else words.subtitle(placed),
        notes=words.left_out(placed) if nothing else words.notes(placed),
        alt=nothing or words.alternative(placed),
        table=data_table(placed),
        method="" if nothing else words.method(placed),
        nothing=nothing,
        statistic=placed.statistic,
        panels=tuple((course,) for course in courses) if is_panelled else (courses,),
        calendar=placed.calendar,
        value_title=words.value_title(placed),
        unit=unit_text(placed.value_unit),
        is_log=placed.is_log,
        references=placed.references,
        infusion=capitalised(population.study.given_as),
    )


def _course(placed: PlacedRows, group: Group) -> Course:
    has_days = placed.calendar.has_days
    days = _of_group(placed.infusions, group)["infusion_day"] if has_days else ()
    return Course(
        group=group,
        points=_points(placed, group) if placed.lines is None else (),
        lines=() if placed.lines is None else _lines(placed, placed.lines, group),
        rescues=_rescues(placed, group) if has_days else (),
        infusions=tuple(placed.calendar.place_of_day(float(day)) for day in days),
    )


def _of_group(rows: pd.DataFrame, group: Group) -> pd.DataFrame:
    return rows[rows["group_label"] == group.label]


def _points(placed: PlacedRows, group: Group) -> tuple[Point, ...]:
    """The points of a group, and one of nobody at each visit of the axis where it has no value."""
    centre, low, high = (
        ("mean", "ci_low", "ci_high") if placed.statistic == "mean" else ("median", "q1", "q3")
    )
    points = {
        float(row.place): Point(
            place=float(row.place),
            n=int(row.n_patients),
            is_drawn=bool(row.drawn),
            centre=float(getattr(row, centre)),
            low=float(getattr(row, low)),
            high=float(getattr(row, high)),
            minimum=float(row.minimum),
            maximum=float(row.maximum),
            hover=_point_hover(placed, group, row) if row.drawn else (),
        )
        for row in records(_of_group(placed.course.points, group))
    }
    nobody = {place: Point(place) for place in placed.calendar.labels if place not in points}
    return tuple(point for _, point in sorted((points | nobody).items()))


def _point_hover(placed: PlacedRows, group: Group, row: Any) -> tuple[str, ...]:
    values = f"Median {row.median:.1f} (IQR {row.q1:.1f} to {row.q3:.1f})"
    if placed.statistic == "mean":
        values = f"Mean {row.mean:.1f} ({row.ci_low:.1f} to {row.ci_high:.1f}), SD {row.sd:.1f}"
    return group.label, str(row.visit), values, f"n = {int(row.n_patients)} of {group.n}"


def _lines(placed: PlacedRows, rows: pd.DataFrame, group: Group) -> tuple[PatientLine, ...]:
    lines = []
    for _, of_patient in groupby(records(_of_group(rows, group)), lambda row: row.USUBJID):
        values = list(of_patient)
        lines.append(
            PatientLine(
                places=tuple(float(row.place) for row in values),
                values=tuple(float(row.point_value) for row in values),
                after_rescue=tuple(bool(row.after_rescue) for row in values),
                hover=tuple(_value_hover(placed, row) for row in values),
            )
        )
    return tuple(lines)


def _value_hover(placed: PlacedRows, row: Any) -> tuple[str, ...]:
    """Patient, visit and day, value, baseline, change."""
    is_limit = isinstance(row.AVALC, str) and row.AVALC.startswith(("<", ">"))
    value = row.AVALC if is_limit else f"{row.AVAL:g}"
    measured = f"{placed.name} {value} {placed.unit}".rstrip()
    has_base = not pd.isna(row.BASE)
    return (
        str(row.USUBJID),
        str(row.AVISIT) if pd.isna(row.ADY) else f"{row.AVISIT}, day {row.ADY:g}",
        f"{measured} (after rescue)" if row.after_rescue else measured,
        f"Baseline {row.BASE:g}" if has_base else "Baseline not known",
        f"Change {row.AVAL - row.BASE:+g}" if has_base else "Change not known",
    )


def _rescues(placed: PlacedRows, group: Group) -> tuple[Rescue, ...]:
    return tuple(
        Rescue(
            place=placed.calendar.place_of_day(float(row.rescue_from)),
            value=_value_before(placed.options, row),
            hover=(str(row.USUBJID), f"Rescue: {row.CMDECOD}", f"Day {int(row.rescue_from)}"),
        )
        for row in records(_of_group(placed.rescue, group))
    )


def _value_before(options: TimeCourseOptions, row: Any) -> float | None:
    """The last value before a rescue therapy, as the value axis has it."""
    value = {
        "count": lambda: row.AVAL,
        "change": lambda: row.AVAL - row.BASE,
        "fold": lambda: row.AVAL / row.BASE,
    }[options.measure]()
    return None if pd.isna(value) else float(value)
