"""Counts of at least 50 at half of the attended visits."""

from __future__ import annotations

from data.study import ResponseRule
from tests.support.response import (
    Count,
    Edge,
    Response,
    half_of_visits,
)

EDGES = [
    Edge(
        "2 of 4",
        [(8, 50), (15, 49.9), (22, 49), (29, 60)],
        Response(True, True, onset=8, measure=50),
    ),
    Edge("1 of 4", [(8, 50), (15, 49.9), (22, 49), (29, 49)], Response(True, False, measure=25)),
    Edge(
        "2 of 5", [(8, 50), (15, 50), (22, 1), (29, 1), (36, 1)], Response(True, False, measure=40)
    ),
    Edge("3 visits", [(8, 50), (15, 50), (22, 50)], Response(False, False, measure=100)),
    Edge("no visit", [], Response(False, False)),
    Edge(
        "two counts at a visit are one visit",
        [(8, 50), (9, 10), (15, 1), (22, 50)],
        Response(False, False, measure=200 / 3),
        visits=[1, 1, 2, 3],
    ),
    Edge(
        "unscheduled counts are no visit",
        [(8, 50), (9, 50), (15, 1), (22, 1)],
        Response(False, False, measure=100 / 3),
        visits=[1, 1.01, 2, 3],
    ),
    Edge(
        "after rescue is a visit and no response",
        [(8, 50), (15, 50), (22, 50), (29, 50)],
        Response(True, False, measure=25),
        rescue=[(12, 12)],
    ),
    Edge(
        "above 400 is above 50",
        [(8, 401), (15, 500), (22, 1), (29, 1)],
        Response(True, True, onset=8, measure=50),
    ),
]

# The tiny study: patients, evaluable, responders, complete responders; Low, High, all.
RATES = [(4, 2, 1, None), (5, 1, 0, None), (9, 3, 1, None)]


def response(own: list[Count], rule: ResponseRule) -> Response:
    return half_of_visits(own, lambda count: count.value >= 50)
