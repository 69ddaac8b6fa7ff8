"""Intervals for a proportion.

Estimand: the probability that a patient of the population has the outcome. Assumption: patients are
independent. Missing data: whoever is in the denominator has an outcome; who is in it is decided by
the caller and stated under the figure.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import beta, binomtest, norm

Numbers = npt.NDArray[np.float64]

METHODS = {"clopper-pearson": "Clopper-Pearson (exact)", "wilson": "Wilson score"}


class Interval(NamedTuple):
    """Lower and upper end, as proportions from 0 to 1."""

    low: float
    high: float


def interval(
    n: int, total: int, level: float = 0.95, method: str = "clopper-pearson"
) -> Interval | None:
    """The interval of that method for n of total; None where there is nobody.

    Raises:
        ValueError: unknown method, n outside 0..total, or a level outside 0..1.
    """
    if method not in METHODS:
        raise ValueError(f"method {method!r} is none of {', '.join(METHODS)}")
    if not 0 <= n <= total:
        raise ValueError(f"n = {n} is not from 0 to {total}")
    if not 0 < level < 1:
        raise ValueError(f"level = {level} is not between 0 and 1")
    if total == 0:
        return None
    test = binomtest(n, total)
    if method == "wilson":
        found = test.proportion_ci(confidence_level=level, method="wilson")
    else:
        found = test.proportion_ci(confidence_level=level, method="exact")
    return Interval(float(found.low), float(found.high))


def clopper_pearson(n: int, total: int, level: float = 0.95) -> Interval | None:
    """The exact interval of Clopper and Pearson (Biometrika 1934;26:404).

    Worked number: 8 of 18 at 0.95 gives 0.2153 to 0.6924.
    """
    return interval(n, total, level, "clopper-pearson")


def wilson(n: int, total: int, level: float = 0.95) -> Interval | None:
    """The score interval of Wilson (J Am Stat Assoc 1927;22:209), without continuity correction.

    Worked number: 8 of 18 at 0.95 gives 0.2456 to 0.6628.
    """
    return interval(n, total, level, "wilson")


def ends(
    n: Numbers, total: Numbers, level: float = 0.95, method: str = "clopper-pearson"
) -> tuple[Numbers, Numbers]:
    """Lower and upper ends for many proportions at once; NaN where there is nobody.

    The same intervals as `interval`, by the beta and the normal distribution: a table of adverse
    events has thousands of them. Worked number: as for `clopper_pearson` and `wilson`.

    Raises:
        ValueError: unknown method.
    """
    if method not in METHODS:
        raise ValueError(f"method {method!r} is none of {', '.join(METHODS)}")
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        if method == "wilson":
            z = norm.ppf(1 - tail)
            rate = n / total
            middle = (rate + z**2 / (2 * total)) / (1 + z**2 / total)
            half = (
                z / (1 + z**2 / total) * np.sqrt(rate * (1 - rate) / total + z**2 / (4 * total**2))
            )
            low, high = middle - half, middle + half
        else:
            low = np.asarray(beta.ppf(tail, n, total - n + 1))
            high = np.asarray(beta.ppf(1 - tail, n + 1, total - n))
        low, high = np.where(n == 0, 0.0, low), np.where(n == total, 1.0, high)
    nobody = total == 0
    return np.where(nobody, np.nan, low), np.where(nobody, np.nan, high)
