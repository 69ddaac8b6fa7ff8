"""The chart of a panel, and the mark in it that a reader has chosen."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import streamlit as st

from components.build import Built
from components.drawing.mark import Mark
from components.drawing.theme import HEIGHT, SCALE, WIDTH


def chart(built: Built) -> Mark | None:
    """Draw the chart; the mark that is chosen in it, where marks can be chosen."""
    chart_arguments: Any = {
        "theme": None,
        "key": f"chart-{built.name}",
        "config": chart_config(built),
        "alt": built.alt,
        "width": "stretch",
    }
    if marks(built):
        event: Any = st.plotly_chart(
            built.figure, on_select="rerun", selection_mode="points", **chart_arguments
        )
        chosen = (Mark.read(point.get("customdata")) for point in event.selection.points)
        return next((mark for mark in chosen if mark is not None), None)
    # A chart without marks is a sentence: it fits on a phone and need not scroll sideways.
    is_sentence = not built.figure.data and not built.figure.layout.shapes
    with st.container(key=f"sentence-{built.name}") if is_sentence else nullcontext():
        st.plotly_chart(built.figure, **chart_arguments)
    return None


def marks(built: Built) -> list[Mark]:
    """What the marks of a figure stand for; none where it does not say so."""
    carried = (sent for trace in built.figure.data for sent in _carried(trace))
    return [mark for mark in map(Mark.read, carried) if mark is not None]


def _carried(trace: Any) -> Any:
    carried = getattr(trace, "customdata", None)
    return () if carried is None else carried


def chart_config(built: Built) -> dict[str, Any]:
    """Plotly's settings: a mode bar whose camera makes the same picture as the PNG button."""
    return {
        "displaylogo": False,
        "responsive": True,
        "scrollZoom": False,
        "doubleClick": "reset",
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
        "toImageButtonOptions": {
            "format": "png",
            "width": WIDTH,
            "height": HEIGHT,
            "scale": SCALE,
            "filename": built.file_name,
        },
    }
