"""Counts of at least 50 at four of six late visits."""

from __future__ import annotations

from typing import Any

from data.study import ResponseRule
from tests.support.response import (
    Count,
    Counts,
    Edge,
    Response,
    by_visit,
    share_of_visits,
)

LATE = (18, 20, 22, 24, 26, 28)


def late(*values: float | None) -> tuple[Counts, list[float | None]]:
    """Counts at the late visits; None where the visit was missed."""
    kept = [(week, value) for week, value in zip(LATE, values, strict=True) if value is not None]
    return [(7 * week + 1, value) for week, value in kept], [float(week) for week, _ in kept]


def stable(name: str, values: tuple[float | None, ...], expected: Response, **more: Any) -> Edge:
    own, visits = late(*values)
    return Edge(name, own, expected, visits=visits, **more)


EDGES = [
    stable("four of six", (50, 50, 50, 50, 49.9, 0), Response(True, True, onset=127, measure=4)),
    stable("three of six", (50, 50, 50, 49.9, 0, 0), Response(True, False, measure=3)),
    stable(
        "four of four", (None, 60, 60, None, 60, 60), Response(True, True, onset=141, measure=4)
    ),
    stable("three of four", (None, 60, 60, None, 60, 10), Response(True, False, measure=3)),
    stable("three visits", (60, 60, 60, None, None, None), Response(False, False, measure=3)),
    stable("no visit", (None,) * 6, Response(False, False)),
    stable(
        "after rescue is no response, but a visit",
        (60, 60, 60, 60, 10, 10),
        Response(True, False, measure=3),
        rescue=[(168, 168)],
    ),
    Edge(
        "two counts at a visit",
        [(127, 10), (128, 60), (141, 60), (155, 60), (169, 60)],
        Response(True, True, onset=127, measure=4),
        visits=[18, 18, 20, 22, 24],
    ),
    Edge(
        "other visits do not stand in",
        [(134, 90), (148, 90), (162, 90), (176, 90)],
        Response(False, False),
        visits=[19, 21, 23, 25],
    ),
    Edge(
        "unscheduled visits do not either",
        [(128, 90), (141, 60), (155, 60), (169, 60)],
        Response(False, False, measure=3),
        visits=[18.01, 20, 22, 24],
    ),
]

# The tiny study: patients, evaluable, responders, complete responders; Low, High, all.
RATES = [(4, 1, 1, None), (5, 0, 0, None), (9, 1, 1, None)]


def response(own: list[Count], rule: ResponseRule) -> Response:
    late = by_visit([count for count in own if count.visit in rule.late_visits])
    total, good, first = share_of_visits(late, lambda count: count.value >= 50)
    return Response(
        total >= 4, good >= 4, None, first if good >= 4 else None, float(good) if total else None
    )
