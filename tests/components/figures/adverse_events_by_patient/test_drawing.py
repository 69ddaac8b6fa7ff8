"""The adverse events of each patient, drawn from a summary made by hand: no study, no query."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from components.drawing.mark import Mark
from components.drawing.theme import GRADES, UNGRADED, inked
from components.figures.adverse_events_by_patient.drawing import draw
from components.figures.adverse_events_by_patient.summary import (
    Band,
    Cell,
    Patient,
    PatientSummary,
)
from components.population import Group


def cell(patient: str, group: str, term: str, worst: int | None, text: str) -> Cell:
    mark = Mark("patient", 1, AEDECOD=term, USUBJID=patient)
    return Cell(patient, group, term, worst, text, f"{term}: {text}", mark)


def summary(low: tuple[str, ...], high: tuple[str, ...], *cells: Cell) -> PatientSummary:
    return PatientSummary(
        title="Adverse events by patient",
        subtitle="",
        alt="",
        table=pd.DataFrame(),
        terms=("Rash", "Itch <i>"),
        bands=tuple(
            Band(
                Group(label, colour, "circle", "solid", len(names), len(names)),
                tuple(Patient(f"T-{name}", name) for name in names),
            )
            for label, colour, names in (("Low <b>", "#0072B2", low), ("High", "#009E73", high))
        ),
        cells=cells,
        scale_title="Worst CTCAE grade",
        scale_labels=("?", "1", "2", "3", "4", "5"),
    )


def test_it_is_drawn_from_a_summary_made_by_hand() -> None:
    drawing = draw(
        summary(
            ("1", "2"),
            ("3",),
            cell("T-1", "Low <b>", "Itch <i>", 3, "3*"),
            cell("T-3", "High", "Rash", None, "?"),
            cell("T-3", "High", "Itch <i>", 5, "5"),
        )
    )
    heatmap, layer = drawing.canvas.traces
    assert heatmap["z"] == [[None, None, None, 0], [3, None, None, 5]]
    assert heatmap["text"] == [
        ["", "", "", inked("?", UNGRADED)],
        [inked("3*", GRADES[2]), "", "", inked("5", GRADES[4])],
    ]
    assert [colour for _, colour in heatmap["colorscale"][::2]] == [UNGRADED, *GRADES]
    assert heatmap["colorbar"]["ticktext"] == ["?", "1", "2", "3", "4", "5"]
    assert (layer["x"], layer["y"]) == ([0.5, 2.8, 2.8], [1.0, 0.0, 1.0])
    assert layer["text"][0] == "<b>T-1</b> (Low &lt;b&gt;)<br>Itch &lt;i&gt;: 3*"
    assert Mark.read(layer["customdata"][1]) == Mark("patient", 1, AEDECOD="Rash", USUBJID="T-3")
    axis = drawing.canvas.layout["xaxis"]
    assert (axis["tickvals"], axis["ticktext"]) == ([0.5, 1.5, 2.8], ["1", "2", "3"])
    assert (axis["tickangle"], drawing.bottom) == (0, 44)
    go.Figure(drawing.canvas.as_plotly())


def test_a_band_covers_the_patients_of_its_group() -> None:
    canvas = draw(summary(("1", "2"), ("3",), cell("T-1", "Low", "Rash", 1, "1"))).canvas
    above = [shape for shape in canvas.shapes if shape["yref"] == "paper"]
    behind = [shape for shape in canvas.shapes if shape["yref"] == "y"]
    for shapes in (above, behind):
        assert [(shape["x0"], shape["x1"]) for shape in shapes] == [(0.0, 2.0), (2.3, 3.3)]
    assert [shape["fillcolor"] for shape in above] == ["#0072B2", "#009E73"]
    assert [(note["x"], note["text"]) for note in canvas.annotations] == [
        (1.0, "<b>Low &lt;b&gt;</b><br>n = 2"),
        (2.8, "<b>High</b><br>n = 1"),
    ]


def test_names_that_are_wider_than_their_columns_are_vertical_and_have_room() -> None:
    names = tuple(f"NCT01234567-{index:02}" for index in range(40))
    drawing = draw(summary(names, ("3",), cell("T-3", "High", "Rash", 1, "1")))
    assert drawing.canvas.layout["xaxis"]["tickangle"] == -90
    assert drawing.bottom > 100
