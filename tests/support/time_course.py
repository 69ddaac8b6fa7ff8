"""What a time course should show, worked out from the Parquet rows in plain Python.

No query is used here; `Case` is a time course to be drawn, the marks below run a test on many.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from components.build import Built, build
from components.figures.platelet_time_course.options import TimeCourseOptions
from data.study import Study
from queries.catalogue import open_study
from queries.engine.selection import Selection
from tests.support import reference
from tests.support.reading import (
    NOTHING,
    hovers,
    named,
    select,
)
from tests.support.tiny import ADSL, BLEEDING, TOML, _record
from tests.support.writing import write_study

FEWEST = 3
STATISTICS, AXES, MEASURES = (
    ("individual", "median", "mean", "box"),
    ("visit", "day"),
    ("count", "change", "fold"),
)


SELECTIONS = {
    "embedded": (
        NOTHING,
        select(dose="2.0"),
        select(sex="F", age=(33, 46)),
        select(analysis_set="per-protocol", splenectomy="Y", phase="Dose escalation"),
    ),
    "tiny": (NOTHING, select(dose="1.0"), select(sex="F")),
}


@dataclass(frozen=True)
class Case:
    """A time course to be drawn."""

    study: Study
    selection: Selection
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def built(self) -> Built:
        return build(self.study, "platelet_time_course", self.selection, self.texts)

    def option(self, name: str) -> str:
        given = {
            "group": self.study.groupings[0].key,
            "parameter": self.study.parameter,
            "scale": self.study.value_axis,
            "window": str(self.study.window),
        }
        return self.texts.get(name) or given.get(name) or str(getattr(TimeCourseOptions(), name))


def cases(name: str) -> Iterator[tuple[str, Selection, dict[str, str]]]:
    """Every statistic, time and value, each with some grouping, layout, scale and selection."""
    groups = ("cohort", "dose", "phase", "all")
    for index, (statistic, axis, measure) in enumerate(product(STATISTICS, AXES, MEASURES)):
        texts = {
            "statistic": statistic,
            "axis": axis,
            "measure": measure,
            "group": groups[index % 4],
            "layout": ("panels", "overlay")[index // 2 % 2],
            "scale": ("log", "linear")[index // 3 % 2],
            "level": ("95", "90", "99")[index % 3],
        }
        chosen = SELECTIONS[name]
        yield name, chosen[index % len(chosen)], texts


ALL_CASES = [*cases("tiny"), *cases("embedded")]


def records(case: Case) -> list[dict[str, Any]]:
    """The observed values of the selected patients with group, value on the axis, and rescue."""
    patients = {row["USUBJID"]: row for row in reference.population(case.study, case.selection)}
    windows = reference.rescue_windows(case.study)
    found = []
    for row in reference.observed(case.study, case.option("parameter")):
        if row["USUBJID"] not in patients:
            continue
        base, value = row.get("BASE"), row["AVAL"]
        if case.option("measure") == "change":
            value = None if base is None else value - base
        elif case.option("measure") == "fold":
            value = None if not base else value / base
        spans = windows.get(row["USUBJID"], ())
        found.append(
            row
            | {
                "group": reference.group_of(
                    case.study, case.option("group"), patients[row["USUBJID"]]
                ),
                "value": value,
                "rescued": row["ADY"] is not None
                and any(first <= row["ADY"] <= last for first, last in spans),
            }
        )
    return found


def since_start(day: int) -> int:
    """Days since day 1; there is no day 0."""
    return day - 1 if day > 0 else day


def points(case: Case) -> dict[tuple[str, str, float], dict[str, Any]]:
    """The record that stands for each patient at each slot: (group, patient, slot) -> record."""
    found: dict[tuple[str, str, float], dict[str, Any]] = {}
    ranks: dict[tuple[str, str, float], tuple[float, ...]] = {}
    for row in records(case):
        if row["value"] is None:
            continue
        day = -math.inf if row["ADY"] is None else row["ADY"]
        visit = -math.inf if row["AVISITN"] is None else row["AVISITN"]
        if case.option("axis") == "visit":
            if not reference.is_scheduled(row):
                continue
            slot, rank = float(row["AVISITN"]), (0.0, day, visit, row["AVAL"])
        else:
            if row["ADY"] is None:
                continue
            days = since_start(row["ADY"])
            slot = float(math.floor(days / 7 + 0.5))
            rank = (-abs(days - 7 * slot), day, visit, row["AVAL"])
        key = row["group"], row["USUBJID"], slot
        if key not in ranks or rank > ranks[key]:
            found[key], ranks[key] = row, rank
    return found


def slots(case: Case) -> dict[str, dict[float, list[float]]]:
    """The values at each slot by group."""
    found: dict[str, dict[float, list[float]]] = {}
    for (group, _, slot), row in points(case).items():
        found.setdefault(group, {}).setdefault(slot, []).append(row["value"])
    return found


def shown(case: Case) -> list[str]:
    """The groups that have a selected patient, in the order of the study."""
    study, key = case.study, case.option("group")
    group = study.grouping(key)
    order: dict[str, Any] = {}
    for row in reference.population(study, case.selection):
        label = reference.group_of(study, key, row)
        order[label] = None if group is None else row[group.order]
    return sorted(order, key=lambda label: (order[label] is None, order[label] or 0, label))


def panels(case: Case) -> dict[str, list[str]]:
    """Name of each x axis in the layout -> the groups drawn on it."""
    groups = shown(case)
    if case.option("layout") == "overlay" or len(groups) == 1:
        return {"xaxis": groups}
    return {f"xaxis{index + 1 if index else ''}": [group] for index, group in enumerate(groups)}


def on_axis(case: Case, day: float) -> float:
    """Where a study day lies on the time axis."""
    if case.option("axis") == "day" and case.option("statistic") == "individual":
        return day
    return since_start(int(day)) / 7


def _of(statistics: set[str]) -> list[Any]:
    return [
        pytest.param(found, id=f"{found[0]}-{'-'.join(found[2].values())}")
        for found in ALL_CASES
        if found[2]["statistic"] in statistics
    ]


INDIVIDUAL = pytest.mark.parametrize("case", _of({"individual"}), indirect=True)
CURVES = pytest.mark.parametrize("case", _of({"median", "mean"}), indirect=True)
BOXES = pytest.mark.parametrize("case", _of({"box"}), indirect=True)
SUMMARIES = pytest.mark.parametrize("case", _of({"median", "mean", "box"}), indirect=True)
EVERY = pytest.mark.parametrize("case", _of(set(STATISTICS)), indirect=True)


def lines_of(case: Case, group: str) -> list[tuple[str, float, float, str, list[str]]]:
    """The points of a group's individual lines: patient, x, y, fill, what the hover says."""
    (trace,) = named(case.built.figure, group)
    said = hovers(trace)
    return [
        (text.split("\n")[0], float(x), float(y), fill, text.split("\n"))
        for x, y, fill, text in zip(trace.x, trace.y, trace.marker.color, said, strict=True)
        if x is not None
    ]


def expected_lines(case: Case) -> list[dict[str, Any]]:
    """The records that individual lines go through, with their place on the time axis."""
    if case.option("axis") == "visit":
        return [row | {"x": slot} for (_, _, slot), row in points(case).items()]
    return [
        row | {"x": float(row["ADY"])}
        for row in records(case)
        if row["value"] is not None and row["ADY"] is not None
    ]


def values_of(case: Case, group: str) -> Any:
    """The trace that carries the values of a group's curve."""
    (trace,) = [trace for trace in named(case.built.figure, group) if trace.hovertemplate]
    return trace


def crowd(folder: Path, number: int) -> Study:
    """A study of many patients, one count each after the baseline."""
    patients = [f"C-{index:04}" for index in range(number)]
    adsl = [ADSL[0] | {"USUBJID": patient} for patient in patients]
    adlb = [
        _record(1, week, day, 10 + week, USUBJID=patient)
        for patient in patients
        for week, day in ((0, 1), (1, 8))
    ]
    adcm = [{"USUBJID": patients[0], "CMSEQ": 1, "CMDECOD": "IVIG", "RESCFL": "Y", "ASTDY": 5}]
    return open_study(
        write_study(folder, TOML, {"adsl": adsl, "adlb": [*adlb, *BLEEDING], "adcm": adcm})
    )
