"""The adverse events by group drawn: a heatmap with n/N in its cells."""

from __future__ import annotations

from components.drawing.canvas import Canvas
from components.drawing.heatmap import (
    RIGHT,
    Cell,
    ColourScale,
    Target,
    click_layer,
    column_axis,
    column_heads,
    columns_in_bands,
    heatmap,
)
from components.drawing.lines import Line, line_axis
from components.drawing.theme import SEQUENTIAL, WIDTH, shade
from components.escape import plotly_text
from components.figure import Drawing
from components.figures.adverse_events.summary import EventSummary

PERCENT = ColourScale(SEQUENTIAL, 0, 100, "Patients, %", (0, 25, 50, 75, 100))
# Between the heads of two columns, in pixels.
APART = 6


def draw(summary: EventSummary) -> Drawing:
    """Draw the lines; the column of all patients stands a little apart."""
    canvas = Canvas()
    axis = line_axis(
        canvas,
        [
            Line(line.name, line.line == "class", summary.nested and line.line == "term")
            for line in summary.lines
        ],
    )
    n_overall = sum(column.is_overall for column in summary.columns)
    columns = columns_in_bands([len(summary.columns) - n_overall, n_overall])
    cells = [
        [
            Cell(cell.percent, shade(SEQUENTIAL, cell.percent / 100), cell.text)
            for cell in line.cells
        ]
        for line in summary.lines
    ]
    heatmap(canvas, columns, cells, PERCENT, axis.size)
    click_layer(
        canvas,
        [
            Target(x, float(y), cell.mark, _hover(line.name, cell.hover))
            for y, line in enumerate(summary.lines)
            for x, cell in zip(columns.middles, line.cells, strict=True)
        ],
    )
    heads, top = column_heads(
        [(column.label, column.n) for column in summary.columns],
        columns.width(WIDTH - axis.margin - RIGHT) - APART,
    )
    column_axis(canvas, columns, heads, side="top", tickangle=0, tickfont={"size": 12})
    return Drawing(canvas, top=top, bottom=8)


def _hover(name: str, lines: tuple[str, ...]) -> str:
    return "<br>".join([f"<b>{plotly_text(name)}</b>", *map(plotly_text, lines)])
