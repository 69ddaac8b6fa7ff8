"""What is said about the time course: subtitle, method, notes, text alternative, table twin."""

from __future__ import annotations

import pandas as pd

from components.figure import Level
from components.figures.platelet_time_course_scene import (
    MOST_LINES,
    Scene,
    has_references,
    statistic_words,
)
from components.stats.time_course import FEWEST
from components.wording import count_text, number_text, unit_text

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
    unit = f", {unit_text(scene.unit)}" if scene.unit else ""
    return statistic_words(scene) + unit


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
            noun = "visit" if options.axis == "visit" else "week"
            groups = ", ".join(
                f"{name} ({count_text(n, noun)})" for name, n in scene.course.sparse.items()
            )
            notes.append(f"No summary is drawn through fewer than {FEWEST} patients: {groups}.")
    if options.scale == "log" and not scene.log:
        notes.append("The axis is linear: these values are not all above zero.")
    below = scene.course.points["ci_low"].where(scene.course.points["drawn"]) <= 0
    if scene.log and scene.lines is None and options.statistic == "mean" and below.any():
        notes.append("Intervals that reach zero or below leave the log axis at its lower edge.")
    notes += left_out(scene, records)
    baseline = f" Baseline: {study.baseline_rule}." if study.baseline_rule else ""
    on_axis = scene.calendar.kind != "order"
    infusions = f"Grey lines: {study.given_as}s. " if scene.infusions and on_axis else ""
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


def left_out(scene: Scene, records: pd.Series) -> tuple[str, ...]:
    """How many records are not drawn, by reason; nothing where all are."""
    found = [
        f"{int(records[name])} {reason}"
        for name, reason in LEFT_OUT.items()
        # By study day every record is drawn on its own day.
        if int(records[name]) and not (name == "n_beside" and scene.calendar.kind == "day")
    ]
    return (f"Records left out, of {int(records.n_records)}: {', '.join(found)}.",) if found else ()


def alternative(scene: Scene) -> str:
    """The figure in words: for each group what is drawn of it, its highest point and its last."""
    said = [
        f"{level.label}, {count_text(level.n, 'patient')}: "
        + (_spread(scene, level) if scene.lines is not None else _course(scene, level))
        for level in scene.frame.shown
    ]
    return f"{scene.name} over time, {statistic_words(scene).lower()}. " + "; ".join(said) + "."


def _spread(scene: Scene, level: Level) -> str:
    """The lowest and the highest value of a group's lines after treatment began."""
    assert scene.lines is not None
    own = scene.lines[(scene.lines["group_label"] == level.label) & (scene.lines["slot"] > 0)]
    if own.empty:
        return "no value after treatment began"
    best = own.iloc[int(own["point_value"].to_numpy().argmax())]
    return (
        f"values from {number_text(own['point_value'].min())} to "
        f"{number_text(best['point_value'])} ({best['AVISIT']}) after treatment began"
    )


def _course(scene: Scene, level: Level) -> str:
    """The highest and the last point of a group's curve after treatment began."""
    points = scene.course.points
    own = points[(points["group_label"] == level.label) & (points["slot"] > 0) & points["drawn"]]
    if own.empty:
        return f"no visit with {FEWEST} patients after treatment began"
    name = "mean" if scene.options.statistic == "mean" else "median"
    best, last = own.iloc[int(own[name].to_numpy().argmax())], own.iloc[-1]
    return (
        f"highest {name} {number_text(best[name])} at {best['visit']}, "
        f"last {name} {number_text(last[name])} at {last['visit']} "
        f"(n = {int(last['n_patients'])})"
    )


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
                "fold": lines["AVAL"] / lines["BASE"].where(lines["BASE"] != 0),
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
