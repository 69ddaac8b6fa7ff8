"""Adverse events by group, summarised from rows made by hand: nothing is queried or drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from components.drawing.mark import Mark
from components.figures.adverse_events.options import AdverseEventsOptions
from components.figures.adverse_events.summary import Column, EventSummary, summarise
from components.population import Group, Population
from data.study import Study
from queries.engine.selection import Selection

GROUPS = (
    Group("Low", "#0072B2", "circle", "solid", 4, 4),
    Group("Middle", "#D55E00", "square", "dash", 3, 0),
    Group("High", "#009E73", "diamond", "dot", 6, 6),
)
# Line, class, term; patients in Low and High; events in Low and High; worst grade; ungraded events.
COUNTS: tuple[tuple[Any, ...], ...] = (
    ("any", None, None, (2, 3), (3, 4), 3, 1),
    ("class", "Gut", None, (2, 1), (3, 1), 3, 1),
    ("class", "Skin", None, (0, 2), (0, 3), None, 0),
    ("term", "Gut", "Nausea", (2, 1), (3, 1), 3, 1),
    ("term", "Skin", "Rash", (0, 2), (0, 3), None, 0),
)


def rows() -> pd.DataFrame:
    """Rows of `adverse_events.sql`."""
    found = []
    for line, body, term, patients, events, worst, ungraded in COUNTS:
        by_group = [("Low", patients[0], 4, events[0]), ("High", patients[1], 6, events[1])]
        for label, n, n_patients, n_events in (
            *by_group,
            ("All patients", sum(patients), 10, sum(events)),
        ):
            found.append(
                {
                    "line": line,
                    "AEBODSYS": body,
                    "AEDECOD": term,
                    "is_overall": label == "All patients",
                    "group_label": label,
                    "n": n,
                    "n_patients": n_patients,
                    "n_events": n_events,
                    "n_ungraded": ungraded if n else 0,
                    "worst": worst if n else None,
                }
            )
    return pd.DataFrame(found)


def summary(study: Study, given: pd.DataFrame | None = None, **chosen: Any) -> EventSummary:
    options = AdverseEventsOptions(**({"group": "cohort", "grade": "0"} | chosen))
    grouping = study.grouping(options.group)
    together = (replace(GROUPS[0], label="All patients", n=10, n_all=13),)
    population = Population(study, Selection(), grouping, GROUPS if grouping else together)
    return summarise({"cells": rows() if given is None else given}, options, population)


def test_every_cell_has_its_percent_words_and_mark(tiny: Study) -> None:
    found = summary(tiny, show="terms")
    assert found.columns == (
        Column("Low", 4, is_overall=False),
        Column("High", 6, is_overall=False),
        Column("All patients", 10, is_overall=True),
    )
    assert [(line.line, line.name) for line in found.lines] == [
        ("term", "Nausea"),
        ("term", "Rash"),
    ]
    nausea, rash = found.lines
    assert [cell.percent for cell in nausea.cells] == pytest.approx([50, 100 / 6, 30])
    assert [cell.text for cell in nausea.cells] == ["2/4 (50%)", "1/6 (17%)", "3/10 (30%)"]
    assert [cell.text for cell in rash.cells] == ["0/4", "2/6 (33%)", "2/10 (20%)"]
    assert nausea.cells[0].hover == (
        "Low: 2 of 4 patients (50.0%)",
        "3 events, worst grade 3",
        "1 without a grade",
    )
    assert rash.cells[0].hover == ("Low: 0 of 4 patients (0.0%)", "0 events")
    assert rash.cells[1].hover[1] == "3 events, grade not recorded"
    assert nausea.cells[1].mark == Mark("term", 1, "Gut", "Nausea", "High")
    assert nausea.cells[2].mark == Mark("term", 3, "Gut", "Nausea")
    assert not found.nested
    assert not found.nothing


def test_terms_stand_under_their_classes(tiny: Study) -> None:
    found = summary(tiny, show="both")
    assert [line.name for line in found.lines] == ["Gut", "Nausea", "Skin", "Rash"]
    assert found.nested
    assert found.title == "Adverse events by system organ class and preferred term"
    assert found.lines[0].cells[2].mark == Mark("class", 3, "Gut")
    opened = summary(tiny, show="classes", opened=("Skin",))
    assert [line.name for line in opened.lines] == ["Gut", "Skin", "Rash"]
    assert opened.title == "Adverse events by system organ class"


def test_without_groups_there_is_one_column_of_everybody(tiny: Study) -> None:
    found = summary(tiny, group="all")
    assert found.columns == (Column("All patients", 10, is_overall=True),)
    assert [line.cells[0].text for line in found.lines] == ["3/10 (30%)", "2/10 (20%)"]
    assert set(found.table["group"]) == {"All patients"}


def test_the_words_say_who_and_what(tiny: Study) -> None:
    found = summary(tiny)
    assert found.subtitle == "Patients with an event, n/N (%): treatment-emergent, any grade"
    assert found.alt == (
        "5 of 10 patients have an event (treatment-emergent, any grade). "
        "Most frequent: Gut 3 of 10; Skin 2 of 10"
    )
    assert found.notes[1] == "1 event without a recorded grade: counted under any grade only."
    hidden = summary(tiny, show="terms", cutoff=35).notes[-1]
    assert hidden.startswith(
        "1 line in fewer than 35% of patients of every group is not drawn: Rash."
    )


def test_the_table_has_every_line_whether_drawn_or_not(tiny: Study) -> None:
    table = summary(tiny, show="terms", cutoff=35).table
    assert len(table) == len(rows())
    assert table["line"].tolist() == rows()["line"].tolist()
    drawn = table[table["drawn"]]
    assert set(drawn["AEDECOD"]) == {"Nausea"}
    row = table[(table["AEDECOD"] == "Nausea") & (table["group"] == "All patients")].iloc[0]
    assert (row["n"], row["N"], row["events"], row["worst_grade"]) == (3, 10, 4, 3)
    assert (row["percent"], row["ci_low"], row["ci_high"]) == pytest.approx(
        (30, 6.67, 65.25), abs=0.01
    )


def test_what_leaves_no_line_is_said_in_a_sentence(tiny: Study) -> None:
    high = summary(tiny, cutoff=90)
    assert (
        high.nothing
        == high.alt
        == "No line reaches 90% of patients in any group. Lower the cut-off to see more."
    )
    assert high.lines == ()
    assert high.notes[-1].startswith(
        "2 lines in fewer than 90% of patients of every group are not drawn"
    )
    none = rows()
    none = none[none["line"] == "any"].assign(n=0, n_events=0, n_ungraded=0)
    found = summary(tiny, none, search="no such event")
    assert found.nothing == (
        "No event passes the event filters "
        "(treatment-emergent, any grade, containing “no such event”)."
    )


def test_the_rows_are_not_changed(tiny: Study) -> None:
    given = rows()
    summary(tiny, given, show="both", cutoff=25)
    pd.testing.assert_frame_equal(given, rows())
