"""The adverse events of each patient in numbers and words: terms, bands of patients, cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from components.drawing.mark import Mark
from components.figure import Request, Rows, Summary
from components.options.events import (
    SEVERITY_NAMES,
    EventOptions,
    event_params,
    event_words,
    hidden_notes,
    no_event_text,
    scale_noun,
    worst_text,
)
from components.population import Group, Population
from components.stats.adverse_events import TermTable, term_table
from components.wording import count_text
from data.study import Study
from queries.engine.records import records

TITLE = "Adverse events by patient"
# As many terms and patients as there is room for in a picture.
MOST_LINES, MOST_PATIENTS = 22, 60


@dataclass(frozen=True)
class Patient:
    """A column: a patient, and the name by which the axis calls them."""

    USUBJID: str
    label: str


@dataclass(frozen=True)
class Band:
    """The patients of one group, side by side."""

    group: Group
    patients: tuple[Patient, ...]


@dataclass(frozen=True)
class Cell:
    """A preferred term in a patient: the worst grade (1 to 5, None: not recorded)."""

    USUBJID: str
    group: str
    AEDECOD: str
    worst: int | None
    text: str
    hover: str
    mark: Mark


@dataclass(frozen=True, eq=False, kw_only=True)
class PatientSummary(Summary):
    """Preferred terms from top to bottom, bands of patients from left to right.

    `scale_title`: what the colours mean. `scale_labels`: their names, first that of a missing
    grade, then those of grade 1 to 5.
    """

    terms: tuple[str, ...] = ()
    bands: tuple[Band, ...] = ()
    cells: tuple[Cell, ...] = ()
    scale_title: str = ""
    scale_labels: tuple[str, ...] = ()


def needs(options: EventOptions, _study: Study) -> dict[str, Request]:
    """A row per patient and preferred term."""
    return {"worst": Request.of("adverse_events_by_patient", **event_params(options))}


def summarise(rows: Rows, options: EventOptions, population: Population) -> PatientSummary:
    """The worst grade of each preferred term in each selected patient."""
    worst, study = rows["worst"], population.study
    noun, words = scale_noun(study), event_words(options, study)
    events = worst[worst["AEDECOD"].notna()]
    table = term_table(worst, population.n, cutoff=options.cutoff, most=MOST_LINES)
    nothing = _nothing(table, events, options, population)
    drawn = events[events["AEDECOD"].isin(table.lines["AEDECOD"])]
    return PatientSummary(
        title=TITLE,
        subtitle=words if nothing else f"Worst {noun} of each term: {words}",
        notes=_notes(table, events, options, population),
        alt=nothing or _alternative(table, events, words, population),
        table=_data_table(worst, study),
        method=f"The highest recorded {noun} of a patient's events of one preferred term.",
        nothing=nothing,
        terms=tuple(table.lines["AEDECOD"]),
        bands=() if nothing else _bands(worst, population),
        cells=() if nothing else tuple(_cell(row, study) for row in records(drawn)),
        scale_title="Worst severity" if study.scale == "severity" else "Worst CTCAE grade",
        scale_labels=_scale_labels(study),
    )


def _nothing(
    table: TermTable, events: pd.DataFrame, options: EventOptions, population: Population
) -> str:
    """Why nothing is drawn; empty where something is."""
    if events.empty:
        return no_event_text(options, population.study)
    if population.n > MOST_PATIENTS:
        return (
            f"{population.n} patients are too many to be drawn one by one "
            f"(at most {MOST_PATIENTS}). Filter to fewer; the table has them all."
        )
    if table.lines.empty:
        return (
            f"No preferred term reaches {options.cutoff:g}% of patients. "
            "Lower the cut-off to see more."
        )
    return ""


def _notes(
    table: TermTable, events: pd.DataFrame, options: EventOptions, population: Population
) -> tuple[str, ...]:
    if events.empty or population.n > MOST_PATIENTS:
        return ()
    hidden = hidden_notes(table.rare, table.beyond, options.cutoff)
    if table.lines.empty:
        return tuple(hidden)
    noun = scale_noun(population.study)
    without = population.n - events["USUBJID"].nunique()
    notes = [
        f"Number and colour: worst {noun} of the preferred term in that patient; "
        f"* marks serious events. Events: {event_words(options, population.study)}. "
        f"{without} of {population.n} patients have no such event."
    ]
    if n_ungraded := int(events["worst"].isna().sum()):
        notes.append(
            f"?: no {noun} was recorded ({count_text(n_ungraded, 'cell')}); "
            "it is shown as missing and not imputed."
        )
    return tuple(notes + hidden)


def _alternative(table: TermTable, events: pd.DataFrame, words: str, population: Population) -> str:
    """How many patients have an event, and the three most frequent terms."""
    frequent = "; ".join(f"{row.AEDECOD} in {row.n}" for row in records(table.lines.head(3)))
    return (
        f"{events['USUBJID'].nunique()} of {population.n} patients have an event ({words}). "
        f"Most frequent: {frequent}"
    )


def _bands(worst: pd.DataFrame, population: Population) -> tuple[Band, ...]:
    """Each group that has patients, with its patients in the order of the rows."""
    members = {
        group.label: list(dict.fromkeys(worst.loc[worst["group_label"] == group.label, "USUBJID"]))
        for group in population.shown
    }
    labels = short_names([str(patient) for names in members.values() for patient in names])
    return tuple(
        Band(
            group,
            tuple(Patient(str(name), labels[str(name)]) for name in members[group.label]),
        )
        for group in population.shown
    )


def short_names(patients: list[str]) -> dict[str, str]:
    """Patients without what all of them begin with, up to a hyphen.

    Worked example: "NCT-01-001" and "NCT-01-014" are "001" and "014".
    """
    first, last = min(patients, default=""), max(patients, default="")
    shared = 0
    while shared < min(len(first), len(last)) and first[shared] == last[shared]:
        shared += 1
    start = first[:shared].rfind("-") + 1 if len(patients) > 1 else 0
    return {patient: patient[start:] or patient for patient in patients}


def _cell(row: Any, study: Study) -> Cell:
    worst = None if pd.isna(row.worst) else int(row.worst)
    return Cell(
        USUBJID=str(row.USUBJID),
        group=str(row.group_label),
        AEDECOD=str(row.AEDECOD),
        worst=worst,
        text=("?" if worst is None else f"{worst}") + ("*" if row.is_serious else ""),
        hover=f"{row.AEDECOD}: {worst_text(row.worst, study)}, "
        f"{count_text(int(row.n_events), 'event')}" + (", serious" if row.is_serious else ""),
        mark=Mark("patient", 1, AEDECOD=str(row.AEDECOD), USUBJID=str(row.USUBJID)),
    )


def _scale_labels(study: Study) -> tuple[str, ...]:
    if study.scale == "severity":
        return ("?", *(f"{grade} {name}" for grade, name in SEVERITY_NAMES.items()))
    return ("?", "1", "2", "3", "4", "5")


def _data_table(worst: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Every patient and every preferred term, drawn or not."""
    noun = scale_noun(study)
    return pd.DataFrame(
        {
            "group": worst["group_label"],
            "USUBJID": worst["USUBJID"],
            "AEBODSYS": worst["AEBODSYS"],
            "AEDECOD": worst["AEDECOD"],
            f"worst_{noun}": worst["worst"],
            "events": worst["n_events"],
            f"events_without_{noun}": worst["n_ungraded"],
            "serious": worst["is_serious"],
        }
    )
