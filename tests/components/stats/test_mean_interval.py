"""The t interval, the quartiles and the time course against R and published tables.

The R session (R 4.2.2), from which the constants come:

    > options(digits = 10)
    > x <- c(12, 8, 55, 140, 31)
    > t.test(x)$conf.int
    [1] -17.92684086 116.32684086
    attr(,"conf.level")
    [1] 0.95
    > t.test(x, conf.level = 0.90)$conf.int
    [1]  -2.342218393 100.742218393
    > t.test(x, conf.level = 0.99)$conf.int
    [1] -62.11440819 160.51440819
    > mean(x); sd(x)
    [1] 49.2
    [1] 54.06200144
    > t.test(c(10, 40))$conf.int
    [1] -165.593071  215.593071
    > 30 + c(-1, 1) * qt(0.975, 4) * 10 / sqrt(5)
    [1] 17.58336002 42.41663998
    > round(qt(0.975, c(1:10, 29)), 3)
     [1] 12.706  4.303  3.182  2.776  2.571  2.447  2.365  2.306  2.262  2.228
    [11]  2.045
    > quantile(x, c(0.25, 0.5, 0.75), type = 7)
    25% 50% 75%
     12  31  55
    > quantile(c(10, 40, 90, 20), c(0.25, 0.5, 0.75), type = 7)
     25%  50%  75%
    17.5 30.0 52.5
    > t.test(c(40, 40, 120))$conf.int
    [1] -48.07073946 181.40407279
    > t.test(c(30, 50, 10, 20, 40))$conf.int
    [1] 10.36756839 49.63243161
    > t.test(c(30, 50, 10, 20, 40), conf.level = 0.9)$conf.int
    [1] 14.92556681 45.07443319
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from components.stats.mean_interval import t_interval
from components.stats.time_course import FEWEST, time_course
from data.study import Study, load
from queries.engine.run import rows
from queries.engine.selection import Selection
from tests.support.requests import params
from tests.support.tiny import TOML
from tests.support.writing import write_study

X = [12.0, 8.0, 55.0, 140.0, 31.0]
T_975 = dict(
    zip(
        [*range(1, 11), 29],
        [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.045],
        strict=True,
    )
)


def ends(values: list[float], level: float = 0.95) -> tuple[float, float]:
    own = np.array(values)
    low, high = t_interval(
        np.array([own.mean()]), np.array([own.std(ddof=1)]), np.array([float(len(own))]), level
    )
    return float(low[0]), float(high[0])


@pytest.mark.parametrize(
    ("values", "level", "expected"),
    [
        (X, 0.95, (-17.92684086, 116.32684086)),
        (X, 0.90, (-2.342218393, 100.742218393)),
        (X, 0.99, (-62.11440819, 160.51440819)),
        ([10.0, 40.0], 0.95, (-165.593071, 215.593071)),
        ([7.0, 7.0, 7.0], 0.95, (7.0, 7.0)),
    ],
)
def test_t_interval_is_that_of_r(
    values: list[float], level: float, expected: tuple[float, float]
) -> None:
    assert ends(values, level) == pytest.approx(expected, abs=1e-6)


def test_t_interval_is_that_of_the_published_table() -> None:
    """Mean 0, SD √n: the half width is the quantile itself; 1.96 would be wrong for all of them."""
    for freedom, quantile in T_975.items():
        n = np.array([freedom + 1.0])
        low, high = t_interval(np.zeros(1), np.sqrt(n), n)
        assert high[0] == pytest.approx(quantile, abs=5e-4)
        assert low[0] == -high[0]


def test_worked_number_of_the_docstring() -> None:
    low, high = t_interval(np.array([30.0]), np.array([10.0]), np.array([5.0]))
    assert (low[0], high[0]) == pytest.approx((17.58336002, 42.41663998), abs=1e-8)


def test_one_patient_and_nobody_have_no_interval() -> None:
    mean = np.array([5.0, 5.0, np.nan, 5.0])
    sd = np.array([np.nan, 0.0, np.nan, 0.0])
    low, high = t_interval(mean, sd, np.array([1.0, 1.0, 0.0, 2.0]))
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, True, True, False]
    assert (low[3], high[3]) == (5.0, 5.0)


def points(*rows: tuple[str, float, int, float, float]) -> pd.DataFrame:
    names = ["group_label", "slot", "n_patients", "mean", "sd"]
    return pd.DataFrame(rows, columns=names)


def test_points_of_fewer_than_three_are_not_drawn_and_are_counted() -> None:
    given = points(
        ("Low", 0, 3, 30.0, 10.0),
        ("Low", 1, 2, 30.0, 10.0),
        ("Low", 2, 1, 30.0, np.nan),
        ("High", 0, 5, 30.0, 10.0),
        ("Top", 0, 1, 30.0, np.nan),
    )
    before = given.copy()
    found = time_course(given)
    assert FEWEST == 3
    assert found.points["drawn"].tolist() == [True, False, False, True, False]
    assert found.sparse == {"Low": 2, "Top": 1}
    pd.testing.assert_frame_equal(given, before)
    assert found.points["ci_low"].tolist()[3] == pytest.approx(17.58336002)
    # An interval of two is there and not drawn; of one there is none.
    assert found.points["ci_low"].isna().tolist() == [False, False, True, False, True]


def test_no_points() -> None:
    found = time_course(points())
    assert found.points.empty
    assert found.sparse == {}


def test_level_is_used() -> None:
    given = points(("Low", 0, 5, 30.0, 10.0))
    widths = []
    for level in (0.9, 0.95, 0.99):
        row = time_course(given, level).points.iloc[0]
        widths.append(row["ci_high"] - row["ci_low"])
        assert row["ci_high"] + row["ci_low"] == pytest.approx(60)
    assert widths == sorted(widths)
    assert widths[0] < widths[2]


def test_time_course_of_the_tiny_study_is_that_of_r(tiny: Study) -> None:
    found = rows(tiny, "platelet_time_course", group="cohort", **params(tiny, axis="visit"))
    for level, expected in ((0.95, (10.36756839, 49.63243161)), (0.9, (14.92556681, 45.07443319))):
        course = time_course(found, level).points.set_index(["group_label", "slot"])
        own = list(course.loc[("High", 1.0), ["ci_low", "ci_high"]])
        assert own == pytest.approx(expected, abs=1e-7)
    course = time_course(found).points.set_index(["group_label", "slot"])
    own = list(course.loc[("Low", 1.0), ["ci_low", "ci_high"]])
    assert own == pytest.approx((-48.07073946, 181.40407279), abs=1e-7)
    # Weeks 2, 3 and after: at most two patients of the lower cohort have a count.
    assert time_course(found).sparse == {"Low": 7, "High": 3}


@pytest.mark.parametrize(
    ("values", "quartiles"),
    [(X, (12, 31, 55)), ([10, 40, 90, 20], (17.5, 30, 52.5)), ([7], (7, 7, 7))],
)
def test_quartiles_are_those_of_r_type_7(
    tmp_path: Path, values: list[float], quartiles: tuple[float, float, float]
) -> None:
    adsl = [{"USUBJID": f"P-{n}", "SAFFL": "Y"} for n in range(len(values))]
    adlb = [
        {"USUBJID": f"P-{n}", "PARAMCD": "PLAT", "AVISITN": 1.0, "ADY": 8, "AVAL": value}
        for n, value in enumerate(values)
    ]
    study = load(write_study(tmp_path / "S", TOML, {"adsl": adsl, "adlb": adlb}))
    row = rows(study, "platelet_time_course", Selection(), **params(study, axis="visit")).iloc[0]
    assert (row["q1"], row["median"], row["q3"]) == quartiles
    assert row["n_patients"] == len(values)
