"""Individual lines against the rows: every value, every gap, every hover, the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.build import build
from data.study import Study
from tests.support.reading import (
    footnote,
    hovers,
    named,
    numbers,
    title,
)
from tests.support.time_course import (
    INDIVIDUAL,
    Case,
    crowd,
    expected_lines,
    lines_of,
    shown,
)

# One worker: figures that are built once serve every test of the folder.
pytestmark = pytest.mark.xdist_group("time course")


@INDIVIDUAL
def test_a_line_goes_through_every_value_of_a_patient_and_no_other(case: Case) -> None:
    expected = expected_lines(case)
    assert {row["group"] for row in expected} == set(shown(case))
    for group in shown(case):
        own = sorted((r["USUBJID"], r["x"], r["value"]) for r in expected if r["group"] == group)
        drawn = sorted((patient, x, y) for patient, x, y, _, _ in lines_of(case, group))
        assert [(patient, x) for patient, x, _ in drawn] == [(patient, x) for patient, x, _ in own]
        assert [y for *_, y in drawn] == pytest.approx([value for *_, value in own])


@INDIVIDUAL
def test_a_line_never_joins_two_patients(case: Case) -> None:
    for group in shown(case):
        (trace,) = named(case.built.figure, group)
        patients = [
            None if x is None else text.split("\n")[0]
            for x, text in zip(trace.x, hovers(trace), strict=True)
        ]
        runs = [
            name
            for name, before in zip(patients, [None, *patients], strict=False)
            if name and name != before
        ]
        assert len(runs) == len(set(runs))
        for name, before in zip(patients, [None, *patients], strict=False):
            assert name is None or before is None or name == before
        assert trace.connectgaps is False
        assert [y is None for y in trace.y] == [x is None for x in trace.x]


@INDIVIDUAL
def test_counts_after_rescue_are_hollow_and_no_other(case: Case) -> None:
    rescued = {(row["USUBJID"], row["x"]): row["rescued"] for row in expected_lines(case)}
    for group in shown(case):
        drawn = lines_of(case, group)
        hollow = {(patient, x) for patient, x, _, fill, _ in drawn if fill == "#ffffff"}
        assert hollow == {(p, x) for p, x, *_ in drawn if rescued[p, x]}
        for patient, x, _, _, said in drawn:
            assert ("(after rescue)" in said[2]) == rescued[patient, x]


@INDIVIDUAL
def test_the_hover_names_patient_visit_count_baseline_and_change(case: Case) -> None:
    rows = expected_lines(case)
    for group in shown(case):
        drawn = {(patient, x, tuple(said)) for patient, x, *_, said in lines_of(case, group)}
        for row in (row for row in rows if row["group"] == group):
            patient, aval = row["USUBJID"], row["AVAL"]
            count = f"{aval:g}"
            if str(row.get("AVALC") or "").startswith("<"):
                count = row["AVALC"]
            base = row.get("BASE")
            expected = [
                patient,
                row["AVISIT"] + ("" if row["ADY"] is None else f", day {row['ADY']}"),
                f"Platelets {count} 10⁹/L" + (" (after rescue)" if row["rescued"] else ""),
                "Baseline not known" if base is None else f"Baseline {base:g}",
                "Change not known" if base is None else f"Change {aval - base:+g}",
            ]
            assert (patient, row["x"], tuple(expected)) in drawn


@INDIVIDUAL
def test_the_data_table_has_every_point_of_the_lines(case: Case) -> None:
    columns = ["group", "USUBJID", "ADY", "AVAL", "change", "after_rescue"]
    drawn = [
        tuple(None if value != value else value for value in row)
        for row in case.built.table[columns].astype(object).itertuples(index=False)
    ]
    expected = [
        (
            row["group"],
            row["USUBJID"],
            row["ADY"],
            row["AVAL"],
            None if row.get("BASE") is None else row["AVAL"] - row["BASE"],
            row["rescued"],
        )
        for row in expected_lines(case)
    ]
    assert sorted(drawn, key=str) == sorted(expected, key=str)


def test_the_table_of_lines_has_the_ratio_that_is_drawn(embedded: Study) -> None:
    built = build(embedded, "platelet_time_course", None, {"measure": "fold", "group": "all"})
    drawn = [value for value in numbers(built.figure.data[0].y) if value is not None]
    assert sorted(drawn) == pytest.approx(sorted(built.table["fold"]))


def test_too_many_lines_become_a_summary_and_it_says_so(folder: Path) -> None:
    built = build(crowd(folder, 1001), "platelet_time_course")
    assert "More than 1000 patients: summarised" in footnote(built.figure)
    assert "one line per patient" not in title(built.figure).lower()
    assert len(built.figure.to_json()) < 20_000
    assert [row["n"] for row in built.table.to_dict("records")] == [1001, 1001]


def test_counts_after_rescue_can_be_told_in_a_crowd(folder: Path) -> None:
    built = build(crowd(folder, 41), "platelet_time_course")
    (trace,) = named(built.figure, "Low")
    hollow = [index for index, fill in enumerate(trace.marker.color) if fill == "#ffffff"]
    assert len(hollow) == 1
    assert "markers" in trace.mode
