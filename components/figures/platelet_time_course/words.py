"""The time course in words: title, subtitle, method, notes, text alternative."""

from __future__ import annotations

from components.drawing.value_axis import REFERENCE_LINES
from components.figures.platelet_time_course.options import (
    MEASURES,
    asks_for_log,
    baseline_type,
    time_point,
)
from components.figures.platelet_time_course.placed import MOST_LINES, PlacedRows
from components.options.shared import NO_TYPE
from components.population import Group
from components.stats.time_course import FEWEST
from components.wording import (
    count_text,
    number_text,
    unit_text,
    with_unit,
    within_sentence,
)

# Why records are left out, in the order in which the reasons are looked at.
LEFT_OUT = {
    "n_missing": "without a value",
    "n_other_baseline": "of another kind of baseline (BASETYPE)",
    "n_other_time": "of another time of the day (ATPT)",
    "n_beyond_limit": "beyond a limit of quantification",
    "n_derived": "derived (DTYPE)",
    "n_repeats": "that repeat an earlier visit of the same day",
    "n_unflagged": "without ANL01FL = Y",
    "n_unscheduled": "unscheduled",
    "n_without_baseline": "without a baseline",
    "n_beside": "superseded by another of the same visit or week",
}


def title(placed: PlacedRows) -> str:
    """What is drawn; a count is one of platelets, other parameters have values."""
    if placed.options.measure == "count" and not placed.is_of_platelets:
        return f"{placed.name} over time"
    return f"{placed.name}: {MEASURES[placed.options.measure].lower()} over time"


def subtitle(placed: PlacedRows) -> str:
    """The line under the title: the statistic and the unit of the values."""
    unit = f", {unit_text(placed.value_unit)}" if placed.value_unit else ""
    return statistic(placed) + unit


def statistic(placed: PlacedRows) -> str:
    """What a line, point or box of the figure stands for."""
    return {
        "individual": "One line per patient",
        "median": "Median and interquartile range",
        "mean": f"Mean and {placed.options.level}% t interval",
        "box": "Box: quartiles and median; whiskers: minimum and maximum",
    }[placed.statistic]


def method(placed: PlacedRows) -> str:
    """How the drawn statistic is computed."""
    return {
        "individual": "Values as recorded, one line per patient; nothing is carried forward.",
        "median": "Median and quartiles by linear interpolation (type 7).",
        "mean": f"Mean ± t(n−1) × SD / √n, {placed.options.level}%; "
        "n counts the patients with a value.",
        "box": "Quartiles by linear interpolation (type 7); "
        "whiskers reach the minimum and the maximum.",
    }[placed.statistic]


def value_title(placed: PlacedRows) -> str:
    """What the value axis measures, with its unit."""
    named = {
        "count": placed.name,
        "change": f"Change in {within_sentence(placed.name)}",
        "fold": f"Fold change in {within_sentence(placed.name)}",
    }[placed.options.measure]
    return with_unit(named, placed.value_unit)


def nothing(placed: PlacedRows) -> str:
    """Why there is nothing to draw; empty where there is something."""
    if placed.lines is not None:
        return "None of these patients has a value to draw." if placed.lines.empty else ""
    if placed.course.points["drawn"].any():
        return ""
    grouping = placed.population.grouping
    group = f" of one {grouping.label.lower()}" if grouping else ""
    return (
        f"No visit has {FEWEST} patients or more{group}, so there is nothing to summarise. "
        "Show every patient instead."
    )


def notes(placed: PlacedRows) -> tuple[str, ...]:
    """The notes below the figure."""
    lines = [
        *_summary_notes(placed),
        *_axis_notes(placed),
        *left_out(placed),
        *_records_notes(placed),
        _marks(placed),
    ]
    return tuple(line for line in lines if line)


def _summary_notes(placed: PlacedRows) -> list[str]:
    """How the summary is made, and where there are too few patients for one."""
    if placed.statistic == "individual":
        return []
    lines = []
    if placed.options.statistic == "individual":
        lines.append(f"More than {MOST_LINES} patients: summarised instead of one line each.")
    rescue = "" if placed.rescue.empty else " Values after rescue are included."
    lines.append(
        f"{method(placed)} Missing values are not imputed.{rescue} "
        "Numbers under the axis: patients with a value."
    )
    if placed.course.sparse:
        noun = "visit" if placed.options.axis == "visit" else "week"
        groups = ", ".join(
            f"{name} ({count_text(n, noun)})" for name, n in placed.course.sparse.items()
        )
        lines.append(
            f"No summary is drawn where fewer than {FEWEST} patients have a value: {groups}."
        )
    return lines


def _axis_notes(placed: PlacedRows) -> list[str]:
    """Where the scale is not what was asked for, or does not hold all that is drawn."""
    if asks_for_log(placed.options, placed.population.study) and not placed.is_log:
        return ["The axis is linear: not all values are above zero."]
    points = placed.course.points
    below = points["ci_low"].where(points["drawn"]) <= 0
    if placed.is_log and placed.statistic == "mean" and below.any():
        return ["Intervals that reach zero or below are cut off at the lower edge of the log axis."]
    return []


def left_out(placed: PlacedRows) -> tuple[str, ...]:
    """How many records are not drawn, by reason; nothing where all are."""
    # By study day every record is drawn on its own day.
    reasons = {
        name: reason
        for name, reason in LEFT_OUT.items()
        if not (name == "n_beside" and placed.calendar.kind == "day")
    }
    parts = [
        f"{int(placed.records[name])} {reason}"
        for name, reason in reasons.items()
        if int(placed.records[name])
    ]
    if not parts:
        return ()
    return (f"Records left out, of {int(placed.records['n_records'])}: {', '.join(parts)}.",)


def _records_notes(placed: PlacedRows) -> list[str]:
    """Which record stands for several, which kind of baseline, and values beyond a limit."""
    options, study = placed.options, placed.population.study
    lines = [_limits(placed)]
    if (kind := baseline_type(options, study)) is not None:
        kinds = dict(study.baseline_types)[options.parameter or study.parameter]
        others = ", ".join(other or NO_TYPE for other in kinds if other != kind)
        lines.append(f"Kind of baseline (BASETYPE): {kind or NO_TYPE}; not {others}.")
    if (time := time_point(options)) is not None:
        lines.append(f"Time of day (ATPT): {time}, and records without one.")
    if placed.calendar.kind != "day" and int(placed.records["n_beside"]):
        first = (
            "Of several records of a visit, the last day is used"
            if options.axis == "visit"
            else "Of several records of a week or window, the one nearest to its middle is used"
        )
        lines.append(
            f"{first}; of several on that day, that of the highest AVISITN, then the earliest "
            "ATPTN, then the highest value."
        )
    return lines


def _limits(placed: PlacedRows) -> str:
    """How many values are beyond a limit of quantification, and where they are drawn."""
    below, above = (int(placed.records[f"n_{side}_limit"]) for side in ("below", "above"))
    parts = [f"{n} {side}" for n, side in ((below, "below"), (above, "above")) if n]
    if not parts:
        return ""
    where = "at the limit"
    if placed.options.limits == "half" and below:
        where = "at half the limit" if not above else "at half the lower and at the upper limit"
    return f"Values beyond a limit of quantification: {' and '.join(parts)}, drawn {where}."


def _marks(placed: PlacedRows) -> str:
    """What the lines and crosses stand for, and how baseline is defined."""
    study, has_days = placed.population.study, placed.calendar.has_days
    parts = []
    if placed.references:
        values = ", ".join(f"{value:g}" for value in placed.references)
        parts.append(f"{REFERENCE_LINES}: {values}.")
    if has_days and not placed.infusions.empty:
        parts.append(f"Grey lines: {study.given_as}s.")
    if has_days and placed.statistic == "individual" and not placed.rescue.empty:
        parts.append(
            "Cross: rescue therapy begins; "
            f"hollow counts: within {study.rescue_days} days after it."
        )
    if study.baseline_rule:
        parts.append(f"Baseline: {study.baseline_rule}.")
    return " ".join(parts)


def alternative(placed: PlacedRows) -> str:
    """The figure in words: for each group what is drawn of it, its highest point and its last."""
    group_words = _lines_words if placed.statistic == "individual" else _course_words
    groups = [
        f"{group.label}, {count_text(group.n, 'patient')}: {group_words(placed, group)}"
        for group in placed.population.shown
    ]
    return f"{placed.name} over time, {statistic(placed).lower()}. {'; '.join(groups)}."


def _lines_words(placed: PlacedRows, group: Group) -> str:
    """The lowest and the highest value of a group's lines after treatment began."""
    assert placed.lines is not None
    rows = placed.lines
    rows = rows[(rows["group_label"] == group.label) & (rows["slot"] > 0)]
    if rows.empty:
        return "no value after treatment began"
    best = rows.iloc[int(rows["point_value"].to_numpy().argmax())]
    return (
        f"values from {number_text(rows['point_value'].min())} to "
        f"{number_text(best['point_value'])} ({best['AVISIT']}) after treatment began"
    )


def _course_words(placed: PlacedRows, group: Group) -> str:
    """The highest and the last point of a group's curve after treatment began."""
    rows = placed.course.points
    rows = rows[(rows["group_label"] == group.label) & (rows["slot"] > 0) & rows["drawn"]]
    if rows.empty:
        return f"no visit with {FEWEST} patients after treatment began"
    name = "mean" if placed.statistic == "mean" else "median"
    best, last = rows.iloc[int(rows[name].to_numpy().argmax())], rows.iloc[-1]
    return (
        f"highest {name} {number_text(best[name])} at {best['visit']}, "
        f"last {name} {number_text(last[name])} at {last['visit']} "
        f"(n = {int(last['n_patients'])})"
    )
