"""The marks of a group in the time course: lines, points, intervals, boxes, rescue."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import TypeVar

from components.drawing.canvas import Canvas, Settings
from components.drawing.grid import Cell
from components.drawing.hover import hover_lines
from components.drawing.interval import band, error_bars
from components.drawing.theme import translucent
from components.escape import plotly_text
from components.figures.platelet_time_course.summary import (
    Course,
    TimeCourseSummary,
)

RESCUE = "#c8321f"
# In a larger group than this only the counts after rescue keep their marks.
CROWD = 40
# How far groups at the same visit are moved apart, in the unit of the time axis.
DODGE = 0.14
Panel = tuple[Course, ...]
T = TypeVar("T")


def course_marks(
    canvas: Canvas,
    summary: TimeCourseSummary,
    course: Course,
    panel: Panel,
    cell: Cell,
    *,
    floor: float,
) -> None:
    """Draw one of the groups of a panel, whose value axis begins at `floor`."""
    group = course.group
    is_alone = len(summary.panels) == 1
    common: Settings = {
        "name": f"{plotly_text(group.label)} (n = {group.n})",
        "legendgroup": group.label,
        "showlegend": is_alone,
        "xaxis": cell.x,
        "yaxis": cell.y,
    }
    if summary.has_lines:
        _patient_lines(canvas, course, common)
        return
    shift = _shift(summary, course, panel)
    if summary.statistic == "box":
        _boxes(canvas, course, shift, _box_width(summary, panel), common)
        return
    if not is_alone:
        _band(canvas, course, floor if summary.is_log else None, common)
    _curve(canvas, course, shift, common, with_bars=is_alone)


def _curve(
    canvas: Canvas, course: Course, shift: float, common: Settings, *, with_bars: bool
) -> None:
    """The line through the centres; a curve that shares its panel carries its own error bars."""
    group = course.group
    points = course.points
    centre = [point.centre if point.is_drawn else None for point in points]
    bars: Settings = {}
    if with_bars:
        low = [point.low if point.is_drawn else None for point in points]
        high = [point.high if point.is_drawn else None for point in points]
        bars["error_y"] = error_bars(centre, low, high, translucent(group.colour, 0.6))
    canvas.add(
        "scatter",
        x=[point.place + shift for point in points],
        y=centre,
        mode="lines+markers",
        connectgaps=False,
        line={"color": group.colour, "width": 2 if with_bars else 2.2, "dash": group.dash},
        marker={"symbol": group.symbol, "size": 7 if with_bars else 6, "color": group.colour},
        **hover_lines([point.hover for point in points]),
        **bars,
        **common,
    )


def _band(canvas: Canvas, course: Course, floor: float | None, common: Settings) -> None:
    """The intervals as a band; `floor`: where a log axis begins, which has no place below zero."""
    lowest = -math.inf if floor is None else floor
    points = course.points
    x, y = band(
        [point.place for point in points],
        [max(point.low, lowest) if point.is_drawn else None for point in points],
        [max(point.high, lowest) if point.is_drawn else None for point in points],
    )
    canvas.add(
        "scatter",
        x=x,
        y=y,
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=translucent(course.group.colour, 0.18),
        hoverinfo="skip",
        **{**common, "showlegend": False},
    )


def _boxes(canvas: Canvas, course: Course, shift: float, width: float, common: Settings) -> None:
    points = [point for point in course.points if point.is_drawn]
    canvas.add(
        "box",
        x=[point.place + shift for point in points],
        q1=[point.low for point in points],
        median=[point.centre for point in points],
        q3=[point.high for point in points],
        lowerfence=[point.minimum for point in points],
        upperfence=[point.maximum for point in points],
        width=width,
        line={"color": course.group.colour, "width": 1.4},
        fillcolor=translucent(course.group.colour, 0.18),
        hoveron="boxes",
        **common,
    )


def _patient_lines(canvas: Canvas, course: Course, common: Settings) -> None:
    """All lines of a group as one trace with gaps; counts after rescue are hollow."""
    group, lines = course.group, course.lines
    is_crowded = group.n > CROWD
    hollow = _with_gaps([line.after_rescue for line in lines])
    canvas.add(
        "scatter",
        x=_with_gaps([line.places for line in lines]),
        y=_with_gaps([line.values for line in lines]),
        mode="lines+markers",
        connectgaps=False,
        line={"color": group.colour, "width": 0.8 if is_crowded else 1.2, "dash": "solid"},
        opacity=0.85,
        marker={
            "symbol": group.symbol,
            "size": [5 if is_hollow else 0 for is_hollow in hollow] if is_crowded else 5,
            "color": ["#ffffff" if is_hollow else group.colour for is_hollow in hollow],
            "line": {"color": group.colour, "width": 1.1},
        },
        **hover_lines([hover or () for hover in _with_gaps([line.hover for line in lines])]),
        **common,
    )


def _with_gaps(runs: Iterable[Iterable[T]]) -> list[T | None]:
    """The values of all runs, with None behind each run, where the line of a trace breaks."""
    return [value for run in runs for value in (*run, None)]


def rescue_marks(
    canvas: Canvas,
    summary: TimeCourseSummary,
    panel: Panel,
    cell: Cell,
    *,
    floor: float,
) -> None:
    """A cross where rescue therapy began: on the patient's line, or on the axis under a summary.

    floor: where the value axis begins.
    """
    rescues = [rescue for course in panel for rescue in course.rescues]
    if not rescues:
        return
    # One that was given before the first count has no value to stand at.
    at_axis = floor * 1.06 if summary.is_log else floor
    values = [rescue.value if summary.has_lines else None for rescue in rescues]
    canvas.add(
        "scatter",
        x=[rescue.place for rescue in rescues],
        y=[at_axis if value is None else value for value in values],
        mode="markers",
        name="Rescue therapy begins",
        legendgroup="rescue",
        # Once in the legend: for the first panel that has one.
        showlegend=not any(trace["legendgroup"] == "rescue" for trace in canvas.traces),
        cliponaxis=False,
        marker={"symbol": "x-thin", "size": 9, "line": {"color": RESCUE, "width": 2.2}},
        xaxis=cell.x,
        yaxis=cell.y,
        **hover_lines([rescue.hover for rescue in rescues]),
    )


def _shift(summary: TimeCourseSummary, course: Course, panel: Panel) -> float:
    """How far a group is moved along the time axis, in its unit, so that groups of one visit do not
    hide each other."""
    if len(panel) == 1:
        return 0.0
    step = _box_width(summary, panel) / 0.8 if summary.statistic == "box" else DODGE
    return step * (panel.index(course) - (len(panel) - 1) / 2)


def _box_width(summary: TimeCourseSummary, panel: Panel) -> float:
    """The width of a box, in the unit of the time axis: the boxes of a visit stay by themselves."""
    places = sorted({point.place for course in summary.courses for point in course.points})
    gap = min((later - sooner for sooner, later in pairwise(places)), default=1.0)
    return 0.8 * 0.75 * gap / len(panel)
