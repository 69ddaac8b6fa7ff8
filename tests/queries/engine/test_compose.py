"""Queries put together: values are bound, steps stand before their use, the text can be pasted."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data.study import Study
from queries.engine.compose import compose
from queries.engine.run import query, rows, run
from queries.engine.selection import Selection
from queries.files import ROOT
from tests.support import reference
from tests.support.requests import n_patients, params
from tests.support.tiny import HOSTILE_CLASS, HOSTILE_SITE, HOSTILE_TERM

HOSTILE = (
    HOSTILE_SITE,
    HOSTILE_TERM,
    "' or 1 = 1 --",
    "x'); drop table adsl; --",
    "$filter_5_site",
    "$search",
    '" or "" = "',
    "\\' or true",
    "% _ *",
    "null",
    "Ω\u202e\x00",
)


@pytest.mark.parametrize("value", HOSTILE)
def test_value_of_a_filter_is_bound(tiny: Study, value: str) -> None:
    chosen = Selection().with_choice("site", (value,))
    asked = query(tiny, "group_sizes", chosen)
    assert asked.sql == query(tiny, "group_sizes", Selection().with_choice("site", ("x",))).sql
    assert dict(asked.params)["filter_5_site"] == (value,)
    assert n_patients(run(tiny, asked)) == (1 if value == HOSTILE_SITE else 0)
    assert n_patients(rows(tiny, "group_sizes")) == 9


@pytest.mark.parametrize("value", HOSTILE)
def test_values_of_parameters_are_bound(tiny: Study, value: str) -> None:
    found = rows(tiny, "adverse_events", **params(tiny, search=value, only_emergent=False))
    whole = found[(found["line"] == "any") & found["is_overall"]]
    assert int(whole["n"].iloc[0]) == (1 if value == HOSTILE_TERM else 0)
    for name in ("class", "term", "cell_group", "patient"):
        given = params(tiny, only_emergent=False, **{name: value})
        hit = name == "term" and value == HOSTILE_TERM
        assert len(rows(tiny, "adverse_event_list", **given)) == (1 if hit else 0), name


def test_hostile_text_comes_out_as_it_went_in(tiny: Study) -> None:
    found = rows(tiny, "adverse_events", **params(tiny))
    assert HOSTILE_TERM in set(found["AEDECOD"])
    assert HOSTILE_CLASS in set(found["AEBODSYS"])
    assert HOSTILE_SITE in set(rows(tiny, "group_sizes", group="site")["group_label"])


@pytest.mark.parametrize("value", [*HOSTILE[:-1], "two\nlines", "--", "'"])
def test_query_for_a_reader_holds_the_values_and_nothing_more(tiny: Study, value: str) -> None:
    chosen = Selection().with_choice("site", (value, "A, north")).with_range("age", (30.0, 44.5))
    asked = query(tiny, "adverse_events", chosen, group="site", **params(tiny, search=value))
    with duckdb.connect() as connection:
        shown = connection.execute(asked.text).df()
    pd.testing.assert_frame_equal(shown, run(tiny, asked))


def test_parameter_without_a_value_is_named(tiny: Study) -> None:
    with pytest.raises(KeyError, match=r"no value for \$nobody, \$nothing"):
        compose(tiny, "select $nothing, $nobody from population where 'it $is' = ''")


def test_parameters_that_a_query_does_not_use_are_left_out(tiny: Study) -> None:
    asked = query(tiny, "group_sizes", Selection(), search="x", paramcd="PLAT")
    assert [name for name, _ in asked.params] == ["adsl_file"]


def test_own_steps_follow_those_they_need(tiny: Study) -> None:
    sql = "-- A comment.\n-- And more.\nwith own as (select * from population)\n\nselect * from own"
    asked = compose(tiny, sql)
    assert re.match(r"with adsl as \(", asked.sql)
    assert len(run(tiny, asked)) == 9
    assert asked.sql.count("\nwith ") == 0


def test_own_step_stands_in_for_a_dataset(tiny: Study) -> None:
    """A step of the text itself is not looked up, whatever its name."""
    asked = compose(tiny, "with adae as (select 7 as one), response as (from adae) from response")
    assert run(tiny, asked)["one"].tolist() == [7]
    assert asked.params == ()


def test_query_for_a_reader_names_files_from_the_project_folder(
    embedded: Study, tiny: Study
) -> None:
    shown = query(embedded, "cohort_sizes").text
    assert f"read_parquet('data/studies/{embedded.id}/adsl.parquet')" in shown
    assert f"read_parquet('{tiny.folder}/adsl.parquet')" in query(tiny, "cohort_sizes").text


def test_query_that_needs_nothing_stays_as_it_is(tiny: Study) -> None:
    asked = compose(tiny, "select 1 as one -- from population")
    assert asked.sql == "select 1 as one -- from population"
    assert run(tiny, asked)["one"].tolist() == [1]


def test_each_step_stands_once_and_before_it_is_used(tiny: Study) -> None:
    asked = query(tiny, "response_rate", definition="iwg2009")
    steps = re.findall(r"^(?:with )?([a-z_]+) as \($", asked.sql, re.MULTILINE)
    needed = ["adsl", "population", "adlb", "adcm", "rescue", "measurement", "assessed_count"]
    assert sorted(steps) == sorted(set(steps))
    places = [steps.index(name) for name in [*needed, "response"]]
    assert places == sorted(places)


def test_study_in_the_repository_is_read_from_any_folder(
    embedded: Study, tiny: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another folder of the same name below the current one does not stand in for it."""
    elsewhere = tmp_path / embedded.folder.relative_to(ROOT)
    elsewhere.mkdir(parents=True)
    for dataset in embedded.folder.glob("*.parquet"):
        shutil.copy(tiny.folder / dataset.name, elsewhere)
    monkeypatch.chdir(tmp_path)
    selection = Selection().with_range("age", (30.0, 49.25))
    expected = len(reference.population(embedded, selection))
    assert n_patients(rows(embedded, "group_sizes", selection)) == expected > 10
    assert len(rows(embedded, "response_patients", definition="any50")) == 18
