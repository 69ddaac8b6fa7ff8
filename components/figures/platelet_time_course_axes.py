"""The axes of a panel of the time course: ticks with patients, reference lines, infusions."""

from __future__ import annotations

import math
import textwrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.escape import plotly_text, unit_text
from components.figures.frame import Level
from components.figures.grid import Cell
from components.figures.look import Overlay
from components.figures.platelet_time_course_scene import Scene, has_references

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
        x_axis |= _tick_labels(scene, levels, is_panel=is_panel)
    if scene.lines is not None and cell.is_lowest:
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
    for day in scene.infusions:
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
    step = 10.0 ** math.floor(math.log10((high - low) / 2))
    step *= next(factor for factor in (5, 2, 1) if (high - low) / (factor * step) >= 3)
    return [step * count for count in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _short(label: str) -> str:
    """A visit's name on at most two short lines."""
    lines = textwrap.wrap(label, 9)[:2]
    return "<br>".join(plotly_text(line) for line in lines) or " "


def _tick_labels(scene: Scene, levels: tuple[Level, ...], *, is_panel: bool) -> dict[str, Any]:
    """Tick labels of the visits; under a summary each carries the number of patients by group."""
    labels = scene.calendar.labels
    places = list(labels)
    if scene.lines is not None:
        step = max(1, math.ceil(len(places) / (8 if is_panel else 15)))
        shown = [at for at in places if not labels[at].lstrip("-").isdigit() or at % step == 0]
        return {
            "tickvals": shown,
            "ticktext": [_short(labels[at]) for at in shown],
            "tickangle": 0,
        }
    counted = scene.course.points.set_index(["group_label", "place"])["n_patients"]
    tallest = max(_short(labels[at]).count("<br>") + 1 for at in places)
    every = 1 if len(places) <= 15 else 2 if not is_panel else 4

    def text(at: float) -> str:
        label = labels[at]
        is_number = label.lstrip("-").isdigit()
        shown = _short(label) if not is_number or at % every == 0 else " "
        shown += "<br> " * (tallest - 1 - shown.count("<br>"))
        counts = [
            f"<span style='color:{level.colour}'>{int(counted.get((level.label, at), 0))}</span>"
            for level in levels
        ]
        return "<br>".join([shown, *counts])

    size = 11 if not is_panel else 10 if len(places) <= 15 else 8.5
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
    return 26 + 13 * lines + 14 * (1 if panels > 1 else len(scene.frame.shown))
