"""The runner: values are bound, names are quoted, threads do not meet, changed files are seen."""

from __future__ import annotations

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.contract import DATASETS as CONTRACT
from data.contract import DUCKDB
from data.study import DATASETS, Study, StudyError, fingerprint, load
from queries.catalogue import find_study, open_study
from queries.engine import files
from queries.engine import run as runner
from queries.engine.run import compose, query, rows, run
from queries.engine.selection import Selection, words
from queries.filters import offers
from tests.support import reference
from tests.support.requests import STEMS, judging, params
from tests.support.tiny import ADSL, HOSTILE_CLASS, HOSTILE_SITE, HOSTILE_TERM, TOML
from tests.support.tiny import DATASETS as TINY
from tests.support.writing import write_study

MINIMAL = """
STUDYID = "MIN"
name = "Minimal"
title = "What docs/data.md calls the least"

[[analysis_set]]
key = "all"
label = "Treated"
variable = "SAFFL"
"""


def everything(study: Study, **chosen: Any) -> dict[str, pd.DataFrame]:
    """The rows of every query file, and of those that judge response by every definition."""
    found = {}
    for stem in STEMS:
        for definition in judging(study) if stem.startswith("response") else ("iwg2009",):
            found[f"{stem} {definition}"] = rows(
                study, stem, group="cohort", definition=definition, **params(study, **chosen)
            )
    return found


def count(frame: pd.DataFrame) -> int:
    return int(frame["n_patients"].sum())


# --- values ----------------------------------------------------------------------------------

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
    assert count(run(tiny, asked)) == (1 if value == HOSTILE_SITE else 0)
    assert count(rows(tiny, "group_sizes")) == 9


@pytest.mark.parametrize("value", HOSTILE)
def test_values_of_parameters_are_bound(tiny: Study, value: str) -> None:
    found = rows(tiny, "adverse_events", **params(tiny, search=value, only_emergent=False))
    whole = found[(found["level"] == "any") & found["is_overall"]]
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


def test_parameters_are_not_taken_from_comments_texts_and_names() -> None:
    sql = """
    -- it's $one's
    select '-- $two', "a $three -- b", $four, '''$five' -- $six "
    from t where x = $seven
    """
    assert runner.parameters(sql) == {"four", "seven"}


def test_parameters_that_a_query_does_not_use_are_left_out(tiny: Study) -> None:
    asked = query(tiny, "group_sizes", Selection(), search="x", paramcd="PLAT")
    assert asked.params == ()


# --- names -----------------------------------------------------------------------------------

ODD = 'it\'s "odd" $search -- event; Ω'
ODD_TOML = (
    MINIMAL
    + """
[[group]]
key = "odd"
label = "Odd"
variable = ODD

[[filter]]
key = "prior-a"
label = "One"
variable = ODD

[[filter]]
key = "prior_a"
label = "Two"
variable = "SEX"

[[filter]]
key = "Prior A; --"
label = "Three"
variable = "AGE"
kind = "range"

[[baseline]]
label = "Odd's"
variable = ODD
kind = "category"

[[baseline]]
label = "Flag"
variable = ODD
kind = "flag"
value = "it's"

[[baseline]]
label = "A kind; that's unknown"
variable = "SEX"
kind = "it's"

[[flow]]
label = "Odd"
where = { SEX = "F", ODD = "it's" }
""".replace("ODD", json.dumps(ODD, ensure_ascii=False))
)


def test_names_of_columns_and_keys_may_be_anything(tmp_path: Path) -> None:
    adsl = [
        {"USUBJID": f"P-{n}", "SAFFL": "Y", "SEX": sex, "AGE": 30 + n, ODD: value}
        for n, (sex, value) in enumerate([("F", "it's"), ("M", "$search"), ("F", None)])
    ]
    study = load(write_study(tmp_path / "ODD", ODD_TOML, {"adsl": adsl}))
    assert [item.variable for item in study.filters] == [ODD, "SEX", "AGE"]
    everything(study)

    def n(selection: Selection) -> int:
        return count(rows(study, "group_sizes", selection, group="odd"))

    # Keys that differ in a hyphen only keep their own values.
    both = Selection().with_choice("prior-a", ("it's",)).with_choice("prior_a", ("F",))
    assert n(both) == 1
    assert n(both.with_choice("prior_a", ("M",))) == 0
    assert n(Selection().with_choice("prior-a", ("(missing)",))) == 1
    assert n(Selection().with_range("Prior A; --", (31.0, 32.0))) == 2
    found = rows(study, "baseline_table", group="all")
    flag = found[(found["line_label"] == "Flag") & found["is_overall"]]
    assert flag[["n", "n_known", "n_patients"]].to_numpy().tolist() == [[1, 2, 3]]
    assert list(rows(study, "patient_flow")["n_patients"]) == [1]
    assert set(offers(study, both)) == {"prior-a", "prior_a", "Prior A; --"}


def test_path_of_a_study_may_be_anything(tmp_path: Path) -> None:
    study = load(write_study(tmp_path / "it's [a]* $search -- 100% {x}?", TOML, TINY))
    assert count(rows(study, "group_sizes")) == 9
    assert count(rows(study, "response_rate", definition="iwg2009")) == 18
    found = everything(study)
    assert all(len(frame) for frame in found.values())


def test_variable_that_adsl_lacks_is_missing_for_everybody(tmp_path: Path) -> None:
    toml = TOML.replace('variable = "SITEID"', 'variable = "NOSUCH"')
    toml = toml.replace('variable = "PPROTFL"', 'variable = "NOSUCHFL"')
    toml = toml.replace('order = "COHORTN"', 'order = "NOSUCHN"')
    study = load(write_study(tmp_path / "S", toml, TINY))
    everything(study)
    sizes = rows(study, "group_sizes", group="site")
    assert sizes[["group_label", "n_patients"]].to_numpy().tolist() == [["(missing)", 9]]
    assert count(rows(study, "group_sizes", Selection("per-protocol"))) == 0
    # A filter on it would offer nothing but "(missing)".
    assert "site" not in offers(study, Selection())
    assert "sex" in offers(study, Selection())


def test_range_filter_on_a_text_takes_its_numbers(tmp_path: Path) -> None:
    adsl = [
        {"USUBJID": f"P-{n}", "SAFFL": "Y", "WEIGHT": value}
        for n, value in enumerate(["60", "70.5", "not done", None])
    ]
    toml = MINIMAL + '[[filter]]\nkey="kg"\nlabel="Weight"\nvariable="WEIGHT"\nkind="range"\n'
    study = load(write_study(tmp_path / "S", toml, {"adsl": adsl}))
    offer = offers(study, Selection())["kg"]
    assert (offer.low, offer.high, offer.n) == (60, 70.5, 2)
    chosen = Selection().with_range("kg", (60.0, 70.5))
    assert count(rows(study, "group_sizes", chosen)) == 2


# --- datasets --------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["adlb", "adae", "adex", "adcm", "all but adsl"])
def test_study_without_a_dataset_has_no_rows_there(tmp_path: Path, missing: str) -> None:
    kept = {
        name: given
        for name, given in TINY.items()
        if name == "adsl" or missing not in (name, "all but adsl")
    }
    study = open_study(write_study(tmp_path / "S", TOML, kept))
    found = everything(study, only_emergent=False)
    without = {stem.split(" ")[0] for stem, frame in found.items() if frame.empty}
    expected = {
        "adlb": {"lab_parameters", "platelet_individual", "platelet_time_course"},
        "adae": {"adverse_event_list", "event_classes"},
        "adex": {"infusion_days"},
        "adcm": {"rescue_days"},
    }
    expected["all but adsl"] = set().union(*expected.values())
    assert without == expected[missing]
    rates = found["response_rate iwg2009"]
    assert int(rates.loc[rates["is_overall"], "n_patients"].iloc[0]) == 9
    cells = found["adverse_events iwg2009"]
    whole = cells[(cells["level"] == "any") & cells["is_overall"]].iloc[0]
    assert (whole["n"], whole["n_patients"]) == ((0, 9) if "adae" not in kept else (7, 9))


def test_lacking_dataset_has_the_declared_columns_and_types(tmp_path: Path) -> None:
    study = load(write_study(tmp_path / "S", MINIMAL, {"adsl": [{"USUBJID": "A", "SAFFL": "Y"}]}))
    with duckdb.connect() as connection:
        for name, dataset in CONTRACT.items():
            described = connection.execute(
                f"describe {runner.dataset_sql(study, name.lower())}"
            ).fetchall()
            types = {row[0]: row[1] for row in described}
            assert types == {item.name: DUCKDB[item.type] for item in dataset.variables}
        for name in set(DATASETS) - {key.lower() for key in CONTRACT}:
            assert connection.execute(runner.dataset_sql(study, name)).fetchall() == []


def test_least_study_runs_every_query(tmp_path: Path) -> None:
    """No groups, filters, baseline, flow or response; the required columns alone."""
    kept = {
        name: [
            {
                key: value
                for key, value in row.items()
                if key in {"AGE", "SAFFL"}
                or (
                    key in {item.name for item in CONTRACT[name.upper()].variables}
                    and CONTRACT[name.upper()][key].required
                )
            }
            for row in given
        ]
        for name, given in TINY.items()
    }
    study = open_study(write_study(tmp_path / "S", MINIMAL, kept))
    found = everything(study)
    assert found["filter_counts iwg2009"].empty
    assert found["patient_flow iwg2009"].empty
    assert found["baseline_table iwg2009"].empty
    assert offers(study, Selection()) == {}
    assert count(rows(study, "group_sizes")) == 9
    # Without PARAM the code is the name.
    assert study.parameters == (("PLAT", "PLAT"), ("WHOBLEED", "WHOBLEED"))


def test_column_in_small_letters_is_not_added_twice(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "S", TOML, {})
    table = pa.table({"USUBJID": ["A", "B"], "saffl": ["Y", "N"], "SEX": ["F", "M"]})
    pq.write_table(table, folder / "adsl.parquet")
    assert count(rows(load(folder), "group_sizes")) == 1


# --- what is kept, and when it is made anew ----------------------------------------------------


def test_rows_are_the_callers_own(tiny: Study) -> None:
    first = rows(tiny, "group_sizes", group="cohort")
    first.loc[:, "n_patients"] = 99
    assert list(rows(tiny, "group_sizes", group="cohort")["n_patients"]) == [4, 5]


def test_changed_file_is_seen(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "TINY", TOML, TINY)
    before = find_study("TINY", tmp_path)
    assert count(rows(before, "group_sizes")) == 9
    assert find_study("TINY", tmp_path) is before
    changed = [row | {"SAFFL": "Y"} if row["USUBJID"] == "T-12" else row for row in ADSL]
    size = (folder / "adsl.parquet").stat().st_size
    write_study(folder, TOML, {"adsl": changed})
    after = find_study("TINY", tmp_path)
    assert after.fingerprint != before.fingerprint
    assert abs((folder / "adsl.parquet").stat().st_size - size) < 64
    assert count(rows(after, "group_sizes")) == 10
    assert after.event_classes == before.event_classes


def test_file_that_comes_and_goes_is_seen(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "TINY", TOML, TINY)
    given = {"only_emergent": False}
    assert len(rows(open_study(folder), "event_classes")) == 5
    (folder / "adae.parquet").rename(tmp_path / "away")
    study = open_study(folder)
    assert rows(study, "event_classes").empty
    assert rows(study, "adverse_event_list", **params(study, **given)).empty
    (tmp_path / "away").rename(folder / "adae.parquet")
    assert len(rows(open_study(folder), "event_classes")) == 5


def test_fingerprint_follows_name_size_and_time(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "TINY", TOML, TINY)
    seen = {fingerprint(folder)}
    os.utime(folder / "adsl.parquet", ns=(1, 1))
    seen.add(fingerprint(folder))
    with (folder / "study.toml").open("a") as file:
        file.write("\n")
    seen.add(fingerprint(folder))
    (folder / "adcm.parquet").rename(folder / "adrs.parquet")
    seen.add(fingerprint(folder))
    assert len(seen) == 4
    (folder / "notes.txt").write_text("not part of the study")
    assert fingerprint(folder) in seen


def test_edited_query_file_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "a.sql"
    file.write_text("-- one\nselect 1;\n")
    assert files.text(file) == "-- one\nselect 1"
    file.write_text("-- two\nselect 2\n")
    os.utime(file, ns=(5, 5))
    assert files.text(file) == "-- two\nselect 2"


def test_unknown_study_is_named_with_those_there_are(tmp_path: Path) -> None:
    write_study(tmp_path / "TINY", TOML, TINY)
    with pytest.raises(StudyError, match="no study 'NOPE'; there are: TINY"):
        find_study("NOPE", tmp_path)


# --- threads ---------------------------------------------------------------------------------


def test_eight_threads_fail_no_query(tiny: Study) -> None:
    """1,600 queries, none of them like another, so that none comes from the cache."""
    ages = {row["USUBJID"]: row["AGE"] for row in ADSL if row["SAFFL"] == "Y"}

    def asked(number: int) -> tuple[int, int]:
        low = 20 + number % 60 + number / 10_000
        selection = Selection().with_range("age", (low, 65.0))
        found = count(rows(tiny, "group_sizes", selection, group="cohort"))
        expected = sum(age is not None and low <= age <= 65 for age in ages.values())
        return found, expected

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(asked, range(1600)))
    assert all(found == expected for found, expected in answers)
    assert len({found for found, _ in answers}) > 5


def test_cursors_of_one_database_are_apart() -> None:
    one, other = runner.cursor(), runner.cursor()
    one.execute("select * from range(3)")
    other.execute("select 'other'")
    assert one.fetchall() == [(0,), (1,), (2,)]
    assert other.fetchall() == [("other",)]


# --- how a query is put together -------------------------------------------------------------


def test_own_steps_follow_those_they_need(tiny: Study) -> None:
    sql = "-- A comment.\n-- And more.\nwith own as (select * from population)\n\nselect * from own"
    asked = compose(tiny, sql)
    assert re.match(r"with adsl as \(", asked.sql)
    assert len(run(tiny, asked)) == 9
    assert asked.sql.count("\nwith ") == 0


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
    embedded: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    selection = Selection().with_range("age", (30.0, 49.25))
    expected = len(reference.population(embedded, selection))
    assert count(rows(embedded, "group_sizes", selection)) == expected > 10
    assert len(rows(embedded, "response_patients", definition="any50")) == 18


# --- the selection ---------------------------------------------------------------------------


def test_selection_is_a_value() -> None:
    one = Selection().with_choice("sex", ("M", "F", "M")).with_range("age", (1.0, 2.0))
    other = Selection().with_range("age", (1.0, 2.0)).with_choice("sex", ("F", "M"))
    assert one == other
    assert hash(one) == hash(other)
    assert one.chosen("sex") == ("F", "M")
    assert one.chosen("dose") == ()
    assert one.span("age") == (1.0, 2.0)
    assert one.span("sex") is None
    assert not one.is_everybody
    lifted = one.with_choice("sex", ()).with_range("age", None)
    assert lifted == Selection()
    assert lifted.is_everybody
    assert replace(lifted, analysis_set="full").is_everybody


def test_filters_that_the_study_does_not_have_do_nothing(tiny: Study) -> None:
    chosen = Selection().with_choice("no such", ("x",)).with_range("sex", (0.0, 1.0))
    assert count(rows(tiny, "group_sizes", chosen)) == 9


def test_selection_in_words(tiny: Study) -> None:
    chosen = (
        Selection()
        .with_choice("sex", ("F",))
        .with_choice("dose", ("1.0", "2.0"))
        .with_range("age", (30.0, 44.5))
    )
    assert words(tiny, chosen) == [
        "Dose: 1.0, 2.0 × 10^6 cells/kg",
        "Sex: Female",
        "Age: 30–44.5 years",
    ]
