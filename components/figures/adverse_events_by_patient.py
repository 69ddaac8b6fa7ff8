"""Adverse events of each patient: the worst grade of each term, the groups as bands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.drawing.heatmap import (
    bands_apart,
    click_layer,
    hidden_notes,
    line_label,
    rows_axis,
    spread,
)
from components.drawing.mark import Mark
from components.drawing.text import width
from components.drawing.theme import GRADES, UNGRADED, WIDTH, Overlay, calm, inked
from components.escape import plotly_text
from components.figure import Drawing, Frame, Level, Request
from components.figures.adverse_events import reason_against as reason_against
from components.options.events import (
    SEVERITY_NAMES,
    EventOptions,
    event_params,
    event_words,
    scale_noun,
    worst_text,
)
from components.wording import count_text
from data.study import Study
from queries.engine.records import records

TITLE = "Adverse events by patient"
HELP = "The worst grade of every term in every patient."
ORDER = 31
MOST_LINES = 22
MOST_PATIENTS = 60


@dataclass(frozen=True)
class Options(EventOptions):
    """What a reader can choose: the event filters."""


def needs(options: Options, study: Study) -> dict[str, Request]:
    """The rows this figure is made of."""
    return {"worst": Request.of("adverse_events_by_patient", **event_params(options))}


def draw(frames: Mapping[str, pd.DataFrame], options: Options, frame: Frame) -> Drawing:
    """Draw patients by terms. Colour and number are the worst CTCAE grade, "?" a missing one."""
    rows = frames["worst"]
    words = event_words(options, frame.study)
    noun = scale_noun(frame.study)
    title = "Adverse events by patient"
    events = rows[rows["AEDECOD"].notna()]
    if events.empty:
        text = f"No event passes the event filters ({words})."
        return Drawing(calm(plotly_text(text)), title, words, (), text, _twin(rows, frame.study))
    if frame.n > MOST_PATIENTS:
        text = (
            f"{frame.n} patients are too many to be drawn one by one (at most {MOST_PATIENTS}). "
            "Filter to fewer; the table has them all."
        )
        return Drawing(calm(text), title, words, (), text, _twin(rows, frame.study))
    counts = (
        events.groupby("AEDECOD")
        .agg(n=("USUBJID", "nunique"), n_events=("n_events", "sum"))
        .reset_index()
    )
    percent = 100 * counts["n"] / frame.n
    rare = tuple(counts.loc[percent < options.cutoff, "AEDECOD"])
    counts = counts[percent >= options.cutoff].sort_values(
        ["n", "n_events", "AEDECOD"], ascending=[False, False, True]
    )
    terms = list(counts["AEDECOD"].head(MOST_LINES))
    if not terms:
        text = f"No term reaches {options.cutoff:g}% of patients. Lower the cut-off to see them."
        return Drawing(
            calm(text),
            title,
            words,
            tuple(hidden_notes(rare, (), options.cutoff)),
            text,
            _twin(rows, frame.study),
        )
    patients, bands = _bands_of(rows, frame)
    middles, edges, slots = bands_apart([len(members) for _, members in bands])
    places = dict(zip(patients, middles, strict=True))
    figure = go.Figure()
    size = rows_axis(figure, [line_label("term", term, len(terms)) for term in terms])
    own = events[events["AEDECOD"].isin(terms)]
    lines = {term: float(index) for index, term in enumerate(terms)}
    columns = {patient: index for index, patient in enumerate(patients)}
    grades: list[list[Any]] = [[None] * len(patients) for _ in terms]
    texts: list[list[Any]] = [[""] * len(patients) for _ in terms]
    for row in records(own):
        line, column = int(lines[str(row.AEDECOD)]), columns[str(row.USUBJID)]
        grades[line][column] = 0 if pd.isna(row.worst) else int(row.worst)
        texts[line][column] = inked(_cell(row), _colours()[grades[line][column]])
    figure.add_heatmap(
        x=edges,
        y=[index - 0.5 for index in range(len(terms) + 1)],
        z=[spread(line, slots) for line in grades],
        text=[spread(line, slots, "") for line in texts],
        texttemplate="%{text}",
        hoverongaps=False,
        textfont={"size": size},
        zmin=-0.5,
        zmax=5.5,
        xgap=2,
        ygap=2,
        hoverinfo="skip",
        colorscale=_scale(),
        colorbar={
            "title": {"text": _scale_title(frame.study), "side": "right", "font": {"size": 12}},
            "thickness": 12,
            "outlinewidth": 0,
            "tickvals": [0, 1, 2, 3, 4, 5],
            "ticktext": _scale_ticks(frame.study),
            "tickfont": {"size": 11},
        },
    )
    _bands(
        figure,
        [(level, places[members[0]], places[members[-1]]) for level, members in bands],
        len(terms),
    )
    click_layer(
        figure,
        [
            (
                places[str(row.USUBJID)],
                lines[str(row.AEDECOD)],
                Mark("patient", 1, AEDECOD=row.AEDECOD, USUBJID=row.USUBJID),
                f"<b>{plotly_text(row.USUBJID)}</b> ({plotly_text(row.group_label)})<br>"
                f"{plotly_text(row.AEDECOD)}: "
                f"{worst_text(row.worst, frame.study)}, {count_text(int(row.n_events), 'event')}"
                + (", serious" if row.is_serious else ""),
            )
            for row in records(own)
        ],
    )
    short = _short(list(places))
    pitch = (WIDTH - figure.layout.margin.l - 90) / (edges[-1] - edges[0])
    widest = max(width(name, 11) for name in short.values())
    is_turned = widest + 4 > pitch
    type_size = min(11.0, pitch - 1) if is_turned else 11.0
    figure.update_xaxes(
        tickangle=-90 if is_turned else 0,
        tickfont={"size": type_size},
        tickvals=list(places.values()),
        ticktext=[plotly_text(short[patient]) for patient in places],
        showgrid=False,
        ticks="",
        showline=False,
        range=[edges[0], edges[-1]],
        title={"text": "Patient", "standoff": 4},
    )
    figure.update_layout(margin_r=70)
    without = frame.n - events["USUBJID"].nunique()
    ungraded = int(events["worst"].isna().sum())
    notes = [
        f"Number and colour: worst {noun} of the term in that patient; * serious. Events: {words}. "
        f"{without} of {frame.n} patients have no such event.",
    ]
    if ungraded:
        notes.append(
            f"? : no {noun} was recorded ({count_text(ungraded, 'cell')}); "
            "it is shown as missing and not replaced."
        )
    notes += hidden_notes(rare, tuple(counts["AEDECOD"].iloc[MOST_LINES:]), options.cutoff)
    top = counts.head(3)
    alt = (
        f"{frame.n - without} of {frame.n} patients have an event ({words}). Most frequent: "
        + "; ".join(f"{row.AEDECOD} in {row.n}" for row in records(top))
    )
    return Drawing(
        figure=figure,
        title=title,
        subtitle=f"Worst {noun} of each term: {words}",
        notes=tuple(notes),
        alt=alt,
        table=_twin(rows, frame.study),
        method=f"The highest recorded {noun} of a patient's events of one preferred term.",
        top=44,
        bottom=44 if not is_turned else int(34 + widest * type_size / 11),
    )


def _scale_title(study: Study) -> str:
    return "Worst severity" if study.scale == "severity" else "Worst CTCAE grade"


def _scale_ticks(study: Study) -> list[str]:
    if study.scale == "severity":
        return ["?", *(f"{grade} {name}" for grade, name in SEVERITY_NAMES.items())]
    return ["?", "1", "2", "3", "4", "5"]


def _cell(row: Any) -> str:
    return ("?" if pd.isna(row.worst) else f"{int(row.worst)}") + ("*" if row.is_serious else "")


def _colours() -> tuple[str, ...]:
    """The colour of a missing grade, then those of grade 1 to 5."""
    return (UNGRADED, *GRADES)


def _scale() -> list[list[Any]]:
    """Six even steps."""
    return [
        [(index + edge) / 6, colour] for index, colour in enumerate(_colours()) for edge in (0, 1)
    ]


def _bands_of(rows: pd.DataFrame, frame: Frame) -> tuple[list[str], list[tuple[Level, list[str]]]]:
    """The patients in the order of their groups, and each group with its patients."""
    bands = [
        (
            level,
            [
                str(patient)
                for patient in dict.fromkeys(
                    rows.loc[rows["group_label"] == level.label, "USUBJID"]
                )
            ],
        )
        for level in frame.shown
    ]
    return [patient for _, members in bands for patient in members], bands


def _bands(figure: go.Figure, bands: list[tuple[Level, float, float]], lines: int) -> None:
    overlay = Overlay()
    for level, first, last in bands:
        overlay.add_shape(
            type="rect",
            xref="x",
            yref="paper",
            x0=first - 0.5,
            x1=last + 0.5,
            y0=1.01,
            y1=1.025,
            fillcolor=level.colour,
            line={"width": 0},
            layer="above",
        )
        overlay.add_shape(
            type="rect",
            xref="x",
            yref="y",
            x0=first - 0.5,
            x1=last + 0.5,
            y0=-0.5,
            y1=lines - 0.5,
            fillcolor="rgba(120,135,155,0.09)",
            line={"width": 0},
            layer="below",
        )
        overlay.add_annotation(
            x=(first + last) / 2,
            xref="x",
            y=1.03,
            yref="paper",
            yanchor="bottom",
            showarrow=False,
            text=f"<b>{plotly_text(level.label)}</b><br>n = {level.n}",
            font={"size": 11},
        )
    overlay.put_into(figure)


def _short(patients: list[str]) -> dict[str, str]:
    """Patients without the letters they all begin with, where that leaves them distinct."""
    prefix = (len(patients) > 1 and _common(patients)) or ""
    prefix = prefix[: prefix.rfind("-") + 1]
    return {patient: patient[len(prefix) :] or patient for patient in patients}


def _common(texts: list[str]) -> str:
    first, last = min(texts), max(texts)
    for index, letter in enumerate(first):
        if index >= len(last) or last[index] != letter:
            return first[:index]
    return first


def _twin(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "group": rows["group_label"],
            "USUBJID": rows["USUBJID"],
            "AEBODSYS": rows["AEBODSYS"],
            "AEDECOD": rows["AEDECOD"],
            f"worst_{scale_noun(study)}": rows["worst"],
            "events": rows["n_events"],
            f"events_without_{scale_noun(study)}": rows["n_ungraded"],
            "serious": rows["is_serious"],
        }
    )
