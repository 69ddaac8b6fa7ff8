"""The value axis: ends that hold all that is drawn, ticks of a log axis, reference lines."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from components.drawing.canvas import Canvas
from components.drawing.grid import cells
from components.drawing.value_axis import log_ticks, reference_lines, value_axis, value_ends


def test_a_linear_axis_begins_at_zero_where_no_value_is_below() -> None:
    assert value_ends([20, 100, math.nan], is_log=False) == pytest.approx((0, 105))
    low, high = value_ends([-20, 80], is_log=False)
    assert (low, high) == pytest.approx((-25, 85))
    assert value_ends([0, 0], is_log=False) == pytest.approx((0, 0.05))


def test_reference_lines_are_within_the_axis() -> None:
    for is_log in (True, False):
        _, high = value_ends([5, 20], is_log=is_log, references=(30, 50, 100))
        assert high > 100


def test_a_log_axis_holds_every_value() -> None:
    low, high = value_ends([4, 200], is_log=True)
    assert low < 4 < 200 < high


def test_a_log_axis_begins_below_the_centres_where_an_interval_reaches_zero() -> None:
    low, _ = value_ends([-5, 0, 60], is_log=True, centres=[30, 12])
    assert low == pytest.approx(4 / 1.15)
    low, _ = value_ends([6, 60], is_log=True, centres=[30, 12])
    assert low == pytest.approx(6 / 1.15)
    # Without centres by the lowest value that a log axis has.
    assert value_ends([0, 3, 60], is_log=True)[0] == pytest.approx(3 / 1.15)


def test_ticks_of_a_log_axis_are_the_references_and_steps_clear_of_them() -> None:
    assert log_ticks((2, 500), (30, 50, 100)) == [3, 10, 30, 50, 100, 300]
    assert log_ticks((0.9, 25)) == [1, 2, 5, 10, 20]


@pytest.mark.parametrize("ends", [(2.05, 2.4), (21, 25), (430, 520), (0.51, 0.6), (99, 118)])
def test_a_short_log_axis_has_even_steps(ends: tuple[float, float]) -> None:
    ticks = log_ticks(ends)
    assert len(ticks) >= 2
    assert all(ends[0] <= tick <= ends[1] for tick in ticks)
    gaps = [later - sooner for sooner, later in pairwise(ticks)]
    assert gaps == pytest.approx([gaps[0]] * len(gaps))


def test_the_range_of_a_log_axis_is_in_powers_of_ten() -> None:
    axis = value_axis((1, 1000), is_log=True)
    assert axis["range"] == [0, 3]
    assert axis["type"] == "log"
    assert axis["ticktext"][0] == "1"
    assert value_axis((0, 5), is_log=False) == {"range": [0, 5]}


def test_reference_lines_cross_the_cell_behind_the_marks() -> None:
    canvas, (_, cell) = Canvas(), cells(2, height=300, row_room=50)
    reference_lines(canvas, cell, [30, 50])
    assert [(shape["y0"], shape["y1"]) for shape in canvas.shapes] == [(30, 30), (50, 50)]
    assert {(shape["xref"], shape["yref"]) for shape in canvas.shapes} == {("x2 domain", "y2")}
    # Dashes as the footnote says, not dots: Plotly's "dot" at this width looks the same.
    assert {shape["line"]["dash"] for shape in canvas.shapes} == {"3px,3px"}
