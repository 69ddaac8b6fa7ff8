"""Summaries without drawing, from rows made by hand: every number and every word."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from components.figures.platelet_time_course.options import TimeCourseOptions
from components.figures.platelet_time_course.summary import TimeCourseSummary, summarise
from components.population import Group, Population
from data.study import Study
from queries.engine.selection import Selection

LOW = Group("Low", "#0072B2", "circle", "solid", 4, 4)
HIGH = Group("High", "#D55E00", "square", "dash", 5, 5)
TOP = Group("Top", "#009E73", "diamond", "dot", 3, 0)
NOT_ONE = {
    "n_missing": 0,
    "n_other_baseline": 0,
    "n_other_time": 0,
    "n_beyond_limit": 0,
    "n_derived": 0,
    "n_repeats": 0,
    "n_unflagged": 0,
    "n_unscheduled": 0,
    "n_without_baseline": 0,
    "n_beside": 0,
    "n_below_limit": 0,
    "n_above_limit": 0,
}


def point(group: str, slot: float, visit: str, n: int, median: float) -> dict[str, Any]:
    return {
        "group_label": group,
        "slot": slot,
        "visit": visit,
        "n_patients": n,
        "mean": 30.0,
        "sd": 10.0,
        "median": median,
        "q1": median / 2,
        "q3": median * 2,
        "minimum": median / 4,
        "maximum": median * 4,
    }


POINTS = pd.DataFrame(
    [
        point("Low", 0, "Baseline", 4, 10),
        point("Low", 1, "Week 1", 4, 40),
        point("Low", 2, "Week 2", 2, 50),
        point("High", 0, "Baseline", 5, 12),
        point("High", 1, "Week 1", 5, 60),
    ]
)
LINES = pd.DataFrame(
    {
        "USUBJID": ["T-01", "T-01", "T-05"],
        "group_label": ["Low", "Low", "High"],
        "slot": [0.0, 1.0, 1.0],
        "AVISIT": ["Baseline", "Week 1", "Week 1"],
        "ADY": [-1, 8, None],
        "AVAL": [10.0, 40.0, 5.0],
        "AVALC": [None, None, "<5"],
        "BASE": [10.0, 10.0, None],
        "point_value": [10.0, 40.0, 5.0],
        "after_rescue": [False, True, False],
    }
)
RESCUE = pd.DataFrame(
    {
        "USUBJID": ["T-01", "T-05"],
        "CMDECOD": ["IVIG", "STEROID"],
        "rescue_from": [8, -5],
        "AVAL": [9.0, None],
        "BASE": [10.0, None],
        "group_label": ["Low", "High"],
    }
)
INFUSIONS = pd.DataFrame({"group_label": ["Low", "High"], "infusion_day": [1, 8]})


def rows(**changes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    records = pd.DataFrame([NOT_ONE | {"n_records": 20, "n_unscheduled": 2, "n_beside": 1}])
    return {
        "points": POINTS,
        "records": records,
        "infusions": INFUSIONS,
        "rescue": RESCUE,
    } | changes


def summary(study: Study, rows: dict[str, pd.DataFrame], **options: Any) -> TimeCourseSummary:
    chosen = TimeCourseOptions(**{"group": "cohort", "parameter": "PLAT"} | options)
    population = Population(study, Selection(), study.grouping("cohort"), (LOW, HIGH, TOP))
    return summarise(rows, chosen, population)


def test_a_point_has_median_quartiles_and_n_and_nobody_where_a_group_has_no_visit(
    tiny: Study,
) -> None:
    result = summary(tiny, rows(), statistic="median")
    assert [course.group for course in result.courses] == [LOW, HIGH]
    assert [len(panel) for panel in result.panels] == [1, 1]
    low, high = (course.points for course in result.courses)
    assert [(p.place, p.n, p.is_drawn) for p in low] == [(0, 4, True), (1, 4, True), (2, 2, False)]
    assert (low[1].centre, low[1].low, low[1].high) == (40, 20, 80)
    assert low[1].hover == ("Low", "Week 1", "Median 40.0 (IQR 20.0 to 80.0)", "n = 4 of 4")
    assert [(p.place, p.n) for p in high] == [(0, 5), (1, 5), (2, 0)]
    assert result.table["N"].tolist() == [4, 4, 4, 5, 5]


def test_a_mean_has_its_t_interval(tiny: Study) -> None:
    result = summary(tiny, rows(), statistic="mean", layout="overlay")
    ((_, high),) = result.panels
    # Mean 30, SD 10, n 5: 17.583 to 42.417 (R).
    assert (high.points[0].low, high.points[0].high) == pytest.approx((17.5834, 42.4166), abs=1e-4)
    assert high.points[0].hover[2] == "Mean 30.0 (17.6 to 42.4), SD 10.0"


def test_a_line_has_the_values_of_its_patient(tiny: Study) -> None:
    result = summary(tiny, rows(lines=LINES))
    (line,) = result.courses[0].lines
    assert (line.places, line.values, line.after_rescue) == ((0, 1), (10, 40), (False, True))
    assert line.hover[1] == (
        "T-01",
        "Week 1, day 8",
        "Platelets 40 10⁹/L (after rescue)",
        "Baseline 10",
        "Change +30",
    )
    (line,) = result.courses[1].lines
    assert line.hover[0] == (
        "T-05",
        "Week 1",
        "Platelets <5 10⁹/L",
        "Baseline not known",
        "Change not known",
    )
    assert all(course.points == () for course in result.courses)


@pytest.mark.parametrize(("measure", "value"), [("count", 9.0), ("change", -1.0), ("fold", 0.9)])
def test_a_rescue_stands_at_the_last_value_before_it(
    tiny: Study, measure: str, value: float
) -> None:
    low, high = summary(tiny, rows(lines=LINES), measure=measure).courses
    assert low.rescues[0].value == pytest.approx(value)
    assert low.rescues[0].place == 1
    assert high.rescues[0].value is None
    assert high.rescues[0].place == pytest.approx(-5 / 7)
    assert high.rescues[0].hover == ("T-05", "Rescue: STEROID", "Day -5")
    assert (low.infusions, high.infusions) == ((0,), (1,))


def test_days_have_no_place_where_visits_only_have_an_order(tiny: Study) -> None:
    points = POINTS.assign(visit=POINTS["visit"].str.replace("Week", "Cycle"))
    result = summary(tiny, rows(points=points), statistic="median")
    assert not any(course.rescues or course.infusions for course in result.courses)
    assert not any("Grey lines" in note for note in result.notes)


def test_the_words_follow_what_is_drawn(tiny: Study) -> None:
    result = summary(tiny, rows(), statistic="median")
    assert result.title == "Platelets: count over time"
    assert result.subtitle == "Median and interquartile range, 10⁹/L"
    assert result.notes == (
        "Median and quartiles by linear interpolation (type 7). Missing values are not imputed. "
        "Values after rescue are included. Numbers under the axis: patients with a value.",
        "No summary is drawn where fewer than 3 patients have a value: Low (1 visit).",
        "Records left out, of 20: 2 unscheduled, 1 superseded by another of the same visit or "
        "week.",
        "Of several records of a visit, the last day is used; of several on that day, that of the "
        "highest AVISITN, then the earliest ATPTN, then the highest value.",
        "Dashed lines: 30, 50, 100. Grey lines: infusions.",
    )
    assert result.alt == (
        "Platelets over time, median and interquartile range. "
        "Low, 4 patients: highest median 40 at Week 1, last median 40 at Week 1 (n = 4); "
        "High, 5 patients: highest median 60 at Week 1, last median 60 at Week 1 (n = 5)."
    )


def test_an_interval_below_zero_on_a_log_axis_is_named(tiny: Study) -> None:
    wide = POINTS.assign(sd=100.0)
    result = summary(tiny, rows(points=wide), statistic="mean")
    assert result.is_log
    assert any("cut off at the lower edge of the log axis" in note for note in result.notes)


def test_values_that_are_not_positive_make_the_axis_linear(tiny: Study) -> None:
    result = summary(tiny, rows(points=POINTS.assign(minimum=0.0)), statistic="median")
    assert not result.is_log
    assert "The axis is linear: not all values are above zero." in result.notes


def test_a_parameter_without_a_unit_has_no_empty_brackets(tiny: Study) -> None:
    result = summary(tiny, rows(lines=LINES), parameter="WHOBLEED")
    assert (result.value_title, result.unit) == ("WHO bleeding grade", "")
    assert result.subtitle == "One line per patient"
    assert result.courses[1].lines[0].hover[0][2] == "WHO bleeding grade <5"
    assert result.references == ()


def test_too_many_patients_are_summarised(tiny: Study) -> None:
    def lines(number: int) -> pd.DataFrame:
        row = LINES.iloc[[0]]
        return pd.concat(
            [row.assign(USUBJID=f"C-{index}") for index in range(number)], ignore_index=True
        )

    many = summary(tiny, rows(lines=lines(1001)))
    assert many.statistic == "median"
    assert many.notes[0] == "More than 1000 patients: summarised instead of one line each."
    assert all(course.lines == () for course in many.courses)
    few = summary(tiny, rows(lines=lines(1000)))
    assert few.statistic == "individual"
    assert len(few.courses[0].lines) == 1000


@pytest.mark.parametrize(
    ("changes", "options", "sentence"),
    [
        ({"points": POINTS.assign(n_patients=2)}, {"statistic": "median"}, "No visit has 3"),
        ({"lines": LINES[:0]}, {}, "None of these patients has a value to draw."),
    ],
)
def test_where_there_is_nothing_to_draw_a_sentence_says_so(
    tiny: Study, changes: dict[str, pd.DataFrame], options: dict[str, str], sentence: str
) -> None:
    result = summary(tiny, rows(**changes), **options)
    assert result.nothing.startswith(sentence)
    assert result.alt == result.nothing
    assert result.courses == ()
    assert result.notes[0].startswith("Records left out, of 20: 2 unscheduled")
