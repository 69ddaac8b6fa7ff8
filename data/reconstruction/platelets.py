"""Platelet counts and WHO bleeding grades, drawn until they follow the patient's plan.

A course is drawn with week-to-week noise around the planned count, and drawn again until its
outcome is the planned one. Counts are log-normal, correlated from visit to visit, and integers.
"""

from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Final

import numpy as np

from data.reconstruction.patients import Patient
from data.reconstruction.plans import HIGHEST, PLANS, Plan
from data.reconstruction.response import RESPONSE, Count, Course
from data.reconstruction.study import stream
from data.reconstruction.therapy import rescue_start, within_rescue_window
from data.reconstruction.visits import Visit, baseline, visits

LIMIT: Final = 2
"""Limit of quantification, 10^9/L: counts below it are reported as <2."""

AT_ENTRY: Final = 30
"""At entry, counts are below this (10^9/L), and there is bleeding."""

PEAK: Final = 4
"""Days from the start of rescue therapy to its highest count."""

ATTEMPTS: Final = 20_000

GRADES: Final = (
    (10, (0.10, 0.58, 0.32)),
    (20, (0.30, 0.55, 0.15)),
    (30, (0.55, 0.39, 0.06)),
    (50, (0.92, 0.08, 0.0)),
    (inf, (0.985, 0.015, 0.0)),
)
"""Probabilities of the WHO grades 0, 1 and 2 for counts below each of these."""

SERIOUS_BLEEDING: Final = {3: (67, 70), 11: (96, 100), 14: (4, 7)}
"""First and last day of serious bleeding, by order of enrolment."""


@dataclass(frozen=True)
class Reading:
    """A platelet count and a WHO bleeding grade at a visit; below: less than `LIMIT`."""

    visit: Visit
    platelets: int
    below: bool
    bleeding: int


@cache
def readings(patient: Patient) -> tuple[Reading, ...]:
    """The counts and grades of a patient at every visit, in the order of days.

    Raises RuntimeError where no drawn course follows the plan.
    """
    plan = PLANS[patient.number]
    planned = visits(patient)
    draw = stream("platelets", patient.number)
    for _ in range(ATTEMPTS):
        counts = _counts(patient.number, plan, planned, draw)
        grades = [
            _grade(patient.number, plan, visit, count, draw)
            for visit, count in zip(planned, counts, strict=True)
        ]
        drawn = tuple(
            Reading(visit, max(count, LIMIT), count < LIMIT, grade)
            for visit, count, grade in zip(planned, counts, grades, strict=True)
        )
        if (
            _meets_entry_criteria(drawn)
            and _rescue_has_worn_off(patient, drawn)
            and max(counts) <= HIGHEST
            and plan.outcome(_course(patient, drawn))
        ):
            return drawn
    raise RuntimeError(
        f"no course of patient {patient.number} follows the plan in {ATTEMPTS} attempts"
    )


def _meets_entry_criteria(drawn: tuple[Reading, ...]) -> bool:
    return all(r.platelets < AT_ENTRY and r.bleeding >= 1 for r in drawn if r.visit.day <= 1)


def _rescue_has_worn_off(patient: Patient, drawn: tuple[Reading, ...]) -> bool:
    """Whether counts are low again in the fourth week after the start of rescue therapy."""
    start = rescue_start(patient.number)
    if start is None:
        return True
    return all(r.platelets < RESPONSE for r in drawn if 21 <= r.visit.day - start <= 28)


def _course(patient: Patient, drawn: tuple[Reading, ...]) -> Course:
    counts = tuple(
        Count(
            r.visit.day,
            r.platelets,
            r.bleeding,
            within_rescue_window(patient.number, r.visit.day),
        )
        for r in drawn
    )
    return Course(baseline(drawn).platelets, counts)


def _counts(
    number: int, plan: Plan, planned: tuple[Visit, ...], draw: np.random.Generator
) -> list[int]:
    counts, deviation = [], 0.0
    for visit in planned:
        deviation = 0.5 * deviation + np.sqrt(0.75) * plan.noise * draw.standard_normal()
        level = _level(plan, visit.day) * np.exp(deviation) + _rescue_rise(number, plan, visit.day)
        if visit.number in plan.spikes:
            low, high = plan.spikes[visit.number]
            level = draw.integers(low, high, endpoint=True)
        counts.append(max(0, round(float(level))))
    return counts


def _level(plan: Plan, day: int) -> float:
    """The planned count on a study day, without noise and without rescue therapy."""
    week = (day - 1) / 7
    if not plan.high:
        return plan.low
    risen = _logistic((week - plan.start) / 0.3)
    level = plan.low ** (1 - risen) * plan.high**risen
    if plan.end is None:
        return float(level)
    after = plan.low if plan.after is None else plan.after
    fallen = _logistic((week - plan.end) / 0.5)
    return float(level ** (1 - fallen) * after**fallen)


def _logistic(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))


def _rescue_rise(number: int, plan: Plan, day: int) -> float:
    """What rescue therapy adds: highest after `PEAK` days, gone within three weeks."""
    start = rescue_start(number)
    days = 0 if start is None else max(0, day - start)
    return float(plan.rise * (days / PEAK) * np.exp(1 - days / PEAK))


def _grade(number: int, plan: Plan, visit: Visit, count: int, draw: np.random.Generator) -> int:
    """The WHO bleeding grade that goes with a count."""
    chance = next(chances for below, chances in GRADES if count < below)
    grade = int(draw.choice(3, p=chance))
    if visit.number <= 0 and visit.scheduled:
        return max(grade, 1)
    first, last = SERIOUS_BLEEDING.get(number, (0, -1))
    if first <= visit.day <= last:
        return 3 if visit.day <= first + 2 else 2
    return plan.graded.get(visit.number, grade)
