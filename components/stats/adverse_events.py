"""Which lines of the adverse-event table are drawn, in which order, and what is left out.

Estimand: the proportion of selected patients with at least one such event. Each patient counts once
per line whatever the number of events; the denominator is every selected patient.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from components.stats.response_rate import with_interval


@dataclass(frozen=True)
class EventTable:
    """`cells`: the rows of `adverse_events.sql` with percent, ci_low and ci_high (percent).
    `lines`: the drawn lines in order (level, AEBODSYS, AEDECOD). `rare`: lines below the
    cut-off. `beyond`: lines without room."""

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
        cells: rows of `adverse_events.sql`.
        show: "classes" (and the terms of the opened ones), "terms" or "both".
        opened: classes whose terms are shown under them.
        cutoff: terms and classes below this percent of all selected patients are hidden.
        sort: "frequency" (patients, then events, then name) or "class" (by class, then name).
        most: how many lines there is room for.
        level: of the exact intervals (Clopper-Pearson).
    """
    found = with_interval(cells.assign(N=cells["n_patients"]), level, "clopper-pearson")
    overall = found[found["is_overall"] & (found["level"] != "any")]
    common = overall[overall["percent"] >= cutoff]
    rare = overall[overall["percent"] < cutoff]
    by_count = sort == "frequency"
    keys, ascending = (
        (["n", "n_events", "AEBODSYS"], [False, False, True])
        if by_count
        else (["AEBODSYS"], [True])
    )
    classes = common[common["level"] == "class"].sort_values(keys, ascending=ascending)
    keys = ["n", "n_events", "AEDECOD"] if by_count else ["AEBODSYS", "AEDECOD"]
    terms = common[common["level"] == "term"].sort_values(
        keys, ascending=[False, False, True] if by_count else True
    )
    if show == "terms":
        lines = terms
    else:
        parts = []
        for row in range(len(classes)):
            head = classes.iloc[[row]]
            name = head["AEBODSYS"].iloc[0]
            parts.append(head)
            if show == "both" or name in opened:
                parts.append(terms[terms["AEBODSYS"] == name])
        lines = pd.concat(parts) if parts else classes
    if show == "terms":
        rare = rare[rare["level"] == "term"]
    elif show == "classes":
        # Terms stand under an opened class only, and under a class that is itself drawn.
        drawn = rare["AEBODSYS"].isin([name for name in opened if name in set(classes["AEBODSYS"])])
        rare = rare[(rare["level"] == "class") | drawn]
    beyond = lines.iloc[most:]
    columns = ["level", "AEBODSYS", "AEDECOD"]
    return EventTable(
        found,
        lines.iloc[:most][columns].reset_index(drop=True),
        tuple(rare["AEDECOD"].fillna(rare["AEBODSYS"])),
        tuple(beyond["AEDECOD"].fillna(beyond["AEBODSYS"])),
    )
