"""The response rate in numbers and words: bars, dots, table, notes, text alternative."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from components.drawing.theme import TOGETHER
from components.figure import Rows, Summary
from components.figures.response_rate.options import ResponseOptions
from components.options import shared
from components.population import Population
from components.stats.proportion import METHODS
from components.stats.response_rate import response_rate
from components.wording import capitalised, percent_text
from queries.definition import Definition, definition
from queries.engine.records import records

# More dots than this beside a bar are no longer seen as people.
MOST_DOTS = 40
COMPLETE, RESPONSE, NONE, NOT_EVALUABLE = (
    "Complete response",
    "Response",
    "No response",
    "Not evaluable",
)


@dataclass(frozen=True)
class Bar:
    """The responders of one group, or of all: percent of N, with its interval in percent.

    percent and interval are NaN where nobody is in the denominator. hover: what the bar says.
    """

    label: str
    colour: str
    is_overall: bool
    n_patients: int
    n: int
    N: int
    percent: float
    percent_complete: float
    ci_low: float
    ci_high: float
    hover: tuple[str, ...]


@dataclass(frozen=True)
class Dot:
    """One patient beside the bar of the group: `kind` is the response."""

    group: str
    colour: str
    kind: str
    hover: tuple[str, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class ResponseSummary(Summary):
    """`has_complete`: the definition tells a complete response apart. `axis_title`: the grouping
    with its unit, where it has one. No dots where a group is too large for them."""

    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    has_complete: bool
    axis_title: str


def summarise(rows: Rows, options: ResponseOptions, population: Population) -> ResponseSummary:
    """The rates in percent of the patients in the denominator that the footnote names."""
    parameters = shared.definition_parameters(options)
    rule = definition(population.study, options.definition, parameters)
    rates = response_rate(
        rows["rates"],
        int(options.level) / 100,
        options.interval,
        leave_out=options.missing == "excluded",
    )
    if population.grouping is None:
        rates = rates[rates["is_overall"]]
    has_complete = bool(rows["patients"]["complete"].notna().any())
    bars = tuple(_bar(row, options, population, has_complete) for row in records(rates))
    in_groups = [bar.N for bar in bars if not bar.is_overall or population.grouping is None]
    with_dots = options.dots and max(in_groups, default=0) <= MOST_DOTS
    return ResponseSummary(
        title=f"Response rate: {rule.label}",
        subtitle=f"Responders n/N (%), {options.level}% {METHODS[options.interval]} interval",
        notes=_notes(rows["rates"], options, population, rule, with_dots),
        alt=_alternative(bars, options),
        table=_table(rates, options),
        method=f"{METHODS[options.interval]} interval, {options.level}%",
        bars=bars,
        dots=_dots(rows["patients"], population, rule) if with_dots else (),
        has_complete=has_complete,
        axis_title=population.grouping_title
        if population.grouping and population.grouping.unit
        else "",
    )


def _bar(row: Any, options: ResponseOptions, population: Population, has_complete: bool) -> Bar:
    hover = ["No patient is evaluable"]
    if row.N:
        hover = [
            f"{row.n} of {row.N} responders, {percent_text(row.percent, 1)} "
            f"({options.level}% interval {row.ci_low:.1f} to {row.ci_high:.1f})"
        ]
        if has_complete:
            hover.append(f"{row.n_complete} with complete response")
    return Bar(
        label=str(row.group_label),
        colour=TOGETHER if row.is_overall else population.group(row.group_label).colour,
        is_overall=bool(row.is_overall),
        n_patients=int(row.n_patients),
        n=int(row.n),
        N=int(row.N),
        percent=float(row.percent),
        percent_complete=float(row.percent_complete) if has_complete else 0 * float(row.percent),
        ci_low=float(row.ci_low),
        ci_high=float(row.ci_high),
        hover=tuple(hover),
    )


def _dots(patients: pd.DataFrame, population: Population, rule: Definition) -> tuple[Dot, ...]:
    return tuple(
        Dot(
            str(row.group_label),
            population.group(str(row.group_label)).colour,
            _kind(row),
            _patient_hover(row, rule),
        )
        for row in records(patients)
    )


def _kind(row: Any) -> str:
    if not row.evaluable:
        return NOT_EVALUABLE
    if row.complete is True:
        return COMPLETE
    return RESPONSE if row.responder else NONE


def _patient_hover(row: Any, rule: Definition) -> tuple[str, ...]:
    lines = [str(row.USUBJID), _kind(row)]
    if row.responder:
        lines.append(f"First count of the response: day {row.onset:.0f}")
    if not pd.isna(row.measure):
        lines.append(f"{capitalised(rule.measure)}: {row.measure:.4g}")
    return tuple(lines)


def _notes(
    rows: pd.DataFrame,
    options: ResponseOptions,
    population: Population,
    rule: Definition,
    with_dots: bool,
) -> tuple[str, ...]:
    overall = rows[rows["is_overall"]].iloc[0]
    not_evaluable = int(overall["n_patients"] - overall["n_evaluable"])
    counted = (
        "counted as non-responders"
        if options.missing == "nonresponder"
        else "left out of numerator and denominator"
    )
    study = population.study
    windows = study.response
    notes = [
        f"{rule.words} Counts in 10⁹/L, study days {windows.first_day} to {windows.last_day}."
        if windows
        else rule.words,
        f"Not evaluable ({rule.evaluable} needed): "
        f"{not_evaluable} of {int(overall['n_patients'])}, {counted}. "
        + (f"After rescue: {study.rescue_days} days. " if study.rescue_days else "")
        + f"Interval: {METHODS[options.interval]}, {options.level}%.",
    ]
    if windows and windows.assumption:
        notes.append(windows.assumption)
    if options.dots and not with_dots:
        notes.append(f"A group has more than {MOST_DOTS} patients: no dot per patient.")
    return tuple(notes)


def _alternative(bars: tuple[Bar, ...], options: ResponseOptions) -> str:
    parts = [
        f"{bar.label}: {bar.n} of {bar.N}"
        + (
            f" ({percent_text(bar.percent, 1)}, {options.level}% interval "
            f"{bar.ci_low:.1f} to {bar.ci_high:.1f})"
            if bar.N
            else ""
        )
        for bar in bars
    ]
    return "Responders. " + "; ".join(parts)


def _table(rates: pd.DataFrame, options: ResponseOptions) -> pd.DataFrame:
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
