"""Rates with their intervals: numerators, denominators and the two rules for missing data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from components.stats.proportion import METHODS
from components.stats.response_rate import percent, response_rate, with_interval
from data.study import Study
from queries.engine.run import rows


def rates(*given: tuple[str, int, int, int, int]) -> pd.DataFrame:
    names = ["group_label", "n_patients", "n_evaluable", "n_responders", "n_complete"]
    return pd.DataFrame(given, columns=names).assign(is_overall=False)


GIVEN = rates(("a", 18, 17, 8, 3), ("b", 3, 3, 0, 0), ("c", 4, 0, 0, 0), ("d", 0, 0, 0, 0))


def test_percent_of_nobody_is_missing() -> None:
    found = percent(pd.Series([8, 0, 0]), pd.Series([18, 4, 0]))
    assert found.tolist()[:2] == [pytest.approx(400 / 9), 0]
    assert np.isnan(found[2])


def test_everybody_is_in_the_denominator() -> None:
    found = response_rate(GIVEN)
    assert found["N"].tolist() == [18, 3, 4, 0]
    assert found["n"].tolist() == [8, 0, 0, 0]
    # binom.test(8, 18) and binom.test(0, 3) of R
    assert list(found.loc[0, ["percent", "ci_low", "ci_high"]]) == pytest.approx(
        [100 * 8 / 18, 21.53015074, 69.24283410], abs=1e-7
    )
    assert list(found.loc[1, ["percent", "ci_low", "ci_high"]]) == pytest.approx(
        [0, 0, 70.75982262], abs=1e-7
    )
    assert found.loc[3, ["percent", "ci_low", "ci_high", "percent_complete"]].isna().all()
    assert found.loc[0, "percent_complete"] == pytest.approx(100 * 3 / 18)


def test_who_is_not_evaluable_may_be_left_out() -> None:
    found = response_rate(GIVEN, leave_out=True)
    assert found["N"].tolist() == [17, 3, 0, 0]
    assert found["n"].tolist() == [8, 0, 0, 0]
    assert found.loc[0, "percent"] == pytest.approx(100 * 8 / 17)
    assert found.loc[0, "percent_complete"] == pytest.approx(100 * 3 / 17)
    assert found.loc[2, ["percent", "ci_low", "ci_high"]].isna().all()
    assert found["n_patients"].tolist() == [18, 3, 4, 0]


def test_level_and_method_are_used() -> None:
    wide = response_rate(GIVEN, 0.99).loc[0]
    narrow = response_rate(GIVEN, 0.90).loc[0]
    score = response_rate(GIVEN, 0.95, "wilson").loc[0]
    assert list(wide[["ci_low", "ci_high"]]) == pytest.approx([16.49465226, 75.26087123])
    assert list(narrow[["ci_low", "ci_high"]]) == pytest.approx([24.39612491, 65.94019352])
    assert list(score[["ci_low", "ci_high"]]) == pytest.approx([24.55951813, 66.28358436])
    with pytest.raises(ValueError, match="is not one of clopper-pearson, wilson"):
        response_rate(GIVEN, 0.95, "wald")


def test_given_rows_are_not_changed() -> None:
    before = GIVEN.copy()
    response_rate(GIVEN, leave_out=True)
    with_interval(GIVEN.assign(n=1, N=2), 0.95, "wilson")
    pd.testing.assert_frame_equal(GIVEN, before)


@pytest.mark.parametrize("method", METHODS)
def test_no_rows(method: str) -> None:
    assert response_rate(GIVEN.iloc[:0], 0.95, method).empty


def test_tiny_study(tiny: Study) -> None:
    found = response_rate(rows(tiny, "response_rate", group="cohort", definition="iwg2009"))
    assert found[["n", "N"]].to_numpy().tolist() == [[2, 4], [2, 5], [4, 9]]
    without = response_rate(
        rows(tiny, "response_rate", group="cohort", definition="iwg2009"), leave_out=True
    )
    assert without[["n", "N"]].to_numpy().tolist() == [[2, 3], [2, 5], [4, 8]]
