"""What the two adverse-event heatmaps share: the lines at the left, the words on what is hidden."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from components.drawing.mark import Mark
from components.drawing.text import broken, fitted, width
from components.escape import plotly_text
from components.wording import count_text

# The widest margin for labels, the room beside them, and how much wider bold letters are.
MARGIN, BESIDE, BOLD = 360, 22, 1.08
# Up to FEW lines are high enough for a name on two, and it is broken at this width, in pixels.
FEW, NARROW = 12, 190


def label_size(lines: int) -> int:
    """The size of type, in pixels, for so many lines."""
    return 12 if lines <= 16 else 11 if lines <= 22 else 9


def line_label(level: str, name: str, count: int, *, indented: bool = False) -> str:
    """The label of one of `count` lines: classes bold, terms under a class moved in, long names on
    two rows where there is the height, which leaves more width to the cells, and else cut."""
    size, indent = label_size(count), "   " if indented and level == "term" else ""
    if count <= FEW and not indent:
        first, *more = broken(name, size, NARROW / BOLD) or [""]
        parts = [first, " ".join(more)] if more else [first]
        text = "<br>".join(plotly_text(fitted(part, size, NARROW / BOLD)) for part in parts)
    else:
        room = (MARGIN - BESIDE) / BOLD - width(indent, size)
        text = plotly_text(fitted(name, size, room))
    return f"<b>{text}</b>" if level in {"class", "any"} else f"{indent}{text}"


def left_margin(labels: list[str], size: float) -> int:
    """Room for the labels at the left, in pixels, estimated from their letters."""
    parts = [part for label in labels for part in label.split("<br>")]
    longest = max((width(part, size) * BOLD for part in parts), default=0)
    return int(min(MARGIN, max(110, longest + BESIDE)))


def rows_axis(figure: go.Figure, labels: list[str]) -> int:
    """Put the lines on the value axis from top to bottom; returns the size of their type."""
    size = label_size(len(labels))
    figure.update_yaxes(
        tickvals=list(range(len(labels))),
        ticktext=labels,
        range=[len(labels) - 0.5, -0.5],
        showgrid=False,
        tickfont={"size": size},
        ticks="",
        showline=False,
    )
    figure.update_layout(margin_l=left_margin(labels, size))
    return size


def click_layer(figure: go.Figure, points: list[tuple[float, float, Mark, str]]) -> None:
    """An unseen marker on every cell, for hover and click: Plotly's heatmaps report no clicks.

    Each point is x, y, what the cell stands for, and the text of its hover.
    """
    figure.add_scatter(
        x=[point[0] for point in points],
        y=[point[1] for point in points],
        mode="markers",
        customdata=[point[2].as_json() for point in points],
        text=[point[3] for point in points],
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
        name="cells",
        marker={"symbol": "square", "size": 18, "opacity": 0, "color": "#ffffff"},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
    )
    figure.update_layout(hoverdistance=40, clickmode="event+select")


def hidden_notes(rare: tuple[str, ...], beyond: tuple[str, ...], cutoff: float) -> list[str]:
    """Sentences on the lines that are not drawn; the table has them all."""
    notes = []
    if rare:
        are = "is" if len(rare) == 1 else "are"
        notes.append(
            f"{count_text(len(rare), 'line')} in fewer than {cutoff:g}% of patients "
            f"{are} not drawn: {_named(rare)}. The table has {'it' if len(rare) == 1 else 'them'}."
        )
    if beyond:
        notes.append(
            f"No room for {count_text(len(beyond), 'more line')}: {_named(beyond)}. "
            f"The table has {'it' if len(beyond) == 1 else 'them'}."
        )
    return notes


def _named(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:6])
    return shown + (f" and {len(names) - 6} more" if len(names) > 6 else "")


GAP = 0.3


def columns_apart(count: int, apart: int) -> tuple[list[float], list[float], list[int]]:
    """Places for `count` columns of width 1, the last `apart` of them behind a gap.

    Returns the middle of each column, the edges of all cells from left to right (the gap is a cell
    of its own), and for each cell the column it shows, -1 for the gap.
    """
    return bands_apart([count - apart, apart] if apart and count > apart else [count])


def bands_apart(sizes: list[int]) -> tuple[list[float], list[float], list[int]]:
    """Places for bands of columns with a gap between bands; as `columns_apart`."""
    places: list[float] = []
    edges = [0.0]
    slots: list[int] = []
    for band, size in enumerate(size for size in sizes if size):
        if band:
            edges.append(edges[-1] + GAP)
            slots.append(-1)
        for _ in range(size):
            slots.append(len(places))
            places.append(edges[-1] + 0.5)
            edges.append(edges[-1] + 1)
    return places, edges, slots


def spread(row: list[Any], slots: list[int], nothing: Any = None) -> list[Any]:
    """A row of cells with nothing in the gaps."""
    return [nothing if slot < 0 else row[slot] for slot in slots]


def column_heads(names: list[str], sizes: dict[str, int], room: float) -> tuple[list[str], int]:
    """The heads of columns of `room` pixels, each with its n, and the height they need (pixels)."""
    lines = [broken(plotly_text(name), 12.5, room) for name in names]
    heads = [
        "<br>".join([f"<b>{line}</b>" for line in found] + [f"n = {sizes[name]}"])
        for name, found in zip(names, lines, strict=True)
    ]
    return heads, 12 + 15 * (1 + max(map(len, lines), default=1))
