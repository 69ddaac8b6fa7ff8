"""The t interval for a mean.

Estimand: the mean of the population at a visit. Assumption: the mean of n values is close to
normal. Missing data: n counts the patients who have a value; nobody else is in it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import t

Numbers = npt.NDArray[np.float64]


def t_interval(
    mean: Numbers, sd: Numbers, n: Numbers, level: float = 0.95
) -> tuple[Numbers, Numbers]:
    """Lower and upper ends of mean ± t(n-1) · sd / √n, element by element; NaN where n < 2.

    Worked number: mean 30, sd 10, n 5 at 0.95 gives 17.583 to 42.417 (t = 2.776).
    """
    some = n >= 2
    half = np.full(mean.shape, np.nan)
    # Not t.interval: it has no answer where all values are equal (sd 0).
    half[some] = t.ppf((1 + level) / 2, n[some] - 1) * sd[some] / np.sqrt(n[some])
    return mean - half, mean + half
