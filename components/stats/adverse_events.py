"""Which lines of an adverse-event heatmap are drawn, in which order, and what is left out.

Estimand: the proportion of selected patients with at least one such event. Each patient counts once
per line whatever the number of events; the denominator is every selected patient.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from components.stats.response_rate import with_interval


@dataclass(frozen=True)
class EventTable:
    """System organ classes and preferred terms by group.

    `cells`: the rows of `adverse_events.sql` with percent, ci_low and ci_high (percent).
    `lines`: the drawn lines in order (line, AEBODSYS, AEDECOD). `rare`: names of the lines below
    the cut-off. `beyond`: names of the lines without room.
    """

    cells: pd.DataFrame
    lines: pd.DataFrame
    rare: tuple[str, ...]
    beyond: tuple[str, ...]


def event_table(
    cells: pd.DataFrame,
    *,
    show: str,
    opened: tuple[str, ...],
    cutoff: float,
    sort: str,
    most: int,
    level: float = 0.95,
) -> EventTable:
    """The table of a heatmap.

    Args:
        cells: rows of `adverse_events.sql`; its column `line` is "any", "class" or "term".
        show: "classes" (and the terms of the opened ones), "terms" or "both".
        opened: system organ classes whose preferred terms are shown under them.
        cutoff: lines that reach this percent of patients in no group are hidden.
        sort: "frequency" (patients, then events, then name) or "class" (by class, then name).
        most: how many lines there is room for.
        level: confidence level of the exact intervals (Clopper-Pearson).

    Worked number: n 8 of 20 patients at 0.95: 40%, 19.1 to 63.9.
    """
    rates = with_interval(cells.assign(N=cells["n_patients"]), level, "clopper-pearson")
    keys = ["line", "AEBODSYS", "AEDECOD"]
    highest = rates.groupby(keys, dropna=False)["percent"].transform("max")
    is_line = rates["is_overall"] & (rates["line"] != "any")
    common, rare = rates[is_line & (highest >= cutoff)], rates[is_line & ~(highest >= cutoff)]
    classes, terms = _in_order(common, "class", sort), _in_order(common, "term", sort)
    if show == "both":
        opened = tuple(classes["AEBODSYS"])
    lines = terms if show == "terms" else _with_terms(classes, terms, opened)
    if show == "terms":
        rare = rare[rare["line"] == "term"]
    elif show == "classes":
        # Terms stand under an opened class only, and under a class that is itself drawn.
        drawn = set(opened) & set(classes["AEBODSYS"])
        rare = rare[(rare["line"] == "class") | rare["AEBODSYS"].isin(drawn)]
    return EventTable(
        cells=rates,
        lines=lines.iloc[:most][keys].reset_index(drop=True),
        rare=_names(rare),
        beyond=_names(lines.iloc[most:]),
    )


def _in_order(lines: pd.DataFrame, kind: str, sort: str) -> pd.DataFrame:
    """The lines of a kind ("class" or "term"), sorted."""
    of_kind = lines[lines["line"] == kind]
    if sort == "class":
        return of_kind.sort_values(["AEBODSYS", "AEDECOD"])
    return of_kind.sort_values(
        ["n", "n_events", "AEBODSYS" if kind == "class" else "AEDECOD"],
        ascending=[False, False, True],
    )


def _with_terms(
    classes: pd.DataFrame, terms: pd.DataFrame, opened: tuple[str, ...]
) -> pd.DataFrame:
    """Each class with its terms below it where it is opened."""
    parts = [classes.iloc[:0]]
    for row in range(len(classes)):
        heading = classes.iloc[[row]]
        name = heading["AEBODSYS"].iloc[0]
        parts.append(heading)
        if name in opened:
            parts.append(terms[terms["AEBODSYS"] == name])
    return pd.concat(parts)


def _names(lines: pd.DataFrame) -> tuple[str, ...]:
    return tuple(lines["AEDECOD"].fillna(lines["AEBODSYS"]))


@dataclass(frozen=True)
class TermTable:
    """Preferred terms, whatever the system organ class.

    `lines`: the drawn terms in order (AEDECOD, n patients, n_events). `rare`: terms below the
    cut-off. `beyond`: terms without room.
    """

    lines: pd.DataFrame
    rare: tuple[str, ...]
    beyond: tuple[str, ...]


def term_table(worst: pd.DataFrame, n_patients: int, *, cutoff: float, most: int) -> TermTable:
    """The terms of a heatmap of patients, by patients, then events, then name.

    Args:
        worst: rows of `adverse_events_by_patient.sql`; patients without an event have no term.
        n_patients: all selected patients.
        cutoff: terms below this percent of them are hidden; what equals it stays.
        most: how many terms there is room for.

    Worked number: a term in 2 of 20 patients is 10%: drawn at a cut-off of 10 and rare at 15.
    """
    counts = (
        worst[worst["AEDECOD"].notna()]
        .groupby("AEDECOD")
        .agg(n=("USUBJID", "nunique"), n_events=("n_events", "sum"))
        .reset_index()
    )
    percent = 100 * counts["n"] / n_patients
    common = counts[percent >= cutoff].sort_values(
        ["n", "n_events", "AEDECOD"], ascending=[False, False, True]
    )
    return TermTable(
        lines=common.iloc[:most].reset_index(drop=True),
        rare=tuple(counts.loc[percent < cutoff, "AEDECOD"]),
        beyond=tuple(common["AEDECOD"].iloc[most:]),
    )
