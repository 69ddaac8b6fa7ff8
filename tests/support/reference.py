"""The same numbers a second time: plain Python over the Parquet files, written from the words.

Nothing here reads a query file. A patient's counts are a list of `Count`; every response definition
is a function of that list, written from the sentence that stands under the figures.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any

import pyarrow.parquet as pq

from data.study import ResponseRule, Study
from queries.engine.selection import Selection

MISSING = "(missing)"


@dataclass(frozen=True)
class Count:
    """One platelet count that response is judged by."""

    day: int
    value: float
    base: float | None
    visit: float | None
    scheduled: bool
    rescued: bool
    bleeding: bool


@dataclass(frozen=True)
class Judged:
    """What a definition says of one patient; the measure to nine decimals."""

    evaluable: bool
    responder: bool
    complete: bool | None
    onset: int | None
    measure: float | None

    def __post_init__(self) -> None:
        if self.measure is not None:
            object.__setattr__(self, "measure", round(self.measure, 9))


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
    """The counts by which response is judged, by patient."""
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


def _twice(count: Count) -> bool:
    return count.base is not None and count.value >= 2 * count.base


def _confirmed(days: Sequence[int]) -> bool:
    return any(abs(one - other) >= 7 for one, other in combinations(days, 2))


def iwg2009(own: list[Count], rule: ResponseRule) -> Judged:
    valid = [count for count in own if not count.rescued]
    complete = [c.day for c in valid if c.value >= 100 and not c.bleeding]
    response = [
        c.day for c in valid if not c.bleeding and (c.value >= 100 or (c.value >= 30 and _twice(c)))
    ]
    responds = _confirmed(response)
    return Judged(
        evaluable=_confirmed([count.day for count in valid]),
        responder=responds,
        complete=_confirmed(complete),
        onset=min(response) if responds else None,
        measure=float(max(response) - min(response)) if response else None,
    )


def any50(own: list[Count], rule: ResponseRule) -> Judged:
    valid = [count for count in own if not count.rescued]
    high = [count.day for count in valid if count.value >= 50]
    return Judged(
        bool(valid),
        bool(high),
        None,
        min(high, default=None),
        max((count.value for count in valid), default=None),
    )


def _visits(own: list[Count]) -> dict[float, list[Count]]:
    found: dict[float, list[Count]] = {}
    for count in own:
        assert count.visit is not None
        found.setdefault(count.visit, []).append(count)
    return found


def _share_of_visits(
    visits: dict[float, list[Count]], meets: Callable[[Count], bool], *, least: int
) -> tuple[int, int, int | None]:
    """Visits, visits at which a count meets the condition, and the first day of such a visit."""
    good = [
        own for own in visits.values() if any(meets(count) and not count.rescued for count in own)
    ]
    first = min((min(count.day for count in own) for own in good), default=None)
    return len(visits), len(good), first


def stable50(own: list[Count], rule: ResponseRule) -> Judged:
    late = _visits([count for count in own if count.visit in rule.late_visits])
    total, good, first = _share_of_visits(late, lambda count: count.value >= 50, least=4)
    return Judged(
        total >= 4, good >= 4, None, first if good >= 4 else None, float(good) if total else None
    )


def durable_two_thirds(own: list[Count], rule: ResponseRule) -> Judged:
    low, high = rule.last_weeks
    late = [c for c in own if c.scheduled and c.visit is not None and low <= c.visit <= high]
    good = [count for count in late if count.value >= 50]
    enough = len(late) >= 8
    responds = enough and len(good) / len(late) >= 2 / 3 - 1e-12
    responds = responds and not any(count.rescued for count in late)
    return Judged(
        enough,
        responds,
        None,
        min(count.day for count in good) if responds else None,
        100 * len(good) / len(late) if late else None,
    )


def _half_of_visits(own: list[Count], meets: Callable[[Count], bool]) -> Judged:
    visits = _visits([count for count in own if count.scheduled])
    total, good, first = _share_of_visits(visits, meets, least=4)
    responds = total >= 4 and good >= total / 2
    return Judged(
        total >= 4,
        responds,
        None,
        first if responds else None,
        100 * good / total if total else None,
    )


def durable_half(own: list[Count], rule: ResponseRule) -> Judged:
    return _half_of_visits(own, lambda count: count.value >= 50)


def target_band(own: list[Count], rule: ResponseRule) -> Judged:
    return _half_of_visits(own, lambda count: 50 <= count.value <= 400)


def cumulative_weeks(own: list[Count], rule: ResponseRule) -> Judged:
    def place(count: Count) -> tuple[float, float, float]:
        return count.day, -math.inf if count.visit is None else count.visit, count.value

    ordered = sorted(own, key=place)
    days = [min(7, later.day - count.day) for count, later in pairwise(ordered)] + [7]
    good = [
        (count.day, stands)
        for count, stands in zip(ordered, days, strict=False)
        if count.value >= 50 and _twice(count) and not count.rescued
    ]
    weeks = sum(stands for _, stands in good) / 7
    return Judged(
        any(not count.rescued and count.base is not None for count in own),
        weeks >= 4,
        None,
        good[0][0] if weeks >= 4 else None,
        weeks if own else None,
    )


DEFINITIONS: dict[str, Callable[[list[Count], ResponseRule], Judged]] = {
    "iwg2009": iwg2009,
    "any50": any50,
    "stable50": stable50,
    "durable_two_thirds": durable_two_thirds,
    "durable_half": durable_half,
    "cumulative_weeks": cumulative_weeks,
    "target_band": target_band,
}


def judged(study: Study, definition: str, selection: Selection) -> dict[str, Judged]:
    """What a definition says of each selected patient."""
    assert study.response is not None
    found = counts(study)
    return {
        patient["USUBJID"]: DEFINITIONS[definition](
            found.get(patient["USUBJID"], []), study.response
        )
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
