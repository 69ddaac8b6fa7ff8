"""The same figure on a dark page: which colour stands for which, and the turned scale of heatmaps.

Text is at least 4.5:1 and a line at least 3:1 on the dark ground (WCAG 2.2). On white, figures and
pictures stay as they are.
"""

from __future__ import annotations

from typing import Any

from components.drawing.theme import GRID, INK, QUIET, SEQUENTIAL

GROUND = "#12181f"
# From nearly the page's own colour to light blue: where there is nothing, nothing shines.
SEQUENTIAL_DARK = (
    (0.0, "#18212b"),
    (0.1, "#1d3247"),
    (0.25, "#204a70"),
    (0.5, "#2f74b5"),
    (0.75, "#6fa8dc"),
    (1.0, "#cfe3f6"),
)
COLOURS = {
    INK: "#e4e9ee",
    QUIET: "#aab5c0",
    GRID: "#2d3843",
    "#ffffff": GROUND,
    "rgba(255,255,255,1)": GROUND,
    "#3e4c59": "#aab5c0",
    "#9aa5b1": "#5d6b78",
    "#7b8794": "#8c99a6",
    "#6b7280": "#9aa3b0",
    "#0072b2": "#3d9bdc",
    "#d55e00": "#f07d22",
    "#009e73": "#21b88c",
    "#7a5195": "#b18ad0",
    "#8c6d31": "#c19a4b",
    "#be5400": "#f07d22",
    "#00835f": "#21b88c",
    "#9f5e82": "#cc79a7",
    "#986900": "#e69f00",
    "#3a7a9e": "#56b4e9",
}
DARK: dict[str, Any] = {
    "colours": {light.lower(): dark for light, dark in COLOURS.items()},
    "scales": [
        {
            "light": [list(stop) for stop in SEQUENTIAL],
            "dark": [list(stop) for stop in SEQUENTIAL_DARK],
        }
    ],
}
