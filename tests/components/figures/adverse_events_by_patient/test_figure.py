"""The worst grade of each preferred term in each patient, against the events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.build import Built, build
from data.study import Study
from queries.catalogue import open_study
from queries.engine.selection import Selection
from tests.support import reference
from tests.support.event_heatmaps import (
    cases,
    events,
    grade_or_none,
    grid,
    groups_of,
    is_empty,
    lines,
    listed,
    marks_of,
)
from tests.support.reading import (
    NOTHING,
    captions,
    cells,
    footnote,
    hovers,
    plain,
    select,
    ticks,
    title,
)
from tests.support.tiny import ADAE, ADSL, TOML, _event
from tests.support.writing import write_study

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("adverse events")

BY_PATIENT = pytest.mark.parametrize(
    ("study", "selection", "texts"), cases(({}, {"cutoff": "15"})), indirect=["study"]
)


def patients(built: Built) -> list[str]:
    """The patients of the columns in their order, as the axis says them."""
    return ticks(built.figure.layout.xaxis)


def full_name(study: Study, selection: Selection, shown: list[str]) -> dict[str, str]:
    """Patient as the axis says -> USUBJID: what every name begins with may be left away."""
    whole = [row["USUBJID"] for row in reference.population(study, selection)]
    found = {}
    for short in shown:
        (name,) = [name for name in whole if name.endswith(short)]
        found[short] = name
    assert len(set(found.values())) == len(shown)
    return found


@BY_PATIENT
def test_a_cell_is_the_worst_grade_of_a_patients_events_of_a_term(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "adverse_events_by_patient", selection, texts)
    found = events(study, selection, texts)
    if is_empty(built):
        return
    names = full_name(study, selection, patients(built))
    values, shown = grid(built)
    for term, grades, wording in zip(lines(built), values, shown, strict=True):
        for short, value, text in zip(patients(built), grades, wording, strict=True):
            matching = [
                row for row in found if row["USUBJID"] == names[short] and row["AEDECOD"] == term
            ]
            if not matching:
                assert (value, text) == (None, "")
                continue
            worst = max(
                (row["AETOXGR"] for row in matching if row["AETOXGR"] is not None), default=0
            )
            serious = any(row.get("AESER") == "Y" for row in matching)
            assert value == worst
            assert text == (str(worst) if worst else "?") + ("*" if serious else "")


@BY_PATIENT
def test_every_selected_patient_has_a_column_in_the_band_of_their_group(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "adverse_events_by_patient", selection, texts)
    if is_empty(built):
        return
    groups = groups_of(study, selection, texts)
    names = full_name(study, selection, patients(built))
    assert sorted(names.values()) == sorted(groups)
    sizes = reference.group_sizes(study, selection, texts["group"])
    heads = {
        plain(note.text): float(note.x)
        for note in built.figure.layout.annotations
        if note.name != "footnote"
    }
    assert set(heads) == {f"{group}\nn = {n}" for group, n in sizes.items()}
    bands = [(shape.x0, shape.x1) for shape in built.figure.layout.shapes if shape.yref == "paper"]
    for group, n in sizes.items():
        at = heads[f"{group}\nn = {n}"]
        ((low, high),) = [band for band in bands if band[0] < at < band[1]]
        inside_band = {
            names[text]
            for text, x in zip(patients(built), built.figure.layout.xaxis.tickvals, strict=True)
            if low < x < high
        }
        assert inside_band == {name for name, label in groups.items() if label == group}


@BY_PATIENT
def test_terms_stand_by_frequency_and_hidden_ones_are_counted_and_named(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "adverse_events_by_patient", selection, texts)
    groups = groups_of(study, selection, texts)
    who: dict[str, set[str]] = {}
    for row in events(study, selection, texts):
        who.setdefault(row["AEDECOD"], set()).add(row["USUBJID"])
    cutoff = int(texts.get("cutoff", 0))
    rare = {term for term, matching in who.items() if 100 * len(matching) / len(groups) < cutoff}
    wording = footnote(built.figure)
    if is_empty(built):
        assert set(who) == rare
        why = f"No preferred term reaches {cutoff}% of patients" if who else "No event passes"
        assert any(why in text.replace("\n", " ") for text in captions(built.figure))
        return
    drawn = lines(built)
    assert set(drawn) <= set(who) - rare
    assert [len(who[term]) for term in drawn] == sorted(
        (len(who[term]) for term in drawn), reverse=True
    )
    beyond = set(who) - rare - set(drawn)
    assert (f"No room for {len(beyond)} more line" in wording) == bool(beyond)
    assert (f"{len(rare)} line" in wording) == bool(rare)
    assert all(term in wording for term in sorted(rare)[:1])
    without = len(groups) - len(set().union(*who.values()))
    assert f"{without} of {len(groups)} patients have no such event" in wording


@BY_PATIENT
def test_a_missing_grade_is_a_question_mark_and_said_to_be_missing(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "adverse_events_by_patient", selection, texts)
    if is_empty(built):
        return
    marks = sum(text.startswith("?") for line in grid(built)[1] for text in line)
    wording = footnote(built.figure)
    assert ("no grade was recorded" in wording) == bool(marks)
    if marks:
        assert f"({marks} cell{'' if marks == 1 else 's'})" in wording
    for text, mark in zip(hovers(cells(built)), marks_of(built), strict=True):
        grades = [
            row["AETOXGR"]
            for row in events(study, selection, texts)
            if row["USUBJID"] == mark.USUBJID and row["AEDECOD"] == mark.AEDECOD
        ]
        assert ("grade not recorded" in text) == all(grade is None for grade in grades)


@BY_PATIENT
def test_the_table_has_every_patient_and_every_worst_grade(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    table = build(study, "adverse_events_by_patient", selection, texts).table
    found = events(study, selection, texts)
    expected: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in found:
        expected.setdefault((row["USUBJID"], row["AEBODSYS"], row["AEDECOD"]), []).append(row)
    drawn = [line for line in table.to_dict("records") if isinstance(line["AEDECOD"], str)]
    assert {(r["USUBJID"], r["AEBODSYS"], r["AEDECOD"]) for r in drawn} == set(expected)
    for line in drawn:
        matching = expected[line["USUBJID"], line["AEBODSYS"], line["AEDECOD"]]
        worst = max((e["AETOXGR"] for e in matching if e["AETOXGR"] is not None), default=None)
        assert grade_or_none(line["worst_grade"]) == worst
        assert line["events"] == len(matching)
        assert line["events_without_grade"] == sum(e["AETOXGR"] is None for e in matching)
    assert set(table["USUBJID"]) == set(groups_of(study, selection, texts))


def test_bands_keep_their_colour_whatever_is_filtered_away(embedded: Study) -> None:
    def colours(selection: Selection) -> dict[str, str]:
        figure = build(embedded, "adverse_events_by_patient", selection).figure
        bands = [shape for shape in figure.layout.shapes if shape.yref == "paper"]
        heads = [note for note in figure.layout.annotations if note.name != "footnote"]
        return {
            plain(note.text).split("\n")[0]: str(band.fillcolor)
            for note, band in zip(heads, bands, strict=True)
        }

    whole = colours(NOTHING)
    assert len(set(whole.values())) == len(whole) == 4
    for selection in (select(dose="2.0"), select(phase="Dose expansion")):
        part = colours(selection)
        left = list(reference.group_sizes(embedded, selection, "cohort"))
        assert part == {name: whole[name] for name in left}


def test_a_term_coded_to_two_classes_is_one_cell_with_all_its_events(folder: Path) -> None:
    coded = [
        _event(1, 1, "Headache", "General", AETOXGR=3, AESER="Y"),
        _event(1, 2, "Headache", "Nervous system", AETOXGR=1),
    ]
    study = open_study(write_study(folder, TOML, {"adsl": ADSL, "adae": coded}))
    built = build(study, "adverse_events_by_patient")
    assert [text for line in grid(built)[1] for text in line if text] == ["3*"]
    assert {len(listed(study, built.name, {}, target)) for target in marks_of(built)} == {2}


def test_events_with_unknown_seriousness_are_not_marked_as_serious(folder: Path) -> None:
    unknown = [_event(7, 1, "Fever", "General", AESER=None)]
    study = open_study(write_study(folder, TOML, {"adsl": ADSL, "adae": unknown}))
    built = build(study, "adverse_events_by_patient")
    assert [text for line in grid(built)[1] for text in line if text] == ["1"]


def test_too_many_patients_are_not_drawn_and_it_says_so(folder: Path) -> None:
    adsl = [ADSL[0] | {"USUBJID": f"C-{index:03}"} for index in range(61)]
    adae = [_event(1, 1, "Fever", "General", USUBJID="C-000")]
    study = open_study(write_study(folder, TOML, {"adsl": adsl, "adae": adae}))
    built = build(study, "adverse_events_by_patient")
    assert is_empty(built)
    assert any("61 patients are too many" in text for text in captions(built.figure))
    assert len(built.table) == 61


def test_severity_stands_where_a_study_has_no_grades(folder: Path) -> None:
    toml = TOML.replace("[adverse_events]", '[adverse_events]\nscale = "severity"')
    adae = [
        row | {"AETOXGR": None, "AESEV": severity}
        for row, severity in zip(
            ADAE, ["MILD", "SEVERE", None, *["MODERATE"] * (len(ADAE) - 3)], strict=True
        )
    ]
    study = open_study(write_study(folder, toml, {"adsl": ADSL, "adae": adae}))
    built = build(study, "adverse_events_by_patient")
    names = patients(built)
    headache = grid(built)[1][lines(built).index("Headache")]
    nausea = grid(built)[1][lines(built).index("Nausea")]
    first = next(index for index, name in enumerate(names) if name.endswith("01"))
    assert (headache[first], nausea[first]) == ("3", "?")
    assert "severity" in footnote(built.figure)
    assert "CTCAE" not in footnote(built.figure)
    assert "grade" not in title(built.figure)
    assert "CTCAE" not in built.method


def test_many_patients_have_room_for_their_names(embedded: Study) -> None:
    axis = build(embedded, "adverse_events_by_patient").figure.layout.xaxis
    assert axis.tickangle == 0
    assert axis.tickfont.size == 11
