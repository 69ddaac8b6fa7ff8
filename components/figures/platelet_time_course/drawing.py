"""The time course drawn: panels with their axes, and a legend of what the marks mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.drawing.canvas import Canvas
from components.drawing.finish import legend_rows
from components.drawing.grid import Cell, cell_title, cells
from components.drawing.theme import HEIGHT, QUIET
from components.drawing.time_axis import CountRow, room_below, time_axis, vertical_lines
from components.drawing.value_axis import reference_lines, value_axis, value_ends
from components.escape import plotly_text
from components.figure import Drawing
from components.figures.platelet_time_course.marks import course_marks, rescue_marks
from components.figures.platelet_time_course.summary import Course, TimeCourseSummary

INFUSION = "rgba(123,135,148,0.38)"


@dataclass(frozen=True)
class Axes:
    """The ends of both axes, which all panels share, in the units of the axes."""

    time: tuple[float, float]
    value: tuple[float, float]


def draw(summary: TimeCourseSummary) -> Drawing:
    """Draw the time course: a panel per group, or all groups in one."""
    canvas, count = Canvas(), len(summary.panels)
    rows = 0 if summary.has_lines else max(map(len, summary.panels))
    bottom = room_below(summary.calendar.labels.values(), rows)
    axes = _shared_axes(summary)
    layout = cells(
        count, row_room=50 if summary.has_lines else 60, height=HEIGHT - 110 - bottom - 78
    )
    for panel, cell in zip(summary.panels, layout, strict=True):
        _axes(canvas, summary, panel, cell, axes)
        for course in panel:
            course_marks(canvas, summary, course, panel, cell, floor=axes.value[0])
        rescue_marks(canvas, summary, panel, cell, floor=axes.value[0])
    _legend(canvas, summary)
    top = 24 if count > 1 else 8
    return Drawing(canvas, top=top, bottom=bottom, legend=legend_rows(canvas))


def _shared_axes(summary: TimeCourseSummary) -> Axes:
    points = [point for course in summary.courses for point in course.points if point.n]
    return Axes(
        time=summary.calendar.ends(_places(summary)),
        value=value_ends(
            _values(summary),
            is_log=summary.is_log,
            references=summary.references,
            centres=[point.centre for point in points] if summary.statistic == "mean" else (),
        ),
    )


def _places(summary: TimeCourseSummary) -> Iterator[float]:
    """The places of all that is drawn. A rescue may begin before the first visit."""
    for course in summary.courses:
        yield from (point.place for point in course.points)
        yield from (place for line in course.lines for place in line.places)
        yield from (rescue.place for rescue in course.rescues)


def _values(summary: TimeCourseSummary) -> Iterator[float]:
    """The values of all that is drawn, of summaries the lowest and the highest."""
    for course in summary.courses:
        yield from (value for line in course.lines for value in line.values)
        for point in course.points:
            if point.is_drawn and summary.statistic == "box":
                yield from (point.minimum, point.maximum)
            elif point.is_drawn:
                yield from (point.low, point.high)


def _axes(
    canvas: Canvas,
    summary: TimeCourseSummary,
    panel: tuple[Course, ...],
    cell: Cell,
    axes: Axes,
) -> None:
    """The axes of a panel, with the reference lines and the infusions of its groups."""
    is_panel = len(summary.panels) > 1
    counts = [
        CountRow(course.group.colour, {point.place: point.n for point in course.points})
        for course in panel
    ]
    canvas.x_axis(
        cell.number,
        domain=cell.x_domain,
        anchor=cell.y,
        **time_axis(
            summary.calendar.labels,
            axes.time,
            cell.width,
            rows=() if summary.has_lines else counts,
            largest=max((p.n for course in summary.courses for p in course.points), default=0),
            is_panel=is_panel,
        ),
    )
    canvas.y_axis(
        cell.number,
        domain=cell.y_domain,
        anchor=cell.x,
        showticklabels=cell.is_leftmost,
        **value_axis(axes.value, is_log=summary.is_log, references=summary.references),
    )
    if cell.is_lowest:
        canvas.x_axis(cell.number, title={"text": summary.calendar.title})
    if cell.is_leftmost:
        title = plotly_text(summary.unit if is_panel else summary.value_title)
        canvas.y_axis(cell.number, title={"text": title})
    if is_panel:
        group = panel[0].group
        title = f"<b>{plotly_text(group.label)}</b>, n = {group.n}"
        cell_title(canvas, cell, title, group.colour)
    reference_lines(canvas, cell, summary.references)
    infusions = [place for course in panel for place in course.infusions]
    vertical_lines(canvas, cell, infusions, INFUSION)


def _legend(canvas: Canvas, summary: TimeCourseSummary) -> None:
    """The legend's entries for infusions and for hollow counts, where there are any."""
    if any(course.infusions for course in summary.courses):
        canvas.add(
            "scatter",
            x=[None],
            y=[None],
            mode="lines",
            name=plotly_text(summary.infusion),
            line={"color": INFUSION, "width": 3},
            hoverinfo="skip",
        )
    if any(any(line.after_rescue) for course in summary.courses for line in course.lines):
        canvas.add(
            "scatter",
            x=[None],
            y=[None],
            mode="markers",
            name="Hollow: count after rescue",
            hoverinfo="skip",
            marker={
                "symbol": "circle",
                "size": 7,
                "color": "#ffffff",
                "line": {"color": QUIET, "width": 1.4},
            },
        )
