"""Small multiples: cells that fill the plot, do not overlap, and know their edges and axes."""

from __future__ import annotations

import pytest

from components.drawing.canvas import Canvas
from components.drawing.grid import PLOT_WIDTH, cell_title, cells


@pytest.mark.parametrize("count", range(1, 13))
def test_cells_lie_within_the_plot_and_do_not_overlap(count: int) -> None:
    found = cells(count, height=300, row_room=50)
    assert len(found) == count
    for index, cell in enumerate(found):
        assert 0 <= cell.x_domain[0] < cell.x_domain[1] <= 1
        assert 0 <= cell.y_domain[0] < cell.y_domain[1] <= 1
        for other in found[:index]:
            apart_x = cell.x_domain[0] >= other.x_domain[1] or cell.x_domain[1] <= other.x_domain[0]
            apart_y = cell.y_domain[0] >= other.y_domain[1] or cell.y_domain[1] <= other.y_domain[0]
            assert apart_x or apart_y


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (2, 2), (3, 3), (4, 2), (5, 3), (9, 3)])
def test_every_column_has_a_lowest_cell_and_every_row_a_leftmost(count: int, columns: int) -> None:
    found = cells(count, height=300, row_room=50)
    assert sum(cell.is_lowest for cell in found) == columns
    assert sum(cell.is_leftmost for cell in found) == -(-count // columns)


def test_a_cell_knows_its_axes_and_its_width() -> None:
    first, second = cells(2, height=300, row_room=50, column_room=22)
    assert (first.x, first.number, second.y, second.number) == ("x", "", "y2", "2")
    assert first.width == pytest.approx((PLOT_WIDTH - 22) / 2)


def test_a_title_stands_above_its_cell() -> None:
    canvas, (_, cell) = Canvas(), cells(2, height=300, row_room=50)
    cell_title(canvas, cell, "<b>Low</b>", "#0072B2")
    (note,) = canvas.annotations
    assert (note["xref"], note["yref"], note["yanchor"]) == ("x2 domain", "y2 domain", "bottom")
