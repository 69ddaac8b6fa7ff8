"""Counts from 50 to 400 at half of the attended visits."""

from __future__ import annotations

from data.study import ResponseRule
from tests.queries.definitions import durable_half
from tests.support.response import (
    Count,
    Edge,
    Response,
    half_of_visits,
)

EDGES = [
    *(edge for edge in durable_half.EDGES if edge.name != "above 400 is above 50"),
    Edge(
        "50 and 400 are inside, 49.9 and 400.1 are not",
        [(8, 50), (15, 400), (22, 49.9), (29, 400.1)],
        Response(True, True, onset=8, measure=50),
    ),
    Edge(
        "above 400 is outside",
        [(8, 401), (15, 500), (22, 60), (29, 1)],
        Response(True, False, measure=25),
    ),
]

# The tiny study: patients, evaluable, responders, complete responders; Low, High, all.
RATES = [(4, 2, 1, None), (5, 1, 0, None), (9, 3, 1, None)]


def response(own: list[Count], rule: ResponseRule) -> Response:
    return half_of_visits(own, lambda count: 50 <= count.value <= 400)
