"""Adverse events by class or term and group: patients with the event as n/N, colour by percent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.drawing.heatmap import (
    click_layer,
    column_heads,
    columns_apart,
    hidden_notes,
    line_label,
    rows_axis,
    spread,
)
from components.drawing.mark import Mark
from components.drawing.theme import SEQUENTIAL, WIDTH, calm, inked, shade
from components.escape import plotly_text
from components.figure import Drawing, Frame, Request
from components.options.events import (
    EventOptions,
    event_params,
    event_words,
    scale_noun,
    worst_text,
)
from components.options.option import choice, several
from components.stats.adverse_events import EventTable, event_table
from components.wording import count_text, percent_text
from data.study import Study
from queries.engine.records import records

TITLE = "Adverse events"
HELP = "Patients with each adverse event by group, as n/N and percent."
ORDER = 30
MOST_LINES = 24
ALL = "All patients"


def reason_against(study: Study) -> str:
    """What is missing where a study has no adverse events; empty where it has them."""
    return "" if study.path("adae") else "This study has no adverse events (ADAE)."


def classes(study: Study) -> dict[str, str]:
    """The system organ classes of a study's adverse events."""
    return {name: name for name in study.event_classes}


@dataclass(frozen=True)
class Options(EventOptions):
    """What a reader can choose."""

    show: str = choice(
        "Lines",
        {"classes": "Classes", "terms": "Terms", "both": "Classes and terms"},
        prominent=True,
    )
    opened: tuple[str, ...] = several(
        "Open classes",
        classes,
        help="Show the preferred terms of these classes",
        when=lambda options: options.show == "classes",
    )
    sort: str = choice("Sort", {"frequency": "By frequency", "class": "By class"})


def needs(options: Options, study: Study) -> dict[str, Request]:
    """The rows this figure is made of."""
    return {"cells": Request.of("adverse_events", **event_params(options))}


def draw(frames: Mapping[str, pd.DataFrame], options: Options, frame: Frame) -> Drawing:
    """Draw the heatmap. Percent of the selected patients of each group."""
    cells = frames["cells"]
    if frame.group is None:
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
    title = (
        "Adverse events by "
        + {"classes": "class", "terms": "term", "both": "class and term"}[options.show]
    )
    words = event_words(options, frame.study)
    notes = _notes(table, options, frame)
    if table.lines.empty:
        text = (
            f"No event passes the event filters ({words})."
            if table.cells[table.cells["level"] != "any"].empty
            else f"No line reaches {options.cutoff:g}% of patients. Lower the cut-off to see them."
        )
        return Drawing(
            calm(plotly_text(text)), title, words, notes, text, _twin(table, frame.study)
        )
    columns = [level.label for level in frame.shown]
    if frame.group is not None:
        columns.append(ALL)
    lookup = dict(zip(_keys(table.cells), records(table.cells), strict=True))
    labels, percents, texts, points = [], [], [], []
    for y, line in enumerate(records(table.lines)):
        name = str(line.AEDECOD if line.level == "term" else line.AEBODSYS)
        labels.append(
            line_label(str(line.level), name, len(table.lines), indented=options.show != "terms")
        )
        row_percent, row_text = [], []
        for x, column in enumerate(columns):
            cell = lookup[line.level, line.AEBODSYS, _none(line.AEDECOD), column, column == ALL]
            row_percent.append(cell.percent)
            row_text.append(
                inked(
                    f"{cell.n}/{cell.n_patients} ({percent_text(cell.percent)})"
                    if cell.n
                    else f"0/{cell.n_patients}",
                    shade(SEQUENTIAL, cell.percent / 100),
                )
            )
            points.append(
                (
                    float(x),
                    float(y),
                    Mark(
                        line.level,
                        int(cell.n),
                        AEBODSYS=line.AEBODSYS,
                        AEDECOD=_none(line.AEDECOD),
                        group=None if column == ALL else column,
                    ),
                    f"<b>{plotly_text(name)}</b><br>{plotly_text(column)}: "
                    f"{cell.n} of {cell.n_patients} patients "
                    f"({percent_text(cell.percent, 1)})<br>{count_text(cell.n_events, 'event')}"
                    + (f", {worst_text(cell.worst, frame.study)}" if cell.n else "")
                    + (
                        f"<br>{cell.n_ungraded} without a {scale_noun(frame.study)}"
                        if cell.n_ungraded
                        else ""
                    ),
                )
            )
        percents.append(row_percent)
        texts.append(row_text)
    figure = go.Figure()
    size = rows_axis(figure, labels)
    places, edges, slots = columns_apart(len(columns), 1 if frame.group is not None else 0)
    figure.add_heatmap(
        z=[spread(row, slots) for row in percents],
        x=edges,
        y=[i - 0.5 for i in range(len(labels) + 1)],
        text=[spread(row, slots, "") for row in texts],
        texttemplate="%{text}",
        textfont={"size": size},
        colorscale=[list(stop) for stop in SEQUENTIAL],
        zmin=0,
        zmax=100,
        xgap=2,
        ygap=2,
        hoverinfo="skip",
        colorbar={
            "title": {"text": "Patients, %", "side": "right", "font": {"size": 12}},
            "thickness": 12,
            "outlinewidth": 0,
            "tickvals": [0, 25, 50, 75, 100],
            "tickfont": {"size": 11},
        },
    )
    click_layer(figure, [(places[int(x)], y, mark, text) for x, y, mark, text in points])
    sizes = {level.label: level.n for level in frame.levels} | {ALL: frame.n}
    room = (WIDTH - figure.layout.margin.l - 70) / (edges[-1] - edges[0]) - 6
    heads, top = column_heads(columns, sizes, room)
    figure.update_xaxes(
        tickvals=places,
        side="top",
        showgrid=False,
        ticks="",
        showline=False,
        range=[edges[0], edges[-1]],
        ticktext=heads,
        tickangle=0,
        tickfont={"size": 12},
        title=None,
    )
    figure.update_layout(margin_r=70)
    return Drawing(
        figure=figure,
        title=title,
        subtitle=f"Patients with an event, n/N (%): {words}",
        notes=notes,
        alt=_alt(table, words, "term" if options.show == "terms" else "class"),
        table=_twin(table, frame.study),
        method="Each patient counts once per line, at any number of events; "
        "N is every selected patient of the group. "
        "Intervals in the table: Clopper-Pearson (exact), 95%.",
        top=top,
        bottom=8,
    )


def _none(value: Any) -> Any:
    return None if pd.isna(value) else value


def _keys(cells: pd.DataFrame) -> list[tuple[Any, ...]]:
    return [
        (row.level, _none(row.AEBODSYS), _none(row.AEDECOD), row.group_label, bool(row.is_overall))
        for row in records(cells)
    ]


def _notes(table: EventTable, options: Options, frame: Frame) -> tuple[str, ...]:
    notes = [
        f"A patient counts once per line, at the worst {scale_noun(frame.study)}; "
        "N is every selected patient of the group, with or without an event. "
        f"Events: {event_words(options, frame.study)}. Event filters change n and not N."
    ]
    whole = table.cells[(table.cells["level"] == "any") & table.cells["is_overall"]]
    if len(whole) and int(whole["n_ungraded"].iloc[0]):
        notes.append(
            f"{count_text(int(whole['n_ungraded'].iloc[0]), 'event')} without a recorded "
            f"{scale_noun(frame.study)}: counted under any {scale_noun(frame.study)} only."
        )
    return tuple(notes + hidden_notes(table.rare, table.beyond, options.cutoff))


def _alt(table: EventTable, words: str, level: str) -> str:
    """The figure in words: how many have an event, and the five most frequent classes or terms."""
    overall = table.cells[table.cells["is_overall"]]
    whole = next(records(overall[overall["level"] == "any"]), None)
    name = "AEDECOD" if level == "term" else "AEBODSYS"
    most = overall[(overall["level"] == level) & (overall["n"] > 0)].sort_values(
        ["n", "n_events", name], ascending=[False, False, True]
    )
    said = "; ".join(
        f"{row.AEDECOD if level == 'term' else row.AEBODSYS} {row.n} of {row.n_patients}"
        for row in records(most.head(5))
    )
    total = f"{whole.n} of {whole.n_patients} patients have an event ({words}). " if whole else ""
    return f"{total}Most frequent: {said}"


def _twin(table: EventTable, study: Study) -> pd.DataFrame:
    """Every class and term, drawn or not, with n, N, percent and events."""
    cells = table.cells
    drawn = {(line.level, line.AEBODSYS, _none(line.AEDECOD)) for line in records(table.lines)}
    return pd.DataFrame(
        {
            "level": cells["level"],
            "AEBODSYS": cells["AEBODSYS"],
            "AEDECOD": cells["AEDECOD"],
            "group": cells["group_label"],
            "n": cells["n"],
            "N": cells["n_patients"],
            "percent": cells["percent"],
            "ci_low": cells["ci_low"],
            "ci_high": cells["ci_high"],
            "events": cells["n_events"],
            f"events_without_{scale_noun(study)}": cells["n_ungraded"],
            f"worst_{scale_noun(study)}": cells["worst"],
            "drawn": [
                (row.level, _none(row.AEBODSYS), _none(row.AEDECOD)) in drawn
                for row in records(cells)
            ],
        }
    )
