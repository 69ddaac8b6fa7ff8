"""Adverse events by group, drawn from a summary made by hand: no study, no query."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from components.drawing.mark import Mark
from components.drawing.theme import SEQUENTIAL, inked
from components.figures.adverse_events.drawing import draw
from components.figures.adverse_events.summary import Cell, Column, EventLine, EventSummary
from tests.support.reading import plain


def cell(percent: float, text: str, mark: Mark) -> Cell:
    return Cell(percent, text, (f"hover {text}", "1 <event>"), mark)


SUMMARY = EventSummary(
    title="Adverse events",
    subtitle="",
    alt="",
    table=pd.DataFrame(),
    columns=(Column("A & B", 4, is_overall=False), Column("All patients", 9, is_overall=True)),
    lines=(
        EventLine(
            "class",
            "Skin",
            (
                cell(100, "4/4 (100%)", Mark("class", 4, "Skin", group="A & B")),
                cell(0, "0/9", Mark("class", 0, "Skin")),
            ),
        ),
        EventLine(
            "term",
            "Rash <i>",
            (
                cell(25, "1/4 (25%)", Mark("term", 1, "Skin", "Rash <i>", "A & B")),
                cell(0.4, "1/9 (<1%)", Mark("term", 1, "Skin", "Rash <i>")),
            ),
        ),
    ),
    nested=True,
)


def test_it_is_drawn_from_a_summary_made_by_hand() -> None:
    drawing = draw(SUMMARY)
    heatmap, layer = drawing.canvas.traces
    layout = drawing.canvas.layout
    assert heatmap["z"] == [[100, None, 0], [25, None, 0.4]]
    assert heatmap["text"][0][0] == inked("4/4 (100%)", SEQUENTIAL[-1][1])
    assert heatmap["text"][0][2] == inked("0/9", SEQUENTIAL[0][1])
    assert plain(heatmap["text"][1][2]) == "1/9 (<1%)"
    assert layout["yaxis"]["ticktext"] == ["<b>Skin</b>", "   Rash &lt;i&gt;"]
    assert layout["xaxis"]["ticktext"] == [
        "<b>A &amp; B</b><br>n = 4",
        "<b>All patients</b><br>n = 9",
    ]
    assert (layer["x"], layer["y"]) == ([0.5, 1.8, 0.5, 1.8], [0.0, 0.0, 1.0, 1.0])
    assert [Mark.read(carried) for carried in layer["customdata"]] == [
        cell.mark for line in SUMMARY.lines for cell in line.cells
    ]
    assert layer["text"][2] == "<b>Rash &lt;i&gt;</b><br>hover 1/4 (25%)<br>1 &lt;event&gt;"
    assert drawing.top == 42
    go.Figure(drawing.canvas.as_plotly())


def test_one_column_has_no_gap_beside_it() -> None:
    lines = tuple(EventLine(line.line, line.name, line.cells[1:]) for line in SUMMARY.lines)
    everybody = EventSummary(
        title="",
        subtitle="",
        alt="",
        table=pd.DataFrame(),
        columns=SUMMARY.columns[1:],
        lines=lines,
    )
    heatmap, _ = draw(everybody).canvas.traces
    assert heatmap["x"] == [0.0, 1.0]
    assert heatmap["z"] == [[0], [0.4]]
