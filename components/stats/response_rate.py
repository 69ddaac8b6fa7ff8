"""Response rates with their intervals.

Estimand: the proportion of responders among the selected patients. Missing data: patients who
are not evaluable count as non-responders, or in neither numerator nor denominator (`leave_out`).
"""

from __future__ import annotations

import pandas as pd

from components.stats.proportion import ends


def percent(n: pd.Series[int], total: pd.Series[int]) -> pd.Series[float]:
    """100 n / total; NaN where total is 0."""
    return 100 * n / total.where(total > 0)


def with_interval(frame: pd.DataFrame, level: float, method: str) -> pd.DataFrame:
    """A frame with `n` and `N`, and with percent, ci_low and ci_high (percent) added to it.

    Worked number: n 8, N 18 at 0.95, Clopper-Pearson: 44.4, 21.5 to 69.2.
    """
    found = frame.copy()
    found["percent"] = percent(found["n"], found["N"])
    low, high = ends(found["n"].to_numpy(float), found["N"].to_numpy(float), level, method)
    found["ci_low"], found["ci_high"] = 100 * low, 100 * high
    return found


def response_rate(
    rows: pd.DataFrame,
    level: float = 0.95,
    method: str = "clopper-pearson",
    *,
    leave_out: bool = False,
) -> pd.DataFrame:
    """Rows of `response_rate.sql`, and n, N, percent, ci_low, ci_high and percent_complete."""
    found = rows.copy()
    found["N"] = found["n_evaluable"] if leave_out else found["n_patients"]
    found["n"] = found["n_responders"]
    found = with_interval(found, level, method)
    found["percent_complete"] = percent(found["n_complete"], found["N"])
    return found
