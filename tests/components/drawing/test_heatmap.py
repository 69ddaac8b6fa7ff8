"""The parts of a heatmap: columns in bands, cells, colour bar, heads, click layer."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from components.drawing.canvas import Canvas
from components.drawing.heatmap import (
    Cell,
    ColourScale,
    Target,
    click_layer,
    column_axis,
    column_heads,
    columns_in_bands,
    heatmap,
)
from components.drawing.mark import Mark
from components.drawing.text import plain, width
from components.drawing.theme import SEQUENTIAL

PERCENT = ColourScale(SEQUENTIAL, 0, 100, "Patients, % <b>", (0, 50, 100))


def test_columns_have_a_gap_between_bands() -> None:
    columns = columns_in_bands([2, 0, 1])
    assert columns.middles == (0.5, 1.5, 2.8)
    assert columns.edges == (0.0, 1.0, 2.0, 2.3, 3.3)
    assert columns.slots == (0, 1, -1, 2)
    assert columns.spread(["a", "b", "c"]) == ["a", "b", None, "c"]
    assert columns.spread(["a", "b", "c"], "") == ["a", "b", "", "c"]
    assert columns.width(330) == pytest.approx(100)


def test_one_band_has_no_gap() -> None:
    assert columns_in_bands([3]) == columns_in_bands([0, 3]) == columns_in_bands([3, 0])
    assert columns_in_bands([3]).edges == (0.0, 1.0, 2.0, 3.0)


def test_cells_stand_between_the_edges_and_gaps_hold_nothing() -> None:
    canvas = Canvas()
    lines: list[list[Cell | None]] = [
        [Cell(0, "#f4f7fb", "0/4"), Cell(100, "#0b3c6f", "4/4 <i>")],
        [None, Cell(50, "#6fa8dc", "2/4")],
    ]
    heatmap(canvas, columns_in_bands([1, 1]), lines, PERCENT, 11)
    (trace,) = canvas.traces
    assert trace["z"] == [[0, None, 100], [None, None, 50]]
    assert trace["x"] == [0.0, 1.0, 1.3, 2.3]
    assert trace["y"] == [-0.5, 0.5, 1.5]
    assert [[plain(text) for text in line] for line in trace["text"]] == [
        ["0/4", "", plain("4/4 &lt;i&gt;")],
        ["", "", "2/4"],
    ]
    # Dark ink on the light cell, light ink on the dark one.
    assert "color:#000000" in trace["text"][0][0]
    assert "color:#ffffff" in trace["text"][0][2]
    assert "&lt;i&gt;" in trace["text"][0][2]
    assert (trace["zmin"], trace["zmax"]) == (0, 100)
    go.Figure(canvas.as_plotly())


def test_the_colour_bar_names_its_ticks_where_they_have_names() -> None:
    named = ColourScale(((0.0, "#ffffff"), (1.0, "#000000")), 0, 1, "Grade", (0, 1), ("?", "<1"))
    for scale, labels in ((PERCENT, None), (named, ["?", "&lt;1"])):
        canvas = Canvas()
        heatmap(canvas, columns_in_bands([1]), [[None]], scale, 12)
        bar = canvas.traces[0]["colorbar"]
        assert bar.get("ticktext") == labels
        assert bar["tickvals"] == list(scale.ticks)
    canvas = Canvas()
    heatmap(canvas, columns_in_bands([1]), [[None]], PERCENT, 12)
    assert canvas.traces[0]["colorbar"]["title"]["text"] == "Patients, % &lt;b&gt;"


def test_columns_are_named_at_their_middles() -> None:
    canvas = Canvas()
    column_axis(canvas, columns_in_bands([1, 1]), ["A", "B"], side="top")
    axis = canvas.layout["xaxis"]
    assert (axis["tickvals"], axis["ticktext"]) == ([0.5, 1.8], ["A", "B"])
    assert axis["range"] == [0.0, 2.3]
    assert axis["side"] == "top"


def test_heads_are_broken_to_their_columns_and_say_their_height() -> None:
    heads, height = column_heads([("Dose escalation, cohort two", 3), ("A & B", 12)], 80)
    assert heads[1] == "<b>A &amp; B</b><br>n = 12"
    first, *_, last = heads[0].split("<br>")
    assert first == "<b>Dose</b>"
    assert last == "n = 3"
    rows = heads[0].split("<br>")[:-1]
    assert all(width(row, 12.5) <= 80 for row in rows)
    assert height == 12 + 15 * (1 + len(rows))


def test_every_target_carries_its_mark_and_its_hover() -> None:
    canvas = Canvas()
    marks = [Mark("class", 2, AEBODSYS="Skin"), Mark("patient", 1, AEDECOD="Rash", USUBJID="P")]
    click_layer(
        canvas, [Target(0.5, float(y), mark, f"<b>{y}</b>") for y, mark in enumerate(marks)]
    )
    (trace,) = canvas.traces
    assert trace["name"] == "cells"
    assert (trace["x"], trace["y"]) == ([0.5, 0.5], [0.0, 1.0])
    assert [Mark.read(carried) for carried in trace["customdata"]] == marks
    assert trace["text"] == ["<b>0</b>", "<b>1</b>"]
    assert trace["marker"]["opacity"] == 0
    assert canvas.layout["clickmode"] == "event+select"
    drawn = go.Figure(canvas.as_plotly())
    assert [Mark.read(carried) for carried in drawn.data[0].customdata] == marks
