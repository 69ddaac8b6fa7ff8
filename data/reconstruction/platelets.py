"""Platelet counts and WHO bleeding grades, drawn until they follow the patient's planned course.

A plan says what becomes of a patient: the usual count without a response, when a response begins
and ends and how high it lies, single high counts, and what must come out under the response rule.
A course is drawn from the plan with week-to-week noise and drawn again until it comes out so.
Counts are log-normal around the plan, correlated from visit to visit, and whole numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np

from data.reconstruction.patients import Patient
from data.reconstruction.response import Count, Course
from data.reconstruction.study import stream
from data.reconstruction.therapy import rescue_start, within_rescue_window
from data.reconstruction.visits import Visit, visits

LIMIT: Final = 2
"""Limit of quantification, 10^9/L: counts below it are reported as <2."""

HIGHEST: Final = 450
PEAK: Final = 4
"""Days from the start of rescue to its highest count."""
ENTRY: Final = 30
"""At entry counts lie below this, and there is bleeding."""

TRIES: Final = 20_000

BLEEDING: Final = ((10, (0.10, 0.58, 0.32)), (20, (0.30, 0.55, 0.15)), (30, (0.55, 0.39, 0.06)))
"""Probabilities of WHO grades 0, 1 and 2 below a count; above the last, `SELDOM`."""
SELDOM: Final = ((50, (0.92, 0.08, 0.0)), (10_000, (0.985, 0.015, 0.0)))

SERIOUS_BLEEDING: Final = {3: (67, 70), 11: (96, 100), 14: (4, 7)}
"""First and last day of serious bleeding, by order of enrolment."""

Check = Callable[[Course], bool]


@dataclass(frozen=True)
class Plan:
    """What becomes of a patient. Counts in 10^9/L, weeks after the first infusion.

    low: the usual count outside a response; high: the count a response levels off at; start, end:
    weeks of the middle of the rise and of the fall; after: the usual count after the fall, `low`
    where None; spikes: counts of single weeks (or unscheduled visits), drawn between two numbers;
    graded: bleeding grades of single visits; rise: height of the rise after rescue.
    """

    low: float
    outcome: Check
    high: float = 0.0
    start: float = 0.0
    end: float | None = None
    after: float | None = None
    noise: float = 0.30
    spikes: dict[float, tuple[int, int]] = field(default_factory=dict)
    graded: dict[float, int] = field(default_factory=dict)
    rise: float = 100.0


def _highest(course: Course) -> int:
    return max(c.platelets for c in course.valid)


def _never(count: int = 0, *, more: Check = lambda course: True) -> Check:
    """No response: as many counts that would be one as planned, and never two 7 days apart."""

    def outcome(course: Course) -> bool:
        high = sum(c.platelets >= ENTRY for c in course.valid)
        unconfirmed = course.confirmed() == (False, False)
        return len(course.qualifying()) == high == count and unconfirmed and more(course)

    return outcome


def _bleeding_at_second(course: Course) -> bool:
    """Two high counts in successive weeks, of which one is no response for bleeding alone."""
    high = [c for c in course.valid if c.platelets >= ENTRY]
    return len(high) == 2 and len(course.qualifying()) == 1


def _rescued(course: Course) -> bool:
    """Whether a response would be confirmed if counts after rescue were to count."""
    counting = replace(course, counts=tuple(replace(c, rescued=False) for c in course.counts))
    return counting.confirmed() == (True, True)


def _never_doubled(course: Course) -> bool:
    """Several counts of 30 and more, none of them twice the baseline."""
    high = [c for c in course.valid if c.platelets >= ENTRY and c.bleeding == 0]
    return course.baseline >= 24 and len(high) >= 5 and not course.qualifying()


def _not_judged(course: Course) -> bool:
    return not course.valid


def _response(
    start: tuple[int, int],
    end: tuple[int, int] | None = None,
    *,
    complete: bool = False,
    highest: tuple[int, int] = (50, HIGHEST),
    more: Check = lambda course: True,
) -> Check:
    """A confirmed response that begins, and is lost or not, between two days."""

    def outcome(course: Course) -> bool:
        onset, loss = course.onset(), course.loss()
        lost = loss is None if end is None else loss is not None and end[0] <= loss <= end[1]
        return (
            onset is not None
            and start[0] <= onset <= start[1]
            and course.confirmed() == (True, True)
            and course.confirmed_complete() == (complete, complete)
            and highest[0] <= _highest(course) <= highest[1]
            and lost
            and more(course)
        )

    return outcome


def _steady_complete(course: Course) -> bool:
    """Once complete, never below 100 twice in a row, nor below 70."""
    complete = [c.day for c in course.valid if course.complete(c)]
    later = [c for c in course.valid if c.day > complete[1]]
    below = [c.platelets < 100 for c in later]
    twice = any(a and b for a, b in pairwise(below))
    return not twice and min(c.platelets for c in later) >= 70


def _stable_not_durable(course: Course) -> bool:
    """At least 50 in four of weeks 18, 20 ... 28, but not in two thirds of weeks 17 to 28."""
    late = {round((c.day - 1) / 7): c.platelets >= 50 for c in course.valid}
    stable = sum(late.get(week, False) for week in range(18, 29, 2))
    last = [high for week, high in late.items() if week >= 17]
    return stable >= 4 and 3 * sum(last) < 2 * len(last)


PLANS: Final = {
    1: Plan(low=5, outcome=_never(), noise=0.60),
    2: Plan(low=12, outcome=_never(1), noise=0.42, spikes={7: (34, 46)}),
    3: Plan(low=8, outcome=_never(more=_rescued), noise=0.40, rise=92),
    4: Plan(
        low=10,
        high=165,
        start=1.6,
        end=13.5,
        noise=0.34,
        rise=90,
        outcome=_response((14, 17), (85, 113), complete=True, highest=(150, 300)),
    ),
    5: Plan(low=14, outcome=_never(1), noise=0.42, spikes={11: (54, 68)}),
    6: Plan(
        low=15,
        high=60,
        start=3.6,
        noise=0.28,
        outcome=_response((27, 34), highest=(70, 99), more=_stable_not_durable),
    ),
    7: Plan(
        low=10,
        outcome=_bleeding_at_second,
        noise=0.45,
        spikes={5: (33, 44), 6: (36, 49)},
        graded={5: 0, 6: 1},
    ),
    8: Plan(
        low=9,
        high=175,
        start=0.9,
        noise=0.31,
        outcome=_response((8, 10), complete=True, highest=(210, 340), more=_steady_complete),
    ),
    9: Plan(low=3.5, outcome=_never(), noise=0.70),
    10: Plan(
        low=13,
        high=66,
        start=5.4,
        end=19.5,
        noise=0.30,
        outcome=_response((41, 48), (129, 150), highest=(75, 130)),
    ),
    11: Plan(
        low=22,
        high=39,
        start=2.0,
        end=8.5,
        after=8,
        noise=0.22,
        rise=120,
        outcome=_never_doubled,
    ),
    12: Plan(
        low=11,
        high=92,
        start=5.2,
        noise=0.27,
        rise=60,
        graded={8: 0},
        outcome=_response((59, 59), highest=(110, 190)),
    ),
    13: Plan(
        low=19,
        high=150,
        start=2.7,
        end=15,
        after=55,
        noise=0.30,
        outcome=_response((20, 24), (113, 199), complete=True, highest=(150, 280)),
    ),
    14: Plan(low=7, outcome=_not_judged, noise=0.40, rise=110),
    15: Plan(
        low=12,
        high=41,
        start=4.5,
        end=12.5,
        noise=0.20,
        outcome=_response((34, 38), (78, 106), highest=(40, 49)),
    ),
    16: Plan(
        low=13,
        outcome=_never(2),
        noise=0.42,
        spikes={9: (56, 74), 9.01: (36, 45)},
        graded={9: 0, 9.01: 0},
    ),
    17: Plan(
        low=6,
        high=290,
        start=1.3,
        noise=0.36,
        outcome=_response((8, 17), complete=True, highest=(405, HIGHEST), more=_steady_complete),
    ),
    18: Plan(low=14, outcome=_never(more=_rescued), noise=0.36, rise=105),
}


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

    Raises RuntimeError where no course that follows the plan is found.
    """
    plan = PLANS[patient.number]
    planned = visits(patient)
    draw = stream("platelets", patient.number)
    for _ in range(TRIES):
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
            _at_entry(drawn)
            and _rise_is_gone(patient, drawn)
            and max(counts) <= HIGHEST
            and plan.outcome(_course(patient, drawn))
        ):
            return drawn
    raise RuntimeError(f"no course of patient {patient.number} follows the plan in {TRIES} tries")


def baseline(drawn: tuple[Reading, ...]) -> Reading:
    """The last reading on or before day 1."""
    return max((r for r in drawn if r.visit.day <= 1), key=lambda r: r.visit.day)


def _at_entry(drawn: tuple[Reading, ...]) -> bool:
    return all(r.platelets < ENTRY and r.bleeding >= 1 for r in drawn if r.visit.day <= 1)


def _rise_is_gone(patient: Patient, drawn: tuple[Reading, ...]) -> bool:
    """Whether counts are low again in the fourth week after the start of rescue."""
    start = rescue_start(patient.number)
    if start is None:
        return True
    return all(r.platelets < ENTRY for r in drawn if 21 <= r.visit.day - start <= 28)


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
    """The planned count on a study day, without noise and rescue."""
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
    """What rescue adds: highest after `PEAK` days, gone within three weeks."""
    start = rescue_start(number)
    days = 0 if start is None else max(0, day - start)
    return float(plan.rise * (days / PEAK) * np.exp(1 - days / PEAK))


def _grade(number: int, plan: Plan, visit: Visit, count: int, draw: np.random.Generator) -> int:
    """The WHO bleeding grade that goes with a count."""
    chance = next(chances for below, chances in (*BLEEDING, *SELDOM) if count < below)
    grade = int(draw.choice(3, p=chance))
    if visit.number <= 0 and visit.scheduled:
        return max(grade, 1)
    first, last = SERIOUS_BLEEDING.get(number, (0, -1))
    if first <= visit.day <= last:
        return 3 if visit.day <= first + 2 else 2
    return plan.graded.get(visit.number, grade)
