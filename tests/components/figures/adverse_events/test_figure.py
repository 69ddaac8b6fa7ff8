"""Patients with each adverse event by group, against the events: every cell, n/N and click."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from components.build import build
from components.drawing.mark import Mark
from components.drawing.text import width
from data.study import Study
from queries.catalogue import open_study
from queries.engine.selection import Selection
from tests.support import reference
from tests.support.event_heatmaps import (
    ALL,
    FILTERS,
    cases,
    events,
    grade_or_none,
    grid,
    inside,
    is_empty,
    lines,
    marks_of,
)
from tests.support.reading import (
    NOTHING,
    captions,
    cells,
    footnote,
    heatmap,
    hovers,
    ticks,
)
from tests.support.reference import EventFilter
from tests.support.tiny import ADSL, TOML, _event
from tests.support.writing import write_study

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("adverse events")

SHOWN: tuple[dict[str, str], ...] = (
    {"show": "classes"},
    {"show": "terms", "sort": "class"},
    {"show": "both"},
    {"show": "terms", "cutoff": "20"},
)
BY_GROUP = pytest.mark.parametrize(
    ("study", "selection", "texts"), cases(SHOWN), indirect=["study"]
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
    wording = [cell for line in shown for cell in line]
    wanted = marks_of(built)
    assert len(flat) == len(wording) == len(wanted)
    for value, text, target in zip(flat, wording, wanted, strict=True):
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
    sizes = reference.group_sizes(study, selection, texts["group"])
    groups = reference.groups(study, selection, texts["group"])
    patients: dict[tuple[str, ...], set[str]] = {}
    for row in found:
        patients.setdefault((row["AEBODSYS"],), set()).add(row["USUBJID"])
        patients.setdefault((row["AEBODSYS"], row["AEDECOD"]), set()).add(row["USUBJID"])
    cutoff = int(texts.get("cutoff", 0))
    lengths = {"classes": {1}, "terms": {2}, "both": {1, 2}}[texts["show"]]
    shares = {
        key: max(
            100 * len(who) / len(groups),
            *(100 * n / sizes[label] for label, n in Counter(groups[one] for one in who).items()),
        )
        for key, who in patients.items()
        if len(key) in lengths
    }
    wanted = {key for key, share in shares.items() if share >= cutoff}
    rare = [key[-1] for key, share in shares.items() if share < cutoff]
    if not wanted:
        assert is_empty(built)
        why = f"No line reaches {cutoff}% of patients" if patients else "No event passes"
        assert any(why in text.replace("\n", " ") for text in captions(built.figure))
    else:
        drawn = {
            (target.AEBODSYS,) if target.line == "class" else (target.AEBODSYS, target.AEDECOD)
            for target in marks_of(built)
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
        (row["AEBODSYS"],) if row["line"] == "class" else (row["AEBODSYS"], row["AEDECOD"])
        for row in table.to_dict("records")
        if row["line"] in {"class", "term"}
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
    overall = [target for target in marks_of(built) if target.group is None]
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
def test_the_table_has_the_numbers_of_the_cells(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "adverse_events", selection, texts)
    found = events(study, selection, texts)
    sizes = reference.group_sizes(study, selection, texts["group"]) | {
        ALL: len(reference.population(study, selection))
    }
    for row in built.table.to_dict("records"):
        group = None if row["group"] == ALL else row["group"]
        matching = [
            event
            for event in found
            if inside(event, Mark(row["line"], 0, row["AEBODSYS"], row["AEDECOD"], group))
        ]
        n = len({event["USUBJID"] for event in matching})
        grades = [event["AETOXGR"] for event in matching if event["AETOXGR"] is not None]
        assert (row["n"], row["N"], row["events"]) == (n, sizes[row["group"]], len(matching))
        assert row["percent"] == pytest.approx(100 * n / row["N"])
        assert row["events_without_grade"] == len(matching) - len(grades)
        assert grade_or_none(row["worst_grade"]) == max(grades, default=None)


@BY_GROUP
def test_the_hover_says_patients_events_and_the_worst_grade(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "adverse_events", selection, texts)
    if is_empty(built):
        return
    found = events(study, selection, texts)
    for target, wording in zip(marks_of(built), hovers(cells(built)), strict=True):
        matching = [row for row in found if inside(row, target)]
        grades = [row["AETOXGR"] for row in matching if row["AETOXGR"] is not None]
        assert wording.split("\n")[0] == (
            target.AEDECOD if target.line == "term" else target.AEBODSYS
        )
        assert f"{target.n} of " in wording
        assert f"{len(matching)} event{'' if len(matching) == 1 else 's'}" in wording
        if matching:
            worst = f"worst grade {max(grades)}" if grades else "grade not recorded"
            assert worst in wording
        missing = len(matching) - len(grades)
        assert (f"{missing} without a grade" in wording) == bool(missing)


@BY_GROUP
def test_events_without_a_grade_are_counted_in_the_footnote(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    wording = footnote(build(study, "adverse_events", selection, texts).figure)
    missing = sum(row["AETOXGR"] is None for row in events(study, selection, texts))
    assert ("without a recorded grade" in wording) == bool(missing)
    if missing:
        assert f"{missing} event{'' if missing == 1 else 's'} without a recorded grade" in wording


@pytest.mark.parametrize("study", ["tiny", "embedded"], indirect=True)
@pytest.mark.parametrize("filters", FILTERS[1:])
def test_event_filters_change_n_and_never_the_denominator(
    study: Study, filters: dict[str, str]
) -> None:
    whole = build(study, "adverse_events", None, {"emergent": "false"})
    part = build(study, "adverse_events", None, {"emergent": "false"} | filters)
    denominators = whole.table.groupby("group")["N"].unique()
    for group, matching in part.table.groupby("group")["N"]:
        assert set(matching) == set(denominators[group])
    both = part.table.merge(
        whole.table, on=["line", "AEBODSYS", "AEDECOD", "group"], suffixes=("", "_whole")
    )
    assert len(both) == len(part.table)
    assert (both["n"] <= both["n_whole"]).all()
    assert (part.n, part.n_all) == (whole.n, whole.n_all)


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


def test_hidden_terms_are_said_in_the_singular_where_there_is_one(folder: Path) -> None:
    adae = [
        *(_event(number, 1, "Common", "General") for number in range(1, 6)),
        _event(1, 2, "Rare", "General"),
    ]
    study = open_study(write_study(folder, TOML, {"adsl": ADSL, "adae": adae}))
    built = build(study, "adverse_events", None, {"show": "terms", "cutoff": "20", "group": "all"})
    assert "1 line in fewer than 20% of patients of every group is not drawn: Rare." in footnote(
        built.figure
    )


@pytest.mark.parametrize("show", ["classes", "terms", "both"])
@pytest.mark.parametrize("sort", ["frequency", "class"])
def test_the_words_name_the_most_frequent_whatever_the_order(
    embedded: Study, show: str, sort: str
) -> None:
    built = build(embedded, "adverse_events", None, {"show": show, "sort": sort})
    kind, name = ("term", "AEDECOD") if show == "terms" else ("class", "AEBODSYS")
    table = built.table[(built.table["line"] == kind) & (built.table["group"] == "All patients")]
    (wording,) = re.findall(r"Most frequent: (.*?)\. ", built.alt)
    counts = [int(n) for n in re.findall(r" (\d+) of 18", wording)]
    assert counts == sorted(table["n"], reverse=True)[:5]
    for part in wording.split("; "):
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
