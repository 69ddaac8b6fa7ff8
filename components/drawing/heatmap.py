"""Heatmaps: columns in bands with gaps between, cells with their text, colour bar, click layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components.drawing.canvas import Canvas, Settings
from components.drawing.mark import Mark
from components.drawing.text import broken
from components.drawing.theme import inked
from components.escape import plotly_text

# The gap between bands of columns, a column being 1; the margin that the colour bar takes (pixels).
GAP, RIGHT = 0.3, 70


@dataclass(frozen=True)
class Columns:
    """Columns of width 1 from left to right.

    middles: the middle of each column. edges: of all fields from left to right; a gap between bands
    is a field of its own. slots: the column in each field, -1 for a gap.
    """

    middles: tuple[float, ...]
    edges: tuple[float, ...]
    slots: tuple[int, ...]

    def width(self, room: float) -> float:
        """How wide one column is where all of them have `room`, in the unit of `room`."""
        return room / (self.edges[-1] - self.edges[0])

    def spread(self, values: Sequence[Any], nothing: Any = None) -> list[Any]:
        """One value per field, from one per column: nothing in the gaps."""
        return [nothing if slot < 0 else values[slot] for slot in self.slots]


def columns_in_bands(sizes: Sequence[int]) -> Columns:
    """Columns in bands of these sizes, with a gap between bands; an empty band takes no room."""
    middles: list[float] = []
    edges = [0.0]
    slots: list[int] = []
    for band, size in enumerate(size for size in sizes if size):
        if band:
            edges.append(edges[-1] + GAP)
            slots.append(-1)
        for _ in range(size):
            slots.append(len(middles))
            middles.append(edges[-1] + 0.5)
            edges.append(edges[-1] + 1)
    return Columns(tuple(middles), tuple(edges), tuple(slots))


@dataclass(frozen=True)
class ColourScale:
    """The colours of values from `low` to `high`, and the bar that explains them.

    stops: share of the way from low to high (0 to 1) and colour (#rrggbb). title, labels: plain
    text; without labels the ticks are their numbers.
    """

    stops: tuple[tuple[float, str], ...]
    low: float
    high: float
    title: str
    ticks: tuple[float, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """A value, its colour on the scale (#rrggbb), and the plain text in the cell."""

    value: float
    colour: str
    text: str


def heatmap(
    canvas: Canvas,
    columns: Columns,
    lines: Sequence[Sequence[Cell | None]],
    scale: ColourScale,
    size: float,
) -> None:
    """Draw the cells, line by line from top to bottom, and the colour bar at the right.

    Args:
        canvas: what is drawn on.
        columns: where the columns are.
        lines: a cell per column; None where there is nothing.
        scale: the colours of the values; each text is in the ink that stands out from its cell.
        size: the size of the cells' type, in pixels.
    """
    canvas.add(
        "heatmap",
        x=list(columns.edges),
        y=[index - 0.5 for index in range(len(lines) + 1)],
        z=[columns.spread([cell.value if cell else None for cell in line]) for line in lines],
        text=[columns.spread([_text(cell) for cell in line], "") for line in lines],
        texttemplate="%{text}",
        textfont={"size": size},
        colorscale=[list(stop) for stop in scale.stops],
        zmin=scale.low,
        zmax=scale.high,
        xgap=2,
        ygap=2,
        hoverinfo="skip",
        colorbar=_colour_bar(scale),
    )
    canvas.update(margin={"r": RIGHT})


def _text(cell: Cell | None) -> str:
    return inked(plotly_text(cell.text), cell.colour) if cell else ""


def _colour_bar(scale: ColourScale) -> Settings:
    bar: Settings = {
        "title": {"text": plotly_text(scale.title), "side": "right", "font": {"size": 12}},
        "thickness": 12,
        "outlinewidth": 0,
        "tickvals": list(scale.ticks),
        "tickfont": {"size": 11},
    }
    if scale.labels:
        bar["ticktext"] = [plotly_text(text) for text in scale.labels]
    return bar


def column_axis(canvas: Canvas, columns: Columns, labels: Sequence[str], **settings: Any) -> None:
    """Put labels, already safe for Plotly, at the middles of the columns."""
    canvas.x_axis(
        tickvals=list(columns.middles),
        ticktext=list(labels),
        range=[columns.edges[0], columns.edges[-1]],
        showgrid=False,
        ticks="",
        showline=False,
        **settings,
    )


def column_heads(columns: Sequence[tuple[str, int]], room: float) -> tuple[list[str], int]:
    """Heads for columns of `room` pixels, from name and n, and the height they need in pixels."""
    names = [broken(plotly_text(name), 12.5, room) for name, _ in columns]
    heads = [
        "<br>".join([*(f"<b>{row}</b>" for row in rows), f"n = {n}"])
        for rows, (_, n) in zip(names, columns, strict=True)
    ]
    return heads, 12 + 15 * (1 + max(map(len, names), default=1))


@dataclass(frozen=True)
class Target:
    """A place to point at: the patients that stand behind it, and its hover, safe for Plotly."""

    x: float
    y: float
    mark: Mark
    hover: str


def click_layer(canvas: Canvas, targets: Sequence[Target]) -> None:
    """An unseen marker on every cell, for hover and click: Plotly's heatmaps report no clicks."""
    canvas.add(
        "scatter",
        x=[target.x for target in targets],
        y=[target.y for target in targets],
        mode="markers",
        customdata=[target.mark.as_json() for target in targets],
        text=[target.hover for target in targets],
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
        name="cells",
        marker={"symbol": "square", "size": 18, "opacity": 0, "color": "#ffffff"},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
    )
    canvas.update(hoverdistance=40, clickmode="event+select")
