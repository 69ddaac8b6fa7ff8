"""The lines of a heatmap from top to bottom, with their names in the left margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.drawing.canvas import Canvas
from components.drawing.text import broken, fitted, width
from components.escape import plotly_text

# The widest margin for names, the room beside them, and how much wider bold letters are.
MARGIN, BESIDE, BOLD = 360, 22, 1.08
# Up to FEW lines are high enough for a name on two rows, broken at this width in pixels.
FEW, NARROW = 12, 190
INDENT = "   "


@dataclass(frozen=True)
class Line:
    """A line by its plain name; a heading is bold, a line under a heading is indented."""

    name: str
    is_heading: bool = False
    is_indented: bool = False


@dataclass(frozen=True)
class LineAxis:
    """The size of the names' type and the width of the left margin, in pixels."""

    size: int
    margin: int


def line_axis(canvas: Canvas, lines: Sequence[Line]) -> LineAxis:
    """Put the lines on the vertical axis from top to bottom: the first at 0, the next at 1."""
    size = type_size(len(lines))
    labels = [label(line, len(lines)) for line in lines]
    margin = left_margin(labels, size)
    canvas.y_axis(
        tickvals=list(range(len(labels))),
        ticktext=labels,
        range=[len(labels) - 0.5, -0.5],
        showgrid=False,
        tickfont={"size": size},
        ticks="",
        showline=False,
    )
    canvas.update(margin={"l": margin})
    return LineAxis(size, margin)


def type_size(count: int) -> int:
    """The size of type, in pixels, for so many lines."""
    return 12 if count <= 16 else 11 if count <= 22 else 9


def label(line: Line, count: int) -> str:
    """The name of one of `count` lines, safe for Plotly and as long as there is room.

    A long name takes two rows where the lines are high enough, which leaves more width to the
    cells; otherwise it is cut.
    """
    size = type_size(count)
    if count <= FEW and not line.is_indented:
        first, *more = broken(line.name, size, NARROW / BOLD) or [""]
        parts = [first, " ".join(more)] if more else [first]
        text = "<br>".join(plotly_text(fitted(part, size, NARROW / BOLD)) for part in parts)
    else:
        indent = width(INDENT, size) if line.is_indented else 0
        text = plotly_text(fitted(line.name, size, (MARGIN - BESIDE) / BOLD - indent))
    if line.is_heading:
        return f"<b>{text}</b>"
    return f"{INDENT}{text}" if line.is_indented else text


def left_margin(labels: Sequence[str], size: float) -> int:
    """Room for the names at the left, in pixels, estimated from their letters."""
    rows = [row for text in labels for row in text.split("<br>")]
    longest = max((width(row, size) * BOLD for row in rows), default=0)
    return int(min(MARGIN, max(110, longest + BESIDE)))
