"""A figure enlarged for a screen that is read from afar."""

from __future__ import annotations

import re
from typing import Any

import plotly.graph_objects as go

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
