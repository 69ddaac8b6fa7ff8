"""How every figure looks: one template, fixed colours, and the frame of title and footnote.

A figure is laid out at 960 x 540 CSS pixels: that is its size on a page of ordinary width, and at
four device pixels each it is the picture of 3840 x 2160 (1920 x 1080 at scale 2). Screen and
picture are the same object; colours are chosen to be read on white and on a dark page alike.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from functools import cache
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio
from plotly.colors import hex_to_rgb, sample_colorscale

from components.drawing.text import broken, width

WIDTH, HEIGHT, SCALE = 960, 540, 4
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
INK, QUIET, GRID = "#1f2933", "#52606d", "#e1e5ea"
# Okabe and Ito's colours without the yellow that white swallows, in an order that tells the first
# four apart in every common form of colour blindness.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5195", "#8C6D31")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "hexagon")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid", "dash")
TOGETHER = "#6b7280"
# From nearly the page's own colour to deep blue; lightness falls evenly.
SEQUENTIAL = (
    (0.0, "#f4f7fb"),
    (0.1, "#dbe8f6"),
    (0.25, "#b5d0ec"),
    (0.5, "#6fa8dc"),
    (0.75, "#2f74b5"),
    (1.0, "#0b3c6f"),
)
# Worst grade 1 to 5, light to dark, and a grey for a grade that is missing.
GRADES = ("#fde9c9", "#fbc27a", "#ee8434", "#c2451e", "#7a1f10")
UNGRADED = "#b8c0cc"

# Words on a coloured cell: of the two, the one that stands out more.
DARK_INK, LIGHT_INK = "#000000", "#ffffff"

NAME = "explorer"
LINE = 13
HEAD = 62


def template() -> go.layout.Template:
    """The Plotly template of every figure; set once as the default, so no figure carries a copy."""
    axis = {
        "showgrid": True,
        "gridcolor": GRID,
        "gridwidth": 1,
        "zeroline": False,
        "showline": True,
        "linecolor": "#9aa5b1",
        "linewidth": 1,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": "#9aa5b1",
        "title": {"font": {"size": 13, "color": INK}, "standoff": 8},
        "tickfont": {"size": 12, "color": INK},
        "automargin": False,
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 12, "color": INK},
            "paper_bgcolor": "rgba(255,255,255,1)",
            "plot_bgcolor": "rgba(255,255,255,0)",
            "colorway": list(PALETTE),
            "xaxis": axis,
            "yaxis": axis,
            "hoverlabel": {"font": {"family": FONT, "size": 13}, "align": "left"},
            "legend": {
                "orientation": "h",
                "xanchor": "left",
                "font": {"size": 12},
                "bgcolor": "rgba(255,255,255,0)",
                "itemsizing": "constant",
            },
            "margin": {"l": 64, "r": 20, "pad": 0},
            "dragmode": False,
            "hovermode": "closest",
            "modebar": {"bgcolor": "rgba(255,255,255,0)", "color": "#9aa5b1", "activecolor": INK},
        }
    )


def set_template() -> None:
    """Make `template()` Plotly's default: 0.4 ms once, where `template=` costs 8 ms a figure.

    To be called before a figure is drawn: Streamlit puts its own in its place when imported.
    """
    if pio.templates.default != NAME:
        pio.templates[NAME] = template()
        pio.templates.default = NAME


@cache
def inked(text: str, colour: str) -> str:
    """Text for a cell of a colour (as #rrggbb), in the ink that stands out from it.

    Plotly's own choice is a grey that falls below a contrast of 4.5 on colours of middling
    lightness. Here it is at least 4.5 on any (WCAG 2.2, contrast ratio of relative luminances).
    """
    if not text:
        return ""
    light = _luminance(colour)
    dark_stands_out = (light + 0.05) / (_luminance(DARK_INK) + 0.05)
    ink = DARK_INK if dark_stands_out >= 1.05 / (light + 0.05) else LIGHT_INK
    return f"<span style='color:{ink}'>{text}</span>"


@cache
def shade(scale: Sequence[tuple[float, str]], share: float) -> str:
    """The colour (as #rrggbb) that Plotly gives a value at this share (0 to 1) of a scale."""
    (found,) = sample_colorscale([list(stop) for stop in scale], [share], colortype="tuple")
    return "#" + "".join(f"{round(255 * part):02x}" for part in found)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in hex_to_rgb(colour)]
    linear: list[float] = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def wrapped(notes: tuple[str, ...]) -> list[str]:
    """Notes as the lines of a footnote, each note broken to the width of a picture."""
    return [line for note in notes for line in broken(note, 10, WIDTH - 34)]


def legend_rows(figure: go.Figure) -> int:
    """How many rows the legend takes at the width of a picture, estimated from its letters."""
    names = [
        str(trace.name) for trace in figure.data if trace.showlegend is not False and trace.name
    ]
    rows, used = (1, 0.0) if names else (0, 0.0)
    for name in names:
        needed = 52 + width(name, 12)
        if used and used + needed > WIDTH - 20:
            rows, used = rows + 1, 0.0
        used += needed
    return rows


def finish(
    figure: go.Figure,
    title: str,
    subtitle: str,
    notes: tuple[str, ...],
    *,
    top: int = 8,
    bottom: int = 46,
    legend: int = 0,
) -> go.Figure:
    """Put title, subtitle and footnote into a figure and make room for them.

    Args:
        figure: what a figure module drew; it is changed and given back.
        title: plain text that is already safe for Plotly, as are `subtitle` and `notes`.
        subtitle: the line under the title.
        notes: the footnote, wrapped here; it stands on the lower edge whatever the height.
        top: the room the plot itself needs above it (panel titles, axis labels), in pixels.
        bottom: the room it needs below.
        legend: rows of the legend, which stands between subtitle and plot.
    """
    lines = wrapped(notes)
    margin_bottom = bottom + LINE * len(lines) + 12
    figure.update_layout(
        height=HEIGHT,
        title={
            "text": f"<b>{title}</b><br>"
            f"<span style='font-size:13px;color:{QUIET}'>{subtitle}</span>",
            "font": {"size": 18, "color": INK},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"l": 14, "t": 24},
        },
        legend={
            "yref": "container",
            "xref": "container",
            "x": 10 / WIDTH,
            "y": 1 - HEAD / HEIGHT,
            "yanchor": "top",
        },
        margin={"t": HEAD + 22 * legend + top, "b": margin_bottom},
    )
    left = figure.layout.margin.l
    figure.add_annotation(
        name="footnote",
        text="<br>".join(lines),
        xref="paper",
        x=0,
        xanchor="left",
        xshift=14 - (left if left is not None else 64),
        yref="paper",
        y=0,
        yanchor="bottom",
        yshift=-(margin_bottom - 8),
        showarrow=False,
        align="left",
        font={"size": 10, "color": QUIET},
    )
    return figure


class Overlay:
    """Shapes and annotations on their way into a figure, to be put there at once.

    Plotly checks all that are there each time one is added: one by one, thirty cost twelve times as
    much.
    """

    def __init__(self) -> None:
        self.shapes: list[dict[str, Any]] = []
        self.annotations: list[dict[str, Any]] = []

    def add_shape(self, **shape: Any) -> None:
        """Take a shape, written as for a figure."""
        self.shapes.append(shape)

    def add_annotation(self, **annotation: Any) -> None:
        """Take an annotation, written as for a figure."""
        self.annotations.append(annotation)

    def put_into(self, figure: go.Figure) -> None:
        """Put all into a figure that has none yet."""
        figure.layout.shapes = self.shapes
        figure.layout.annotations = self.annotations


def calm(text: str) -> go.Figure:
    """A figure that has nothing to draw and says so, in the middle and in words."""
    figure = go.Figure()
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.update_layout(margin={"l": 20, "r": 20})
    figure.add_annotation(
        text="<br>".join(textwrap.wrap(text, 40)),
        xref="paper",
        yref="paper",
        x=0.5,
        y=0.5,
        showarrow=False,
        font={"size": 16, "color": QUIET},
        align="center",
    )
    return figure


# Keys whose numbers are lengths in pixels. A trace's own `width` is in the axis' unit and stays.
_LENGTHS = {
    "arrowsize",
    "arrowwidth",
    "b",
    "borderwidth",
    "gridwidth",
    "height",
    "l",
    "linewidth",
    "pad",
    "r",
    "size",
    "standoff",
    "t",
    "thickness",
    "ticklen",
    "width",
    "xgap",
    "xshift",
    "ygap",
    "yshift",
}


def scaled(figure: go.Figure, factor: float, height: int) -> go.Figure:
    """A copy of a figure, every length multiplied, as high as a screen that is read from afar."""

    def grown(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: grown(item, name) for name, item in value.items() if name != "template"}
        if isinstance(value, (list, tuple)):
            return [grown(item, key if key in _LENGTHS else "") for item in value]
        if isinstance(value, str):
            return re.sub(
                r"font-size:([\d.]+)px",
                lambda size: f"font-size:{float(size[1]) * factor:g}px",
                value,
            )
        if key in _LENGTHS and isinstance(value, (int, float)) and not isinstance(value, bool):
            return value * factor
        return value

    plain = figure.to_plotly_json()
    data = [
        grown(trace) | {key: trace[key] for key in ("width", "x", "y", "z") if key in trace}
        for trace in plain["data"]
    ]
    layout = grown(plain["layout"])
    base = template().to_plotly_json()
    layout["height"] = height
    layout["legend"]["y"] = 1 - HEAD * factor / height
    layout["template"] = {"layout": grown(base["layout"])}
    return go.Figure(data=data, layout=layout, skip_invalid=False)
