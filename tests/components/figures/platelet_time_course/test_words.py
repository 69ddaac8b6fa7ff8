"""What the time course says of itself: groups and their looks, parameter, records left out."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from components.build import build
from data.study import Study
from queries.engine.selection import Selection
from tests.support import reference
from tests.support.reading import (
    NOTHING,
    captions,
    close,
    footnote,
    named,
    numbers,
    plain,
    select,
    title,
)
from tests.support.time_course import (
    AXES,
    EVERY,
    FEWEST,
    Case,
    expected_lines,
    panels,
    points,
    shown,
    slots,
    values_of,
)

# One worker: figures that are built once serve every test of the folder.
pytestmark = pytest.mark.xdist_group("time course")


@EVERY
def test_patients_of_each_group_are_in_the_figure(case: Case) -> None:
    sizes = reference.group_sizes(case.study, case.selection, case.option("group"))
    figure = case.built.figure
    for group in shown(case):
        if len(panels(case)) > 1:
            assert f"{group}, n = {sizes[group]}" in captions(figure)
        else:
            assert f"{group} (n = {sizes[group]})" in {
                plain(trace.name) for trace in named(figure, group) if trace.showlegend
            }
    assert f"{case.built.n} of {case.built.n_all} patients" in title(figure)


@pytest.mark.parametrize(
    ("statistic", "layout", "group"),
    [
        ("individual", "overlay", "cohort"),
        ("individual", "panels", "dose"),
        ("median", "panels", "cohort"),
        ("mean", "overlay", "dose"),
        ("box", "panels", "dose"),
    ],
)
def test_a_group_keeps_its_look_whatever_is_filtered_away(
    embedded: Study, statistic: str, layout: str, group: str
) -> None:
    texts = {"statistic": statistic, "layout": layout, "group": group}

    def looks(selection: Selection) -> dict[str, set[tuple[Any, ...]]]:
        found: dict[str, set[tuple[Any, ...]]] = {}
        for trace in build(embedded, "platelet_time_course", selection, texts).figure.data:
            if trace.legendgroup in {None, "rescue"} or not trace.line.color:
                continue
            symbol = None if trace.type == "box" else trace.marker.symbol
            dash = None if trace.type == "box" else trace.line.dash
            found.setdefault(trace.legendgroup, set()).add((trace.line.color, symbol, dash))
        return found

    whole = looks(NOTHING)
    assert len({look for found in whole.values() for look in found}) == len(whole)
    for selection in (select(phase="Dose expansion"), select(dose="1.0|2.0")):
        part = looks(selection)
        assert len(part) == len(shown(Case(embedded, selection, texts)))
        assert part.items() <= whole.items()


def test_groups_differ_in_more_than_colour(embedded: Study) -> None:
    texts = {"statistic": "median", "layout": "overlay"}
    traces = [
        trace
        for trace in build(embedded, "platelet_time_course", NOTHING, texts).figure.data
        if trace.legendgroup not in {None, "rescue"}
    ]
    assert len(traces) == 4
    assert len({trace.marker.symbol for trace in traces}) == 4
    assert len({trace.line.dash for trace in traces}) == 4


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("statistic", ["individual", "median"])
@pytest.mark.parametrize("study", ["tiny", "embedded"], indirect=True)
@pytest.mark.parametrize("measure", ["count", "change"])
def test_records_that_are_not_drawn_are_counted_and_named(
    study: Study, statistic: str, axis: str, measure: str
) -> None:
    case = Case(study, NOTHING, {"statistic": statistic, "axis": axis, "measure": measure})
    selected = {row["USUBJID"] for row in reference.population(study, NOTHING)}
    rows = [
        row
        for row in reference.rows(study, "adlb")
        if row["PARAMCD"] == "PLAT" and row["USUBJID"] in selected
    ]
    drawn = len(expected_lines(case)) if statistic == "individual" else len(points(case))
    said = re.search(r"Records left out, of (\d+): (.*?)\.", footnote(case.built.figure))
    if drawn == len(rows):
        assert said is None
        return
    assert said is not None
    assert int(said[1]) == len(rows)
    assert sum(int(part.split()[0]) for part in said[2].split(", ")) == len(rows) - drawn


@pytest.mark.parametrize("code", ["HGB", "WHOBLEED", "TREG"])
def test_another_parameter_has_its_own_name_and_unit_and_no_platelet_lines(
    embedded: Study, code: str
) -> None:
    case = Case(embedded, NOTHING, {"parameter": code, "statistic": "median"})
    label = dict(embedded.parameters)[code]
    assert title(case.built.figure).startswith(label.partition(" (")[0])
    assert "Dashed lines" not in footnote(case.built.figure)
    found = slots(case)
    for group in shown(case):
        own = found[group]
        trace = values_of(case, group)
        expected = [
            float(np.median(own[slot])) if len(own.get(slot, ())) >= FEWEST else None
            for slot in (round(x) for x in trace.x)
        ]
        assert numbers(trace.y) == close(expected)


@pytest.mark.parametrize(
    "texts",
    [
        {"statistic": "individual", "measure": "change"},
        {"statistic": "individual", "parameter": "WHOBLEED"},
        {"statistic": "individual", "axis": "day", "measure": "fold"},
        {"statistic": "median", "measure": "change"},
    ],
)
def test_patients_without_a_single_value_get_a_sentence_in_its_place(
    tiny: Study, texts: dict[str, str]
) -> None:
    built = build(tiny, "platelet_time_course", select(age=(65, 65)), texts)
    assert built.n == 1
    (sentence,) = captions(built.figure)
    assert sentence.replace("\n", " ") in {
        "None of these patients has a value to draw.",
        "No visit has 3 patients or more of one cohort, so there is nothing to summarise. "
        "Show every patient instead.",
    }
    assert built.table.empty


def test_the_words_say_only_what_is_drawn(embedded: Study) -> None:
    selection = select(splenectomy="N")
    built = build(embedded, "platelet_time_course", selection, {"statistic": "median"})
    drawn = built.table[built.table["drawn"] & (built.table["AVISITN"] > 0)]
    for group, n in (("2.0 escalation", 3), ("2.0 expansion", 2)):
        own = drawn[drawn["group"] == group]
        (said,) = re.findall(rf"{re.escape(group)}, {n} patients: ([^;]*)", built.alt)
        if own.empty:
            assert said.startswith("no visit with 3 patients")
        else:
            assert said.startswith(f"highest median {own['median'].max():.4g} at ")


def test_small_numbers_are_said_with_their_decimals(embedded: Study) -> None:
    texts = {"statistic": "median", "measure": "fold", "group": "all"}
    built = build(embedded, "platelet_time_course", None, texts)
    after = built.table[built.table["drawn"] & (built.table["AVISITN"] > 0)]
    assert f"highest median {after['median'].max():.4g} at" in built.alt
    assert f"last median {after['median'].iloc[-1]:.4g} at" in built.alt
