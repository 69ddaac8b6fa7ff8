"""The axes of a panel of the time course: ticks with patients, reference lines, infusions."""

from __future__ import annotations

import math
import textwrap
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.drawing.grid import Cell
from components.drawing.text import width
from components.drawing.theme import WIDTH, Overlay
from components.escape import plotly_text
from components.figure import Level
from components.figures.platelet_time_course_scene import Scene, has_references
from components.wording import unit_text

INFUSION = "rgba(123,135,148,0.38)"


def axes(
    figure: go.Figure,
    overlay: Overlay,
    scene: Scene,
    cell: Cell,
    levels: tuple[Level, ...],
    span: tuple[float, float],
    *,
    is_panel: bool,
) -> None:
    """Lay out one cell's axes; `span` is the lowest and highest value, in the unit of the scene."""
    x_key, y_key = cell.layout_keys
    low, high = span
    drawn = scene.lines if scene.lines is not None else scene.course.points
    # A rescue may begin before the first visit, or after the last.
    rescued = [scene.calendar.place_of_day(day) for day in scene.rescue["rescue_from"]]
    places = [*drawn["place"], *(place for place in rescued if place is not None)]
    edges = (float(min(places)), float(max(places)))
    room = 0.02 * (edges[1] - edges[0] or 1) + (2 if scene.calendar.kind == "day" else 0.4)
    x_axis: dict[str, Any] = {
        "domain": cell.x_domain,
        "anchor": cell.y,
        "range": [edges[0] - room, edges[1] + room],
        "showgrid": False,
    }
    if scene.calendar.labels:
        pixels = (WIDTH - 84) * (cell.x_domain[1] - cell.x_domain[0])
        pixel = pixels / (x_axis["range"][1] - x_axis["range"][0])
        x_axis |= _tick_labels(scene, levels, pixel, is_panel=is_panel)
    if cell.is_lowest:
        x_axis["title"] = {"text": scene.time_title}
    figure.update_layout({x_key: x_axis})
    y_axis: dict[str, Any] = {
        "domain": cell.y_domain,
        "anchor": cell.x,
        "range": [math.log10(low), math.log10(high)] if scene.log else [low, high],
        "showticklabels": cell.is_leftmost,
    }
    if scene.log:
        y_axis |= {"type": "log", "tickvals": _log_ticks(scene, span), "showgrid": False}
        y_axis["ticktext"] = [f"{value:g}" for value in y_axis["tickvals"]]
    if cell.is_leftmost:
        y_axis["title"] = {"text": _y_title(scene, short=is_panel)}
    figure.update_layout({y_key: y_axis})
    if is_panel:
        overlay.add_annotation(
            text=f"<b>{plotly_text(levels[0].label)}</b>, n = {levels[0].n}",
            xref=f"{cell.x} domain",
            yref=f"{cell.y} domain",
            x=0,
            y=1,
            xanchor="left",
            yanchor="bottom",
            showarrow=False,
            font={"size": 12, "color": levels[0].colour},
        )
    for value in scene.frame.study.reference_lines if has_references(scene) else ():
        overlay.add_shape(
            type="line",
            xref=f"{cell.x} domain",
            x0=0,
            x1=1,
            yref=cell.y,
            y0=value,
            y1=value,
            layer="below",
            line={"color": "#7b8794", "width": 1.2, "dash": "dot"},
        )
    shown = {level.label for level in levels}
    for day in sorted({day for group, day in scene.infusions if group in shown}):
        at = scene.calendar.place_of_day(day)
        if at is None:
            continue
        overlay.add_shape(
            type="line",
            xref=cell.x,
            x0=at,
            x1=at,
            yref=f"{cell.y} domain",
            y0=0,
            y1=1,
            layer="below",
            line={"color": INFUSION, "width": 2},
        )


def _log_ticks(scene: Scene, ends: tuple[float, float]) -> list[float]:
    """Ticks of a log axis: the reference lines, and steps of 1, 2, 5 that are not too near to one.

    An axis too short for three of them gets even steps.
    """
    low, high = ends
    references = list(scene.frame.study.reference_lines) if has_references(scene) else []
    factors = (1, 3) if references else (1, 2, 5)
    steps = [factor * 10.0**power for power in range(-3, 6) for factor in factors]
    apart = [
        step
        for step in steps
        if low <= step <= high and all(abs(math.log10(step / line)) > 0.15 for line in references)
    ]
    if len(apart) + len(references) >= 3:
        return sorted(apart + references)
    # The largest of 1, 2 or 5 times a power of ten that fits three times.
    power = 10.0 ** math.floor(math.log10((high - low) / 3))
    step = max(factor * power for factor in (1, 2, 5) if 3 * factor * power <= high - low)
    return [step * count for count in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _short(label: str) -> str:
    """A visit's name on at most two short lines."""
    lines = textwrap.wrap(label, 9)[:2]
    return "<br>".join(plotly_text(line) for line in lines) or " "


def _apart(labels: dict[float, str], size: float, pixel: float) -> dict[float, str]:
    """The labels that stand clear of the one before, by place; `pixel`: those of one unit."""
    kept: dict[float, str] = {}
    edge = -math.inf
    for place, label in labels.items():
        half = max(width(line, size) for line in label.split("<br>")) / 2
        if place * pixel - half > edge:
            kept[place] = label
            edge = place * pixel + half + 3
    return kept


def _tick_labels(
    scene: Scene, levels: tuple[Level, ...], pixel: float, *, is_panel: bool
) -> dict[str, Any]:
    """Tick labels of the visits; under a summary each carries the number of patients by group.

    pixel: how many pixels one unit of the axis has.
    """
    places = list(scene.calendar.labels)
    every = math.ceil(len(places) / (8 if is_panel else 15))
    if scene.lines is None:
        every = 1 if len(places) <= 15 else 2 if not is_panel else 4
    size = 12.0 if scene.lines is not None else 11.0 if not is_panel else 10.0
    named = _apart(
        {
            place: _short(label)
            for place, label in scene.calendar.labels.items()
            if not label.lstrip("-").isdigit() or place % every == 0
        },
        size,
        pixel,
    )
    if scene.lines is not None:
        return {"tickvals": list(named), "ticktext": list(named.values()), "tickangle": 0}
    counted = scene.course.points.set_index(["group_label", "place"])["n_patients"]
    tallest = max((label.count("<br>") for label in named.values()), default=0)

    # Counts of several digits under visits that stand close together need smaller letters.
    gaps = [later - sooner for sooner, later in pairwise(places)]
    digits = len(str(int(scene.course.points["n_patients"].max())))
    small = max(5.5, min(size, min(gaps, default=1) * pixel / (0.56 * digits + 0.35)))

    def text(at: float) -> str:
        shown = named.get(at, " ")
        shown += "<br> " * (tallest - shown.count("<br>"))
        counts = [
            f"<span style='color:{level.colour};font-size:{small:.3g}px'>"
            f"{int(counted.get((level.label, at), 0))}</span>"
            for level in levels
        ]
        return "<br>".join([shown, *counts])

    return {
        "tickvals": places,
        "ticktext": [text(at) for at in places],
        "tickangle": 0,
        "tickfont": {"size": size},
    }


def span(scene: Scene) -> tuple[float, float]:
    """Ends of the value axis, in its own unit: all that is drawn and the reference lines."""
    points = scene.course.points
    if scene.lines is not None:
        values = scene.lines["point_value"]
    else:
        drawn = points[points["drawn"]]
        columns = {
            "mean": ["ci_low", "ci_high"],
            "median": ["q1", "q3"],
            "box": ["minimum", "maximum"],
        }
        chosen = columns.get(scene.options.statistic, ["q1", "q3"])
        values = pd.concat([drawn[name] for name in chosen]).dropna()
    low, high = float(values.min()), float(values.max())
    if has_references(scene):
        high = max(high, scene.frame.study.reference_lines[-1] * 1.05)
    if scene.log:
        # An interval of a mean may reach below zero, where a log axis has no place for it.
        is_mean = scene.lines is None and scene.options.statistic == "mean"
        positive = values[values > 0]
        if is_mean and (values <= 0).any():
            positive = points["mean"] / 3
        return float(positive.min()) / 1.15, high * 1.15
    gap = 0.05 * (high - min(low, 0) or 1)
    return (min(low - gap, 0) if low < 0 else 0, high + gap)


def _y_title(scene: Scene, *, short: bool) -> str:
    if short:
        return plotly_text(unit_text(scene.unit))
    names = {
        "count": scene.name,
        "change": f"Change in {scene.name.lower()}",
        "fold": f"Fold change in {scene.name.lower()}",
    }
    return plotly_text(f"{names[scene.options.measure]} ({unit_text(scene.unit)})")


def room_below(scene: Scene, panels: int) -> int:
    """Room below the lowest axis: tick labels, then a row of n per group, or the axis title."""
    lines = max(
        (_short(label).count("<br>") for label in scene.calendar.labels.values()), default=0
    )
    if scene.lines is not None:
        return 46 + 13 * lines
    return 44 + 13 * lines + 14 * (1 if panels > 1 else len(scene.frame.shown))
