"""Random selections, options, event filters and studies, each from a seed."""

from __future__ import annotations

import random
from dataclasses import fields
from pathlib import Path
from typing import Any

from components.options.option import Spec
from data.study import Study
from queries.engine.selection import Selection
from tests.support import reference
from tests.support.reference import EventFilter
from tests.support.tiny import TOML
from tests.support.writing import Row, write_study


def seeded(seed: int) -> random.Random:
    """Random numbers that are the same in every run."""
    return random.Random(seed)  # noqa: S311 - nothing secret


def selection(study: Study, source: random.Random) -> Selection:
    """A selection: some values of some filters, now and then one that nobody has."""
    found = Selection(source.choice(["", *(item.key for item in study.analysis_sets)]))
    patients = reference.analysed(study, found) or reference.rows(study, "adsl")
    for item in study.filters:
        if source.random() < 0.6:
            continue
        values = [patient.get(item.variable) for patient in patients]
        if item.kind == "range":
            known = sorted(value for value in values if value is not None) or [50]
            ends = sorted(source.choices([*known, known[0] - 1.5, known[-1] + 1], k=2))
            found = found.with_range(item.key, (ends[0], ends[1]))
            continue
        texts = sorted({reference.text(value) for value in values} | {"nobody has this; --"})
        found = found.with_choice(
            item.key, tuple(source.sample(texts, min(len(texts), source.randint(1, 3))))
        )
    return found


def event_filter(source: random.Random) -> EventFilter:
    """Event filters; most of them off."""
    return EventFilter(
        min_grade=source.choice([0, 0, 1, 2, 3, 5]),
        only_emergent=source.random() < 0.4,
        only_serious=source.random() < 0.2,
        only_related=source.random() < 0.2,
        search=source.choice(["", "", "", "HEAD", "a", "%", "disorders", "'; --"]),
        onset_from=source.choice([0, 0, 0, 1, 2, 5]),
        onset_to=source.choice([0, 0, 0, 1, 4, 20]),
    )


def value(spec: Spec, start: Any, study: Study, source: random.Random) -> Any:
    """A value that an option takes."""
    values = list(spec.values(study))
    if spec.kind == "choice":
        return source.choice(values) if values else start
    if spec.kind == "several":
        return tuple(source.sample(values, source.randint(0, min(3, len(values)))))
    if spec.kind == "flag":
        return source.random() < 0.5
    if spec.kind == "number":
        low, high = int(spec.low), int(spec.high)
        found = source.randint(low, high)
        return found if isinstance(start, int) else min(found + 0.5, spec.high)
    return source.choice(["", "head ache", "a=b&c|d,e", "é ≥ <b>", "  spaces  ", "x" * 80])


def options(kind: type[Any], study: Study, source: random.Random) -> Any:
    return kind(
        **{
            item.name: value(item.metadata["spec"], item.default, study, source)
            for item in fields(kind)
        }
    )


def without_separators(chosen: Any) -> bool:
    """Values that hold the mark between values cannot be told apart in a text."""
    return all(
        "|" not in part
        for item in fields(chosen)
        if isinstance(getattr(chosen, item.name), tuple)
        for part in getattr(chosen, item.name)
    )


VALUES = (0, 9, 10, 19, 20, 29, 30, 31, 40, 49, 50, 51, 59, 60, 99, 100, 101, 400, 401, 900)
BASES = (None, 0, 5, 10, 15, 20, 25, 30, 50, 60)


def patients(source: random.Random, number: int) -> dict[str, list[Row]]:
    """Patients whose counts lie on the edges of the definitions, with everything that goes wrong.

    Missed, repeated and unscheduled visits, several on one day, visits without a day, bleeding on
    the day and on the day after, rescue with and without an end, derived and missing values.
    """
    adsl: list[Row] = []
    adlb: list[Row] = []
    adcm: list[Row] = []
    for index in range(number):
        patient = f"R-{index:03}"
        adsl.append(
            {
                "USUBJID": patient,
                "SAFFL": "Y" if source.random() < 0.95 else "N",
                "COHORT": source.choice(["Low", "High", None]),
                "COHORTN": source.randint(1, 2),
                "TRT01A": "Cells",
            }
        )
        base = source.choice(BASES)
        kept = source.random() ** 0.4
        level = source.choice([10, 30, 49, 60, 120])
        surprises = source.choice([0, 0.03, 0.5])
        days: list[tuple[float | None, int | None]] = []
        for week in range(29):
            day = 7 * week + source.choice([-2, -1, 0, 0, 0, 1, 2]) + 1
            if source.random() < kept:
                days.append((week, day if day > 0 else day - 1))
            if source.random() < 0.08:
                days.append((week + 0.01, day + source.choice([0, 1]) if day > 0 else 1))
            if source.random() < 0.04:
                days.append((source.choice([week, None]), source.choice([None, day + 1]) or None))
        for visit, at in days:
            value = level + source.choice([-1, 0, 1])
            if source.random() < surprises:
                value = source.choice(VALUES)
            name = "Unscheduled" if visit is not None and visit % 1 else f"Week {visit}"
            adlb.append(
                {
                    "USUBJID": patient,
                    "PARAMCD": "PLAT",
                    "PARAM": "Platelets (10^9/L)",
                    "AVISITN": visit,
                    "AVISIT": name,
                    "ADY": at,
                    "AVAL": None if source.random() < 0.03 else value,
                    "BASE": base,
                    "DTYPE": "LOCF" if source.random() < 0.03 else None,
                }
            )
            if source.random() < 0.3:
                adlb.append(
                    {
                        "USUBJID": patient,
                        "PARAMCD": "WHOBLEED",
                        "AVISITN": visit,
                        "ADY": at if at is None or source.random() < 0.8 else at + 1 or None,
                        "AVAL": source.choice([None, 0, 0, 0, 1, 2]),
                    }
                )
        for sequence in range(source.choice([0, 0, 0, 1, 2])):
            start = source.choice([None, *range(1, 200)])
            adcm.append(
                {
                    "USUBJID": patient,
                    "CMSEQ": sequence,
                    "CMDECOD": "IVIG",
                    "RESCFL": source.choice(["Y", "Y", "N", None]),
                    "ASTDY": start,
                    "AENDY": None if start is None or source.random() < 0.3 else start + 2,
                }
            )
    return {"adsl": adsl, "adlb": adlb, "adcm": adcm}


def study_folder(folder: Path, seed: int, number: int) -> Path:
    """A random study on the disk."""
    return write_study(folder, TOML, patients(seeded(seed), number))
