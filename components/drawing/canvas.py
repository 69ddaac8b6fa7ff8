"""A Plotly figure in the making, as plain values: traces, axes, shapes, annotations.

Nothing is checked here: Plotly's own classes check the finished figure (`components.build`).
"""

from __future__ import annotations

from typing import Any

Settings = dict[str, Any]


class Canvas:
    """Traces, shapes, annotations and layout, written as Plotly's JSON has them."""

    def __init__(self) -> None:
        self.traces: list[Settings] = []
        self.shapes: list[Settings] = []
        self.annotations: list[Settings] = []
        self.layout: Settings = {}

    def add(self, kind: str, **settings: Any) -> None:
        """Add a trace of a kind: "scatter", "bar", "heatmap", "box", "table"."""
        self.traces.append({"type": kind, **settings})

    def shape(self, **settings: Any) -> None:
        """Add a shape."""
        self.shapes.append(settings)

    def annotate(self, text: str, **settings: Any) -> None:
        """Add an annotation without an arrow, unless the settings say otherwise."""
        self.annotations.append({"text": text, "showarrow": False, **settings})

    def update(self, **settings: Any) -> None:
        """Set parts of the layout; what is there already and not named stays."""
        self.layout = merged(self.layout, settings)

    def x_axis(self, number: str = "", **settings: Any) -> None:
        """Set parts of a horizontal axis; number: "" for the first, "2" for the second."""
        self.update(**{f"xaxis{number}": settings})

    def y_axis(self, number: str = "", **settings: Any) -> None:
        """Set parts of a vertical axis; number: as for `x_axis`."""
        self.update(**{f"yaxis{number}": settings})

    @property
    def is_sentence(self) -> bool:
        """True where nothing is drawn but words."""
        return not self.traces and not self.shapes

    def as_plotly(self) -> Settings:
        """The figure as Plotly's JSON has it: data and layout."""
        layout = dict(self.layout)
        if self.shapes:
            layout["shapes"] = self.shapes
        if self.annotations:
            layout["annotations"] = self.annotations
        return {"data": self.traces, "layout": layout}


def merged(one: Settings, other: Settings) -> Settings:
    """The settings of both, the other's where both have one, tables within tables merged alike."""
    result = dict(one)
    for key, value in other.items():
        before = result.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            result[key] = merged(before, value)
        else:
            result[key] = value
    return result
