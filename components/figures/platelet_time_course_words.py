"""What is said about the time course: subtitle, method, notes, text alternative, table twin."""

from __future__ import annotations

import pandas as pd

from components.escape import count_text, unit_text
from components.figures.platelet_time_course_scene import (
    MOST_LINES,
    Scene,
    has_references,
    statistic_words,
)
from components.stats.time_course import FEWEST

# Why records are left out, in the order in which the reasons are looked at.
LEFT_OUT = {
    "n_missing": "without a value",
    "n_derived": "derived (DTYPE)",
    "n_repeats": "that repeat an earlier visit of the same day",
    "n_unflagged": "without ANL01FL = Y",
    "n_unscheduled": "unscheduled",
    "n_without_baseline": "without a baseline",
    "n_beside": "beside another of the same visit or week",
}


def subtitle(scene: Scene) -> str:
    """The line under the title: the statistic and the unit of the values."""
    return f"{statistic_words(scene)}, {unit_text(scene.unit)}"


def method(scene: Scene) -> str:
    """How the drawn statistic is computed."""
    if scene.lines is not None:
        return "Values as recorded, one line per patient; nothing is carried forward."
    return {
        "mean": f"Mean ± t(n−1) × SD / √n, {scene.options.level}%; "
        "n counts the patients with a value.",
        "box": "Quartiles by linear interpolation (type 7); "
        "whiskers reach the minimum and the maximum.",
    }.get(scene.options.statistic, "Median and quartiles by linear interpolation (type 7).")


def notes(scene: Scene, records: pd.Series) -> tuple[str, ...]:
    """The notes below the figure; `records` counts all records and those left out, by reason."""
    study, options = scene.frame.study, scene.options
    notes = []
    if scene.lines is None and options.statistic == "individual":
        notes.append(f"More than {MOST_LINES} patients: summarised instead of one line each.")
    if scene.lines is None:
        notes.append(
            method(scene)
            + " Missing values are not replaced."
            + ("" if scene.rescue.empty else " Values after rescue are included.")
            + " Numbers under the axis: patients with a value."
        )
        if scene.course.sparse:
            groups = ", ".join(
                f"{name} ({count_text(n, 'visit')})" for name, n in scene.course.sparse.items()
            )
            notes.append(f"No summary is drawn through fewer than {FEWEST} patients: {groups}.")
    if options.scale == "log" and not scene.log:
        notes.append("The axis is linear: these values are not all above zero.")
    below = scene.course.points["ci_low"].where(scene.course.points["drawn"]) <= 0
    if scene.log and scene.lines is None and options.statistic == "mean" and below.any():
        notes.append("Intervals that reach zero or below leave the log axis at its lower edge.")
    kept = []
    for name, reason in LEFT_OUT.items():
        if name == "n_beside" and scene.calendar.kind == "day":
            continue  # every record is drawn on its own day
        if n := int(records[name]):
            kept.append(f"{n} {reason}")
    if kept:
        notes.append(f"Records left out, of {int(records.n_records)}: {', '.join(kept)}.")
    baseline = f" Baseline: {study.baseline_rule}." if study.baseline_rule else ""
    on_axis = scene.calendar.kind != "order"
    infusions = "Grey lines: infusions. " if scene.infusions and on_axis else ""
    rescue = (
        f"Cross: rescue therapy begins; hollow counts: within {study.rescue_days} days after it. "
        if scene.lines is not None and on_axis and not scene.rescue.empty
        else ""
    )
    references = (
        f"Dotted lines: {', '.join(f'{value:g}' for value in study.reference_lines)}. "
        if has_references(scene)
        else ""
    )
    notes.append(f"{references}{infusions}{rescue}{baseline}".replace("  ", " ").strip())
    return tuple(note for note in notes if note)


def alternative(scene: Scene) -> str:
    """The figure in words: each group's highest and last median."""
    points = scene.course.points
    said = []
    for level in scene.frame.shown:
        own = points[(points["group_label"] == level.label) & (points["slot"] > 0)]
        if own.empty:
            continue
        best, last = own.iloc[int(own["median"].to_numpy().argmax())], own.iloc[-1]
        said.append(
            f"{level.label}, {level.n} patients: highest median {best['median']:.0f} "
            f"at {best['visit']}, "
            f"last median {last['median']:.0f} at {last['visit']} (n = {int(last['n_patients'])})"
        )
    return f"{scene.name} over time, {statistic_words(scene).lower()}. " + "; ".join(said) + "."


def twin(scene: Scene) -> pd.DataFrame:
    """The table: a row per group and visit or week, or per record where patients have lines."""
    sizes = {level.label: level.n for level in scene.frame.levels}
    if scene.lines is not None:
        lines = scene.lines
        return pd.DataFrame(
            {
                "group": lines["group_label"],
                "USUBJID": lines["USUBJID"],
                "AVISIT": lines["AVISIT"],
                "ADY": lines["ADY"],
                "AVAL": lines["AVAL"],
                "AVALC": lines["AVALC"],
                "BASE": lines["BASE"],
                "change": lines["AVAL"] - lines["BASE"],
                "after_rescue": lines["after_rescue"],
            }
        )
    points = scene.course.points
    table = pd.DataFrame(
        {
            "group": points["group_label"],
            "AVISITN" if scene.options.axis == "visit" else "week": points["slot"],
            "AVISIT": points["visit"],
            "n": points["n_patients"],
            "N": points["group_label"].map(sizes),
        }
    )
    for name in (
        "mean",
        "sd",
        "ci_low",
        "ci_high",
        "median",
        "q1",
        "q3",
        "minimum",
        "maximum",
        "drawn",
    ):
        table[name] = points[name]
    return table
