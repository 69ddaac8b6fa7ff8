"""The adverse events by group in numbers and words: lines, columns, table, notes, text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from components.drawing.mark import Mark
from components.figure import Rows, Summary
from components.figures.adverse_events.options import AdverseEventsOptions
from components.options.events import (
    event_words,
    hidden_notes,
    no_event_text,
    scale_noun,
    worst_text,
)
from components.population import Population
from components.stats.adverse_events import EventTable, event_table
from components.wording import count_text, percent_text
from data.study import Study
from queries.engine.records import records
from queries.engine.selection import OVERALL

# As many lines as are read without a glass in a picture.
MOST_LINES = 24
LINES = {
    "classes": "system organ class",
    "terms": "preferred term",
    "both": "system organ class and preferred term",
}


@dataclass(frozen=True)
class Column:
    """The selected patients of one group, or of all."""

    label: str
    n: int
    is_overall: bool


@dataclass(frozen=True)
class Cell:
    """The patients of a column with an event of a line, in percent of all its patients."""

    percent: float
    text: str
    hover: tuple[str, ...]
    mark: Mark


@dataclass(frozen=True)
class EventLine:
    """A system organ class or a preferred term, with a cell for each column."""

    line: Literal["class", "term"]
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class EventSummary(Summary):
    """Lines from top to bottom, columns from left to right; `nested`: terms stand under classes."""

    columns: tuple[Column, ...] = ()
    lines: tuple[EventLine, ...] = ()
    nested: bool = False


def summarise(rows: Rows, options: AdverseEventsOptions, population: Population) -> EventSummary:
    """The patients with an event, in percent of the selected patients of each group."""
    cells = rows["cells"]
    if population.grouping is None:
        # The one group is everybody, who are the overall rows as well.
        cells = cells[cells["is_overall"]]
    table = event_table(
        cells,
        show=options.show,
        opened=options.opened,
        cutoff=options.cutoff,
        sort=options.sort,
        most=MOST_LINES,
    )
    words = event_words(options, population.study)
    nothing = _nothing(table, options, population.study)
    columns = _columns(population)
    return EventSummary(
        title=f"Adverse events by {LINES[options.show]}",
        subtitle=words if nothing else f"Patients with an event, n/N (%): {words}",
        notes=_notes(table, options, population.study),
        alt=nothing or _alternative(table, words, "term" if options.show == "terms" else "class"),
        table=_data_table(table, population.study),
        method="Each patient counts once per line, at any number of events; "
        "N is every selected patient of the group. "
        "Intervals in the table: Clopper-Pearson (exact), 95%.",
        nothing=nothing,
        columns=columns,
        lines=_lines(table, columns, population.study),
        nested=options.show != "terms",
    )


def _nothing(table: EventTable, options: AdverseEventsOptions, study: Study) -> str:
    """Why no line is drawn; empty where there are lines."""
    if len(table.lines):
        return ""
    if (table.cells["line"] == "any").all():
        return no_event_text(options, study)
    reached = f"{options.cutoff:g}% of patients in any group"
    return f"No line reaches {reached}. Lower the cut-off to see more."


def _columns(population: Population) -> tuple[Column, ...]:
    overall = Column(OVERALL, population.n, is_overall=True)
    if population.grouping is None:
        return (overall,)
    groups = [Column(group.label, group.n, is_overall=False) for group in population.shown]
    return (*groups, overall)


def _lines(table: EventTable, columns: tuple[Column, ...], study: Study) -> tuple[EventLine, ...]:
    cells = {
        (*_key(row), bool(row.is_overall), str(row.group_label)): row
        for row in records(table.cells)
    }
    return tuple(
        EventLine(
            row.line,
            str(row.AEDECOD if row.line == "term" else row.AEBODSYS),
            tuple(
                _cell(cells[(*_key(row), column.is_overall, column.label)], column, study)
                for column in columns
            ),
        )
        for row in records(table.lines)
    )


def _key(row: Any) -> tuple[str, str | None, str | None]:
    """What makes a line one of its own: kind, class, term."""
    return row.line, _text_or_none(row.AEBODSYS), _text_or_none(row.AEDECOD)


def _text_or_none(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def _cell(row: Any, column: Column, study: Study) -> Cell:
    hover = [
        f"{column.label}: {row.n} of {row.n_patients} patients ({percent_text(row.percent, 1)})",
        count_text(row.n_events, "event") + (f", {worst_text(row.worst, study)}" if row.n else ""),
    ]
    if row.n_ungraded:
        hover.append(f"{row.n_ungraded} without a {scale_noun(study)}")
    return Cell(
        percent=float(row.percent),
        text=f"{row.n}/{row.n_patients}" + (f" ({percent_text(row.percent)})" if row.n else ""),
        hover=tuple(hover),
        mark=Mark(
            row.line,
            int(row.n),
            AEBODSYS=_text_or_none(row.AEBODSYS),
            AEDECOD=_text_or_none(row.AEDECOD),
            group=None if column.is_overall else column.label,
        ),
    )


def _notes(table: EventTable, options: AdverseEventsOptions, study: Study) -> tuple[str, ...]:
    noun = scale_noun(study)
    notes = [
        f"A patient counts once per line, at the worst {noun}; "
        "N is every selected patient of the group, with or without an event. "
        f"Events: {event_words(options, study)}. Event filters change n and not N."
    ]
    any_event = table.cells[(table.cells["line"] == "any") & table.cells["is_overall"]]
    if n_ungraded := int(any_event["n_ungraded"].sum()):
        notes.append(
            f"{count_text(n_ungraded, 'event')} without a recorded {noun}: "
            f"counted under any {noun} only."
        )
    return tuple(notes + hidden_notes(table.rare, table.beyond, options.cutoff, " of every group"))


def _alternative(table: EventTable, words: str, line: Literal["class", "term"]) -> str:
    """How many patients have an event, and the five most frequent classes or terms."""
    overall = table.cells[table.cells["is_overall"]]
    name = "AEDECOD" if line == "term" else "AEBODSYS"
    with_event = overall[(overall["line"] == line) & (overall["n"] > 0)]
    most = with_event.sort_values(["n", "n_events", name], ascending=[False, False, True]).head(5)
    frequent = "; ".join(
        f"{row.AEDECOD if line == 'term' else row.AEBODSYS} {row.n} of {row.n_patients}"
        for row in records(most)
    )
    total = "".join(
        f"{row.n} of {row.n_patients} patients have an event ({words}). "
        for row in records(overall[overall["line"] == "any"])
    )
    return f"{total}Most frequent: {frequent}"


def _data_table(table: EventTable, study: Study) -> pd.DataFrame:
    """Every system organ class and preferred term, drawn or not."""
    cells, noun = table.cells, scale_noun(study)
    drawn = {_key(row) for row in records(table.lines)}
    return pd.DataFrame(
        {
            "line": cells["line"],
            "AEBODSYS": cells["AEBODSYS"],
            "AEDECOD": cells["AEDECOD"],
            "group": cells["group_label"],
            "n": cells["n"],
            "N": cells["n_patients"],
            "percent": cells["percent"],
            "ci_low": cells["ci_low"],
            "ci_high": cells["ci_high"],
            "events": cells["n_events"],
            f"events_without_{noun}": cells["n_ungraded"],
            f"worst_{noun}": cells["worst"],
            "drawn": [_key(row) in drawn for row in records(cells)],
        }
    )
