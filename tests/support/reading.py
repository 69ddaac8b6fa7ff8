"""What the tests read out of a finished figure: its numbers, its texts, and its words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go
import pytest

from components.build import Built
from queries.engine.selection import Selection

NOTHING = Selection()
# What a reader of `%{customdata[1]}`, `%{customdata.n}` and `%{text}` sees filled in; nothing else
# may be asked for.
PLACEHOLDER = re.compile(r"%\{(?:customdata(?:\[\d+\]|\.\w+)?|text)\}")


def select(**chosen: str | tuple[float, float]) -> Selection:
    """A selection: `select(dose="2.0", age=(30, 45), analysis_set="full")`; "a|b" is two values."""
    found = Selection(str(chosen.pop("analysis_set", "")))
    for key, value in chosen.items():
        name = key.replace("_", "-")
        if isinstance(value, tuple):
            found = found.with_range(name, (float(value[0]), float(value[1])))
        else:
            found = found.with_choice(name, tuple(value.split("|")))
    return found


def number(value: Any) -> float | None:
    """A number of a trace; None where nothing is drawn."""
    return None if value is None or math.isnan(float(value)) else float(value)


def numbers(values: Any) -> list[float | None]:
    """The numbers of a trace, None where nothing is drawn."""
    return [] if values is None else [number(value) for value in values]


def close(values: Any) -> Any:
    """Numbers to compare with; None stays None."""
    return [None if value is None else pytest.approx(value, abs=1e-9) for value in numbers(values)]


def half_up(n: int, total: int) -> int:
    """N / total as a whole number, halves rounded up, without a float."""
    return (2 * n + total) // (2 * total)


def named(figure: go.Figure, group: str) -> list[Any]:
    """The traces of a group, by the group's name in the data."""
    return [trace for trace in figure.data if trace.legendgroup == group]


def plain(text: str) -> str:
    """What a reader sees of Plotly's pseudo-HTML: lines apart, tags gone, entities read."""
    bare = re.sub(r"<[^>]*>", "", re.sub(r"<br\s*/?>", "\n", text))
    for entity, letter in (("&lt;", "<"), ("&gt;", ">"), ("&#37;", "%"), ("&amp;", "&")):
        bare = bare.replace(entity, letter)
    return bare


def captions(figure: go.Figure) -> list[str]:
    """The annotations as a reader sees them, without the footnote."""
    return [
        plain(note.text)
        for note in figure.layout.annotations
        if note.name != "footnote" and note.text
    ]


def footnote(figure: go.Figure) -> str:
    """The footnote inside a figure as one line of plain text."""
    notes = [note for note in figure.layout.annotations if note.name == "footnote"]
    assert len(notes) == 1
    return plain(notes[0].text).replace("\n", " ")


def title(figure: go.Figure) -> str:
    """Title and subtitle inside a figure, as a reader sees them."""
    return plain(figure.layout.title.text)


def ticks(axis: Any) -> list[str]:
    """The tick labels of an axis, as a reader sees them."""
    return [plain(text) for text in axis.ticktext or ()]


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a figure with the path to it: "data.0.hovertemplate"."""
    if isinstance(value, go.Figure):
        value = value.to_plotly_json()
    if isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, str):
        yield path, value
    elif isinstance(value, (list, tuple)) or type(value).__name__ == "ndarray":
        for index, item in enumerate(value):
            yield from texts(item, f"{path}.{index}")


def hovers(trace: Any) -> list[str]:
    """What the hover of each point of a trace says, filled in and as a reader sees it.

    Empty where a point carries nothing to fill in: the gap between two lines.
    """
    template = str(trace.hovertemplate).replace("<extra></extra>", "")
    found = []
    for index in range(len(trace.x)):
        if trace.customdata is not None and trace.customdata[index] is None:
            found.append("")
            continue

        def filled(match: re.Match[str], index: int = index) -> str:
            inside = match[0][2:-1]
            if inside == "text":
                return str(trace.text[index])
            carried = trace.customdata[index]
            if inside.startswith("customdata."):
                return str(carried[inside.removeprefix("customdata.")])
            return str(carried[int(inside[11:-1])])

        found.append(plain(PLACEHOLDER.sub(filled, template)))
    return found


def cells(built: Built) -> Any:
    """The unseen layer that reports the clicks on a heatmap."""
    return next(trace for trace in built.figure.data if trace.name == "cells")


def heatmap(built: Built) -> Any:
    """The heatmap of a figure."""
    return next(trace for trace in built.figure.data if trace.type == "heatmap")
