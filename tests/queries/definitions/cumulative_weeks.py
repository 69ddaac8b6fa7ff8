"""Four cumulative weeks of at least 50 and twice the baseline."""

from __future__ import annotations

import math
from itertools import pairwise

from data.study import ResponseRule
from tests.support.response import (
    Count,
    Edge,
    Response,
    twice,
)

EDGES = [
    Edge(
        "four weekly counts are four weeks",
        [(8, 50), (15, 50), (22, 50), (29, 50)],
        Response(True, True, onset=8, measure=4),
    ),
    Edge(
        "a day less is not",
        [(8, 50), (15, 50), (22, 50), (28, 50)],
        Response(True, False, measure=27 / 7),
    ),
    Edge(
        "a count stands for 7 days at most",
        [(8, 50), (50, 50), (100, 10)],
        Response(True, False, measure=2),
    ),
    Edge("the last count stands for 7 days", [(199, 50)], Response(True, False, measure=1)),
    Edge(
        "to the next count, whatever that is",
        [(8, 50), (10, 10), (15, 50), (16, 10)],
        Response(True, False, measure=3 / 7),
    ),
    Edge(
        "less than twice the baseline",
        [(8, 59), (15, 60)],
        Response(True, False, measure=1),
        base=30,
    ),
    Edge("no baseline", [(8, 50), (15, 50)], Response(False, False, measure=0), base=None),
    Edge("no counts", [], Response(False, False)),
    Edge(
        "counts after rescue end the one before and stand for none",
        [(8, 50), (12, 90), (19, 90)],
        Response(True, False, measure=4 / 7),
        rescue=[(10, 10)],
    ),
    Edge("all after rescue", [(12, 90)], Response(False, False, measure=0), rescue=[(10, 10)]),
    Edge(
        "of counts of one day the last visit stands",
        [(8, 60), (8, 10), (15, 1)],
        Response(True, False, measure=0),
        visits=[1, 1.01, 2],
    ),
    Edge(
        "bleeding does not matter", [(8, 50)], Response(True, False, measure=1), bleeding=[(8, 3)]
    ),
]

# The tiny study: patients, evaluable, responders, complete responders; Low, High, all.
RATES = [(4, 3, 1, None), (5, 4, 0, None), (9, 7, 1, None)]


def response(own: list[Count], rule: ResponseRule) -> Response:
    def place(count: Count) -> tuple[float, float, float]:
        return count.day, -math.inf if count.visit is None else count.visit, count.value

    ordered = sorted(own, key=place)
    days = [min(7, later.day - count.day) for count, later in pairwise(ordered)] + [7]
    good = [
        (count.day, stands)
        for count, stands in zip(ordered, days, strict=False)
        if count.value >= 50 and twice(count) and not count.rescued
    ]
    weeks = sum(stands for _, stands in good) / 7
    return Response(
        any(not count.rescued and count.base is not None for count in own),
        weeks >= 4,
        None,
        good[0][0] if weeks >= 4 else None,
        weeks if own else None,
    )
