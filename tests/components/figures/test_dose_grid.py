"""The grid of doses and phases against ADSL."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import plotly.graph_objects as go
import pytest

from components.build import build
from components.figures.dose_grid import Cell, GridSummary, draw
from data.study import Study
from queries.engine.selection import Selection
from tests.support import reference
from tests.support.reading import NOTHING, heatmap, number, plain, select, ticks, title

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("rates")

EVERY = pytest.mark.parametrize(
    ("study", "selection"),
    [
        ("embedded", NOTHING),
        ("embedded", select(dose="2.0")),
        ("embedded", select(phase="Dose escalation", sex="F")),
        ("embedded", select(analysis_set="per-protocol", age=(30, 45))),
        ("tiny", NOTHING),
        ("tiny", select(sex="F|(missing)")),
        ("tiny", select(analysis_set="per-protocol")),
    ],
    indirect=["study"],
)


def counted(study: Study, patients: list[dict[str, object]]) -> Counter[tuple[str, str]]:
    """(dose, phase) -> patients."""
    return Counter(
        (reference.group_of(study, "dose", row), reference.group_of(study, "phase", row))
        for row in patients
    )


@EVERY
def test_a_cell_says_how_many_are_selected_of_how_many(study: Study, selection: Selection) -> None:
    built = build(study, "dose_grid", selection)
    some = counted(study, reference.population(study, selection))
    whole = counted(study, reference.analysed(study, selection))
    trace, layout = heatmap(built), built.figure.layout
    doses = [text.split("\n")[0] for text in ticks(layout.yaxis)]
    phases = [text.split("\n")[0] for text in ticks(layout.xaxis)]
    assert {dose for dose, _ in whole} == set(doses)
    assert {phase for _, phase in whole} == set(phases)
    for dose, values, texts in zip(doses, trace.z, trace.text, strict=True):
        for phase, value, text in zip(phases, values, texts, strict=True):
            n, of = some[dose, phase], whole[dose, phase]
            assert number(value) == (n if of else None)
            assert plain(text) == ("–" if not of else f"{n}" if n == of else f"{n} of {of}")


@EVERY
def test_rows_and_columns_carry_their_totals(study: Study, selection: Selection) -> None:
    layout = build(study, "dose_grid", selection).figure.layout
    some = counted(study, reference.population(study, selection))
    for axis, place in ((layout.yaxis, 0), (layout.xaxis, 1)):
        for text in ticks(axis):
            label, _, n = text.partition("\nn = ")
            assert int(n) == sum(count for key, count in some.items() if key[place] == label)


@EVERY
def test_the_table_twin_has_the_cells(study: Study, selection: Selection) -> None:
    table = build(study, "dose_grid", selection).table
    some = counted(study, reference.population(study, selection))
    whole = counted(study, reference.analysed(study, selection))
    rows = {(row["dose"], row["phase"]): (row["n"], row["N"]) for row in table.to_dict("records")}
    assert rows == {key: (some[key], of) for key, of in whole.items()}


def test_doses_stand_in_their_order_and_carry_their_unit(embedded: Study) -> None:
    built = build(embedded, "dose_grid")
    doses = [text.split("\n")[0] for text in ticks(built.figure.layout.yaxis)]
    assert doses == sorted(doses, key=float)
    assert "10⁶ cells/kg" in built.figure.layout.yaxis.title.text
    assert "18 of 18 patients" in title(built.figure)


def test_it_is_drawn_from_a_summary_made_by_hand() -> None:
    summary = GridSummary(
        title="Grid",
        subtitle="",
        alt="",
        table=pd.DataFrame(),
        doses=("1", "2"),
        phases=("escalation", "expansion"),
        cells=(
            Cell("1", "escalation", 3, 3),
            Cell("2", "escalation", 2, 6),
            Cell("2", "expansion", 6, 6),
        ),
        dose_title="Dose (mg)",
    )
    canvas = draw(summary).canvas
    (heatmap,) = canvas.traces
    assert heatmap["z"] == [[3, None], [2, 6]]
    assert [plain(text) for text in heatmap["text"][0]] == ["3", "–"]
    assert plain(heatmap["text"][1][0]) == "2 of 6"
    assert canvas.layout["xaxis"]["ticktext"] == [
        "<b>escalation</b><br>n = 5",
        "<b>expansion</b><br>n = 6",
    ]
    go.Figure(canvas.as_plotly())
