"""The data table of the time course."""

from __future__ import annotations

import pandas as pd

from components.figures.platelet_time_course.placed import PlacedRows

STATISTICS = ("mean", "sd", "ci_low", "ci_high", "median", "q1", "q3", "minimum", "maximum")


def data_table(placed: PlacedRows) -> pd.DataFrame:
    """A row per group and visit or week, or per record where patients have lines."""
    return _points(placed) if placed.lines is None else _records(placed.lines)


def _records(lines: pd.DataFrame) -> pd.DataFrame:
    columns = ["group_label", "USUBJID", "AVISIT", "ADY", "AVAL", "AVALC", "BASE"]
    return (
        lines[columns]
        .rename(columns={"group_label": "group"})
        .assign(
            change=lines["AVAL"] - lines["BASE"],
            fold=lines["AVAL"] / lines["BASE"].where(lines["BASE"] != 0),
            after_rescue=lines["after_rescue"],
        )
    )


def _points(placed: PlacedRows) -> pd.DataFrame:
    points = placed.course.points
    sizes = {group.label: group.n for group in placed.population.groups}
    return pd.DataFrame(
        {
            "group": points["group_label"],
            "AVISITN" if placed.options.axis == "visit" else "week": points["slot"],
            "AVISIT": points["visit"],
            "n": points["n_patients"],
            "N": points["group_label"].map(sizes),
            **{name: points[name] for name in STATISTICS},
            "drawn": points["drawn"],
        }
    )
