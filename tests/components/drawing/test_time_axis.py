"""The time axis: places of visits and days, labels that stand clear, rows of n below them."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from components.drawing.canvas import Canvas
from components.drawing.grid import cells
from components.drawing.text import width
from components.drawing.theme import word_colour
from components.drawing.time_axis import (
    CountRow,
    room_below,
    study_days,
    study_weeks,
    time_axis,
    vertical_lines,
    visits,
)
from tests.support.reading import plain

WEEKS = {float(week): f"{week}" for week in range(29)}


def test_visits_named_by_weeks_stand_in_weeks_and_later_ones_behind_them() -> None:
    calendar = visits(
        {-1: "Screening", 0: "Baseline", 1: "Week 1", 4: "Week 4", 4.01: "Unscheduled 4.01"}
        | {99: "End of treatment"}
    )
    assert (calendar.kind, calendar.title) == ("week", "Week")
    assert dict(calendar.labels) == {
        -1: "-1",
        0: "0",
        1: "1",
        4: "4",
        5: "End of treatment",
    }
    assert [calendar.place(slot) for slot in (-1, 4, 4.01, 99)] == [-1, 4, 4.01, 5]


def test_visits_not_named_by_weeks_stand_one_after_the_other() -> None:
    calendar = visits({-1: "Screening", 1: "Cycle 1", 5: "Cycle 2", 9: "Week 9"})
    assert (calendar.kind, calendar.title) == ("order", "Visit")
    assert [calendar.place(slot) for slot in (-1, 1, 5, 9)] == [0, 1, 2, 3]
    assert list(calendar.labels.values()) == ["Screening", "Cycle 1", "Cycle 2", "Week 9"]
    assert not calendar.has_days
    with pytest.raises(ValueError, match="no place"):
        calendar.place_of_day(8)


def test_there_is_no_day_0() -> None:
    weeks = study_weeks([0, 1])
    assert [weeks.place_of_day(day) for day in (-7, -1, 1, 8)] == [-1, -1 / 7, 0, 1]
    assert [study_days().place_of_day(day) for day in (-1, 1, 8)] == [-1, 1, 8]


def test_the_axis_has_room_at_both_ends() -> None:
    assert study_days().ends([1, 101]) == pytest.approx((-3, 105))
    assert study_weeks([0, 10]).ends([10, 0]) == pytest.approx((-0.6, 10.6))
    low, high = study_weeks([4]).ends([4])
    assert low < 4 < high


def test_without_labels_plotly_makes_the_ticks() -> None:
    assert time_axis({}, (0, 10), 400) == {"range": [0, 10], "showgrid": False}


@pytest.mark.parametrize("pixels", [120, 400, 876])
@pytest.mark.parametrize("rows", [(), (CountRow("#0072B2", {}),)])
def test_labels_stand_clear_of_each_other(pixels: float, rows: tuple[CountRow, ...]) -> None:
    labels = WEEKS | {30.0: "End of treatment"}
    axis = time_axis(labels, (-0.6, 30.6), pixels, rows=rows, largest=9)
    texts = [text.split("<br>")[0].strip() for text in axis["ticktext"]]
    size = 11 if rows else 12
    edges = [
        (at * pixels / 31.2 - width(text, size) / 2, at * pixels / 31.2 + width(text, size) / 2)
        for at, text in zip(axis["tickvals"], texts, strict=True)
        if text
    ]
    assert len(edges) >= 3
    assert all(right < left for (_, right), (left, _) in pairwise(edges))


def test_each_row_of_n_has_its_colour_and_a_number_at_every_place() -> None:
    labels = {0.0: "0", 1.0: "1", 2.0: "End of treatment"}
    rows = [CountRow("#0072B2", {0: 12, 1: 11}), CountRow("#D55E00", {0: 7, 2: 5})]
    axis = time_axis(labels, (-0.4, 2.4), 800, rows=rows, largest=12)
    assert axis["tickvals"] == [0, 1, 2]
    assert [plain(text).split("\n")[-2:] for text in axis["ticktext"]] == [
        ["12", "7"],
        ["11", "0"],
        ["0", "5"],
    ]
    # A label of two lines moves the numbers below the others down with its own.
    assert {text.count("<br>") for text in axis["ticktext"]} == {3}
    assert axis["ticktext"][2].startswith("End of<br>treatment<br>")
    for row in rows:
        assert all(word_colour(row.colour) in text for text in axis["ticktext"])


def test_counts_become_smaller_where_they_stand_close_together() -> None:
    def size(largest: int, pixels: float) -> float:
        rows = [CountRow("#0072B2", dict.fromkeys(WEEKS, largest))]
        axis = time_axis(WEEKS, (-0.6, 28.6), pixels, rows=rows, largest=largest)
        (size,) = {re.findall(r"font-size:([\d.]+)px", text)[0] for text in axis["ticktext"]}
        return float(size)

    assert size(9, 876) == 11
    assert size(9, 500) == 11
    assert size(1000, 500) < 11
    assert size(1000, 500) * 0.56 * 4 <= 500 / 29.2
    assert size(1000, 100) == 5.5


def test_a_panel_names_fewer_visits() -> None:
    axis = time_axis(WEEKS, (-0.6, 28.6), 420, is_panel=True)
    assert axis["ticktext"] == ["0", "4", "8", "12", "16", "20", "24", "28"]


def test_a_label_does_not_act() -> None:
    axis = time_axis({0.0: "<b>x</b>"}, (-1, 1), 400)
    assert axis["ticktext"] == ["&lt;b&gt;x&lt;/b&gt;"]


def test_room_below_grows_with_rows_and_with_lines_of_labels() -> None:
    assert room_below(["0", "1"], 0) == 46
    assert room_below(["0", "1"], 3) - room_below(["0", "1"], 2) == 14
    assert room_below(["0", "End of treatment"], 0) - room_below(["0"], 0) == 13
    assert room_below([], 0) == 46


def test_vertical_lines_are_drawn_once_and_behind_the_marks() -> None:
    canvas, (cell,) = Canvas(), cells(1, height=300, row_room=50)
    vertical_lines(canvas, cell, [3, 1, 3], "#123456")
    assert [(shape["x0"], shape["x1"]) for shape in canvas.shapes] == [(1, 1), (3, 3)]
    assert {shape["layer"] for shape in canvas.shapes} == {"below"}
