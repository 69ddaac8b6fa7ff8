"""Small multiples: cells side by side, with the room between them in pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

from components.drawing.canvas import Canvas
from components.drawing.theme import WIDTH, word_colour

# The width of the whole plot between the margins of the template, in pixels.
PLOT_WIDTH = WIDTH - 84


@dataclass(frozen=True)
class Cell:
    """One panel: its axes' names and domains, and whether it is at the left or the lower edge."""

    x: str
    y: str
    x_domain: tuple[float, float]
    y_domain: tuple[float, float]
    is_leftmost: bool
    is_lowest: bool

    @property
    def number(self) -> str:
        """The number of its axes, as `Canvas.x_axis` takes it: "" for "x", "2" for "x2"."""
        return self.x[1:]

    @property
    def width(self) -> float:
        """Its width in pixels, at the size of a picture."""
        return PLOT_WIDTH * (self.x_domain[1] - self.x_domain[0])


def cells(count: int, *, height: float, row_room: float, column_room: float = 22) -> list[Cell]:
    """`count` cells in rows of at most three, read from left to right.

    `row_room` and `column_room` are the gaps in pixels, `height` the height of the whole plot, at
    the size of a picture (960 x 540).
    """
    columns = 1 if count == 1 else 2 if count in {2, 4} else 3
    lines = math.ceil(count / columns)
    gap_x, gap_y = column_room / PLOT_WIDTH, row_room / height
    cell_width = (1 - gap_x * (columns - 1)) / columns
    cell_height = (1 - gap_y * (lines - 1)) / lines
    places = []
    for index in range(count):
        row, column = divmod(index, columns)
        left = column * (cell_width + gap_x)
        top = 1 - row * (cell_height + gap_y)
        number = "" if index == 0 else str(index + 1)
        places.append(
            Cell(
                f"x{number}",
                f"y{number}",
                (left, min(1.0, left + cell_width)),
                (max(0.0, top - cell_height), top),
                column == 0,
                row == lines - 1 or index + columns >= count,
            )
        )
    return places


def cell_title(canvas: Canvas, cell: Cell, text: str, colour: str) -> None:
    """Put a title above a cell, at its left; `text` is already safe for Plotly."""
    canvas.annotate(
        text,
        xref=f"{cell.x} domain",
        yref=f"{cell.y} domain",
        x=0,
        y=1,
        xanchor="left",
        yanchor="bottom",
        font={"size": 12, "color": word_colour(colour)},
    )
