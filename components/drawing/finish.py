"""Title, subtitle and footnote inside a figure, and the room they take; figures without marks."""

from __future__ import annotations

import textwrap

from components.drawing.canvas import Canvas, Settings
from components.drawing.text import broken, width
from components.drawing.theme import HEIGHT, INK, QUIET, WIDTH

# A line of the footnote, and the title area, in pixels.
LINE, HEAD = 13, 62
# The left margin of the template.
MARGIN = 64


def footnote_lines(notes: tuple[str, ...]) -> list[str]:
    """Notes as the lines of a footnote, each note broken to the width of a picture."""
    return [line for note in notes for line in broken(note, 10, WIDTH - 34)]


def legend_rows(canvas: Canvas) -> int:
    """How many rows the legend takes at the width of a picture, estimated from its letters."""
    names = [
        str(trace["name"])
        for trace in canvas.traces
        if trace.get("showlegend", True) and trace.get("name")
    ]
    rows, used = (1, 0.0) if names else (0, 0.0)
    for name in names:
        needed = 52 + width(name, 12)
        if used and used + needed > WIDTH - 20:
            rows, used = rows + 1, 0.0
        used += needed
    return rows


def finished(
    canvas: Canvas,
    title: str,
    subtitle: str,
    notes: tuple[str, ...],
    *,
    top: int = 8,
    bottom: int = 46,
    legend: int = 0,
) -> Settings:
    """A figure as Plotly's JSON has it, with title, subtitle and footnote and the room for them.

    Args:
        canvas: what a figure drew; it is not changed.
        title: plain text that is already safe for Plotly, as are `subtitle` and `notes`.
        subtitle: the line under the title.
        notes: the footnote, wrapped here; it stands on the lower edge whatever the height.
        top: the room the plot itself needs above it (panel titles, axis labels), in pixels.
        bottom: the room it needs below.
        legend: rows of the legend, which stands between subtitle and plot.
    """
    lines = footnote_lines(notes)
    margin_bottom = bottom + LINE * len(lines) + 12
    complete = Canvas()
    complete.traces, complete.shapes = canvas.traces, canvas.shapes
    complete.layout = canvas.layout
    complete.update(
        height=HEIGHT,
        title=_title(title, subtitle),
        legend={
            "yref": "container",
            "xref": "container",
            "x": 10 / WIDTH,
            "y": 1 - HEAD / HEIGHT,
            "yanchor": "top",
        },
        margin={"t": HEAD + 22 * legend + top, "b": margin_bottom},
    )
    left = canvas.layout.get("margin", {}).get("l", MARGIN)
    complete.annotations = [*canvas.annotations]
    complete.annotate(
        "<br>".join(lines),
        name="footnote",
        xref="paper",
        x=0,
        xanchor="left",
        xshift=14 - left,
        yref="paper",
        y=0,
        yanchor="bottom",
        yshift=-(margin_bottom - 8),
        align="left",
        font={"size": 10, "color": QUIET},
    )
    return complete.as_plotly()


def _title(title: str, subtitle: str) -> Settings:
    return {
        "text": f"<b>{title}</b><br><span style='font-size:13px;color:{QUIET}'>{subtitle}</span>",
        "font": {"size": 18, "color": INK},
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "y": 1,
        "yref": "container",
        "yanchor": "top",
        "pad": {"l": 14, "t": 24},
    }


def empty_figure(text: str) -> Canvas:
    """A figure that has nothing to draw and says so; `text` is already safe for Plotly."""
    canvas = Canvas()
    canvas.x_axis(visible=False)
    canvas.y_axis(visible=False)
    canvas.update(margin={"l": 20, "r": 20})
    canvas.annotate(
        "<br>".join(textwrap.wrap(text, 40)),
        xref="paper",
        yref="paper",
        x=0.5,
        y=0.5,
        font={"size": 16, "color": QUIET},
        align="center",
    )
    return canvas
