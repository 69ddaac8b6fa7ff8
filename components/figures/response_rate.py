"""Response rate by group and overall: bars with CR inside, an exact interval, a dot per patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.drawing.theme import INK, QUIET, TOGETHER
from components.escape import plotly_text
from components.figure import Drawing, Frame, Request
from components.options import shared
from components.options.option import choice, flag
from components.stats.proportion import METHODS
from components.stats.response_rate import response_rate
from components.wording import capitalised, percent_text
from data.study import Study
from queries.definition import Definition, definition, definitions
from queries.engine.records import records

TITLE = "Response rate"
HELP = "Responders by cohort, dose or phase with exact intervals, and the patients behind them."
ORDER = 20
# More dots than this beside a bar are no longer seen as people.
MOST_DOTS = 40
PERCENTS = ["0%", "20%", "40%", "60%", "80%", "100%"]


def reason_against(study: Study) -> str:
    """What is missing where a study says nothing about response; empty where it does."""
    if definitions(study):
        return ""
    return (
        "This study does not say how a platelet response is judged. Write a [response] table into "
        "its study.toml: default, first_day, last_day, and bleeding, late_visits and last_weeks "
        "where they apply. docs/data.md shows one."
    )


@dataclass(frozen=True)
@shared.with_definition_parameters
class Options:
    """What a reader can choose."""

    definition: str = choice("Definition", shared.definition_labels)
    group: str = choice("By", shared.groupings, prominent=True)
    interval: str = choice("Interval", METHODS)
    level: str = choice("Level", shared.LEVELS)
    missing: str = choice("Patients not evaluable", shared.MISSING)
    dots: bool = flag("A dot per patient", default=True)


def needs(options: Options, study: Study) -> dict[str, Request]:
    """The rows this figure is made of."""
    parameters = shared.definition_parameters(options)
    return {
        stem: Request.of(f"response_{stem}", definition=options.definition, **parameters)
        for stem in ("rate", "patients")
    }


def draw(frames: Mapping[str, pd.DataFrame], options: Options, frame: Frame) -> Drawing:
    """Draw the rates. Percent of the patients in the denominator that the footnote names."""
    found = definition(frame.study, options.definition, shared.definition_parameters(options))
    rates = response_rate(
        frames["rate"],
        int(options.level) / 100,
        options.interval,
        leave_out=options.missing == "excluded",
    )
    if frame.group is None:
        rates = rates[rates["is_overall"]]
    figure = go.Figure()
    has_complete = bool(frames["patients"]["complete"].notna().any())
    with_dots = (
        options.dots
        and int(rates.loc[~rates["is_overall"], "N"].max() if frame.group else rates["N"].max())
        <= MOST_DOTS
    )
    places = {row.group_label: float(i) for i, row in enumerate(records(rates))}
    if frame.group is not None and len(rates) > 1:
        places[str(rates.iloc[-1]["group_label"])] += 0.35
    shift = -0.16 if with_dots else 0.0
    width = 0.42 if with_dots else 0.6
    colours = [_colour(frame, row) for row in records(rates)]
    x = [places[label] + shift for label in rates["group_label"]]
    responders = rates["percent"]
    complete = rates["percent_complete"] if has_complete else 0 * rates["percent"]
    custom = [
        [plotly_text(row.group_label), _spoken(row, options, has_complete)]
        for row in records(rates)
    ]
    hover = "<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>"
    common: dict[str, Any] = {
        "width": width,
        "customdata": custom,
        "hovertemplate": hover,
        "showlegend": False,
    }
    if has_complete:
        figure.add_bar(
            x=x,
            y=list(complete),
            marker={"color": colours, "line": {"width": 0}},
            **common,
        )
    figure.add_bar(
        x=x,
        y=list(responders - complete),
        marker=_response_marker(colours, striped=has_complete),
        **common,
    )
    figure.add_scatter(
        x=x,
        y=list(responders),
        mode="markers",
        showlegend=False,
        hoverinfo="skip",
        marker={"size": 1, "color": INK, "opacity": 0},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": list(rates["ci_high"] - responders),
            "arrayminus": list(responders - rates["ci_low"]),
            "color": "#3e4c59",
            "thickness": 1.6,
            "width": 7,
        },
    )
    for row, at in zip(records(rates), x, strict=True):
        figure.add_annotation(
            x=at,
            y=0 if pd.isna(row.ci_high) else row.ci_high,
            yanchor="bottom",
            yshift=4,
            showarrow=False,
            text=f"<b>{row.n}/{row.N}</b>"
            + (f"<br>{percent_text(row.percent, 1)}" if row.N else ""),
            font={"size": 13, "color": INK},
        )
    kinds = set()
    if with_dots:
        kinds = _dots(figure, frames["patients"], places, frame, found)
    _legend(figure, kinds, has_complete=has_complete)
    figure.update_layout(barmode="stack", bargap=0.3, legend={"traceorder": "normal"})
    figure.update_xaxes(
        tickvals=list(places.values()),
        ticktext=[
            f"{plotly_text(label)}<br>n = {n}"
            for label, n in zip(rates["group_label"], rates["n_patients"], strict=True)
        ],
        range=[-0.6, max(places.values()) + 0.6],
        showgrid=False,
        tickfont={"size": 13},
        title={"text": plotly_text(frame.group_title), "standoff": 6}
        if frame.group and frame.group.unit
        else None,
    )
    figure.update_yaxes(
        range=[0, 114],
        tickvals=[0, 20, 40, 60, 80, 100],
        ticktext=PERCENTS,
        title={"text": "Responders"},
    )
    return Drawing(
        figure=figure,
        title=f"Response rate: {found.label}",
        subtitle=f"Responders n/N (%), {options.level}% {METHODS[options.interval]} interval",
        notes=_notes(frames["rate"], options, frame, found, with_dots),
        alt=_alt(rates, options),
        table=_table(rates, options),
        method=f"{METHODS[options.interval]} interval, {options.level}%",
        bottom=64 if frame.group and frame.group.unit else 46,
        legend=1,
        top=4,
    )


def _response_marker(colours: Any, *, striped: bool) -> dict[str, Any]:
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


def _colour(frame: Frame, row: Any) -> str:
    if row.is_overall:
        return TOGETHER
    return frame.level(row.group_label).colour


def _spoken(row: Any, options: Options, has_complete: bool) -> str:
    if not row.N:
        return "no evaluable patients"
    text = (
        f"{row.n} of {row.N} responders, {percent_text(row.percent, 1)} "
        f"({options.level}% interval {row.ci_low:.1f} to {row.ci_high:.1f})"
    )
    return text + (f"<br>{row.n_complete} with complete response" if has_complete else "")


def _dots(
    figure: go.Figure,
    patients: pd.DataFrame,
    places: dict[str, float],
    frame: Frame,
    found: Definition,
) -> set[str]:
    """One dot per patient in a column beside the bar, responders at the bottom; the kinds drawn."""
    kinds = [
        ("Complete response", "circle", 1.0),
        # Paler than a complete response, and plain as its bar where none is told apart.
        ("Response", "circle", 0.55 if patients["complete"].notna().any() else 1.0),
        ("No response", "circle-open", 1.0),
        ("Not evaluable", "x-thin", 1.0),
    ]
    points: dict[str, list[tuple[float, float, str, str]]] = {kind[0]: [] for kind in kinds}
    largest = int(patients.groupby("group_label").size().max())
    tallest = largest if largest <= 13 else 10
    for label, own in patients.groupby("group_label", sort=False):
        colour = frame.level(str(label)).colour
        for index, row in enumerate(records(own)):
            kind = (
                "Not evaluable"
                if not row.evaluable
                else "Complete response"
                if row.complete is True
                else "Response"
                if row.responder
                else "No response"
            )
            column, height = divmod(index, tallest)
            points[kind].append(
                (
                    places[str(label)] + 0.18 + 0.1 * column,
                    5 + min(9.5, 104 / tallest) * height,
                    colour,
                    f"<b>{plotly_text(row.USUBJID)}</b><br>{kind}"
                    + (
                        f"<br>First count of the response: day {row.onset:.0f}"
                        if row.responder
                        else ""
                    )
                    + (
                        f"<br>{plotly_text(capitalised(found.measure))}: {row.measure:.4g}"
                        if not pd.isna(row.measure)
                        else ""
                    ),
                )
            )
    for kind, symbol, opacity in kinds:
        if not points[kind]:
            continue
        x, y, colours, texts = zip(*points[kind], strict=True)
        marker: dict[str, Any] = {
            "symbol": symbol,
            "size": 13,
            "color": list(colours),
            "opacity": opacity,
        }
        marker["line"] = {"color": list(colours), "width": 2 if symbol != "circle" else 1}
        figure.add_scatter(
            x=list(x),
            y=list(y),
            mode="markers",
            name=kind,
            marker=marker,
            text=list(texts),
            showlegend=False,
            hovertemplate="%{text}<extra></extra>",
        )
    return {kind for kind in points if points[kind]}


def _legend(figure: go.Figure, kinds: set[str], *, has_complete: bool) -> None:
    """One entry per kind, in grey: colour stands for the group and not for the kind."""
    if has_complete:
        figure.add_bar(x=[None], y=[None], name="Complete response (CR)", marker={"color": QUIET})
    figure.add_bar(
        x=[None],
        y=[None],
        name="Response (R)" if has_complete else "Response",
        marker=_response_marker(QUIET, striped=has_complete),
    )
    for kind, symbol in (("No response", "circle-open"), ("Not evaluable", "x-thin")):
        if kind in kinds:
            figure.add_scatter(
                x=[None],
                y=[None],
                mode="markers",
                name=f"Patient: {kind.lower()}",
                hoverinfo="skip",
                marker={
                    "symbol": symbol,
                    "size": 10,
                    "color": QUIET,
                    "line": {"color": QUIET, "width": 2},
                },
            )


def _notes(
    rows: pd.DataFrame, options: Options, frame: Frame, found: Definition, with_dots: bool
) -> tuple[str, ...]:
    overall = rows[rows["is_overall"]].iloc[0]
    n_not_evaluable = int(overall["n_patients"] - overall["n_evaluable"])
    treated = (
        "counted as non-responders"
        if options.missing == "nonresponder"
        else "left out of numerator and denominator"
    )
    rule = frame.study.response
    notes = [
        f"{found.words} Counts in 10⁹/L, study days {rule.first_day} to {rule.last_day}."
        if rule
        else found.words,
        f"Not evaluable ({found.evaluable} needed): "
        f"{n_not_evaluable} of {int(overall['n_patients'])}, {treated}. "
        + (f"After rescue: {frame.study.rescue_days} days. " if frame.study.rescue_days else "")
        + f"Interval: {METHODS[options.interval]}, {options.level}%.",
    ]
    if rule and rule.assumption:
        notes.append(rule.assumption)
    if options.dots and not with_dots:
        notes.append(f"More than {MOST_DOTS} patients in a group: no dot per patient.")
    return tuple(notes)


def _alt(rates: pd.DataFrame, options: Options) -> str:
    parts = [
        f"{row.group_label}: {row.n} of {row.N}"
        + (
            f" ({percent_text(row.percent, 1)}, {options.level}% interval "
            f"{row.ci_low:.1f} to {row.ci_high:.1f})"
            if row.N
            else ""
        )
        for row in records(rates)
    ]
    return "Responders. " + "; ".join(parts)


def _table(rates: pd.DataFrame, options: Options) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "group": rates["group_label"],
            "n": rates["n"],
            "N": rates["N"],
            "percent": rates["percent"],
            "ci_low": rates["ci_low"],
            "ci_high": rates["ci_high"],
            "level": int(options.level),
            "interval": options.interval,
            "n_complete": rates["n_complete"],
            "percent_complete": rates["percent_complete"],
            "n_not_evaluable": rates["n_patients"] - rates["n_evaluable"],
            "definition": options.definition,
            "not_evaluable": options.missing,
        }
    )
