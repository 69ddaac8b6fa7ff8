"""The baseline table against ADSL: medians, ranges, n/N and percents of every cell."""

from __future__ import annotations

import statistics
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from components.build import Built, build
from components.figures.baseline import BaselineSummary, Line, draw
from data.study import Study
from queries.engine.selection import Selection
from tests.support import reference
from tests.support.reading import NOTHING, footnote, plain, select

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("rates")

ALL = "All patients"
EVERY = pytest.mark.parametrize(
    ("study", "selection", "group"),
    [
        ("embedded", NOTHING, "cohort"),
        ("embedded", select(dose="2.0"), "phase"),
        ("embedded", select(sex="F"), "all"),
        ("embedded", select(age=(33, 46), autoantibody="GPIIb/IIIa|None detected"), "dose"),
        ("tiny", NOTHING, "cohort"),
        ("tiny", select(age=(30, 60)), "dose"),
        ("tiny", select(sex="M"), "all"),
    ],
    indirect=["study"],
)


def columns(built: Built) -> dict[str, dict[str, str]]:
    """Column head -> line -> cell of the drawn table; lines of a category are "head/value"."""
    (trace,) = built.figure.data
    head, *groups = [plain(str(text)) for text in trace.header.values]
    assert head == ""
    labels, under = [], ""
    for label in trace.cells.values[0]:
        if "<b>" in label:
            under = plain(label)
            labels.append(under)
        else:
            labels.append(f"{under}/{plain(label).strip()}")
    return {
        group: dict(zip(labels, map(str, cells), strict=True))
        for group, cells in zip(groups, trace.cells.values[1:], strict=True)
    }


def people(study: Study, selection: Selection, group: str) -> dict[str, list[dict[str, Any]]]:
    """The selected patients by group, and all of them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in reference.population(study, selection):
        for label in {reference.group_of(study, group, row), ALL}:
            found.setdefault(label, []).append(row)
    return found


def count(n: int, total: int) -> str:
    return f"{n}/{total} ({100 * n / total:.0f}%)" if n else f"0/{total}"


@EVERY
def test_every_cell_is_that_of_the_rows(study: Study, selection: Selection, group: str) -> None:
    drawn = columns(build(study, "baseline", selection, {"group": group}))
    found = people(study, selection, group)
    assert set(drawn) == {f"{label}\nn = {len(own)}" for label, own in found.items()}
    for label, own in found.items():
        cells = drawn[f"{label}\nn = {len(own)}"]
        for line in study.baseline:
            head = line.label.replace("10^9", "10⁹")
            values = [row.get(line.variable) for row in own]
            known = [value for value in values if value is not None]
            if line.kind == "number":
                said = cells[head]
                if not known:
                    assert said == "–"
                    continue
                assert said.startswith(
                    f"{statistics.median(known):g} ({min(known):g}–{max(known):g}"
                )
                missing = len(values) - len(known)
                assert (f"{missing} missing" in said) == bool(missing)
            elif line.kind == "flag":
                n = sum(str(value) == line.value for value in known)
                assert cells[head].startswith(count(n, len(own)))
            else:
                for value in {str(value) for value in known}:
                    n = sum(str(one) == value for one in known)
                    assert cells[f"{head}/{value}"] == count(n, len(own))


@EVERY
def test_the_table_twin_has_the_numbers_of_the_cells(
    study: Study, selection: Selection, group: str
) -> None:
    table = build(study, "baseline", selection, {"group": group}).table
    found = people(study, selection, group)
    for row in table.to_dict("records"):
        line = next(item for item in study.baseline if item.label == row["characteristic"])
        own = found[row["group"]]
        known = [
            patient[line.variable] for patient in own if patient.get(line.variable) is not None
        ]
        assert row["N"] == len(own)
        if line.kind == "number":
            assert row["n"] == len(known)
            ends = (row["median"], row["minimum"], row["maximum"])
            expected = (statistics.median(known), min(known), max(known)) if known else None
            if expected:
                assert ends == pytest.approx(expected)
            continue
        if line.kind == "flag":
            n = sum(str(value) == line.value for value in known)
        else:
            value = row["value"]
            n = (
                sum(str(one) == value for one in known)
                if isinstance(value, str) and value != "(missing)"
                else len(own) - len(known)
            )
        assert row["n"] == n
        assert row["percent"] == pytest.approx(100 * n / len(own))


def test_patients_whose_category_is_missing_are_in_the_table(tiny: Study) -> None:
    built = build(tiny, "baseline", NOTHING, {"group": "all"})
    site = built.table[built.table["characteristic"] == "Site"]
    assert site["n"].sum() == built.n
    (cells,) = columns(built).values()
    assert sum(int(text.split("/")[0]) for line, text in cells.items() if "Site/" in line) == 9


def test_the_footnote_says_what_the_cells_are(embedded: Study) -> None:
    said = footnote(build(embedded, "baseline").figure)
    assert "median (minimum–maximum)" in said
    assert "N is every selected patient of the group" in said


def test_it_is_drawn_from_a_summary_made_by_hand() -> None:
    summary = BaselineSummary(
        title="Baseline",
        subtitle="",
        alt="",
        table=pd.DataFrame(),
        columns=(("A", 3), ("All patients", 5)),
        lines=(
            Line("Age", True, ("40 (30–50)", "41 (30–60)")),
            Line("F & M", False, ("1/3 (33%)", "2/5 (40%)")),
        ),
    )
    canvas = draw(summary).canvas
    (table,) = canvas.traces
    assert table["header"]["values"] == ["", "<b>A</b><br>n = 3", "<b>All patients</b><br>n = 5"]
    assert table["cells"]["values"] == [
        ["<b>Age</b>", "   F &amp; M"],
        ["40 (30–50)", "1/3 (33%)"],
        ["41 (30–60)", "2/5 (40%)"],
    ]
    go.Figure(canvas.as_plotly())
