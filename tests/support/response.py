"""What the tests of a response definition are written in: counts, the response, edges.

`tests/queries/definitions/<key>.py` holds the tests of one definition: `EDGES`, each a patient with
the answer written beside it; `RATES`, the totals of the tiny study; and `response`, a second
implementation in plain Python, written from the words of the definition and not from its query.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any


@dataclass(frozen=True)
class Count:
    """One platelet count by which response is assessed."""

    day: int
    value: float
    base: float | None
    visit: float | None
    scheduled: bool
    rescued: bool
    bleeding: bool


@dataclass(frozen=True)
class Response:
    """What a definition says of one patient; the measure to nine decimals."""

    evaluable: bool
    responder: bool
    complete: bool | None = None
    onset: int | None = None
    measure: float | None = None

    def __post_init__(self) -> None:
        if self.measure is not None:
            object.__setattr__(self, "measure", round(self.measure, 9))


Counts = list[tuple[int, float]]


@dataclass(frozen=True)
class Edge:
    """A patient, and what a definition says of it.

    `counts`: study day and value; the visit is the week of the day, or that of `visits`. `rescue`:
    first and last day. `bleeding`: day and grade.
    """

    name: str
    counts: Counts
    expected: Response
    base: float | None = 10
    bleeding: list[tuple[int, float | None]] = field(default_factory=list)
    rescue: list[tuple[int | None, int | None]] = field(default_factory=list)
    visits: list[float | None] | None = None
    more: dict[str, Any] = field(default_factory=dict)
    flag: str = "Y"


def twice(count: Count) -> bool:
    """At least twice the baseline; without one it cannot be."""
    return count.base is not None and count.value >= 2 * count.base


def confirmed(days: Sequence[int]) -> bool:
    """Two of the days are at least 7 days apart."""
    return any(abs(one - other) >= 7 for one, other in combinations(days, 2))


def by_visit(own: list[Count]) -> dict[float, list[Count]]:
    """The counts of each visit."""
    found: dict[float, list[Count]] = {}
    for count in own:
        assert count.visit is not None
        found.setdefault(count.visit, []).append(count)
    return found


def share_of_visits(
    visits: dict[float, list[Count]], meets: Callable[[Count], bool]
) -> tuple[int, int, int | None]:
    """Visits, visits at which a count meets the condition, and the first day of such a visit."""
    good = [
        own for own in visits.values() if any(meets(count) and not count.rescued for count in own)
    ]
    first = min((min(count.day for count in own) for own in good), default=None)
    return len(visits), len(good), first


def half_of_visits(own: list[Count], meets: Callable[[Count], bool]) -> Response:
    """A response where the condition is met at half of four or more attended visits."""
    visits = by_visit([count for count in own if count.scheduled])
    total, good, first = share_of_visits(visits, meets)
    responds = total >= 4 and good >= total / 2
    return Response(
        total >= 4,
        responds,
        None,
        first if responds else None,
        100 * good / total if total else None,
    )
