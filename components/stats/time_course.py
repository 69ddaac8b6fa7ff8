"""The time course of a laboratory parameter: which points are drawn, and with which interval.

Estimand: the distribution of the value among the patients who have one at that visit. Missing data:
nothing is imputed or carried forward; n counts the patients with a value at the visit.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from components.stats.mean_interval import t_interval

# With fewer patients than this a mean or a median describes nobody.
FEWEST = 3


@dataclass(frozen=True, eq=False)
class TimeCourse:
    """The points of a time course, in the unit of the value.

    points: a row per group and slot, with group_label, slot, visit, n_patients, mean, sd, median,
    q1, q3, minimum, maximum, ci_low, ci_high and drawn. sparse: points not drawn, by group.
    """

    points: pd.DataFrame
    sparse: dict[str, int]


def time_course(points: pd.DataFrame, level: float = 0.95) -> TimeCourse:
    """The t interval of each mean, and which points have the three patients that it takes to draw.

    Args:
        points: rows of the query `platelet_time_course`; they are not changed.
        level: the confidence level, from 0 to 1.

    Worked number: mean 30, sd 10, n 5 gives ci_low 17.583.
    """
    low, high = t_interval(
        points["mean"].to_numpy(float),
        points["sd"].to_numpy(float),
        points["n_patients"].to_numpy(float),
        level,
    )
    drawn = points["n_patients"] >= FEWEST
    sparse = points.loc[~drawn].groupby("group_label", sort=False).size()
    return TimeCourse(
        points.assign(ci_low=low, ci_high=high, drawn=drawn),
        {str(name): int(n) for name, n in sparse.items()},
    )
