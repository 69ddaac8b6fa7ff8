"""Intervals for proportions, by method, of many at once.

Estimand: the probability that a patient of the population has the outcome. Assumption: patients are
independent. Missing data: whoever is in the denominator has an outcome; who is in it is decided by
the caller and stated under the figure.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from statsmodels.stats.proportion import proportion_confint

Numbers = npt.NDArray[np.float64]

METHODS = {"clopper-pearson": "Clopper-Pearson (exact)", "wilson": "Wilson score"}
# What statsmodels calls them.
_STATSMODELS = {"clopper-pearson": "beta", "wilson": "wilson"}


def intervals(
    n: Numbers, total: Numbers, level: float = 0.95, method: str = "clopper-pearson"
) -> tuple[Numbers, Numbers]:
    """Lower and upper ends as proportions from 0 to 1, element by element; NaN where total is 0.

    "clopper-pearson": the exact interval of Clopper and Pearson (Biometrika 1934;26:404). Worked
    number: 8 of 18 at 0.95 gives 0.2153 to 0.6924. "wilson": the score interval of Wilson
    (J Am Stat Assoc 1927;22:209) without continuity correction. Worked number: 8 of 18 at 0.95
    gives 0.2456 to 0.6628.

    Raises:
        ValueError: unknown method, n outside 0..total, or a level outside 0..1.
    """
    if method not in METHODS:
        raise ValueError(f"method {method!r} is not one of {', '.join(METHODS)}")
    if not 0 < level < 1:
        raise ValueError(f"level = {level} is not between 0 and 1")
    if ((n < 0) | (n > total)).any():
        raise ValueError("n is not from 0 to its total")
    some = total > 0
    low, high = np.full(n.shape, np.nan), np.full(n.shape, np.nan)
    if some.any():
        low[some], high[some] = proportion_confint(
            n[some], total[some], alpha=1 - level, method=_STATSMODELS[method]
        )
    # The ends of none and of all are exact; statsmodels leaves a rounding error of 1e-17 there.
    low[some & (n == 0)], high[some & (n == total)] = 0.0, 1.0
    return low, high
