"""IWG 2009 response: two counts that meet it at least 7 days apart, whatever lies between them."""

from __future__ import annotations

from data.study import ResponseRule
from tests.support.response import (
    Count,
    Edge,
    Response,
    confirmed,
    twice,
)


def iwg(
    responder: bool,
    onset: int | None = None,
    measure: float | None = None,
    *,
    complete: bool = False,
    evaluable: bool = True,
) -> Response:
    return Response(evaluable, responder, complete, onset, measure)


NONE = iwg(False, evaluable=False)

EDGES = [
    Edge("6 days apart", [(8, 40), (14, 40), (30, 12)], iwg(False, measure=6)),
    Edge("7 days apart", [(8, 40), (15, 40)], iwg(True, 8, 7)),
    Edge("a failing count between", [(8, 40), (15, 5), (22, 40)], iwg(True, 8, 14)),
    Edge("first and last of four", [(8, 40), (10, 40), (13, 5), (15, 40)], iwg(True, 8, 7)),
    Edge("exactly 30", [(8, 30), (15, 30)], iwg(True, 8, 7)),
    Edge("29.9 is not 30", [(8, 29.9), (15, 30)], iwg(False, measure=0)),
    Edge("exactly twice the baseline", [(8, 40), (15, 40)], iwg(True, 8, 7), base=20),
    Edge("less than twice", [(8, 39.9), (15, 40)], iwg(False, measure=0), base=20),
    Edge("baseline 0", [(8, 30), (15, 30)], iwg(True, 8, 7), base=0),
    Edge("bleeding on the day", [(8, 40), (15, 40)], iwg(False, measure=0), bleeding=[(8, 1)]),
    Edge(
        "bleeding on the days around",
        [(8, 40), (15, 40)],
        iwg(True, 8, 7),
        bleeding=[(7, 2), (9, 2), (14, 1)],
    ),
    Edge("bleeding grade 0", [(8, 40), (15, 40)], iwg(True, 8, 7), bleeding=[(8, 0), (15, 0)]),
    Edge("bleeding grade missing", [(8, 40), (15, 40)], iwg(True, 8, 7), bleeding=[(8, None)]),
    Edge(
        "the worst of two bleeding grades of a day",
        [(8, 40), (15, 40)],
        iwg(False, measure=0),
        bleeding=[(8, 0), (8, 1)],
    ),
    Edge(
        "complete with bleeding", [(8, 120), (15, 120)], iwg(False, measure=0), bleeding=[(15, 1)]
    ),
    Edge("day 1 is not after treatment", [(1, 40), (8, 40)], iwg(False, None, 0, evaluable=False)),
    Edge("day 2 is", [(2, 40), (9, 40)], iwg(True, 2, 7)),
    Edge("before treatment", [(-7, 40), (8, 40)], iwg(False, None, 0, evaluable=False)),
    Edge("day 199 is the last", [(192, 40), (199, 40)], iwg(True, 192, 7)),
    Edge("day 200 is too late", [(193, 40), (200, 40)], iwg(False, None, 0, evaluable=False)),
    Edge("no baseline, response", [(8, 40), (15, 99)], iwg(False), base=None),
    Edge(
        "no baseline, complete response",
        [(8, 100), (15, 100)],
        iwg(True, 8, 7, complete=True),
        base=None,
    ),
    Edge(
        "complete without twice the baseline",
        [(8, 100), (15, 100)],
        iwg(True, 8, 7, complete=True),
        base=60,
    ),
    Edge("99.9 without twice the baseline", [(8, 99.9), (15, 100)], iwg(False, measure=0), base=60),
    Edge("complete once, response once", [(8, 100), (15, 40)], iwg(True, 8, 7)),
    Edge(
        "complete for 6 days, response for 13",
        [(8, 100), (14, 100), (21, 40)],
        iwg(True, 8, 13),
    ),
    Edge(
        "complete for 7 days, response earlier",
        [(4, 40), (8, 100), (15, 100)],
        iwg(True, 4, 11, complete=True),
    ),
    Edge("no counts", [], NONE),
    Edge("one count", [(8, 40)], iwg(False, None, 0, evaluable=False)),
    Edge("counts over 6 days", [(8, 20), (14, 20)], NONE),
    Edge("counts over 7 days", [(8, 20), (15, 20)], iwg(False)),
    Edge(
        "the first day of rescue",
        [(10, 40), (80, 40), (90, 5)],
        iwg(False, measure=0),
        rescue=[(10, 12)],
    ),
    Edge("the day before rescue", [(9, 40), (80, 40)], iwg(True, 9, 71), rescue=[(10, 12)]),
    Edge(
        "56 days after rescue",
        [(68, 40), (80, 40), (90, 5)],
        iwg(False, measure=0),
        rescue=[(10, 12)],
    ),
    Edge("57 days after rescue", [(69, 40), (80, 40)], iwg(True, 69, 11), rescue=[(10, 12)]),
    Edge(
        "during rescue",
        [(20, 40), (130, 40), (140, 5)],
        iwg(False, measure=0),
        rescue=[(10, 60)],
    ),
    Edge(
        "rescue without a last day",
        [(9, 40), (198, 40)],
        iwg(False, None, 0, evaluable=False),
        rescue=[(10, None)],
    ),
    Edge("rescue without a first day", [(9, 40), (16, 40)], iwg(True, 9, 7), rescue=[(None, 12)]),
    Edge(
        "two windows that overlap",
        [(5, 40), (30, 40), (90, 40), (101, 40)],
        iwg(True, 5, 96),
        rescue=[(10, 10), (40, 44)],
    ),
    Edge("all counts after rescue", [(8, 40), (15, 40), (22, 40)], NONE, rescue=[(5, 9)]),
    Edge("two counts on a day", [(8, 10), (8, 40), (15, 40)], iwg(True, 8, 7)),
    Edge("unscheduled counts", [(8, 40), (15, 40)], iwg(True, 8, 7), visits=[1.01, 2.01]),
    Edge("counts without a visit", [(8, 40), (15, 40)], iwg(True, 8, 7), visits=[None, None]),
    Edge("derived counts", [(8, 40), (15, 40)], NONE, more={"DTYPE": "LOCF"}),
]

# The tiny study: patients, evaluable, responders, complete responders; Low, High, all.
RATES = [(4, 3, 2, 1), (5, 5, 2, 0), (9, 8, 4, 1)]


def response(own: list[Count], rule: ResponseRule) -> Response:
    valid = [count for count in own if not count.rescued]
    complete = [c.day for c in valid if c.value >= 100 and not c.bleeding]
    response = [
        c.day for c in valid if not c.bleeding and (c.value >= 100 or (c.value >= 30 and twice(c)))
    ]
    responds = confirmed(response)
    return Response(
        evaluable=confirmed([count.day for count in valid]),
        responder=responds,
        complete=confirmed(complete),
        onset=min(response) if responds else None,
        measure=float(max(response) - min(response)) if response else None,
    )
