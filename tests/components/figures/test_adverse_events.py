"""The two adverse-event heatmaps against the events: every cell, every n/N, every click.

The events are counted here from the Parquet rows in plain Python; no query is used, save that a
click is answered by the query that answers it on the page.
"""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from components.build import Built, build, module
from components.drawing.mark import Mark
from components.drawing.text import width
from components.options.events import event_params
from components.options.option import strict
from data.study import Study
from queries.catalogue import open_study
from queries.engine.run import rows
from queries.engine.selection import Selection
from tests.support import reference
from tests.support.reading import (
    NOTHING,
    captions,
    cells,
    footnote,
    heatmap,
    hovers,
    number,
    plain,
    select,
    ticks,
    title,
)
from tests.support.reference import EventFilter
from tests.support.tiny import ADAE, ADSL, TOML, _event
from tests.support.writing import write_study

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("adverse events")

ALL = "All patients"
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"emergent": "false"},
    {"grade": "2"},
    {"grade": "3", "emergent": "false"},
    {"serious": "true"},
    {"related": "true"},
    {"search": "head"},
    {"onset_from": "2"},
    {"onset_from": "1", "onset_to": "4", "emergent": "false"},
)
SHOWN: tuple[dict[str, str], ...] = (
    {"show": "classes"},
    {"show": "terms", "sort": "class"},
    {"show": "both"},
    {"show": "terms", "cutoff": "20"},
)
GROUPS = ("cohort", "dose", "phase", "all")
SELECTIONS = {
    "embedded": (NOTHING, select(dose="2.0"), select(sex="F", age=(33, 47))),
    "tiny": (NOTHING, select(dose="2.0|(missing)"), select(phase="Expansion")),
}


def _cases(shown: tuple[dict[str, str], ...]) -> list[Any]:
    found = []
    for (turn, name), (index, filters) in product(
        enumerate(("tiny", "embedded")), enumerate(FILTERS)
    ):
        texts = filters | shown[(index + turn) % len(shown)] | {"group": GROUPS[(index + turn) % 4]}
        chosen = SELECTIONS[name][(index + 2 * turn) % 3]
        found.append(
            pytest.param(name, chosen, texts, id=f"{name}-{'-'.join(map('='.join, texts.items()))}")
        )
    return found


BY_GROUP = pytest.mark.parametrize(
    ("study", "selection", "texts"), _cases(SHOWN), indirect=["study"]
)
BY_PATIENT = pytest.mark.parametrize(
    ("study", "selection", "texts"), _cases(({}, {"cutoff": "15"})), indirect=["study"]
)


def chosen(texts: dict[str, str]) -> EventFilter:
    """The event filters of the options."""
    return EventFilter(
        min_grade=int(texts.get("grade", 0)),
        only_emergent=texts.get("emergent", "true") == "true",
        only_serious=texts.get("serious") == "true",
        only_related=texts.get("related") == "true",
        search=texts.get("search", ""),
        onset_from=int(texts.get("onset_from", 0)),
        onset_to=int(texts.get("onset_to", 0)),
    )


def events(study: Study, selection: Selection, texts: dict[str, str]) -> list[dict[str, Any]]:
    """The events that pass, each with the group of its patient."""
    groups = groups_of(study, selection, texts)
    return [
        row | {"group": groups[row["USUBJID"]]}
        for row in reference.events(study, selection, chosen(texts))
    ]


def groups_of(study: Study, selection: Selection, texts: dict[str, str]) -> dict[str, str]:
    """Patient -> group, of everybody selected."""
    return {
        row["USUBJID"]: reference.group_of(study, texts["group"], row)
        for row in reference.population(study, selection)
    }


def grid(built: Built) -> tuple[list[list[float | None]], list[list[str]]]:
    """Values and texts of the heatmap's cells, by line, without the gaps between columns."""
    trace = heatmap(built)
    widths = [right - left for left, right in zip(trace.x, trace.x[1:], strict=False)]
    kept = [index for index, width in enumerate(widths) if width > 0.9]
    for line in trace.z:
        assert all(number(line[i]) is None for i in range(len(widths)) if i not in kept)
    values = [[number(line[i]) for i in kept] for line in trace.z]
    return values, [[plain(line[i] or "") for i in kept] for line in trace.text]


def lines(built: Built) -> list[str]:
    """The labels at the left, from top to bottom."""
    axis = built.figure.layout.yaxis
    assert list(axis.range) == [len(axis.ticktext) - 0.5, -0.5]
    return [label.replace("\n", " ") for label in ticks(axis)]


def whole(value: Any) -> int | None:
    """A grade of a table; None where none was recorded."""
    return None if pd.isna(value) else int(value)


def is_empty(built: Built) -> bool:
    """Whether no heatmap is drawn."""
    return not any(trace.type == "heatmap" for trace in built.figure.data)


# --- patients by class and term ----------------------------------------------------------------


def targets(built: Built) -> list[Mark]:
    """What each cell of the click layer stands for, line by line."""
    marks = [Mark.read(data) for data in cells(built).customdata]
    assert None not in marks
    return [mark for mark in marks if mark is not None]


def inside(row: dict[str, Any], target: Mark) -> bool:
    """Whether an event belongs to a cell."""
    return (
        (target.line not in {"class", "term"} or row["AEBODSYS"] == target.AEBODSYS)
        and (target.line != "term" or row["AEDECOD"] == target.AEDECOD)
        and (target.group is None or row["group"] == target.group)
    )


@BY_GROUP
def test_a_cell_counts_patients_each_once_and_percent_of_everybody_selected(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "adverse_events", selection, texts)
    found = events(study, selection, texts)
    if is_empty(built):
        return
    sizes = reference.group_sizes(study, selection, texts["group"])
    n_selected = sum(sizes.values())
    values, shown = grid(built)
    flat = [cell for line in values for cell in line]
    said = [cell for line in shown for cell in line]
    wanted = targets(built)
    assert len(flat) == len(said) == len(wanted)
    for value, text, target in zip(flat, said, wanted, strict=True):
        n = len({row["USUBJID"] for row in found if inside(row, target)})
        of = n_selected if target.group is None else sizes[target.group]
        assert target.n == n
        assert value == pytest.approx(100 * n / of)
        assert text == (f"{n}/{of} ({100 * n / of:.0f}%)" if n else f"0/{of}")


@BY_GROUP
def test_every_line_is_drawn_or_named_as_hidden_and_is_in_the_table(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "adverse_events", selection, texts)
    found = events(study, selection, texts)
    n = len(reference.population(study, selection))
    patients: dict[tuple[str, ...], set[str]] = {}
    for row in found:
        patients.setdefault((row["AEBODSYS"],), set()).add(row["USUBJID"])
        patients.setdefault((row["AEBODSYS"], row["AEDECOD"]), set()).add(row["USUBJID"])
    cutoff = int(texts.get("cutoff", 0))
    levels = {"classes": {1}, "terms": {2}, "both": {1, 2}}[texts["show"]]
    wanted = {
        key for key, who in patients.items() if len(key) in levels and 100 * len(who) / n >= cutoff
    }
    rare = [
        key[-1]
        for key, who in patients.items()
        if len(key) in levels and 100 * len(who) / n < cutoff
    ]
    if not wanted:
        assert is_empty(built)
        why = f"No line reaches {cutoff}% of patients" if patients else "No event passes"
        assert any(why in text.replace("\n", " ") for text in captions(built.figure))
    else:
        drawn = {
            (target.AEBODSYS,) if target.line == "class" else (target.AEBODSYS, target.AEDECOD)
            for target in targets(built)
        }
        beyond = wanted - drawn
        assert drawn <= wanted
        if beyond:
            assert f"No room for {len(beyond)} more line" in footnote(built.figure)
        else:
            assert "No room" not in footnote(built.figure)
    if rare:
        assert f"{len(rare)} line" in footnote(built.figure)
        assert any(name in footnote(built.figure) for name in rare)
    table = built.table
    keys = {
        (row["AEBODSYS"],) if row["level"] == "class" else (row["AEBODSYS"], row["AEDECOD"])
        for row in table.to_dict("records")
        if row["level"] in {"class", "term"}
    }
    assert keys == set(patients)


@BY_GROUP
def test_columns_say_their_patients_and_lines_stand_in_order(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "adverse_events", selection, texts)
    if is_empty(built):
        return
    sizes = reference.group_sizes(study, selection, texts["group"]) | {
        ALL: len(reference.population(study, selection))
    }
    heads = [text.partition("\nn = ") for text in ticks(built.figure.layout.xaxis)]
    assert {group: n for group, _, n in heads} == {group: str(n) for group, n in sizes.items()}
    assert heads[-1][0] == ALL
    overall = [target for target in targets(built) if target.group is None]
    if texts.get("sort", "frequency") == "frequency" and texts["show"] != "both":
        assert [target.n for target in overall] == sorted((t.n for t in overall), reverse=True)
    if texts["show"] == "both":
        heads_of_lines = [target for target in overall if target.line == "class"]
        assert [t.n for t in heads_of_lines] == sorted((t.n for t in heads_of_lines), reverse=True)
        current = None
        for target in overall:
            current = target.AEBODSYS if target.line == "class" else current
            assert current == target.AEBODSYS
    if texts.get("sort") == "class":
        named = [(t.AEBODSYS or "", t.AEDECOD or "") for t in overall]
        assert named == sorted(named)
    assert len(lines(built)) == len(overall)


@BY_GROUP
def test_the_table_twin_has_the_numbers_of_the_cells(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "adverse_events", selection, texts)
    found = events(study, selection, texts)
    sizes = reference.group_sizes(study, selection, texts["group"]) | {
        ALL: len(reference.population(study, selection))
    }
    for row in built.table.to_dict("records"):
        group = None if row["group"] == ALL else row["group"]
        own = [
            event
            for event in found
            if inside(event, Mark(row["level"], 0, row["AEBODSYS"], row["AEDECOD"], group))
        ]
        n = len({event["USUBJID"] for event in own})
        grades = [event["AETOXGR"] for event in own if event["AETOXGR"] is not None]
        assert (row["n"], row["N"], row["events"]) == (n, sizes[row["group"]], len(own))
        assert row["percent"] == pytest.approx(100 * n / row["N"])
        assert row["events_without_grade"] == len(own) - len(grades)
        assert whole(row["worst_grade"]) == max(grades, default=None)


@BY_GROUP
def test_the_hover_says_patients_events_and_the_worst_grade(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "adverse_events", selection, texts)
    if is_empty(built):
        return
    found = events(study, selection, texts)
    for target, said in zip(targets(built), hovers(cells(built)), strict=True):
        own = [row for row in found if inside(row, target)]
        grades = [row["AETOXGR"] for row in own if row["AETOXGR"] is not None]
        assert said.split("\n")[0] == (target.AEDECOD if target.line == "term" else target.AEBODSYS)
        assert f"{target.n} of " in said
        assert f"{len(own)} event{'' if len(own) == 1 else 's'}" in said
        if own:
            worst = f"worst grade {max(grades)}" if grades else "grade not recorded"
            assert worst in said
        missing = len(own) - len(grades)
        assert (f"{missing} without a grade" in said) == bool(missing)


@BY_GROUP
def test_events_without_a_grade_are_counted_in_the_footnote(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    said = footnote(build(study, "adverse_events", selection, texts).figure)
    missing = sum(row["AETOXGR"] is None for row in events(study, selection, texts))
    assert ("without a recorded grade" in said) == bool(missing)
    if missing:
        assert f"{missing} event{'' if missing == 1 else 's'} without a recorded grade" in said


@pytest.mark.parametrize("study", ["tiny", "embedded"], indirect=True)
@pytest.mark.parametrize("filters", FILTERS[1:])
def test_event_filters_change_n_and_never_the_denominator(
    study: Study, filters: dict[str, str]
) -> None:
    whole = build(study, "adverse_events", None, {"emergent": "false"})
    part = build(study, "adverse_events", None, {"emergent": "false"} | filters)
    denominators = whole.table.groupby("group")["N"].unique()
    for group, own in part.table.groupby("group")["N"]:
        assert set(own) == set(denominators[group])
    both = part.table.merge(
        whole.table, on=["level", "AEBODSYS", "AEDECOD", "group"], suffixes=("", "_whole")
    )
    assert len(both) == len(part.table)
    assert (both["n"] <= both["n_whole"]).all()
    assert (part.n, part.n_all) == (whole.n, whole.n_all)


def listed(study: Study, name: str, texts: dict[str, str], target: Mark) -> pd.DataFrame:
    """The list that a click on a cell opens."""
    options = strict(module(name).Options, study, texts)
    return rows(
        study,
        "adverse_event_list",
        group=options.group,
        **event_params(options)
        | {
            "class": target.AEBODSYS,
            "term": target.AEDECOD,
            "cell_group": target.group,
            "patient": target.USUBJID,
        },
    )


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("adverse_events", {"show": "both", "group": "cohort"}),
        ("adverse_events", {"show": "terms", "group": "dose", "emergent": "false"}),
        ("adverse_events", {"show": "terms", "group": "all", "grade": "2"}),
        ("adverse_events_by_patient", {"group": "cohort"}),
        ("adverse_events_by_patient", {"group": "phase", "emergent": "false"}),
    ],
)
@pytest.mark.parametrize("study", ["tiny", "embedded", "hostile"])
def test_the_list_behind_a_cell_has_the_patients_and_the_events_the_cell_says(
    request: pytest.FixtureRequest, study: str, name: str, texts: dict[str, str]
) -> None:
    found: Study = request.getfixturevalue(study)
    built = build(found, name, None, texts)
    for target, text in zip(targets(built), hovers(cells(built)), strict=True):
        rows_of_cell = listed(found, name, texts, target)
        assert rows_of_cell["USUBJID"].nunique() == target.n
        n = len(rows_of_cell)
        assert f"{n} event{'' if n == 1 else 's'}" in text


def test_a_click_layer_has_a_marker_in_the_middle_of_every_cell(embedded: Study) -> None:
    built = build(embedded, "adverse_events", None, {"show": "both"})
    trace, layer = heatmap(built), cells(built)
    middles = [(left + right) / 2 for left, right in zip(trace.x, trace.x[1:], strict=False)]
    wide = [right - left > 0.9 for left, right in zip(trace.x, trace.x[1:], strict=False)]
    columns = [middle for middle, is_cell in zip(middles, wide, strict=True) if is_cell]
    places = [(x, float(y)) for y in range(len(lines(built))) for x in columns]
    assert list(zip(layer.x, layer.y, strict=True)) == places
    assert built.figure.layout.clickmode == "event+select"


@pytest.mark.parametrize("opened", ["Nervous system disorders", "Investigations"])
def test_an_opened_class_shows_its_terms_under_it(embedded: Study, opened: str) -> None:
    closed = lines(build(embedded, "adverse_events"))
    found = lines(build(embedded, "adverse_events", None, {"opened": opened}))
    terms = {
        row["AEDECOD"]
        for row in reference.events(embedded, NOTHING, EventFilter(only_emergent=True))
        if row["AEBODSYS"] == opened
    }
    at = found.index(opened)
    assert {line.strip() for line in found[at + 1 : at + 1 + len(terms)]} == terms
    assert found[: at + 1] + found[at + 1 + len(terms) :] == closed


def test_the_colours_span_all_percents(embedded: Study) -> None:
    trace = heatmap(build(embedded, "adverse_events"))
    assert (trace.zmin, trace.zmax) == (0, 100)


@pytest.mark.parametrize("name", ["adverse_events", "adverse_events_by_patient"])
def test_the_words_of_the_event_filters_are_in_the_figure(embedded: Study, name: str) -> None:
    texts = {
        "grade": "2",
        "serious": "true",
        "related": "true",
        "onset_from": "1",
        "onset_to": "9",
        "search": "Infection <b>",
    }
    built = build(embedded, name, None, texts)
    assert is_empty(built)
    for said in (title(built.figure), " ".join(captions(built.figure))):
        plain_said = " ".join(said.split())
        for word in (
            *("treatment-emergent", "serious", "related", "grade 2 and up"),
            *("onset from week 1", "onset to week 9", "“Infection <b>”"),
        ):
            assert word in plain_said


# --- patients by term ------------------------------------------------------------------------


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
    for term, grades, said in zip(lines(built), values, shown, strict=True):
        for short, value, text in zip(patients(built), grades, said, strict=True):
            own = [
                row for row in found if row["USUBJID"] == names[short] and row["AEDECOD"] == term
            ]
            if not own:
                assert (value, text) == (None, "")
                continue
            worst = max((row["AETOXGR"] for row in own if row["AETOXGR"] is not None), default=0)
            serious = any(row.get("AESER") == "Y" for row in own)
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
        assert inside_band == {name for name, own in groups.items() if own == group}


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
    rare = {term for term, own in who.items() if 100 * len(own) / len(groups) < cutoff}
    said = footnote(built.figure)
    if is_empty(built):
        assert set(who) == rare
        why = f"No term reaches {cutoff}% of patients" if who else "No event passes"
        assert any(why in text.replace("\n", " ") for text in captions(built.figure))
        return
    drawn = lines(built)
    assert set(drawn) <= set(who) - rare
    assert [len(who[term]) for term in drawn] == sorted(
        (len(who[term]) for term in drawn), reverse=True
    )
    beyond = set(who) - rare - set(drawn)
    assert (f"No room for {len(beyond)} more line" in said) == bool(beyond)
    assert (f"{len(rare)} line" in said) == bool(rare)
    assert all(term in said for term in sorted(rare)[:1])
    without = len(groups) - len(set().union(*who.values()))
    assert f"{without} of {len(groups)} patients have no such event" in said


@BY_PATIENT
def test_a_missing_grade_is_a_question_mark_and_said_to_be_missing(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "adverse_events_by_patient", selection, texts)
    if is_empty(built):
        return
    marks = sum(text.startswith("?") for line in grid(built)[1] for text in line)
    said = footnote(built.figure)
    assert ("no grade was recorded" in said) == bool(marks)
    if marks:
        assert f"({marks} cell{'' if marks == 1 else 's'})" in said
    for text, mark in zip(hovers(cells(built)), targets(built), strict=True):
        grades = [
            row["AETOXGR"]
            for row in events(study, selection, texts)
            if row["USUBJID"] == mark.USUBJID and row["AEDECOD"] == mark.AEDECOD
        ]
        assert ("grade not recorded" in text) == all(grade is None for grade in grades)


@BY_PATIENT
def test_the_table_twin_has_every_patient_and_every_worst_grade(
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
        own = expected[line["USUBJID"], line["AEBODSYS"], line["AEDECOD"]]
        worst = max((e["AETOXGR"] for e in own if e["AETOXGR"] is not None), default=None)
        assert whole(line["worst_grade"]) == worst
        assert line["events"] == len(own)
        assert line["events_without_grade"] == sum(e["AETOXGR"] is None for e in own)
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
        assert part
        assert all(part[name] == whole[name] for name in part)


def test_a_term_coded_to_two_classes_is_one_cell_with_all_its_events(folder: Path) -> None:
    coded = [
        _event(1, 1, "Headache", "General", AETOXGR=3, AESER="Y"),
        _event(1, 2, "Headache", "Nervous system", AETOXGR=1),
    ]
    study = open_study(write_study(folder, TOML, {"adsl": ADSL, "adae": coded}))
    built = build(study, "adverse_events_by_patient")
    assert [text for line in grid(built)[1] for text in line if text] == ["3*"]
    assert {len(listed(study, built.name, {}, target)) for target in targets(built)} == {2}


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


def test_lines_without_room_are_counted_named_and_in_the_table(folder: Path) -> None:
    adae = [_event(1, index, f"Term {index:02}", "General") for index in range(40)]
    study = open_study(write_study(folder, TOML, {"adsl": ADSL, "adae": adae}))
    for name, texts in (("adverse_events", {"show": "terms"}), ("adverse_events_by_patient", {})):
        built = build(study, name, None, texts)
        drawn = len(lines(built))
        assert drawn < 40
        assert f"No room for {40 - drawn} more lines: Term {drawn:02}," in footnote(built.figure)
        assert built.table["AEDECOD"].nunique() == 40


def test_hidden_terms_are_said_in_the_singular_where_there_is_one(folder: Path) -> None:
    adae = [
        *(_event(number, 1, "Common", "General") for number in range(1, 6)),
        _event(1, 2, "Rare", "General"),
    ]
    study = open_study(write_study(folder, TOML, {"adsl": ADSL, "adae": adae}))
    built = build(study, "adverse_events", None, {"show": "terms", "cutoff": "20"})
    assert "1 line in fewer than 20% of patients is not drawn: Rare." in footnote(built.figure)


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


@pytest.mark.parametrize("show", ["classes", "terms", "both"])
@pytest.mark.parametrize("sort", ["frequency", "class"])
def test_the_words_name_the_most_frequent_whatever_the_order(
    embedded: Study, show: str, sort: str
) -> None:
    built = build(embedded, "adverse_events", None, {"show": show, "sort": sort})
    level, name = ("term", "AEDECOD") if show == "terms" else ("class", "AEBODSYS")
    table = built.table[(built.table["level"] == level) & (built.table["group"] == "All patients")]
    (said,) = re.findall(r"Most frequent: (.*?)\. ", built.alt)
    counts = [int(n) for n in re.findall(r" (\d+) of 18", said)]
    assert counts == sorted(table["n"], reverse=True)[:5]
    for part in said.split("; "):
        line, n = part.removesuffix(" of 18").rsplit(" ", 1)
        assert table.set_index(name)["n"][line] == int(n)


def test_names_of_lines_fit_into_the_margin(folder: Path) -> None:
    long = "GENERAL DISORDERS AND ADMINISTRATION SITE CONDITIONS OF THE WIDEST MAKE"
    adae = [_event(number, 1, "Term", long) for number in range(1, 6)]
    study = open_study(write_study(folder, TOML, {"adsl": ADSL, "adae": adae}))
    figure = build(study, "adverse_events").figure
    (label,) = ticks(figure.layout.yaxis)
    assert label.count("\n") == 1
    assert label.endswith("…")
    assert long.startswith(label.replace("\n", " ").removesuffix("…"))
    assert all(width(part, 12) * 1.08 <= figure.layout.margin.l for part in label.split("\n"))


def test_many_patients_have_room_for_their_names(embedded: Study) -> None:
    axis = build(embedded, "adverse_events_by_patient").figure.layout.xaxis
    assert axis.tickangle == 0
    assert axis.tickfont.size == 11
