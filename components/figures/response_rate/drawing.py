"""The response rate drawn: a bar per group with its interval, and a dot per patient beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from components.drawing.canvas import Canvas, Settings
from components.drawing.theme import INK, QUIET
from components.escape import plotly_text
from components.figure import Drawing
from components.figures.response_rate.summary import (
    COMPLETE,
    NONE,
    NOT_EVALUABLE,
    RESPONSE,
    Bar,
    Dot,
    ResponseSummary,
)
from components.wording import percent_text

PERCENTS = (0, 20, 40, 60, 80, 100)
SYMBOLS = {COMPLETE: "circle", RESPONSE: "circle", NONE: "circle-open", NOT_EVALUABLE: "x-thin"}
INTERVAL = "#3e4c59"


def draw(summary: ResponseSummary) -> Drawing:
    """Draw the rates; the bar of all patients stands a little apart."""
    canvas = Canvas()
    places = _places(summary.bars)
    shift, width = (-0.16, 0.42) if summary.dots else (0.0, 0.6)
    x = [places[bar.label] + shift for bar in summary.bars]
    _bars(canvas, summary, x, width)
    _intervals(canvas, summary.bars, x)
    _dots(canvas, summary, places)
    _legend(canvas, summary)
    canvas.update(barmode="stack", bargap=0.3, legend={"traceorder": "normal"})
    _axes(canvas, summary, places)
    return Drawing(canvas, top=4, bottom=64 if summary.axis_title else 46, legend=1)


def _places(bars: Sequence[Bar]) -> dict[str, float]:
    places = {bar.label: float(index) for index, bar in enumerate(bars)}
    if len(bars) > 1 and bars[-1].is_overall:
        places[bars[-1].label] += 0.35
    return places


def _bars(canvas: Canvas, summary: ResponseSummary, x: list[float], width: float) -> None:
    """Complete responses at the bottom, the other responses on them."""
    bars = summary.bars
    colours = [bar.colour for bar in bars]
    common: Settings = {
        "x": x,
        "width": width,
        "customdata": [
            [plotly_text(bar.label), "<br>".join(map(plotly_text, bar.hover))] for bar in bars
        ],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
        "showlegend": False,
    }
    if summary.has_complete:
        canvas.add(
            "bar",
            y=[bar.percent_complete for bar in bars],
            marker={"color": colours, "line": {"width": 0}},
            **common,
        )
    canvas.add(
        "bar",
        y=[bar.percent - bar.percent_complete for bar in bars],
        marker=_response_marker(colours, striped=summary.has_complete),
        **common,
    )


def _response_marker(colours: Any, *, striped: bool) -> Settings:
    """Responses short of a complete one are striped; where nothing is told apart they are plain."""
    if not striped:
        return {"color": colours, "opacity": 0.85, "line": {"width": 0}}
    return {
        "color": colours,
        "line": {"color": colours, "width": 1},
        "pattern": {
            "shape": "/",
            "size": 6,
            "solidity": 0.3,
            "fgcolor": colours,
            "bgcolor": "#ffffff",
            "fillmode": "replace",
        },
    }


def _intervals(canvas: Canvas, bars: Sequence[Bar], x: list[float]) -> None:
    """The interval of each bar, and n/N with the percentage above it."""
    canvas.add(
        "scatter",
        x=x,
        y=[bar.percent for bar in bars],
        mode="markers",
        showlegend=False,
        hoverinfo="skip",
        marker={"size": 1, "color": INK, "opacity": 0},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [bar.ci_high - bar.percent for bar in bars],
            "arrayminus": [bar.percent - bar.ci_low for bar in bars],
            "color": INTERVAL,
            "thickness": 1.6,
            "width": 7,
        },
    )
    for bar, at in zip(bars, x, strict=True):
        percent = f"<br>{percent_text(bar.percent, 1)}" if bar.N else ""
        canvas.annotate(
            f"<b>{bar.n}/{bar.N}</b>{percent}",
            x=at,
            y=0 if math.isnan(bar.ci_high) else bar.ci_high,
            yanchor="bottom",
            yshift=4,
            font={"size": 13, "color": INK},
        )


def _dots(canvas: Canvas, summary: ResponseSummary, places: dict[str, float]) -> None:
    """One dot per patient in a column beside the bar of the group, responders at the bottom."""
    by_group: dict[str, list[Dot]] = {}
    for dot in summary.dots:
        by_group.setdefault(dot.group, []).append(dot)
    largest = max(map(len, by_group.values()), default=0)
    tallest = largest if largest <= 13 else 10
    by_kind: dict[str, list[tuple[float, float, Dot]]] = {kind: [] for kind in SYMBOLS}
    for label, dots in by_group.items():
        for index, dot in enumerate(dots):
            column, height = divmod(index, tallest)
            x = places[label] + 0.18 + 0.1 * column
            by_kind[dot.kind].append((x, 5 + min(9.5, 104 / tallest) * height, dot))
    for kind, placed in by_kind.items():
        if placed:
            _dots_of_a_kind(canvas, kind, placed, summary.has_complete)


def _dots_of_a_kind(
    canvas: Canvas, kind: str, placed: list[tuple[float, float, Dot]], has_complete: bool
) -> None:
    colours = [dot.colour for _, _, dot in placed]
    symbol = SYMBOLS[kind]
    canvas.add(
        "scatter",
        x=[x for x, _, _ in placed],
        y=[y for _, y, _ in placed],
        mode="markers",
        name=kind,
        marker={
            "symbol": symbol,
            "size": 13,
            "color": colours,
            # Paler than a complete response, and plain as its bar where none is told apart.
            "opacity": 0.55 if kind == RESPONSE and has_complete else 1.0,
            "line": {"color": colours, "width": 1 if symbol == "circle" else 2},
        },
        text=[_hover(dot) for _, _, dot in placed],
        showlegend=False,
        hovertemplate="%{text}<extra></extra>",
    )


def _hover(dot: Dot) -> str:
    patient, *lines = map(plotly_text, dot.hover)
    return "<br>".join([f"<b>{patient}</b>", *lines])


def _legend(canvas: Canvas, summary: ResponseSummary) -> None:
    """One entry per kind, in grey: colour stands for the group and not for the kind."""
    striped = summary.has_complete
    entry: Settings = {"x": [None], "y": [None]}
    if striped:
        canvas.add("bar", name="Complete response (CR)", marker={"color": QUIET}, **entry)
    canvas.add(
        "bar",
        name="Response (R)" if striped else "Response",
        marker=_response_marker(QUIET, striped=striped),
        **entry,
    )
    kinds = {dot.kind for dot in summary.dots}
    for kind in (NONE, NOT_EVALUABLE):
        if kind in kinds:
            canvas.add(
                "scatter",
                mode="markers",
                name=f"Patient: {kind.lower()}",
                hoverinfo="skip",
                marker={
                    "symbol": SYMBOLS[kind],
                    "size": 10,
                    "color": QUIET,
                    "line": {"color": QUIET, "width": 2},
                },
                **entry,
            )


def _axes(canvas: Canvas, summary: ResponseSummary, places: dict[str, float]) -> None:
    canvas.x_axis(
        tickvals=list(places.values()),
        ticktext=[f"{plotly_text(bar.label)}<br>n = {bar.n_patients}" for bar in summary.bars],
        range=[-0.6, max(places.values()) + 0.6],
        showgrid=False,
        tickfont={"size": 13},
    )
    if summary.axis_title:
        canvas.x_axis(title={"text": plotly_text(summary.axis_title), "standoff": 6})
    canvas.y_axis(
        range=[0, 114],
        tickvals=list(PERCENTS),
        ticktext=[f"{percent}%" for percent in PERCENTS],
        title={"text": "Responders"},
    )
