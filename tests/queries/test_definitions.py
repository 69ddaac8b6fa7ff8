"""The response definitions at their edges, and against a second implementation.

Each edge is a patient of one study with the answer written beside it. The second implementation
(`tests/support/reference.py`) is plain Python; it is held to the same edges, and then compared with
the queries on the embedded study and on random ones.

"Confirmed" reads: any two counts that meet the response at least 7 days apart, whatever lies
between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from data.study import Study, load
from queries.definition import ORDER, WEEKS_NEEDED, definition, definitions
from queries.engine.records import records
from queries.engine.run import rows
from queries.engine.selection import Selection
from tests.support import drawing, reference
from tests.support.reference import DEFINITIONS, Judged
from tests.support.tiny import TOML
from tests.support.writing import Row, write_study

Counts = list[tuple[int, float]]


@dataclass(frozen=True)
class Edge:
    """A patient, and what a definition says of it.

    `counts`: study day and value; the visit is the week of the day, or that of `visits`. `rescue`:
    first and last day. `bleeding`: day and grade.
    """

    name: str
    counts: Counts
    expected: Judged
    base: float | None = 10
    bleeding: list[tuple[int, float | None]] = field(default_factory=list)
    rescue: list[tuple[int | None, int | None]] = field(default_factory=list)
    visits: list[float | None] | None = None
    more: dict[str, Any] = field(default_factory=dict)
    flag: str = "Y"


def judged(
    evaluable: bool,
    responder: bool,
    *,
    complete: bool | None = None,
    onset: int | None = None,
    measure: float | None = None,
) -> Judged:
    return Judged(evaluable, responder, complete, onset, measure)


def iwg(
    responder: bool,
    onset: int | None = None,
    measure: float | None = None,
    *,
    complete: bool = False,
    evaluable: bool = True,
) -> Judged:
    return Judged(evaluable, responder, complete, onset, measure)


NONE = iwg(False, evaluable=False)

IWG = [
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

ANY50 = [
    Edge("49.9", [(8, 49.9)], judged(True, False, measure=49.9)),
    Edge("exactly 50, once", [(8, 50)], judged(True, True, onset=8, measure=50)),
    Edge(
        "the first of two, the highest", [(8, 55), (9, 90)], judged(True, True, onset=8, measure=90)
    ),
    Edge(
        "bleeding does not matter",
        [(8, 50)],
        judged(True, True, onset=8, measure=50),
        bleeding=[(8, 4)],
    ),
    Edge("nor the baseline", [(8, 50)], judged(True, True, onset=8, measure=50), base=49),
    Edge("nor a missing one", [(8, 50)], judged(True, True, onset=8, measure=50), base=None),
    Edge(
        "only after rescue", [(8, 200), (70, 20)], judged(True, False, measure=20), rescue=[(8, 8)]
    ),
    Edge(
        "57 days after rescue",
        [(65, 50)],
        judged(True, True, onset=65, measure=50),
        rescue=[(8, 8)],
    ),
    Edge("all after rescue", [(8, 200)], judged(False, False), rescue=[(8, 8)]),
    Edge("day 1", [(1, 200)], judged(False, False)),
    Edge("day 2 and 200", [(2, 20), (200, 90)], judged(True, False, measure=20)),
]

LATE = (18, 20, 22, 24, 26, 28)


def late(*values: float | None) -> tuple[Counts, list[float | None]]:
    """Counts at the late visits; None where the visit was missed."""
    kept = [(week, value) for week, value in zip(LATE, values, strict=True) if value is not None]
    return [(7 * week + 1, value) for week, value in kept], [float(week) for week, _ in kept]


def stable(name: str, values: tuple[float | None, ...], expected: Judged, **more: Any) -> Edge:
    own, visits = late(*values)
    return Edge(name, own, expected, visits=visits, **more)


STABLE50 = [
    stable("four of six", (50, 50, 50, 50, 49.9, 0), judged(True, True, onset=127, measure=4)),
    stable("three of six", (50, 50, 50, 49.9, 0, 0), judged(True, False, measure=3)),
    stable("four of four", (None, 60, 60, None, 60, 60), judged(True, True, onset=141, measure=4)),
    stable("three of four", (None, 60, 60, None, 60, 10), judged(True, False, measure=3)),
    stable("three visits", (60, 60, 60, None, None, None), judged(False, False, measure=3)),
    stable("no visit", (None,) * 6, judged(False, False)),
    stable(
        "after rescue is no response, but a visit",
        (60, 60, 60, 60, 10, 10),
        judged(True, False, measure=3),
        rescue=[(168, 168)],
    ),
    Edge(
        "two counts at a visit",
        [(127, 10), (128, 60), (141, 60), (155, 60), (169, 60)],
        judged(True, True, onset=127, measure=4),
        visits=[18, 18, 20, 22, 24],
    ),
    Edge(
        "other visits do not stand in",
        [(134, 90), (148, 90), (162, 90), (176, 90)],
        judged(False, False),
        visits=[19, 21, 23, 25],
    ),
    Edge(
        "unscheduled visits do not either",
        [(128, 90), (141, 60), (155, 60), (169, 60)],
        judged(False, False, measure=3),
        visits=[18.01, 20, 22, 24],
    ),
]


def last12(values: Sequence[float], first: int = 17, **more: Any) -> dict[str, Any]:
    weeks = range(first, first + len(values))
    return {
        "counts": [(7 * week + 1, value) for week, value in zip(weeks, values, strict=True)],
        "visits": [float(week) for week in weeks],
    } | more


TWO_THIRDS = [
    Edge(
        "8 of 12",
        expected=judged(True, True, onset=120, measure=800 / 12),
        **last12([50] * 8 + [49.9] * 4),
    ),
    Edge("7 of 12", expected=judged(True, False, measure=700 / 12), **last12([50] * 7 + [49] * 5)),
    Edge(
        "6 of 9",
        expected=judged(True, True, onset=120, measure=600 / 9),
        **last12([50] * 6 + [0] * 3),
    ),
    Edge(
        "6 of 8", expected=judged(True, True, onset=120, measure=75), **last12([50] * 6 + [0] * 2)
    ),
    Edge("5 of 8", expected=judged(True, False, measure=62.5), **last12([50] * 5 + [0] * 3)),
    Edge("7 counts", expected=judged(False, False, measure=100), **last12([50] * 7)),
    Edge(
        "week 16 is too early", expected=judged(False, False, measure=100), **last12([50] * 8, 16)
    ),
    Edge("no counts", expected=judged(False, False), **last12([])),
    Edge(
        "a count after rescue undoes it",
        expected=judged(True, False, measure=100),
        rescue=[(64, 64)],
        **last12([50] * 12),
    ),
    Edge(
        "a rescue 57 days before does not",
        expected=judged(True, True, onset=120, measure=100),
        rescue=[(63, 63)],
        **last12([50] * 12),
    ),
    Edge(
        "unscheduled counts are none",
        [(7 * week + 1, 50) for week in range(17, 25)],
        judged(False, False, measure=100),
        visits=[17, 18, 19, 20, 21, 22, 23, 24.01],
    ),
]

HALF = [
    Edge(
        "2 of 4", [(8, 50), (15, 49.9), (22, 49), (29, 60)], judged(True, True, onset=8, measure=50)
    ),
    Edge("1 of 4", [(8, 50), (15, 49.9), (22, 49), (29, 49)], judged(True, False, measure=25)),
    Edge("2 of 5", [(8, 50), (15, 50), (22, 1), (29, 1), (36, 1)], judged(True, False, measure=40)),
    Edge("3 visits", [(8, 50), (15, 50), (22, 50)], judged(False, False, measure=100)),
    Edge("no visit", [], judged(False, False)),
    Edge(
        "two counts at a visit are one visit",
        [(8, 50), (9, 10), (15, 1), (22, 50)],
        judged(False, False, measure=200 / 3),
        visits=[1, 1, 2, 3],
    ),
    Edge(
        "unscheduled counts are no visit",
        [(8, 50), (9, 50), (15, 1), (22, 1)],
        judged(False, False, measure=100 / 3),
        visits=[1, 1.01, 2, 3],
    ),
    Edge(
        "after rescue is a visit and no response",
        [(8, 50), (15, 50), (22, 50), (29, 50)],
        judged(True, False, measure=25),
        rescue=[(12, 12)],
    ),
    Edge(
        "above 400 is above 50",
        [(8, 401), (15, 500), (22, 1), (29, 1)],
        judged(True, True, onset=8, measure=50),
    ),
]
BAND = [
    *(edge for edge in HALF if edge.name != "above 400 is above 50"),
    Edge(
        "50 and 400 are inside, 49.9 and 400.1 are not",
        [(8, 50), (15, 400), (22, 49.9), (29, 400.1)],
        judged(True, True, onset=8, measure=50),
    ),
    Edge(
        "above 400 is outside",
        [(8, 401), (15, 500), (22, 60), (29, 1)],
        judged(True, False, measure=25),
    ),
]

WEEKS = [
    Edge(
        "four weekly counts are four weeks",
        [(8, 50), (15, 50), (22, 50), (29, 50)],
        judged(True, True, onset=8, measure=4),
    ),
    Edge(
        "a day less is not",
        [(8, 50), (15, 50), (22, 50), (28, 50)],
        judged(True, False, measure=27 / 7),
    ),
    Edge(
        "a count stands for 7 days at most",
        [(8, 50), (50, 50), (100, 10)],
        judged(True, False, measure=2),
    ),
    Edge("the last count stands for 7 days", [(199, 50)], judged(True, False, measure=1)),
    Edge(
        "to the next count, whatever that is",
        [(8, 50), (10, 10), (15, 50), (16, 10)],
        judged(True, False, measure=3 / 7),
    ),
    Edge(
        "less than twice the baseline", [(8, 59), (15, 60)], judged(True, False, measure=1), base=30
    ),
    Edge("no baseline", [(8, 50), (15, 50)], judged(False, False, measure=0), base=None),
    Edge("no counts", [], judged(False, False)),
    Edge(
        "counts after rescue end the one before and stand for none",
        [(8, 50), (12, 90), (19, 90)],
        judged(True, False, measure=4 / 7),
        rescue=[(10, 10)],
    ),
    Edge("all after rescue", [(12, 90)], judged(False, False, measure=0), rescue=[(10, 10)]),
    Edge(
        "of counts of one day the last visit stands",
        [(8, 60), (8, 10), (15, 1)],
        judged(True, False, measure=0),
        visits=[1, 1.01, 2],
    ),
    Edge("bleeding does not matter", [(8, 50)], judged(True, False, measure=1), bleeding=[(8, 3)]),
]

EDGES: dict[str, list[Edge]] = {
    "iwg2009": IWG,
    "any50": ANY50,
    "stable50": STABLE50,
    "durable_two_thirds": TWO_THIRDS,
    "durable_half": HALF,
    "cumulative_weeks": WEEKS,
    "target_band": BAND,
}


def rows_of(number: int, edge: Edge) -> dict[str, list[Row]]:
    """An edge as the rows of one patient."""
    patient = {"USUBJID": f"E-{number:03}"}
    visits = edge.visits or [float(max(0, round((day - 1) / 7))) for day, _ in edge.counts]
    adlb: list[Row] = [
        patient
        | {"PARAMCD": "PLAT", "ADY": day, "AVAL": value, "AVISITN": visit, "BASE": edge.base}
        | {"AVISIT": "Unscheduled" if visit is None or visit % 1 else f"Week {visit:g}"}
        | edge.more
        for (day, value), visit in zip(edge.counts, visits, strict=True)
    ]
    adlb += [
        patient | {"PARAMCD": "WHOBLEED", "ADY": day, "AVAL": grade, "AVISITN": None}
        for day, grade in edge.bleeding
    ]
    adcm: list[Row] = [
        patient | {"CMSEQ": index, "CMDECOD": "IVIG", "RESCFL": "Y", "ASTDY": first, "AENDY": last}
        for index, (first, last) in enumerate(edge.rescue)
    ]
    adsl: list[Row] = [patient | {"SAFFL": edge.flag, "TRT01A": "Cells"}]
    return {"adsl": adsl, "adlb": adlb, "adcm": adcm}


def answers(study: Study, key: str, selection: Selection | None = None) -> dict[str, Judged]:
    """What the query says of each patient."""
    found = rows(
        study,
        "response_patients",
        selection or Selection(),
        definition=key,
        weeks_needed=WEEKS_NEEDED,
    )
    assert found[["evaluable", "responder"]].notna().all(axis=None)
    found = found.astype(object).where(found.notna(), None)
    return {
        str(row.USUBJID): Judged(
            bool(row.evaluable),
            bool(row.responder),
            row.complete,
            None if row.onset is None else int(row.onset),
            None if row.measure is None else float(row.measure),
        )
        for row in records(found)
    }


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Study]:
    """One study per definition, each patient an edge."""
    found = {}
    for key, cases in EDGES.items():
        parts = [rows_of(number, edge) for number, edge in enumerate(cases)]
        datasets = {name: [row for part in parts for row in part[name]] for name in parts[0]}
        found[key] = load(write_study(tmp_path_factory.mktemp("edges") / key, TOML, datasets))
    return found


def test_every_definition_has_its_edges_and_its_second_implementation(embedded: Study) -> None:
    assert set(EDGES) == set(DEFINITIONS) == set(ORDER) == set(definitions(embedded))


@pytest.mark.parametrize(
    ("key", "number"),
    [(key, number) for key, cases in EDGES.items() for number in range(len(cases))],
    ids=[f"{key}: {edge.name}" for key, cases in EDGES.items() for edge in cases],
)
def test_definition_at_its_edges(edges: dict[str, Study], key: str, number: int) -> None:
    edge = EDGES[key][number]
    assert answers(edges[key], key)[f"E-{number:03}"] == edge.expected


@pytest.mark.parametrize("key", ORDER)
def test_second_implementation_at_the_same_edges(edges: dict[str, Study], key: str) -> None:
    found = reference.judged(edges[key], key, Selection())
    for number, edge in enumerate(EDGES[key]):
        assert found[f"E-{number:03}"] == edge.expected, edge.name


@pytest.mark.parametrize("key", ORDER)
def test_definition_on_the_embedded_study(embedded: Study, key: str) -> None:
    expected = reference.judged(embedded, key, Selection())
    assert len(expected) == 18
    assert answers(embedded, key) == expected


@pytest.mark.parametrize("seed", range(6))
def test_definitions_on_random_studies(tmp_path: Path, seed: int) -> None:
    study = load(drawing.study_folder(tmp_path / "R", seed, 60))
    for key in ORDER:
        expected = reference.judged(study, key, Selection())
        found = answers(study, key)
        assert found == expected, key
        assert {item.responder for item in expected.values()} == {True, False}, key
        # Whoever responds can be judged, and a complete response is a response: 100% at most.
        assert all(item.evaluable for item in found.values() if item.responder), key
        assert all(item.responder for item in found.values() if item.complete), key


def test_weeks_needed_moves_the_cut(tiny: Study) -> None:
    # T-03 has six cumulative weeks.
    for needed, expected in ((1.0, True), (6.0, True), (6.1, False), (28.0, False)):
        found = rows(
            tiny, "response_patients", definition="cumulative_weeks", weeks_needed=needed
        ).set_index("USUBJID")
        assert bool(found.loc["T-03", "responder"]) is expected, needed


def test_windows_are_those_of_the_study(tmp_path: Path) -> None:
    """Another first day, last day and rescue window than those of the other tests."""
    toml = (
        TOML.replace("first_day = 2", "first_day = 10")
        .replace("last_day = 199", "last_day = 30")
        .replace("rescue_days = 56", "rescue_days = 3")
    )
    parts = [
        rows_of(0, Edge("too early", [(9, 40), (16, 40)], NONE)),
        rows_of(1, Edge("inside", [(10, 40), (17, 40)], NONE)),
        rows_of(2, Edge("too late", [(24, 40), (31, 40)], NONE)),
        rows_of(3, Edge("3 days after", [(13, 40), (20, 40)], NONE, rescue=[(10, 10)])),
        rows_of(4, Edge("4 days after", [(14, 40), (21, 40)], NONE, rescue=[(10, 10)])),
    ]
    datasets = {name: [row for part in parts for row in part[name]] for name in parts[0]}
    found = answers(load(write_study(tmp_path / "S", toml, datasets)), "iwg2009")
    assert {name for name, item in found.items() if item.responder} == {"E-001", "E-004"}


# --- the words -------------------------------------------------------------------------------


def test_default_of_the_study_comes_first(tiny: Study, tmp_path: Path) -> None:
    assert list(definitions(tiny)) == list(ORDER)
    toml = TOML.replace('default = "iwg2009"', 'default = "stable50"')
    other = load(write_study(tmp_path / "S", toml, {"adsl": [{"USUBJID": "E", "SAFFL": "Y"}]}))
    assert list(definitions(other))[:2] == ["stable50", "iwg2009"]


def test_words_hold_the_windows_of_the_study(tiny: Study, tmp_path: Path) -> None:
    toml = TOML.replace("rescue_days = 56", "rescue_days = 28").replace(
        "last_weeks = [17, 28]", "last_weeks = [9, 20]"
    )
    other = load(write_study(tmp_path / "S", toml, {"adsl": [{"USUBJID": "E", "SAFFL": "Y"}]}))
    assert "(week 18, week 20, week 22, week 24, week 26, week 28)" in (
        definition(tiny, "stable50").words
    )
    assert "weeks 17 to 28" in definition(tiny, "durable_two_thirds").words
    assert "56 days" in definition(tiny, "durable_two_thirds").words
    assert "weeks 9 to 20" in definition(other, "durable_two_thirds").words
    assert "28 days" in definition(other, "durable_two_thirds").words
    assert "from 6.5 weeks on" in definition(tiny, "cumulative_weeks", weeks_needed=6.5).words


@pytest.mark.parametrize("key", ORDER)
def test_no_parameter_is_left_in_the_words(tiny: Study, key: str) -> None:
    found = definition(tiny, key)
    for text in (found.label, found.words, found.evaluable, found.measure):
        assert text
        assert "$" not in text


def test_study_without_a_response_rule_has_no_definitions(tmp_path: Path) -> None:
    toml = TOML[: TOML.index("[response]")] + TOML[TOML.index("[adverse_events]") :]
    study = load(write_study(tmp_path / "S", toml, {"adsl": [{"USUBJID": "E", "SAFFL": "Y"}]}))
    assert study.response is None
    assert definitions(study) == {}
