"""The same numbers a second time: plain Python over the Parquet files, written from the words.

Nothing here reads a query file. A patient's counts are a list of `Count`; every response definition
is a function of that list, written from the sentence that stands under the figures.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

import pyarrow.parquet as pq

from data.study import ResponseRule, Study
from queries.engine.selection import Selection
from tests.support.response import Count, Response

MISSING = "(missing)"


@lru_cache(maxsize=64)
def rows(study: Study, dataset: str) -> list[dict[str, Any]]:
    """The rows of a dataset, not to be changed; none where the study has no such file."""
    file = study.path(dataset)
    return [] if file is None else pq.read_table(file).to_pylist()


def text(value: Any) -> str:
    """The text by which a filter knows a value: "2.0", "F", "(missing)"."""
    return MISSING if value is None else str(value)


def analysed(study: Study, selection: Selection) -> list[dict[str, Any]]:
    """The patients of the analysis set, whatever the filters are."""
    flag = study.analysis_set(selection.analysis_set).variable
    return [row for row in rows(study, "adsl") if row.get(flag) == "Y"]


def passes(study: Study, selection: Selection, patient: dict[str, Any], key: str) -> bool:
    """Whether one filter lets a patient through."""
    item = next(item for item in study.filters if item.key == key)
    value = patient.get(item.variable)
    if item.kind == "range":
        span = selection.span(key)
        return span is None or (value is not None and span[0] <= value <= span[1])
    chosen = selection.chosen(key)
    return not chosen or text(value) in chosen


def population(study: Study, selection: Selection) -> list[dict[str, Any]]:
    """The selected patients."""
    keys = [item.key for item in study.filters]
    return [
        patient
        for patient in analysed(study, selection)
        if all(passes(study, selection, patient, key) for key in keys)
    ]


def group_of(study: Study, key: str, patient: dict[str, Any]) -> str:
    """The group of a patient under a grouping."""
    group = study.grouping(key)
    return "All patients" if group is None else text(patient.get(group.variable))


def group_sizes(study: Study, selection: Selection, key: str) -> dict[str, int]:
    """Selected patients by group."""
    found: dict[str, int] = {}
    for patient in population(study, selection):
        label = group_of(study, key, patient)
        found[label] = found.get(label, 0) + 1
    return found


def groups(study: Study, selection: Selection, key: str) -> dict[str, str]:
    """The group of every selected patient."""
    return {
        patient["USUBJID"]: group_of(study, key, patient)
        for patient in population(study, selection)
    }


# --- platelets and response ------------------------------------------------------------------


def rescue_windows(study: Study) -> dict[str, list[tuple[float, float]]]:
    """First and last day that do not count, by patient; a therapy without an end goes on."""
    found: dict[str, list[tuple[float, float]]] = {}
    for row in rows(study, "adcm"):
        if row.get("RESCFL") == "Y" and row.get("ASTDY") is not None:
            end = row.get("AENDY")
            last = math.inf if end is None else end + study.rescue_days
            found.setdefault(row["USUBJID"], []).append((row["ASTDY"], last))
    return found


def observed(study: Study, parameter: str) -> list[dict[str, Any]]:
    """The records of a parameter that hold an observed value, each once.

    The same value of the same day at a later visit again is the same measurement.
    """
    found = []
    earlier: dict[tuple[Any, ...], float] = {}
    records = [
        row
        for row in rows(study, "adlb")
        if row["PARAMCD"] == parameter and row["AVAL"] is not None and not row.get("DTYPE")
    ]
    for row in sorted(
        records, key=lambda row: math.inf if row["AVISITN"] is None else row["AVISITN"]
    ):
        same = row["USUBJID"], row["ADY"], row["AVAL"]
        if None in (row["AVISITN"], row["ADY"]):
            found.append(row)
        elif same not in earlier:
            earlier[same] = row["AVISITN"]
            found.append(row)
    return found


def is_scheduled(record: dict[str, Any]) -> bool:
    """Whether a record is from a scheduled visit."""
    named = str(record.get("AVISIT") or "").lower()
    return record["AVISITN"] is not None and not named.startswith("unscheduled")


def counts(study: Study) -> dict[str, list[Count]]:
    """The counts by which response is assessed, by patient."""
    rule = study.response
    assert rule is not None
    bled = {
        (row["USUBJID"], row["ADY"])
        for row in rows(study, "adlb")
        if row["PARAMCD"] == rule.bleeding and row["AVAL"] is not None and row["AVAL"] > 0
    }
    windows = rescue_windows(study)
    found: dict[str, list[Count]] = {}
    for row in observed(study, study.parameter):
        day, patient = row["ADY"], row["USUBJID"]
        if day is None or not rule.first_day <= day <= rule.last_day:
            continue
        found.setdefault(patient, []).append(
            Count(
                day=int(day),
                value=row["AVAL"],
                base=row.get("BASE"),
                visit=row["AVISITN"],
                scheduled=is_scheduled(row),
                rescued=any(first <= day <= last for first, last in windows.get(patient, ())),
                bleeding=(patient, day) in bled,
            )
        )
    return found


@cache
def definition(key: str) -> Callable[[list[Count], ResponseRule], Response]:
    """A response definition a second time: that of its tests."""
    found: Callable[[list[Count], ResponseRule], Response] = import_module(
        f"tests.queries.definitions.{key}"
    ).response
    return found


def responses(study: Study, key: str, selection: Selection) -> dict[str, Response]:
    """What a definition says of each selected patient."""
    assert study.response is not None
    found = counts(study)
    return {
        patient["USUBJID"]: definition(key)(found.get(patient["USUBJID"], []), study.response)
        for patient in population(study, selection)
    }


# --- adverse events --------------------------------------------------------------------------


SEVERITIES = ("MILD", "MODERATE", "SEVERE", "LIFE THREATENING", "FATAL")


@dataclass(frozen=True)
class EventFilter:
    """The event filters, as the query files name them."""

    min_grade: int = 0
    only_emergent: bool = False
    only_serious: bool = False
    only_related: bool = False
    search: str = ""
    onset_from: int = 0
    onset_to: int = 0


def events(study: Study, selection: Selection, chosen: EventFilter) -> list[dict[str, Any]]:
    """The adverse events of the selected patients that pass the event filters."""
    selected = {patient["USUBJID"] for patient in population(study, selection)}
    found = []
    for row in rows(study, "adae"):
        grade, day, sought = row.get("AETOXGR"), row.get("ASTDY"), chosen.search.lower()
        if study.scale == "severity":
            severity = str(row.get("AESEV")).upper()
            grade = SEVERITIES.index(severity) + 1 if severity in SEVERITIES else None
        week = None if day is None else math.ceil(day / 7)
        named = [str(row.get(name) or "").lower() for name in ("AEDECOD", "AEBODSYS")]
        if (
            row["USUBJID"] in selected
            and (not chosen.only_emergent or row.get("TRTEMFL") == "Y")
            and (not chosen.only_serious or row.get("AESER") == "Y")
            and (not chosen.only_related or row.get("AEREL") in study.related)
            and (not chosen.min_grade or (grade is not None and grade >= chosen.min_grade))
            and (not chosen.onset_from or (week is not None and week >= chosen.onset_from))
            and (not chosen.onset_to or (week is not None and week <= chosen.onset_to))
            and any(sought in name for name in named)
        ):
            found.append(
                row
                | {
                    "AEBODSYS": row["AEBODSYS"] or "(not coded)",
                    "AEDECOD": row["AEDECOD"] or "(not coded)",
                    "grade": grade,
                }
            )
    return found
