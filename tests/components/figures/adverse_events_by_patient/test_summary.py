"""The adverse events of each patient, summarised from rows made by hand: nothing is drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from components.drawing.mark import Mark
from components.figures.adverse_events_by_patient.summary import (
    Band,
    Cell,
    Patient,
    PatientSummary,
    short_names,
    summarise,
)
from components.options.events import EventOptions
from components.population import Group, Population
from data.study import Study
from queries.engine.selection import Selection

LOW = Group("Low", "#0072B2", "circle", "solid", 3, 2)
HIGH = Group("High", "#009E73", "diamond", "dot", 2, 2)
NOBODY = Group("Middle", "#D55E00", "square", "dash", 3, 0)


def row(patient: str, group: str, term: str | None, *numbers: Any) -> dict[str, Any]:
    worst, n_events, n_ungraded, is_serious = numbers or (None, None, None, None)
    return {
        "group_label": group,
        "USUBJID": patient,
        "AEBODSYS": "Skin" if term else None,
        "AEDECOD": term,
        "worst": worst,
        "n_events": n_events,
        "n_ungraded": n_ungraded,
        "is_serious": is_serious,
    }


ROWS = pd.DataFrame(
    [
        row("T-1-01", "Low", "Itch", 3, 1, 0, True),
        row("T-1-01", "Low", "Rash", None, 2, 2, False),
        row("T-1-02", "Low", None),
        row("T-1-10", "High", "Rash", 1, 1, 0, False),
        row("T-1-11", "High", "Rash", 2, 4, 1, False),
    ]
)


def summary(
    study: Study, rows: pd.DataFrame = ROWS, low: Group = LOW, **chosen: Any
) -> PatientSummary:
    options = EventOptions(**({"group": "cohort", "grade": "0"} | chosen))
    groups = (low, NOBODY, HIGH)
    population = Population(study, Selection(), study.grouping("cohort"), groups)
    return summarise({"worst": rows}, options, population)


def test_every_patient_is_in_their_band_and_every_cell_has_its_words(tiny: Study) -> None:
    found = summary(tiny)
    assert found.terms == ("Rash", "Itch")
    assert found.bands == (
        Band(LOW, (Patient("T-1-01", "01"), Patient("T-1-02", "02"))),
        Band(HIGH, (Patient("T-1-10", "10"), Patient("T-1-11", "11"))),
    )
    assert found.cells[0] == Cell(
        USUBJID="T-1-01",
        group="Low",
        AEDECOD="Itch",
        worst=3,
        text="3*",
        hover="Itch: worst grade 3, 1 event, serious",
        mark=Mark("patient", 1, AEDECOD="Itch", USUBJID="T-1-01"),
    )
    assert [(cell.worst, cell.text) for cell in found.cells[1:]] == [
        (None, "?"),
        (1, "1"),
        (2, "2"),
    ]
    assert found.cells[1].hover == "Rash: grade not recorded, 2 events"
    assert found.scale_labels == ("?", "1", "2", "3", "4", "5")
    assert not found.nothing


def test_the_words_say_who_and_what(tiny: Study) -> None:
    found = summary(tiny)
    assert found.alt == (
        "3 of 4 patients have an event (treatment-emergent, any grade). "
        "Most frequent: Rash in 3; Itch in 1"
    )
    assert found.notes == (
        "Number and colour: worst grade of the preferred term in that patient; "
        "* marks serious events. Events: treatment-emergent, any grade. "
        "1 of 4 patients have no such event.",
        "?: no grade was recorded (1 cell); it is shown as missing and not imputed.",
    )


def test_severities_have_names(tiny: Study) -> None:
    found = summary(replace(tiny, scale="severity"))
    assert found.scale_title == "Worst severity"
    assert found.scale_labels[:3] == ("?", "1 mild", "2 moderate")
    assert found.cells[0].hover == "Itch: at worst severe, 1 event, serious"
    assert list(found.table.columns)[4:7] == ["worst_severity", "events", "events_without_severity"]


def test_rare_terms_are_named_and_stay_in_the_table(tiny: Study) -> None:
    found = summary(tiny, cutoff=50)
    assert found.terms == ("Rash",)
    assert {cell.AEDECOD for cell in found.cells} == {"Rash"}
    assert found.notes[-1] == (
        "1 line in fewer than 50% of patients is not drawn: Itch. The table has it."
    )
    assert found.table["AEDECOD"].dropna().tolist() == ["Itch", "Rash", "Rash", "Rash"]


@pytest.mark.parametrize(
    ("rows", "low", "chosen", "sentence"),
    [
        (ROWS[ROWS["AEDECOD"].isna()], LOW, {}, "No event passes the event filters"),
        (ROWS, LOW, {"cutoff": 90}, "No preferred term reaches 90% of patients."),
        (ROWS, replace(LOW, n=59), {}, "61 patients are too many to be drawn one by one"),
    ],
    ids=["no event", "all rare", "too many"],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(
    tiny: Study, rows: pd.DataFrame, low: Group, chosen: dict[str, Any], sentence: str
) -> None:
    found = summary(tiny, rows, low, **chosen)
    assert found.nothing.startswith(sentence)
    assert found.alt == found.nothing
    assert len(found.table) == len(rows)
    assert len(found.notes) == ("cutoff" in chosen)


@pytest.mark.parametrize(
    ("patients", "names"),
    [
        (["NCT-01-001", "NCT-01-014"], ["001", "014"]),
        (["NCT-01-001"], ["NCT-01-001"]),
        (["A1", "A2"], ["A1", "A2"]),
        (["S-1", "S-10", "T-1"], ["S-1", "S-10", "T-1"]),
        (["S-", "S-1"], ["S-", "1"]),
        ([], []),
    ],
)
def test_patients_lose_what_all_begin_with_and_stay_distinct(
    patients: list[str], names: list[str]
) -> None:
    assert list(short_names(patients).values()) == names
