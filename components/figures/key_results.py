"""Response, adverse events and serious events by group: points with exact intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from components.drawing.canvas import Canvas
from components.drawing.theme import TOGETHER
from components.escape import plotly_text
from components.figure import Drawing, Figure, Request, Rows, Summary
from components.options import shared
from components.options.option import Options, choice
from components.population import Population
from components.stats.proportion import METHODS
from components.stats.response_rate import with_interval
from components.wording import percent_text
from data.study import Study
from queries.definition import definition, definitions
from queries.engine.records import records

TITLE = "Key results"
# The gap between the columns of two outcomes, as a share of the plot.
GAP = 0.05


@dataclass(frozen=True)
class KeyOptions(Options):
    """What a reader can choose."""

    group: str = choice("By", shared.groupings, prominent=True)
    definition: str = choice("Response definition", shared.definition_labels)
    interval: str = choice("Interval", METHODS)
    level: str = choice("Confidence level", shared.LEVELS)


@dataclass(frozen=True)
class Point:
    """The patients of one group with one outcome: percent of N, with its interval in percent."""

    outcome: str
    group: str
    colour: str
    symbol: str
    n: int
    N: int
    percent: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True, eq=False, kw_only=True)
class KeySummary(Summary):
    """Points by outcome (a column) and group (a line); `level`: of the intervals, in percent."""

    points: tuple[Point, ...]
    level: str


def needs(options: KeyOptions, study: Study) -> dict[str, Request]:
    """What the study has of response and adverse events, counted by group."""
    requests = {}
    if definitions(study):
        requests["response"] = Request.of("response_rate", definition=options.definition)
    if study.path("adae"):
        requests["events"] = Request.of("adverse_event_rate")
    return requests or {"sizes": Request.of("group_sizes")}


def outcomes(rows: Rows, options: KeyOptions) -> pd.DataFrame:
    """One row per outcome and group: n, N, percent and interval (percent)."""
    counts = []
    if "response" in rows:
        counts.append(("Response", rows["response"], "n_responders"))
    if "events" in rows:
        counts.append(("Treatment-emergent adverse event", rows["events"], "n_emergent"))
        counts.append(("Serious adverse event", rows["events"], "n_serious"))
    if not counts:
        return pd.DataFrame()
    together = pd.concat(
        [table.assign(outcome=outcome, n=table[column]) for outcome, table, column in counts],
        ignore_index=True,
    )
    together["N"] = together["n_patients"]
    return with_interval(together, int(options.level) / 100, options.interval)


def summarise(rows: Rows, options: KeyOptions, population: Population) -> KeySummary:
    """Percent of the selected patients, with its interval."""
    rates = outcomes(rows, options)
    if rates.empty:
        text = "This study has neither a response definition nor adverse events."
        return KeySummary(
            title=TITLE,
            subtitle="",
            alt=text,
            table=pd.DataFrame({"note": [text]}),
            nothing=text,
            points=(),
            level=options.level,
        )
    if population.grouping is None:
        rates = rates[rates["is_overall"]]
    method = METHODS[options.interval]
    return KeySummary(
        title=TITLE,
        subtitle=f"Patients n/N (%) with {options.level}% {method} interval",
        notes=_notes(rows, options, population),
        alt=_alternative(rates[rates["is_overall"]]),
        table=_table(rates, options),
        method=f"{method} interval, {options.level}%",
        points=tuple(_point(row, population) for row in records(rates)),
        level=options.level,
    )


def _point(row: Any, population: Population) -> Point:
    group = None if row.is_overall else population.group(str(row.group_label))
    return Point(
        outcome=str(row.outcome),
        group=str(row.group_label),
        colour=group.colour if group else TOGETHER,
        symbol=group.symbol if group else "diamond",
        n=int(row.n),
        N=int(row.N),
        percent=float(row.percent),
        ci_low=float(row.ci_low),
        ci_high=float(row.ci_high),
    )


def _notes(rows: Rows, options: KeyOptions, population: Population) -> tuple[str, ...]:
    study = population.study
    notes = []
    if "response" in rows:
        rule = definition(study, options.definition)
        notes.append(f"{rule.words} Patients who are not evaluable count as non-responders.")
        if study.response and study.response.assumption:
            notes.append(study.response.assumption)
    notes.append(
        f"Intervals: {METHODS[options.interval]}, {options.level}%. N is every selected patient. "
        "Adverse events: patients with at least one; serious: at any time."
    )
    return tuple(notes)


def _alternative(overall: pd.DataFrame) -> str:
    return "; ".join(
        f"{row.outcome}: {row.n} of {row.N} ({percent_text(row.percent, 1)}, "
        f"interval {row.ci_low:.1f} to {row.ci_high:.1f})"
        for row in records(overall)
    )


def _table(rates: pd.DataFrame, options: KeyOptions) -> pd.DataFrame:
    columns = ["outcome", "group_label", "n", "N", "percent", "ci_low", "ci_high"]
    return (
        rates[columns]
        .rename(columns={"group_label": "group"})
        .assign(level=int(options.level), interval=options.interval)
    )


def draw(summary: KeySummary) -> Drawing:
    """Draw a column of points per outcome, a line per group."""
    canvas = Canvas()
    outcomes = list(dict.fromkeys(point.outcome for point in summary.points))
    sizes = {point.group: point.N for point in reversed(summary.points)}
    groups = list(dict.fromkeys(point.group for point in summary.points))
    labels = [f"{plotly_text(label)}<br>n = {sizes[label]}" for label in groups]
    width = (1 - GAP * (len(outcomes) - 1)) / len(outcomes)
    for column, outcome in enumerate(outcomes):
        number = "" if column == 0 else str(column + 1)
        for point in summary.points:
            if point.outcome == outcome:
                _point_marks(canvas, point, groups.index(point.group), number, summary.level)
        left = column * (width + GAP)
        _axes(canvas, number, (left, min(1.0, left + width)), labels)
        canvas.annotate(
            f"<b>{plotly_text(outcome)}</b>",
            xref=f"x{number} domain",
            yref=f"y{number} domain",
            x=0,
            y=1,
            yanchor="bottom",
            xanchor="left",
            font={"size": 13},
        )
    longest = max(map(len, groups))
    canvas.update(margin={"l": int(min(300, 30 + 8 * max(longest, 8)))})
    return Drawing(canvas, top=22, bottom=30)


def _axes(canvas: Canvas, number: str, domain: tuple[float, float], labels: list[str]) -> None:
    """Percent from left to right; the groups from top to bottom, named at the first column."""
    canvas.x_axis(
        number,
        domain=list(domain),
        anchor=f"y{number}",
        range=[-3, 103],
        tickvals=[0, 25, 50, 75, 100],
        ticktext=["0%", "25%", "50%", "75%", "100%"],
    )
    canvas.y_axis(
        number,
        anchor=f"x{number}",
        range=[len(labels) - 0.4, -0.7],
        tickvals=list(range(len(labels))),
        ticktext=labels,
        showticklabels=number == "",
        showgrid=False,
        tickfont={"size": 13},
        ticks="",
    )


def _point_marks(canvas: Canvas, point: Point, line: int, number: str, level: str) -> None:
    """A point with its interval, and n/N (%) above it."""
    axes = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
    canvas.add(
        "scatter",
        x=[point.percent],
        y=[line],
        mode="markers",
        showlegend=False,
        marker={"size": 12, "color": point.colour, "symbol": point.symbol},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [point.ci_high - point.percent],
            "arrayminus": [point.percent - point.ci_low],
            "color": point.colour,
            "thickness": 2,
            "width": 5,
        },
        hovertemplate=f"<b>{plotly_text(point.group)}</b><br>{plotly_text(point.outcome)}: "
        f"{point.n} of {point.N} ({percent_text(point.percent, 1)})"
        f"<br>{level}% interval {point.ci_low:.1f} to {point.ci_high:.1f}<extra></extra>",
        **axes,
    )
    canvas.annotate(
        f"<b>{point.n}/{point.N}</b> ({percent_text(point.percent)})",
        x=point.percent,
        y=line,
        xref=f"x{number}",
        yref=f"y{number}",
        yshift=15,
        font={"size": 12},
        xanchor="left" if point.percent < 15 else "right" if point.percent > 85 else "center",
    )


FIGURE = Figure(
    title=TITLE,
    help="Response, adverse events and serious adverse events at a glance.",
    order=1,
    options=KeyOptions,
    needs=needs,
    summarise=summarise,
    draw=draw,
)
