"""The key results against the rows: points, intervals and n/N of the three outcomes."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from components.build import Built, build
from components.figures.key_results import KeySummary, Point, draw
from data.study import Study
from queries.engine.selection import Selection
from tests.components.figures.test_response_rate import clopper_pearson, wilson
from tests.support import reference
from tests.support.reading import (
    NOTHING,
    captions,
    footnote,
    half_up,
    hovers,
    plain,
    select,
    ticks,
    title,
)
from tests.support.reference import EventFilter

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("rates")

ALL = "All patients"
OUTCOMES = ("Response", "Treatment-emergent adverse event", "Serious adverse event")
CASES = [
    pytest.param(name, selection, texts, id=f"{name}-{index}")
    for name, selections in {
        "embedded": (NOTHING, select(dose="2.0"), select(sex="F", splenectomy="Y")),
        "tiny": (NOTHING, select(dose="2.0"), select(phase="Expansion")),
    }.items()
    for index, (selection, texts) in enumerate(
        (chosen, {"group": group, "interval": interval, "level": level, "definition": definition})
        for chosen, (group, interval, level, definition) in zip(
            [*selections, *selections],
            [
                ("cohort", "clopper-pearson", "95", "iwg2009"),
                ("all", "wilson", "90", "any50"),
                ("dose", "wilson", "99", "iwg2009"),
                ("phase", "clopper-pearson", "90", "durable_half"),
                ("cohort", "wilson", "95", "cumulative_weeks"),
                ("all", "clopper-pearson", "99", "target_band"),
            ],
            strict=True,
        )
    )
]
EVERY = pytest.mark.parametrize(("study", "selection", "texts"), CASES, indirect=["study"])


def outcomes(
    study: Study, selection: Selection, texts: dict[str, str]
) -> dict[tuple[str, str], tuple[int, int]]:
    """(outcome, group) -> n and N."""
    responses = reference.responses(study, texts["definition"], selection)
    emergent = reference.events(study, selection, EventFilter(only_emergent=True))
    serious = reference.events(study, selection, EventFilter(only_serious=True))
    having = (
        {patient for patient, one in responses.items() if one.responder},
        {row["USUBJID"] for row in emergent},
        {row["USUBJID"] for row in serious},
    )
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for patient in reference.population(study, selection):
        own = reference.group_of(study, texts["group"], patient)
        for outcome, who in zip(OUTCOMES, having, strict=True):
            for group in {own, ALL}:
                n, total = found.get((outcome, group), (0, 0))
                found[outcome, group] = n + (patient["USUBJID"] in who), total + 1
    return found


def points(built: Built) -> dict[tuple[str, str], Any]:
    """(outcome, group) -> the trace of its point, by what its hover says."""
    found = {}
    for trace in built.figure.data:
        (said,) = hovers(trace)
        group, line, *_ = said.split("\n")
        found[line.rpartition(": ")[0], group] = trace
    return found


@EVERY
def test_points_intervals_and_labels_are_those_of_the_rows(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "key_results", selection, texts)
    expected, drawn = outcomes(study, selection, texts), points(built)
    assert set(drawn) == set(expected)
    of = wilson if texts["interval"] == "wilson" else clopper_pearson
    for key, (n, total) in expected.items():
        trace, low, high = drawn[key], *of(n, total, int(texts["level"]) / 100)
        (x,) = trace.x
        assert x == pytest.approx(100 * n / total)
        assert x - trace.error_x.arrayminus[0] == pytest.approx(low, abs=1e-6)
        assert x + trace.error_x.array[0] == pytest.approx(high, abs=1e-6)
        (said,) = hovers(trace)
        assert f"{n} of {total} ({half_up(1000 * n, total) / 10}%)" in said
        assert f"{texts['level']}% interval {low:.1f} to {high:.1f}" in said
        label = f"{n}/{total} ({half_up(100 * n, total)}%)"
        (note,) = [
            note
            for note in built.figure.layout.annotations
            if (note.x, note.y, note.xref) == (x, trace.y[0], trace.xaxis or "x")
        ]
        assert plain(note.text) == label


@EVERY
def test_groups_are_named_with_their_patients_and_outcomes_with_their_name(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "key_results", selection, texts)
    sizes = {group: total for (_, group), (_, total) in outcomes(study, selection, texts).items()}
    assert set(ticks(built.figure.layout.yaxis)) == {
        f"{group}\nn = {n}" for group, n in sizes.items()
    }
    assert [text for text in captions(built.figure) if text in OUTCOMES] == list(OUTCOMES)
    assert f"{texts['level']}%" in title(built.figure)


@EVERY
def test_the_table_twin_has_the_numbers_of_the_points(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    table = build(study, "key_results", selection, texts).table
    expected = outcomes(study, selection, texts)
    rows = {(row["outcome"], row["group"]): row for row in table.to_dict("records")}
    assert len(rows) == len(table)
    assert set(rows) == set(expected)
    of = wilson if texts["interval"] == "wilson" else clopper_pearson
    for key, (n, total) in expected.items():
        row, ends = rows[key], of(n, total, int(texts["level"]) / 100)
        assert (row["n"], row["N"]) == (n, total)
        assert row["percent"] == pytest.approx(100 * n / total)
        assert (row["ci_low"], row["ci_high"]) == pytest.approx(ends, abs=1e-6)


def test_a_group_keeps_its_colour_and_symbol_whatever_is_filtered_away(embedded: Study) -> None:
    def looks(selection: Selection) -> dict[str, set[tuple[str, str]]]:
        found: dict[str, set[tuple[str, str]]] = {}
        for (_, group), trace in points(build(embedded, "key_results", selection)).items():
            found.setdefault(group, set()).add((trace.marker.color, trace.marker.symbol))
        return found

    whole = looks(NOTHING)
    assert len({look for found in whole.values() for look in found}) == len(whole) == 5
    for selection in (select(dose="2.0"), select(phase="Dose expansion")):
        part = looks(selection)
        assert all(part[name] == whole[name] for name in part)


def test_the_footnote_says_what_each_outcome_is(embedded: Study) -> None:
    said = footnote(build(embedded, "key_results").figure)
    for words in (
        "Response (IWG 2009)",
        "Patients who are not evaluable count as non-responders",
        "Clopper-Pearson",
        "N is every selected patient",
        "serious: at any time",
    ):
        assert words in said


def test_it_is_drawn_from_a_summary_made_by_hand() -> None:
    points = tuple(
        Point(outcome, group, "#0072B2", "circle", n, total, 100 * n / total, 1.0, 99.0)
        for outcome, group, n, total in (
            ("Response", "A", 1, 4),
            ("Response", "B", 3, 5),
            ("Serious", "A", 0, 4),
            ("Serious", "B", 5, 5),
        )
    )
    summary = KeySummary(
        title="Key results", subtitle="", alt="", table=pd.DataFrame(), points=points, level="95"
    )
    canvas = draw(summary).canvas
    assert [trace["x"] for trace in canvas.traces] == [[25.0], [60.0], [0.0], [100.0]]
    assert [trace["y"] for trace in canvas.traces] == [[0], [1], [0], [1]]
    assert canvas.layout["yaxis"]["ticktext"] == ["A<br>n = 4", "B<br>n = 5"]
    assert canvas.layout["xaxis2"]["domain"][0] == 0.525
    texts = [note["text"] for note in canvas.annotations]
    assert texts[:3] == ["<b>1/4</b> (25%)", "<b>3/5</b> (60%)", "<b>Response</b>"]
    go.Figure(canvas.as_plotly())
