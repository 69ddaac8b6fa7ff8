"""A figure enlarged for a screen that is read from afar."""

from __future__ import annotations

import re
from typing import Any

from components.drawing.canvas import Settings
from components.drawing.finish import HEAD
from components.drawing.theme import template

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
# What a trace says in units of its axes.
_VALUES = ("width", "x", "y", "z")


def scaled(plotly: Settings, factor: float, height: int) -> Settings:
    """A copy of a figure, every length multiplied, as high as a screen that is read from afar.

    Args:
        plotly: a figure as Plotly's JSON has it; it is not changed.
        factor: what lengths and type sizes are multiplied by.
        height: of the screen, in pixels.
    """
    data = [
        _grown(trace, factor) | {key: trace[key] for key in _VALUES if key in trace}
        for trace in plotly["data"]
    ]
    layout = _grown(plotly["layout"], factor)
    layout["height"] = height
    layout["legend"]["y"] = 1 - HEAD * factor / height
    layout["template"] = {"layout": _grown(template().to_plotly_json()["layout"], factor)}
    return {"data": data, "layout": layout}


def _grown(value: Any, factor: float, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _grown(item, factor, name) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_grown(item, factor, key if key in _LENGTHS else "") for item in value]
    if isinstance(value, str):
        return re.sub(
            r"font-size:([\d.]+)px",
            lambda size: f"font-size:{float(size[1]) * factor:g}px",
            value,
        )
    if key in _LENGTHS and isinstance(value, (int, float)) and not isinstance(value, bool):
        return value * factor
    return value
