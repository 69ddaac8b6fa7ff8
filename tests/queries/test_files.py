"""Every query file: what its first comment says, that it runs, and that its rows are unique."""

from __future__ import annotations

import os
import re
from itertools import product
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data.study import DATASETS, Study, load
from queries.definition import definition_keys
from queries.engine.compose import step_files
from queries.engine.parse import parameters, tables
from queries.engine.run import query, rows
from queries.engine.selection import Selection
from queries.engine.study_steps import STUDY_STEPS
from queries.files import FOLDER, ROOT, text
from tests.support import drawing
from tests.support.requests import STEMS, definitions_for, params

FILES = sorted(FOLDER.rglob("*.sql"))

# The columns by which the rows of a query are unique; () where there is one row, None where rows
# may be equal (two events of a patient that differ in nothing that is shown).
KEYS: dict[str, tuple[str, ...] | None] = {
    "adverse_event_list": None,
    "adverse_event_rate": ("is_overall", "group_label"),
    "adverse_events": ("line", "AEBODSYS", "AEDECOD", "is_overall", "group_label"),
    "adverse_events_by_patient": ("USUBJID", "AEDECOD"),
    "arm_doses": ("group_label",),
    "baseline_table": ("line", "value", "is_overall", "group_label"),
    "cohort_sizes": ("group_label",),
    "dose_grid": ("row_label", "column_label"),
    "event_classes": ("AEBODSYS",),
    "filter_counts": ("filter_key", "option_value"),
    "group_sizes": ("group_label",),
    "infusion_days": ("group_label", "infusion_day"),
    "lab_baseline_types": ("PARAMCD", "BASETYPE"),
    "lab_parameters": ("PARAMCD",),
    "lab_time_points": ("ATPT",),
    "medications": ("CMDECOD",),
    "patient_flow": ("step",),
    "platelet_individual": ("USUBJID", "slot"),
    "platelet_level": (),
    "platelet_records": (),
    "platelet_time_course": ("group_label", "slot"),
    "rescue_days": ("USUBJID", "CMDECOD", "rescue_from"),
    "response_patients": ("USUBJID",),
    "response_rate": ("is_overall", "group_label"),
}


def header(file: Path) -> str:
    """The comment a query file begins with, as running text."""
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(FOLDER).as_posix())
def test_file_begins_with_what_comes_out_its_grain_and_its_unit(file: Path) -> None:
    said = header(file)
    first = said.split(". ")[0]
    assert len(first) > 15, "say in the first sentence what comes out"
    assert re.search(r"\bGrain: \w", said), "say what one row is: -- Grain: ..."
    assert re.search(r"\bUnit: \w", said), "say what the numbers are: -- Unit: ..."


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(FOLDER).as_posix())
def test_file_holds_one_select_of_known_tables(file: Path) -> None:
    """DuckDB's parser takes it for one select, and every table it reads is a dataset or a step."""
    assert tables(text(file)) <= {*DATASETS, "population", "response", *STUDY_STEPS, *step_files()}
    (statement,) = duckdb.extract_statements(text(file))
    assert parameters(text(file)) == statement.named_parameters


def test_every_step_is_read() -> None:
    read = frozenset().union(*(tables(text(file)) for file in FILES))
    assert {*STUDY_STEPS, *step_files(), "population", "response"} <= read


def test_edited_query_file_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "a.sql"
    file.write_text("-- one\nselect 1;\n")
    assert text(file) == "-- one\nselect 1"
    file.write_text("-- two\nselect 2\n")
    os.utime(file, ns=(5, 5))
    assert text(file) == "-- two\nselect 2"


def test_every_query_has_its_key_here() -> None:
    assert tuple(sorted(KEYS)) == STEMS


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Forty random patients with several records on a day, visits without a day and the like."""
    return load(drawing.study_folder(tmp_path_factory.mktemp("random") / "R", 7, 40))


@pytest.fixture(params=["tiny", "embedded", "crowded"])
def study(request: pytest.FixtureRequest) -> Study:
    found: Study = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("stem", STEMS)
def test_query_runs_and_its_rows_are_unique(study: Study, stem: str) -> None:
    source = drawing.seeded(11)
    selections = (Selection(), drawing.selection(study, source))
    groups = ("all", source.choice(study.groupings).key)
    axes = ("visit", "day") if "measure" in text(FOLDER / f"{stem}.sql") else ("visit",)
    for selection, group, axis in product(selections, groups, axes):
        found = rows(
            study,
            stem,
            selection,
            group=group,
            definition=source.choice(definitions_for(study)),
            **params(study, axis=axis, measure=source.choice(["count", "change", "fold"])),
        )
        key = KEYS[stem]
        if key == ():
            assert len(found) == 1
        elif key is not None and not (stem == "platelet_individual" and axis == "day"):
            assert not found.duplicated(list(key)).any(), (selection, group, axis)


@pytest.mark.parametrize("stem", STEMS)
def test_query_gives_the_same_rows_in_the_same_order(crowded: Study, stem: str) -> None:
    """On one thread and on eight, from a table in another order: nothing is left to chance."""
    asked = query(
        crowded,
        stem,
        group="cohort",
        definition="cumulative_weeks",
        **params(crowded, axis="day", measure="change"),
    )
    found = []
    for threads, order in ((1, "1"), (8, "hash(adlb)")):
        with duckdb.connect() as connection:
            connection.execute(f"set threads = {threads}")
            shuffled = asked.sql.replace("($adlb_file)", f"($adlb_file) as adlb order by {order}")
            found.append(connection.execute(shuffled, asked.bound).df())
    pd.testing.assert_frame_equal(found[0], found[1], check_exact=False)


@pytest.mark.parametrize("stem", STEMS)
def test_text_of_a_query_can_be_pasted(
    embedded: Study, stem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SQL that a reader is shown runs in any DuckDB in the project's folder, as it stands."""
    given = params(embedded)
    shown = query(embedded, stem, group="cohort", definition="iwg2009", **given)
    assert str(ROOT) not in shown.text
    for name, _ in shown.params:
        assert f"--   ${name} = " in shown.text
    monkeypatch.chdir(ROOT)
    with duckdb.connect() as connection:
        pasted = connection.execute(shown.text).df()
    expected = rows(embedded, stem, group="cohort", definition="iwg2009", **given)
    pd.testing.assert_frame_equal(pasted, expected)


@pytest.mark.parametrize("definition", definition_keys())
@pytest.mark.parametrize("stem", ["response_rate", "response_patients"])
def test_definition_composes_alone(study: Study, stem: str, definition: str) -> None:
    found = query(study, stem, definition=definition, **params(study))
    assert f"response as (\n{text(FOLDER / 'definitions' / f'{definition}.sql')}" in found.sql
    assert rows(study, stem, definition=definition, **params(study)).shape[0] > 0
