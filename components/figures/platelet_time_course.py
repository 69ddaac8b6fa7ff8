"""Time course of platelets (or another laboratory parameter): individual lines or a summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.drawing.grid import cells
from components.drawing.theme import HEIGHT, Overlay, calm, legend_rows
from components.figure import Drawing, Frame, Request
from components.figures.platelet_time_course_axes import axes, room_below, span
from components.figures.platelet_time_course_marks import (
    legend_of_marks,
    level_marks,
    rescue_marks,
)
from components.figures.platelet_time_course_scene import MEASURES, Options, Scene, scene_of
from components.figures.platelet_time_course_words import (
    alternative,
    left_out,
    method,
    notes,
    subtitle,
    twin,
)
from components.stats.time_course import FEWEST
from data.study import Study

TITLE = "Platelet time course"
HELP = "Counts over time: every patient, or median, mean or box by visit."
ORDER = 10
__all__ = ["ORDER", "TITLE", "Options", "draw", "needs"]


def needs(options: Options, study: Study) -> dict[str, Request]:
    """The rows this figure is made of."""
    params: dict[str, Any] = {
        "axis": options.axis,
        "measure": options.measure,
        "with_unscheduled": options.unscheduled,
    }
    rules: dict[str, Any] = {
        "paramcd": options.parameter,
        "with_derived": options.derived,
        "with_repeats": options.repeats,
        "only_flagged": options.flagged,
    }
    params |= rules
    found = {
        "points": Request.of("platelet_time_course", **params),
        "records": Request.of("platelet_records", **params),
        "infusions": Request.of("infusion_days"),
        "rescue": Request.of("rescue_days", **rules),
    }
    if options.statistic == "individual":
        found["lines"] = Request.of("platelet_individual", **params)
    return found


def draw(frames: Mapping[str, pd.DataFrame], options: Options, frame: Frame) -> Drawing:
    """Draw the time course. The value is in the parameter's unit, or a ratio for fold change."""
    scene = scene_of(frames, options, frame)
    figure, overlay = go.Figure(), Overlay()
    if scene.lines is None and not scene.course.points["drawn"].any():
        group = f" of one {frame.group.label.lower()}" if frame.group else ""
        return _nothing(scene, _TOO_FEW.format(group), frames)
    if scene.lines is not None and scene.lines.empty:
        return _nothing(scene, "None of these patients has a value that could be drawn.", frames)
    groups = [(level,) for level in frame.shown] if _panelled(scene) else [frame.shown]
    summary = scene.lines is None
    layout = cells(
        len(groups),
        row_room=60 if summary else 50,
        height=HEIGHT - 110 - room_below(scene, len(groups)) - 78,
    )
    low, high = span(scene)
    for index, (levels, cell) in enumerate(zip(groups, layout, strict=True)):
        axes(figure, overlay, scene, cell, levels, (low, high), is_panel=len(groups) > 1)
        for level in levels:
            level_marks(
                figure,
                scene,
                level,
                levels,
                cell,
                floor=low,
                legend=len(groups) == 1,
            )
        rescue_marks(figure, scene, levels, cell, low, legend=index == 0)
    legend_of_marks(figure, scene)
    overlay.put_into(figure)
    return Drawing(
        figure=figure,
        title=_title(scene),
        subtitle=subtitle(scene),
        notes=notes(scene, frames["records"].iloc[0]),
        alt=alternative(scene),
        table=twin(scene),
        method=method(scene),
        top=24 if len(groups) > 1 else 8,
        bottom=room_below(scene, len(groups)),
        legend=legend_rows(figure),
    )


def _title(scene: Scene) -> str:
    """A count is one of platelets; other parameters have values."""
    if scene.options.measure == "count" and scene.options.parameter != scene.frame.study.parameter:
        return f"{scene.name} over time"
    return f"{scene.name}: {MEASURES[scene.options.measure].lower()} over time"


def _panelled(scene: Scene) -> bool:
    return scene.options.layout == "panels" and len(scene.frame.shown) > 1


_TOO_FEW = (
    f"No visit has {FEWEST} patients or more{{}}, so there is nothing to summarise. "
    "Show every patient instead."
)


def _nothing(scene: Scene, why: str, frames: Mapping[str, pd.DataFrame]) -> Drawing:
    """Nothing to draw, and which records were left out, for that may be why."""
    left = left_out(scene, frames["records"].iloc[0])
    return Drawing(calm(why), f"{scene.name} over time", "", left, why, twin(scene))
