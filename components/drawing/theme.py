"""How every figure looks: one template and fixed colours.

A figure is laid out at 960 x 540 CSS pixels: that is its size on a page of ordinary width, and at
four device pixels each it is the picture of 3840 x 2160 (1920 x 1080 at scale 2). Screen and
picture are the same object; colours are chosen to be read on white and on a dark page alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import plotly.graph_objects as go
import plotly.io as pio
from plotly.colors import hex_to_rgb, sample_colorscale

WIDTH, HEIGHT, SCALE = 960, 540, 4
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
INK, QUIET, GRID = "#1f2933", "#52606d", "#e1e5ea"
# Okabe and Ito's colours without the yellow that white swallows, in an order that tells the first
# four apart in every common form of colour blindness.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5195", "#8C6D31")
# The same colours for words: at least 4.5:1 on white (WCAG 2.2).
WORDS = {
    "#D55E00": "#be5400",
    "#009E73": "#00835f",
    "#CC79A7": "#9f5e82",
    "#E69F00": "#986900",
    "#56B4E9": "#3a7a9e",
}
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


def word_colour(colour: str) -> str:
    """The colour of words about something in this colour: deep enough to be read on white."""
    return WORDS.get(colour, colour)


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


def translucent(colour: str, opacity: float) -> str:
    """A colour (as #rrggbb) that lets through what is behind it; opacity: 0 to 1."""
    red, green, blue = hex_to_rgb(colour)
    return f"rgba({red},{green},{blue},{opacity})"


@cache
def shade(scale: Sequence[tuple[float, str]], share: float) -> str:
    """The colour (as #rrggbb) that Plotly gives a value at this share (0 to 1) of a scale."""
    (colour,) = sample_colorscale([list(stop) for stop in scale], [share], colortype="tuple")
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in hex_to_rgb(colour)]
    linear: list[float] = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
