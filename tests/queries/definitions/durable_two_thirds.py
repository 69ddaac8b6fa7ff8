"""Counts of at least 50 at two thirds of the last 12 weeks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from data.study import ResponseRule
from tests.support.response import (
    Count,
    Edge,
    Response,
)


def last12(values: Sequence[float], first: int = 17, **more: Any) -> dict[str, Any]:
    weeks = range(first, first + len(values))
    return {
        "counts": [(7 * week + 1, value) for week, value in zip(weeks, values, strict=True)],
        "visits": [float(week) for week in weeks],
    } | more


EDGES = [
    Edge(
        "8 of 12",
        expected=Response(True, True, onset=120, measure=800 / 12),
        **last12([50] * 8 + [49.9] * 4),
    ),
    Edge(
        "7 of 12", expected=Response(True, False, measure=700 / 12), **last12([50] * 7 + [49] * 5)
    ),
    Edge(
        "6 of 9",
        expected=Response(True, True, onset=120, measure=600 / 9),
        **last12([50] * 6 + [0] * 3),
    ),
    Edge(
        "6 of 8", expected=Response(True, True, onset=120, measure=75), **last12([50] * 6 + [0] * 2)
    ),
    Edge("5 of 8", expected=Response(True, False, measure=62.5), **last12([50] * 5 + [0] * 3)),
    Edge("7 counts", expected=Response(False, False, measure=100), **last12([50] * 7)),
    Edge(
        "week 16 is too early", expected=Response(False, False, measure=100), **last12([50] * 8, 16)
    ),
    Edge("no counts", expected=Response(False, False), **last12([])),
    Edge(
        "a count after rescue undoes it",
        expected=Response(True, False, measure=100),
        rescue=[(64, 64)],
        **last12([50] * 12),
    ),
    Edge(
        "a rescue 57 days before does not",
        expected=Response(True, True, onset=120, measure=100),
        rescue=[(63, 63)],
        **last12([50] * 12),
    ),
    Edge(
        "unscheduled counts are none",
        [(7 * week + 1, 50) for week in range(17, 25)],
        Response(False, False, measure=100),
        visits=[17, 18, 19, 20, 21, 22, 23, 24.01],
    ),
]

# The tiny study: patients, evaluable, responders, complete responders; Low, High, all.
RATES = [(4, 0, 0, None), (5, 0, 0, None), (9, 0, 0, None)]


def response(own: list[Count], rule: ResponseRule) -> Response:
    low, high = rule.last_weeks
    late = [c for c in own if c.scheduled and c.visit is not None and low <= c.visit <= high]
    good = [count for count in late if count.value >= 50]
    enough = len(late) >= 8
    responds = enough and len(good) / len(late) >= 2 / 3 - 1e-12
    responds = responds and not any(count.rescued for count in late)
    return Response(
        enough,
        responds,
        None,
        min(count.day for count in good) if responds else None,
        100 * len(good) / len(late) if late else None,
    )
