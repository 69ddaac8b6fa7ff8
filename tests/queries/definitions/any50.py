"""One count of at least 50."""

from __future__ import annotations

from data.study import ResponseRule
from tests.support.response import (
    Count,
    Edge,
    Response,
)

EDGES = [
    Edge("49.9", [(8, 49.9)], Response(True, False, measure=49.9)),
    Edge("exactly 50, once", [(8, 50)], Response(True, True, onset=8, measure=50)),
    Edge(
        "the first of two, the highest",
        [(8, 55), (9, 90)],
        Response(True, True, onset=8, measure=90),
    ),
    Edge(
        "bleeding does not matter",
        [(8, 50)],
        Response(True, True, onset=8, measure=50),
        bleeding=[(8, 4)],
    ),
    Edge("nor the baseline", [(8, 50)], Response(True, True, onset=8, measure=50), base=49),
    Edge("nor a missing one", [(8, 50)], Response(True, True, onset=8, measure=50), base=None),
    Edge(
        "only after rescue",
        [(8, 200), (70, 20)],
        Response(True, False, measure=20),
        rescue=[(8, 8)],
    ),
    Edge(
        "57 days after rescue",
        [(65, 50)],
        Response(True, True, onset=65, measure=50),
        rescue=[(8, 8)],
    ),
    Edge("all after rescue", [(8, 200)], Response(False, False), rescue=[(8, 8)]),
    Edge("day 1", [(1, 200)], Response(False, False)),
    Edge("day 2 and 200", [(2, 20), (200, 90)], Response(True, False, measure=20)),
]

# The tiny study: patients, evaluable, responders, complete responders; Low, High, all.
RATES = [(4, 3, 1, None), (5, 5, 3, None), (9, 8, 4, None)]


def response(own: list[Count], rule: ResponseRule) -> Response:
    valid = [count for count in own if not count.rescued]
    high = [count.day for count in valid if count.value >= 50]
    return Response(
        bool(valid),
        bool(high),
        None,
        min(high, default=None),
        max((count.value for count in valid), default=None),
    )
