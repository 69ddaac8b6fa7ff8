"""The names of a heatmap's lines: headings, indents, long names, and the margin that holds them."""

from __future__ import annotations

import pytest

from components.drawing.canvas import Canvas
from components.drawing.lines import MARGIN, Line, LineAxis, label, left_margin, line_axis
from components.drawing.text import width

LONG = "General disorders and administration site conditions of the longest kind there is"


def test_lines_stand_from_top_to_bottom() -> None:
    canvas = Canvas()
    axis = line_axis(canvas, [Line("Skin", is_heading=True), Line("Rash", is_indented=True)])
    drawn = canvas.layout["yaxis"]
    assert drawn["tickvals"] == [0, 1]
    assert drawn["ticktext"] == ["<b>Skin</b>", "   Rash"]
    assert drawn["range"] == [1.5, -0.5]
    assert axis == LineAxis(12, 110)
    assert canvas.layout["margin"] == {"l": 110}
    assert drawn["tickfont"] == {"size": 12}


@pytest.mark.parametrize(("count", "size"), [(1, 12), (16, 12), (17, 11), (22, 11), (23, 9)])
def test_type_is_smaller_where_there_are_more_lines(count: int, size: int) -> None:
    axis = line_axis(Canvas(), [Line("Rash")] * count)
    assert axis.size == size


def test_a_long_name_has_two_rows_where_lines_are_high_and_is_cut_where_they_are_not() -> None:
    high, low = label(Line(LONG), 12), label(Line(LONG), 13)
    assert high.count("<br>") == 1
    assert "<br>" not in low
    for text in (high, low):
        assert text.endswith("…")
        assert LONG.startswith(text.replace("<br>", " ").removesuffix("…"))
    # A line under a heading has one row, however few lines there are.
    indented = label(Line(LONG, is_indented=True), 2)
    assert "<br>" not in indented
    assert len(indented.strip()) < len(low)


def test_the_margin_holds_the_widest_name_and_is_never_wider_than_allowed() -> None:
    for names in (["Rash"], ["Skin and subcutaneous tissue", "Rash"], [LONG] * 20):
        canvas = Canvas()
        axis = line_axis(canvas, [Line(name, is_heading=True) for name in names])
        rows = [row for text in canvas.layout["yaxis"]["ticktext"] for row in text.split("<br>")]
        assert max(1.08 * width(row, axis.size) for row in rows) < axis.margin <= MARGIN
    assert left_margin([], 12) == 110


def test_a_name_does_not_act() -> None:
    for is_heading in (False, True):
        text = label(Line("<i>a</i> & %{x}", is_heading), 1)
        assert "&lt;i&gt;a&lt;/i&gt; &amp; &#37;{x}" in text
