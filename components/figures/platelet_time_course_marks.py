"""The marks of a group in the time course: lines, points, intervals, boxes, rescue."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.drawing.grid import Cell
from components.drawing.theme import QUIET
from components.escape import plotly_text
from components.figure import Level
from components.figures.platelet_time_course_axes import INFUSION
from components.figures.platelet_time_course_scene import Scene, parameters
from components.wording import capitalised, unit_text
from queries.engine.records import records

RESCUE = "#c8321f"
CROWD = 40


def level_marks(
    figure: go.Figure,
    scene: Scene,
    level: Level,
    levels: tuple[Level, ...],
    cell: Cell,
    *,
    floor: float,
    legend: bool,
) -> None:
    """Draw one group of those that share a cell, whose value axis begins at `floor`."""
    common = {
        "name": f"{plotly_text(level.label)} (n = {level.n})",
        "legendgroup": level.label,
        "showlegend": legend,
        "xaxis": cell.x,
        "yaxis": cell.y,
    }
    if scene.lines is not None:
        _individual(figure, scene, level, common)
        return
    own, dodge = _with_gaps(scene, level), dodge_of(scene, level, levels)
    drawn = own["drawn"]
    x = own["place"] + dodge
    hover = (
        f"<b>{plotly_text(level.label)}</b><br>%{{customdata[0]}}<br>%{{customdata[1]}}"
        "<br>n = %{customdata[2]} of " + str(level.n) + "<extra></extra>"
    )
    custom = [
        [
            plotly_text(row.visit if scene.options.axis == "visit" else f"Week {row.slot:g}"),
            _spoken(scene, row),
            row.n_patients,
        ]
        if row.n_patients
        else None
        for row in records(own)
    ]
    if scene.options.statistic == "box":
        box = own[drawn]
        figure.add_box(
            x=list(box["place"] + dodge),
            q1=list(box["q1"]),
            median=list(box["median"]),
            q3=list(box["q3"]),
            lowerfence=list(box["minimum"]),
            upperfence=list(box["maximum"]),
            width=box_width(scene, levels),
            line={"color": level.colour, "width": 1.4},
            fillcolor=_faint(level.colour),
            hoveron="boxes",
            **common,
        )
        return
    centre, low, high = (
        ("mean", "ci_low", "ci_high")
        if scene.options.statistic == "mean"
        else ("median", "q1", "q3")
    )
    values = own[centre].where(drawn)
    if legend:
        figure.add_scatter(
            x=list(x),
            y=list(values),
            mode="lines+markers",
            customdata=custom,
            hovertemplate=hover,
            error_y={
                "type": "data",
                "symmetric": False,
                "array": list((own[high] - own[centre]).where(drawn)),
                "arrayminus": list((own[centre] - own[low]).where(drawn)),
                "thickness": 1,
                "width": 2,
                "color": _faint(level.colour, 0.6),
            },
            line={"color": level.colour, "width": 2, "dash": level.dash},
            connectgaps=False,
            marker={"symbol": level.symbol, "size": 7, "color": level.colour},
            **common,
        )
        return
    # An interval may reach below zero, where a log axis has no place for it.
    ends = own[[low, high]].clip(lower=floor) if scene.log else own[[low, high]]
    band_x, band_y = _band(own.assign(**ends)[drawn], list(own["place"]), low, high)
    figure.add_scatter(
        x=band_x,
        y=band_y,
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=_faint(level.colour),
        hoverinfo="skip",
        **{**common, "showlegend": False},
    )
    figure.add_scatter(
        x=list(x),
        y=list(values),
        mode="lines+markers",
        customdata=custom,
        hovertemplate=hover,
        connectgaps=False,
        line={"color": level.colour, "width": 2.2, "dash": level.dash},
        marker={"symbol": level.symbol, "size": 6, "color": level.colour},
        **common,
    )


def _with_gaps(scene: Scene, level: Level) -> pd.DataFrame:
    """The points of a group, and one of nobody at each visit of the axis where it has no value."""
    points = scene.course.points
    own = points[points["group_label"] == level.label]
    nobody = [place for place in scene.calendar.labels if place not in set(own["place"])]
    if not nobody:
        return own
    gaps = pd.DataFrame({"place": nobody, "n_patients": 0, "drawn": False})
    return pd.concat([own, gaps], ignore_index=True).sort_values("place")


def _band(
    drawn: pd.DataFrame, places: list[float], low: str, high: str
) -> tuple[list[Any], list[Any]]:
    """A polygon around each unbroken run of drawn visits, the runs separated by a gap."""
    x: list[Any] = []
    y: list[Any] = []
    run: list[Any] = []
    rows_by_place = {row["place"]: row for _, row in drawn.iterrows()}
    for place in [*places, None]:
        if place in rows_by_place:
            run.append(rows_by_place[place])
            continue
        if run:
            x += [row["place"] for row in run] + [row["place"] for row in reversed(run)] + [None]
            y += [row[low] for row in run] + [row[high] for row in reversed(run)] + [None]
            run = []
    return x, y


def _individual(figure: go.Figure, scene: Scene, level: Level, common: dict[str, Any]) -> None:
    """All lines of a group as one trace with gaps; counts after rescue are hollow."""
    assert scene.lines is not None
    own = scene.lines[scene.lines["group_label"] == level.label]
    x: list[Any] = []
    y: list[Any] = []
    fills: list[str] = []
    sizes: list[float] = []
    custom: list[list[str]] = []
    # In a crowd only the counts after rescue keep their marks: the others would be one blot.
    crowded = level.n > CROWD
    unit = unit_text(
        parameters(scene.frame.study)
        .get(scene.options.parameter, "")
        .partition(" (")[2]
        .rstrip(")")
    )
    for _, lines in groupby(records(own), lambda row: row.USUBJID):
        for row in lines:
            x.append(row.place)
            y.append(row.point_value)
            fills.append("#ffffff" if row.after_rescue else level.colour)
            sizes.append(0 if crowded and not row.after_rescue else 5)
            custom.append(_patient_hover(scene, unit, row))
        x.append(None)
        y.append(None)
        fills.append(level.colour)
        sizes.append(0)
        custom.append([""] * 5)
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines+markers",
        customdata=custom,
        connectgaps=False,
        hovertemplate=(
            "<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<br>"
            "Baseline %{customdata[3]}<br>Change %{customdata[4]}<extra></extra>"
        ),
        line={"color": level.colour, "width": 0.8 if crowded else 1.2, "dash": "solid"},
        opacity=0.85,
        marker={
            "symbol": level.symbol,
            "size": sizes if crowded else 5,
            "color": fills,
            "line": {"color": level.colour, "width": 1.1},
        },
        **common,
    )


def _patient_hover(scene: Scene, unit: str, row: Any) -> list[str]:
    count = (
        row.AVALC if isinstance(row.AVALC, str) and row.AVALC.startswith("<") else f"{row.AVAL:g}"
    )
    change = "not known" if pd.isna(row.BASE) else f"{row.AVAL - row.BASE:+g}"
    return [
        plotly_text(row.USUBJID),
        plotly_text(f"{row.AVISIT}, day {row.ADY:g}" if not pd.isna(row.ADY) else row.AVISIT),
        plotly_text(
            f"{scene.name} {count} {unit}" + (" (after rescue)" if row.after_rescue else "")
        ),
        "not known" if pd.isna(row.BASE) else f"{row.BASE:g}",
        change,
    ]


def rescue_marks(
    figure: go.Figure,
    scene: Scene,
    levels: tuple[Level, ...],
    cell: Cell,
    low: float,
    *,
    legend: bool,
) -> None:
    """A cross where rescue therapy began: on the patient's line, or on the axis under a summary."""
    labels = {level.label for level in levels}
    own = scene.rescue[scene.rescue["group_label"].isin(labels)]
    if own.empty or scene.calendar.kind == "order":
        return
    value = own["AVAL"]
    if scene.options.measure == "change":
        value = own["AVAL"] - own["BASE"]
    elif scene.options.measure == "fold":
        value = own["AVAL"] / own["BASE"]
    # One given before the first count has no value to stand at.
    floor = low * 1.06 if scene.log else low
    figure.add_scatter(
        x=[scene.calendar.place_of_day(day) for day in own["rescue_from"]],
        y=list(value.fillna(floor)) if scene.lines is not None else [floor] * len(own),
        mode="markers",
        name="Rescue therapy begins",
        legendgroup="rescue",
        showlegend=legend,
        cliponaxis=False,
        marker={"symbol": "x-thin", "size": 9, "line": {"color": RESCUE, "width": 2.2}},
        customdata=[
            [plotly_text(row.USUBJID), plotly_text(row.CMDECOD), row.rescue_from]
            for row in records(own)
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>Rescue: %{customdata[1]}<br>"
        "Day %{customdata[2]}<extra></extra>",
        xaxis=cell.x,
        yaxis=cell.y,
    )


def legend_of_marks(figure: go.Figure, scene: Scene) -> None:
    """Add the legend's entries for infusions and for hollow counts, where the scene has them."""
    if scene.infusions and scene.calendar.kind != "order":
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="lines",
            name=capitalised(plotly_text(scene.frame.study.given_as)),
            line={"color": INFUSION, "width": 3},
            hoverinfo="skip",
        )
    if scene.lines is not None and scene.lines["after_rescue"].any():
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="markers",
            name="Hollow: count after rescue",
            hoverinfo="skip",
            marker={
                "symbol": "circle",
                "size": 7,
                "color": "#ffffff",
                "line": {"color": QUIET, "width": 1.4},
            },
        )


def dodge_of(scene: Scene, level: Level, levels: tuple[Level, ...]) -> float:
    """A small shift along the time axis, in its own unit, so that groups at the same visit do not
    hide each other."""
    if len(levels) == 1 or scene.lines is not None:
        return 0.0
    step = 0.14
    if scene.options.statistic == "box":
        step = box_width(scene, levels) / 0.8
    return step * (levels.index(level) - (len(levels) - 1) / 2)


def box_width(scene: Scene, levels: tuple[Level, ...]) -> float:
    """The width of a box, in the unit of the time axis: the boxes of a visit stay by themselves."""
    places = sorted(set(scene.course.points["place"]))
    gap = min((later - sooner for sooner, later in pairwise(places)), default=1.0)
    return 0.8 * 0.75 * gap / len(levels)


def _faint(colour: str, opacity: float = 0.18) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def _spoken(scene: Scene, row: Any) -> str:
    if scene.options.statistic == "mean":
        return f"Mean {row.mean:.1f} ({row.ci_low:.1f} to {row.ci_high:.1f}), SD {row.sd:.1f}"
    return f"Median {row.median:.1f} (IQR {row.q1:.1f} to {row.q3:.1f})"
