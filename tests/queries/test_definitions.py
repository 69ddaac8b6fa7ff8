"""The response definitions at their edges, and against a second implementation.

Each definition has a module of its own in `tests/queries/definitions`. Each of its edges is a
patient with the answer written beside it. Its second implementation is plain Python; it is held to
the same edges, and then compared with the queries on the embedded study and on random ones.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from data.study import Study, load
from queries import definition as definition_module
from queries.definition import defaults, definition, definition_keys, definitions
from queries.engine.records import records
from queries.engine.run import rows
from queries.engine.selection import Selection
from tests.support import drawing, reference
from tests.support.response import Edge, Response
from tests.support.tiny import TOML
from tests.support.writing import Row, write_study

FOLDER = Path(__file__).parent / "definitions"
KEYS = definition_keys()
# The tests of each definition: its edges, its rates in the tiny study, and a second implementation.
CASES = {
    key: import_module(f"tests.queries.definitions.{key}")
    for key in sorted(file.stem for file in FOLDER.glob("[a-z]*.py"))
}
EDGES: dict[str, list[Edge]] = {key: module.EDGES for key, module in CASES.items()}


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


def answers(study: Study, key: str, selection: Selection | None = None) -> dict[str, Response]:
    """What the query says of each patient."""
    found = rows(
        study,
        "response_patients",
        selection or Selection(),
        definition=key,
    )
    assert found[["evaluable", "responder"]].notna().all(axis=None)
    found = found.astype(object).where(found.notna(), None)
    return {
        str(row.USUBJID): Response(
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
    assert set(CASES) == set(KEYS) == set(definitions(embedded))


@pytest.mark.parametrize(
    ("key", "number"),
    [(key, number) for key, cases in EDGES.items() for number in range(len(cases))],
    ids=[f"{key}: {edge.name}" for key, cases in EDGES.items() for edge in cases],
)
def test_definition_at_its_edges(edges: dict[str, Study], key: str, number: int) -> None:
    edge = EDGES[key][number]
    assert answers(edges[key], key)[f"E-{number:03}"] == edge.expected


@pytest.mark.parametrize("key", KEYS)
def test_second_implementation_at_the_same_edges(edges: dict[str, Study], key: str) -> None:
    found = reference.responses(edges[key], key, Selection())
    for number, edge in enumerate(EDGES[key]):
        assert found[f"E-{number:03}"] == edge.expected, edge.name


@pytest.mark.parametrize("key", KEYS)
def test_definition_on_the_embedded_study(embedded: Study, key: str) -> None:
    expected = reference.responses(embedded, key, Selection())
    assert len(expected) == 18
    assert answers(embedded, key) == expected


@pytest.mark.parametrize("seed", range(6))
def test_definitions_on_random_studies(tmp_path: Path, seed: int) -> None:
    study = load(drawing.study_folder(tmp_path / "R", seed, 60))
    for key in KEYS:
        expected = reference.responses(study, key, Selection())
        found = answers(study, key)
        assert found == expected, key
        assert {item.responder for item in expected.values()} == {True, False}, key
        # Responders are evaluable, and a complete response is a response: 100% at most.
        assert all(item.evaluable for item in found.values() if item.responder), key
        assert all(item.responder for item in found.values() if item.complete), key


def test_weeks_needed_move_the_threshold(tiny: Study) -> None:
    # T-03 has six cumulative weeks.
    for needed, expected in ((1.0, True), (6.0, True), (6.1, False), (28.0, False)):
        found = rows(
            tiny, "response_patients", definition="cumulative_weeks", weeks=needed
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
        rows_of(0, Edge("too early", [(9, 40), (16, 40)], Response(False, False))),
        rows_of(1, Edge("inside", [(10, 40), (17, 40)], Response(False, False))),
        rows_of(2, Edge("too late", [(24, 40), (31, 40)], Response(False, False))),
        rows_of(
            3,
            Edge(
                "3 days after",
                [(13, 40), (20, 40)],
                Response(False, False),
                rescue=[(10, 10)],
            ),
        ),
        rows_of(
            4,
            Edge(
                "4 days after",
                [(14, 40), (21, 40)],
                Response(False, False),
                rescue=[(10, 10)],
            ),
        ),
    ]
    datasets = {name: [row for part in parts for row in part[name]] for name in parts[0]}
    found = answers(load(write_study(tmp_path / "S", toml, datasets)), "iwg2009")
    assert {name for name, item in found.items() if item.responder} == {"E-001", "E-004"}


# --- the words -------------------------------------------------------------------------------


def test_default_of_the_study_comes_first(tiny: Study, tmp_path: Path) -> None:
    assert list(definitions(tiny)) == list(KEYS)
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
    assert (
        "A response is 6.5 weeks or more"
        in definition(tiny, "cumulative_weeks", {"weeks": 6.5}).words
    )


@pytest.mark.parametrize("key", KEYS)
def test_no_parameter_is_left_in_the_words(tiny: Study, key: str) -> None:
    found = definition(tiny, key)
    for text in (found.label, found.words, found.evaluable, found.measure):
        assert re.match(r"\w", text)
        assert "$" not in text


def test_study_without_a_response_rule_has_no_definitions(tmp_path: Path) -> None:
    toml = TOML[: TOML.index("[response]")] + TOML[TOML.index("[adverse_events]") :]
    study = load(write_study(tmp_path / "S", toml, {"adsl": [{"USUBJID": "E", "SAFFL": "Y"}]}))
    assert study.response is None
    assert definitions(study) == {}


@pytest.mark.parametrize("key", KEYS)
def test_rates_of_the_tiny_study(tiny: Study, key: str) -> None:
    found = rows(tiny, "response_rate", group="cohort", definition=key)
    assert found["is_overall"].tolist() == [False, False, True]
    assert found["group_label"].tolist() == ["Low", "High", "All patients"]
    columns = ["n_patients", "n_evaluable", "n_responders", "n_complete"]
    numbers = found[columns].astype(object).where(found[columns].notna(), None)
    assert [tuple(row) for row in numbers.to_numpy().tolist()] == CASES[key].RATES


# --- the header ------------------------------------------------------------------------------

HEADER = """-- One row per selected patient. Grain: USUBJID. Unit: days.
--
-- order = 5
-- label = "Short"
-- words = \"\"\"
-- From $first_day on,
-- $weeks weeks.\"\"\"
-- evaluable = "a count"
-- measure = "weeks"
--
-- [parameter.weeks]
-- label = "Weeks"
-- default = 4
-- low = 1
-- high = 28
select 1 -- order = 6
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Writes the file of a definition `new` into a folder of its own."""
    (tmp_path / "definitions").mkdir()
    monkeypatch.setattr(definition_module, "FOLDER", tmp_path)

    def write(sql: str) -> Path:
        file = tmp_path / "definitions" / "new.sql"
        file.write_text(sql, encoding="utf-8")
        return file

    return write


def test_header_holds_all_that_is_known_of_a_definition(
    tiny: Study, written: Callable[[str], Path]
) -> None:
    written(HEADER)
    assert definition_keys() == ("new",)
    found = definition(tiny, "new")
    assert (found.label, found.evaluable, found.measure) == ("Short", "a count", "weeks")
    assert found.words == "From 2 on, 4 weeks."
    assert definition(tiny, "new", {"weeks": 2.5}).words == "From 2 on, 2.5 weeks."
    assert defaults("new") == {"weeks": 4.0}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('-- measure = "weeks"\n', "", "missing required field `measure`"),
        ("order = 5", 'order = "5"', r"Expected `int`, got `str` - at `\$\.order`"),
        ("-- default = 4\n", "", r"missing required field `default` - at `\$\.parameter"),
        ("order = 5", "order = 5\n-- place = 5", "unknown field `place`"),
        ("order = 5", "order =", "line 1"),
    ],
)
def test_header_that_is_wrong_is_named_with_its_file(
    written: Callable[[str], Path], old: str, new: str, message: str
) -> None:
    written(HEADER.replace(old, new))
    with pytest.raises(ValueError, match=r"queries/definitions/new\.sql: .*" + message):
        definition_keys()


def test_edited_header_is_read_anew(tiny: Study, written: Callable[[str], Path]) -> None:
    file = written(HEADER)
    assert definition(tiny, "new").label == "Short"
    written(HEADER.replace("Short", "Long"))
    os.utime(file, ns=(5, 5))
    assert definition(tiny, "new").label == "Long"
