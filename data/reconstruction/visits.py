"""When each patient is seen: screening, baseline, weeks 1 to 28, and unscheduled visits.

Visits take place within two days of the planned day, some are missed, and some are added around
rescue therapy. Nobody misses the visits at which cells are infused, nor week 28.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol, TypeVar

import numpy as np

from data.reconstruction.patients import LEAVES_EARLY, Patient
from data.reconstruction.study import stream
from data.reconstruction.therapy import infusion_days, rescue_start

WEEKS: Final = 28
MISSED: Final = 0.05
"""Probability that a visit is missed."""

DAYS_OFF: Final = ((-2, -1, 0, 1, 2), (0.05, 0.12, 0.66, 0.12, 0.05))
"""Days between the planned day and the visit, and the probability of each."""

FIXED_DAYS: Final = {(12, 8): 59}
"""Days that a planned course depends on: (order of enrolment, week) to the day."""

NEVER_MISSED: Final[dict[int, tuple[int, ...]]] = {
    2: (6, 7, 8),
    5: (10, 11, 12),
    7: (4, 5, 6, 7),
    12: (7, 8, 9, 10),
    16: (8, 9, 10),
}
"""Weeks that a planned course depends on."""

EXTRA_DAYS: Final[dict[int, tuple[int, ...]]] = {10: (139,), 14: (41,), 16: (67,)}
"""Days of unscheduled visits besides those around rescue therapy."""

LAST_WEEK: Final = dict.fromkeys(LEAVES_EARLY, 5)
"""Last week of those who leave the study early."""


@dataclass(frozen=True)
class Visit:
    """A visit. number: -1 screening, 0 baseline, then the week; 5.01 is unscheduled."""

    label: str
    number: float
    day: int

    @property
    def scheduled(self) -> bool:
        """Whether the visit was planned."""
        return self.number == int(self.number)


class AtVisit(Protocol):
    """What was measured at a visit."""

    @property
    def visit(self) -> Visit:
        """The visit."""


Measured = TypeVar("Measured", bound=AtVisit)


def baseline(measured: Iterable[Measured]) -> Measured:
    """The baseline among what was measured: the last on or before day 1."""
    return max((m for m in measured if m.visit.day <= 1), key=lambda m: m.visit.day)


@cache
def visits(patient: Patient) -> tuple[Visit, ...]:
    """The visits of a patient, in the order of days."""
    draw = stream("visits", patient.number)
    screening = Visit("Screening", -1.0, -int(draw.integers(5, 15)))
    first = Visit("Baseline", 0.0, 1 if draw.random() < 0.7 else -1)
    weekly = [
        Visit(f"Week {week}", float(week), day) for week, day in _weekly_days(patient, draw).items()
    ]
    scheduled = [screening, first, *weekly]
    return tuple(sorted([*scheduled, *_unscheduled(patient, weekly)], key=lambda v: v.day))


def _weekly_days(patient: Patient, draw: np.random.Generator) -> dict[int, int]:
    """The day of each weekly visit that takes place."""
    infusions = dict(enumerate(infusion_days(patient)))
    needed = NEVER_MISSED.get(patient.number, ())
    days = {}
    for week in range(1, WEEKS + 1):
        days_off = int(draw.choice(DAYS_OFF[0], p=DAYS_OFF[1]))
        missed = draw.random() < MISSED
        if week > LAST_WEEK.get(patient.number, WEEKS):
            break
        if week in infusions:
            days[week] = infusions[week]
        elif week in needed or week in (1, 2, 3, WEEKS) or not missed:
            days[week] = FIXED_DAYS.get((patient.number, week), 7 * week + 1 + days_off)
    return days


def _unscheduled(patient: Patient, weekly: list[Visit]) -> list[Visit]:
    """Visits around the start of rescue therapy and the extra ones, on days that have no other."""
    start = rescue_start(patient.number)
    wanted = [start, start + 3] if start is not None else []
    wanted += EXTRA_DAYS.get(patient.number, ())
    taken = {visit.day for visit in weekly}
    added: list[Visit] = []
    for day in sorted(set(wanted) - taken):
        week = max((int(visit.number) for visit in weekly if visit.day < day), default=0)
        count = sum(int(visit.number) == week for visit in added) + 1
        number = round(week + count / 100, 2)
        added.append(Visit(f"Unscheduled {number:.2f}", number, day))
    return added
