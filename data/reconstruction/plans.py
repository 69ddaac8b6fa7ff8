"""What becomes of each patient's platelet count: the course that the drawn counts must follow.

A plan holds the usual count without a response, when a response begins and ends and how high it
lies, single high counts, and the outcome that must result under the response rule. The outcomes
are chosen so that the totals are the published ones, and so that each part of the rule decides for
somebody: confirmation, bleeding, doubling of the baseline, rescue therapy, and an early end of the
study.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from data.reconstruction.response import COMPLETE, RESPONSE, Confirmation, Course

HIGHEST: Final = 450
"""No count is higher, 10^9/L."""

BY_BOTH: Final = Confirmation(any_two=True, consecutive=True)
BY_NEITHER: Final = Confirmation(any_two=False, consecutive=False)

Outcome = Callable[[Course], bool]


@dataclass(frozen=True)
class Plan:
    """The planned course of a patient. Counts in 10^9/L, weeks after the first infusion.

    low: the usual count outside a response; high: the count a response levels off at; start, end:
    weeks in the middle of the rise and of the fall; after: the usual count after the fall, `low`
    where None; spikes: counts at single visits (AVISITN), drawn between two numbers;
    graded: bleeding grades at single visits; rise: height of the rise after rescue therapy.
    """

    low: float
    outcome: Outcome
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


def _never(count: int = 0, *, also: Outcome = lambda course: True) -> Outcome:
    """No response: `count` counts that qualify for one, of which no two are 7 days apart."""

    def outcome(course: Course) -> bool:
        high = sum(c.platelets >= RESPONSE for c in course.valid)
        unconfirmed = course.confirmed() == BY_NEITHER
        return len(course.qualifying()) == high == count and unconfirmed and also(course)

    return outcome


def _bleeding_at_second(course: Course) -> bool:
    """Two high counts in successive weeks, of which one does not qualify because of bleeding."""
    high = [c for c in course.valid if c.platelets >= RESPONSE]
    return len(high) == 2 and len(course.qualifying()) == 1


def _rescued(course: Course) -> bool:
    """Whether a response would be confirmed if counts after rescue therapy were valid."""
    counting = replace(course, counts=tuple(replace(c, rescued=False) for c in course.counts))
    return counting.confirmed() == BY_BOTH


def _never_doubled(course: Course) -> bool:
    """Several counts of 30 and more, none of them twice the baseline."""
    high = [c for c in course.valid if c.platelets >= RESPONSE and c.bleeding == 0]
    return course.baseline >= 24 and len(high) >= 5 and not course.qualifying()


def _not_evaluable(course: Course) -> bool:
    return not course.valid


def _response(
    start: tuple[int, int],
    end: tuple[int, int] | None = None,
    *,
    complete: bool = False,
    highest: tuple[int, int] = (50, HIGHEST),
    also: Outcome = lambda course: True,
) -> Outcome:
    """A confirmed response that begins, and is lost or not, between two days."""

    def outcome(course: Course) -> bool:
        onset, loss = course.onset(), course.loss()
        lost = loss is None if end is None else loss is not None and end[0] <= loss <= end[1]
        return (
            onset is not None
            and start[0] <= onset <= start[1]
            and course.confirmed() == BY_BOTH
            and course.confirmed_complete() == (BY_BOTH if complete else BY_NEITHER)
            and highest[0] <= _highest(course) <= highest[1]
            and lost
            and also(course)
        )

    return outcome


def _steady_complete(course: Course) -> bool:
    """Once complete, never below 100 at two successive visits, and never below 70."""
    complete = [c.day for c in course.valid if course.complete(c)]
    later = [c for c in course.valid if c.day > complete[1]]
    below = [c.platelets < COMPLETE for c in later]
    twice_below = any(a and b for a, b in pairwise(below))
    return not twice_below and min(c.platelets for c in later) >= 70


def _stable_not_durable(course: Course) -> bool:
    """At least 50 in four of weeks 18, 20 ... 28, but not in two thirds of weeks 17 to 28."""
    late = {round((c.day - 1) / 7): c.platelets >= 50 for c in course.valid}
    stable = sum(late.get(week, False) for week in range(18, 29, 2))
    from_17 = [high for week, high in late.items() if week >= 17]
    return stable >= 4 and 3 * sum(from_17) < 2 * len(from_17)


PLANS: Final = {
    1: Plan(low=5, outcome=_never(), noise=0.60),
    2: Plan(low=12, outcome=_never(1), noise=0.42, spikes={7: (34, 46)}),
    3: Plan(low=8, outcome=_never(also=_rescued), noise=0.40, rise=92),
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
        outcome=_response((27, 34), highest=(70, 99), also=_stable_not_durable),
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
        outcome=_response((8, 10), complete=True, highest=(210, 340), also=_steady_complete),
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
    14: Plan(low=7, outcome=_not_evaluable, noise=0.40, rise=110),
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
        outcome=_response((8, 17), complete=True, highest=(405, HIGHEST), also=_steady_complete),
    ),
    18: Plan(low=14, outcome=_never(also=_rescued), noise=0.36, rise=105),
}
