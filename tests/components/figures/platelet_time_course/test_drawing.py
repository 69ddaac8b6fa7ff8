"""Drawing from summaries made by hand: no study, no query."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from components.drawing.time_axis import study_days, visits
from components.figure import Drawing
from components.figures.platelet_time_course.drawing import draw
from components.figures.platelet_time_course.summary import (
    Course,
    PatientLine,
    Point,
    Rescue,
    TimeCourseSummary,
)
from components.population import Group
from tests.support.reading import plain

LOW = Group("Low <b>", "#0072B2", "circle", "solid", 4, 4)
HIGH = Group("High", "#D55E00", "square", "dash", 5, 5)
CALENDAR = visits({0: "Baseline", 1: "Week 1", 2: "Week 2"})
CURVES = (
    Course(
        LOW,
        points=(
            Point(0, 4, True, 10, 8, 12, 5, 20, ("Low <b>", "Baseline")),
            Point(1, 3, True, 40, 20, 60, 10, 90, ("Low <b>", "Week 1")),
            Point(2, 2, False, 50, 45, 55, 40, 60),
        ),
        lines=(),
        rescues=(),
        infusions=(0.0,),
    ),
    Course(
        HIGH,
        points=(Point(0, 5, True, 15, 11, 21, 9, 30, ("High", "Baseline")), Point(1), Point(2)),
        lines=(),
        rescues=(Rescue(1.5, 18.0, ("T-07", "Rescue: IVIG", "Day 10")),),
        infusions=(0.0, 1.0),
    ),
)


def by_hand(**changes: Any) -> TimeCourseSummary:
    """Two groups with a median each, one above the other in a panel of its own."""
    settings: dict[str, Any] = {
        "title": "Platelets",
        "subtitle": "",
        "alt": "",
        "table": pd.DataFrame(),
        "statistic": "median",
        "panels": ((CURVES[0],), (CURVES[1],)),
        "calendar": CALENDAR,
        "value_title": "Platelets (10⁹/L)",
        "unit": "10⁹/L",
        "is_log": True,
        "references": (30, 100),
        "infusion": "Infusion",
    }
    return TimeCourseSummary(**settings | changes)


def traces(drawing: Drawing, group: str, kind: str = "scatter") -> list[dict[str, Any]]:
    go.Figure(drawing.canvas.as_plotly())
    return [
        trace
        for trace in drawing.canvas.traces
        if trace.get("legendgroup") == group and trace["type"] == kind
    ]


def test_each_group_has_a_panel_with_a_band_and_a_curve() -> None:
    drawing = draw(by_hand())
    band, curve = traces(drawing, "Low <b>")
    assert band["fill"] == "toself"
    assert band["x"] == [0, 1, 1, 0, None]
    assert band["y"] == [8, 20, 60, 12, None]
    assert curve["x"] == [0, 1, 2]
    assert curve["y"] == [10, 40, None]
    assert curve["customdata"] == [["Low &lt;b&gt;", "Baseline"], ["Low &lt;b&gt;", "Week 1"], None]
    titles = [note["text"] for note in drawing.canvas.annotations]
    assert titles == ["<b>Low &lt;b&gt;</b>, n = 4", "<b>High</b>, n = 5"]
    layout = drawing.canvas.layout
    assert [plain(text).split("\n")[-1] for text in layout["xaxis"]["ticktext"]] == ["4", "3", "2"]
    assert [plain(text).split("\n")[-1] for text in layout["xaxis2"]["ticktext"]] == ["5", "0", "0"]
    assert layout["yaxis"]["title"]["text"] == "10⁹/L"


def test_groups_that_share_a_panel_stand_beside_each_other_with_error_bars() -> None:
    drawing = draw(by_hand(panels=(CURVES,)))
    (low,), (high,) = traces(drawing, "Low <b>"), traces(drawing, "High")
    assert low["x"] == pytest.approx([-0.07, 0.93, 1.93])
    assert high["x"] == pytest.approx([0.07, 1.07, 2.07])
    assert low["error_y"]["array"] == [2, 20, None]
    assert low["error_y"]["arrayminus"] == [2, 20, None]
    assert low["name"] == "Low &lt;b&gt; (n = 4)"
    layout = drawing.canvas.layout
    assert plain(layout["xaxis"]["ticktext"][1]).split("\n") == ["1", "3", "0"]
    assert layout["yaxis"]["title"]["text"] == "Platelets (10⁹/L)"
    assert drawing.canvas.annotations == []


def test_boxes_have_quartiles_and_extremes_and_stay_by_themselves() -> None:
    drawing = draw(by_hand(panels=(CURVES,), statistic="box"))
    (low,), (high,) = traces(drawing, "Low <b>", "box"), traces(drawing, "High", "box")
    assert (low["q1"], low["median"], low["q3"]) == ([8, 20], [10, 40], [12, 60])
    assert (low["lowerfence"], low["upperfence"]) == ([5, 10], [20, 90])
    assert low["x"][0] + low["width"] / 2 <= high["x"][0] - high["width"] / 2
    low_end, high_end = drawing.canvas.layout["yaxis"]["range"]
    assert low_end < math.log10(5)
    assert high_end > math.log10(100)


def test_a_band_that_reaches_below_zero_ends_at_the_edge_of_a_log_axis() -> None:
    points = (Point(0, 3, True, 30, -20, 80), Point(1, 3, True, 30, 10, 50))
    drawing = draw(by_hand(panels=((replace(CURVES[0], points=points),),) * 2, statistic="mean"))
    edge = 10 ** drawing.canvas.layout["yaxis"]["range"][0]
    band = traces(drawing, "Low <b>")[0]
    assert band["y"] == pytest.approx([edge, 10, 50, 80, None])


def test_rescue_is_in_the_legend_once_whichever_panel_has_it_first() -> None:
    drawing = draw(by_hand())
    (mark,) = traces(drawing, "rescue")
    assert mark["showlegend"]
    assert mark["xaxis"] == "x2"
    # Under a summary it stands on the axis.
    assert mark["y"][0] < 8
    both = tuple((replace(course, rescues=CURVES[1].rescues),) for course in CURVES)
    marks = traces(draw(by_hand(panels=both)), "rescue")
    assert [mark["showlegend"] for mark in marks] == [True, False]


def test_infusions_are_drawn_in_the_panels_of_their_groups() -> None:
    drawing = draw(by_hand())
    lines = [
        (shape["xref"], shape["x0"])
        for shape in drawing.canvas.shapes
        if shape["x0"] == shape["x1"]
    ]
    assert lines == [("x", 0), ("x2", 0), ("x2", 1)]
    assert "Infusion" in [trace["name"] for trace in drawing.canvas.traces]
    without = tuple((replace(course, infusions=()),) for course in CURVES)
    names = [trace["name"] for trace in draw(by_hand(panels=without)).canvas.traces]
    assert "Infusion" not in names


def test_lines_break_between_patients_and_are_hollow_after_rescue() -> None:
    lines = (
        PatientLine((1, 8), (10, 40), (False, False), (("T-01", "a"), ("T-01", "b"))),
        PatientLine((1, 15), (12, 80), (False, True), (("T-02", "a"), ("T-02", "c"))),
    )
    course = Course(LOW, (), lines, (Rescue(10, None, ("T-02", "Rescue", "Day 10")),), ())
    drawing = draw(
        by_hand(statistic="individual", panels=((course,),), calendar=study_days(), is_log=False)
    )
    (trace,) = traces(drawing, "Low <b>")
    assert trace["x"] == [1, 8, None, 1, 15, None]
    assert trace["y"] == [10, 40, None, 12, 80, None]
    assert [colour == "#ffffff" for colour in trace["marker"]["color"]] == [
        *[False] * 4,
        True,
        False,
    ]
    assert trace["customdata"][4] == ["T-02", "c"]
    assert "Hollow: count after rescue" in [one.get("name") for one in drawing.canvas.traces]
    # A rescue before the first count has no value: it stands on the axis.
    assert traces(drawing, "rescue")[0]["y"] == [0]
    assert drawing.canvas.layout["xaxis"]["title"]["text"] == "Study day"
    assert "ticktext" not in drawing.canvas.layout["xaxis"]
