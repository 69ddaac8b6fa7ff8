"""`build()`: one way to a figure, built once, changed by nobody, clear where it cannot."""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pandas as pd
import plotly.graph_objects as go
import pytest

from components.build import (
    Built,
    FigureError,
    build,
    figure,
    figures,
    forget,
    population,
    reason_against,
    requests,
)
from components.drawing.scaled import scaled
from components.drawing.theme import HEIGHT, template
from components.escape import csv_text
from components.export import content
from components.options.option import OptionError, specs, strict
from data.study import Study
from queries.catalogue import open_study
from queries.engine.run import run
from queries.engine.selection import Selection
from tests.support.reading import footnote
from tests.support.tiny import ADAE, ADSL, DATASETS, TOML, _event
from tests.support.writing import Row, write_study

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("build")

ROOT = Path(__file__).resolve().parents[2]
FIGURES = tuple(figures())
EVERY = pytest.mark.parametrize("name", FIGURES)
DOSE = Selection().with_choice("dose", ("2.0",))


def state(built: Built) -> tuple[str, str, pd.DataFrame]:
    """All that a figure is, as values that a later change cannot reach."""
    words = repr((built.title, built.subtitle, built.footnote, built.alt, built.sql))
    return built.figure.to_json(), words, built.table.copy(deep=True)


def same(one: tuple[str, str, pd.DataFrame], other: tuple[str, str, pd.DataFrame]) -> bool:
    return one[:2] == other[:2] and one[2].equals(other[2])


def study_of(folder: Path, toml: str = TOML, datasets: dict[str, list[Row]] = DATASETS) -> Study:
    """A study of its own."""
    return open_study(write_study(folder, toml, datasets))


def without(table: str) -> str:
    """The tiny study's TOML without one of its tables."""
    kept, skips = [], False
    for line in TOML.splitlines():
        if line.startswith("["):
            skips = line.strip("[]") == table
        if not skips:
            kept.append(line)
    return "\n".join(kept)


# --- built once --------------------------------------------------------------------------------


@EVERY
def test_equal_arguments_give_the_same_object(embedded: Study, name: str) -> None:
    built = build(embedded, name)
    assert build(embedded, name, Selection()) is built
    assert build(embedded, name, None, {}) is built
    assert build(embedded, name, None, strict(figure(name).options, embedded, {})) is built
    assert build(embedded, name.replace("_", "-")) is built
    assert build(embedded, name, Selection().with_choice("dose", ())) is built


@EVERY
def test_another_selection_or_option_is_another_figure(embedded: Study, name: str) -> None:
    built = build(embedded, name)
    other = build(embedded, name, DOSE)
    assert other is not built
    assert other.file_name != built.file_name
    for option, spec in specs(figure(name).options).items():
        for value in list(spec.values(embedded))[1:2]:
            changed = build(embedded, name, None, {option: value})
            assert changed is not built
            assert changed.file_name != built.file_name


@EVERY
def test_values_chosen_in_another_order_are_the_same_selection(embedded: Study, name: str) -> None:
    one = Selection().with_choice("dose", ("1.0", "2.0")).with_choice("sex", ("F",))
    other = Selection().with_choice("sex", ("F",)).with_choice("dose", ("2.0", "1.0", "2.0"))
    assert build(embedded, name, one) is build(embedded, name, other)


def test_a_figure_that_many_ask_for_at_once_is_built_once(embedded: Study) -> None:
    forget()
    asked = [Selection().with_choice("sex", (sex,)) for sex in ("F", "M")] * 8
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda chosen: build(embedded, "key_results", chosen), asked))
    assert len({id(built) for built in found}) == 2


def test_many_figures_at_once_are_each_the_right_one(embedded: Study) -> None:
    asked = [
        (name, Selection().with_choice("dose", (dose,)))
        for name in FIGURES
        for dose in ("0.5", "2.0")
    ]
    alone = [state(build(embedded, *arguments)) for arguments in asked]
    forget()
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda arguments: build(embedded, *arguments), asked))
    assert all(same(state(built), one) for built, one in zip(together, alone, strict=True))


# --- unchanged ---------------------------------------------------------------------------------


@EVERY
def test_nobody_who_uses_a_figure_changes_it(embedded: Study, name: str) -> None:
    built = build(embedded, name, DOSE)
    before = state(built)
    scaled(built.plotly, 2.5, 1080)
    csv_text(built.table)
    content(built, "csv")
    content(built, "json")
    assert same(state(built), before)


@EVERY
def test_summing_up_a_figure_changes_none_of_the_rows(tiny: Study, name: str) -> None:
    options = strict(figure(name).options, tiny, {})
    queries = requests(tiny, name, Selection(), options)
    rows = {key: run(tiny, query) for key, (_, query) in queries.items()}
    before = {key: frame.copy(deep=True) for key, frame in rows.items()}
    chosen = figure(name)
    chosen.draw(chosen.summarise(rows, options, population(tiny, Selection(), options)))
    for key, frame in rows.items():
        pd.testing.assert_frame_equal(frame, before[key])


@EVERY
def test_a_scaled_figure_says_the_same_and_is_larger(embedded: Study, name: str) -> None:
    built = build(embedded, name, DOSE)
    grown = go.Figure(scaled(built.plotly, 2.0, 1080))
    assert grown.layout.height == 1080
    assert built.figure.layout.height == HEIGHT
    small = next(note for note in built.figure.layout.annotations if note.name == "footnote")
    large = next(note for note in grown.layout.annotations if note.name == "footnote")
    assert large.text == small.text
    assert large.font.size == 2 * small.font.size
    assert grown.layout.title.font.size == 2 * built.figure.layout.title.font.size
    assert grown.layout.margin.b == 2 * built.figure.layout.margin.b
    assert grown.layout.template.layout.font.size == 2 * template().layout.font.size
    for one, other in zip(built.figure.data, grown.data, strict=True):
        for key in ("x", "y", "z", "q1", "median", "customdata"):
            if key in one and one[key] is not None:
                assert repr(list(other[key])) == repr(list(one[key]))


@EVERY
def test_no_figure_carries_a_copy_of_the_template(embedded: Study, name: str) -> None:
    plain = build(embedded, name).figure.to_plotly_json()
    assert len(build(embedded, name).figure.to_json()) < 120_000
    assert plain["layout"]["template"]["layout"]["font"]["family"].startswith("Arial")


# --- what a study, a figure or an option is not ----------------------------------------------


@pytest.mark.parametrize("name", ["nothing", "Key results", "", "key_results.py", "look", "grid"])
def test_a_figure_that_is_not_there_is_named_with_those_that_are(
    embedded: Study, name: str
) -> None:
    with pytest.raises(FigureError) as caught:
        build(embedded, name)
    assert repr(name) in str(caught.value)
    assert all(known in str(caught.value) for known in FIGURES)


@EVERY
def test_an_option_that_is_not_there_is_named_with_those_that_are(
    embedded: Study, name: str
) -> None:
    with pytest.raises(OptionError) as caught:
        build(embedded, name, None, {"colour": "red"})
    assert "'colour'" in str(caught.value)
    known = specs(figure(name).options)
    assert all(option in str(caught.value) for option in known)
    assert known or "none" in str(caught.value)


@EVERY
def test_a_value_that_an_option_does_not_take_is_named_with_those_it_does(
    embedded: Study, name: str
) -> None:
    for option, spec in specs(figure(name).options).items():
        if spec.kind == "words":
            continue
        with pytest.raises(OptionError) as caught:
            build(embedded, name, None, {option: "no such value"})
        said = str(caught.value)
        assert option in said
        assert "no such value" in said
        assert all(value in said for value in spec.values(embedded))


def test_every_wrong_value_is_named_at_once(embedded: Study) -> None:
    wrong = {"statistic": "mode", "scale": "cubic", "axis": "visit"}
    with pytest.raises(OptionError) as caught:
        build(embedded, "platelet_time_course", None, wrong)
    assert "'mode'" in str(caught.value)
    assert "'cubic'" in str(caught.value)
    assert "axis" not in str(caught.value)


LACKING = {
    "response_rate": ("response", "[response]"),
    "patient_flow": ("flow", "[[flow]]"),
    "baseline": ("baseline", "[[baseline]]"),
}


@pytest.mark.parametrize("name", LACKING)
def test_a_figure_the_study_says_nothing_about_says_what_is_missing(
    tmp_path: Path, name: str
) -> None:
    table, word = LACKING[name]
    study = study_of(tmp_path / "LACKING", without(table))
    with pytest.raises(FigureError) as caught:
        build(study, name)
    assert word in str(caught.value)
    assert "study.toml" in str(caught.value)
    assert reason_against(study, name) == str(caught.value)
    assert [other for other in FIGURES if reason_against(study, other)] == [name]
    assert build(study, "key_results").n == 9


def test_a_study_without_adverse_events_says_so_and_shows_the_rest(tmp_path: Path) -> None:
    rows = {name: rows for name, rows in DATASETS.items() if name != "adae"}
    study = study_of(tmp_path / "NOADAE", TOML, rows)
    for name in ("adverse_events", "adverse_events_by_patient"):
        with pytest.raises(FigureError, match="ADAE"):
            build(study, name)
    shown = build(study, "key_results")
    assert set(shown.table["outcome"]) == {"Response"}
    assert build(study, "response_rate").n == 9


def test_a_study_without_response_and_events_says_so_in_the_figure(tmp_path: Path) -> None:
    study = study_of(tmp_path / "BARE", without("response"), {"adsl": ADSL})
    reason = reason_against(study, "key_results")
    if reason:
        with pytest.raises(FigureError, match="neither"):
            build(study, "key_results")
        return
    built = build(study, "key_results")
    said = [
        note.text.replace("<br>", " ")
        for note in built.figure.layout.annotations
        if note.name != "footnote"
    ]
    assert any("neither a response definition nor adverse events" in text for text in said)


def test_a_study_of_patients_alone_fails_no_figure(tmp_path: Path) -> None:
    study = study_of(tmp_path / "ALONE", TOML, {"adsl": ADSL})
    for name in FIGURES:
        if reason := reason_against(study, name):
            assert reason.endswith((".", ":", "none")) or "[[" in reason
            continue
        built = build(study, name)
        assert built.n == 9
        assert re.search(r"\b9\b", built.alt)
        assert "Data cut-off" in footnote(built.figure)


def test_a_study_without_groups_shows_all_patients_together(tmp_path: Path) -> None:
    study = study_of(tmp_path / "NOGROUPS", without("group"))
    for name in FIGURES:
        if reason := reason_against(study, name):
            assert name == "dose_grid"
            assert "groupings are: none" in reason
            continue
        built = build(study, name)
        assert built.n == 9
        if "group" in built.table:
            assert set(built.table["group"]) == {"All patients"}


def test_a_study_whose_patients_all_lie_outside_the_analysis_set_is_calm(tmp_path: Path) -> None:
    rows = [row | {"SAFFL": "N"} for row in ADSL]
    study = study_of(tmp_path / "NOBODY", TOML, DATASETS | {"adsl": rows})
    for name in FIGURES:
        built = build(study, name)
        assert (built.n, built.n_all) == (0, 0)


# --- new data ------------------------------------------------------------------------------


def test_changed_files_give_changed_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "CHANGED"
    before = build(study_of(folder), "adverse_events", None, {"show": "terms"})
    more = [_event(number, 9, "Headache", "Nervous system") for number in (4, 6, 8)]
    changed = study_of(folder, TOML, DATASETS | {"adae": ADAE + more})
    after = build(changed, "adverse_events", None, {"show": "terms"})

    def headaches(built: Built) -> int:
        rows = built.table[
            (built.table["AEDECOD"] == "Headache")
            & (built.table["AEBODSYS"] == "Nervous system")
            & (built.table["group"] == "All patients")
        ]
        return int(rows["n"].iloc[0])

    assert (headaches(before), headaches(after)) == (2, 5)
    assert build(open_study(folder), "adverse_events", None, {"show": "terms"}) is after


def test_a_copied_study_has_the_same_figures(tmp_path: Path, embedded: Study) -> None:
    folder = tmp_path / embedded.id
    shutil.copytree(embedded.folder, folder)
    copied = open_study(folder)
    for name in FIGURES:
        ours, theirs = build(copied, name), build(embedded, name)
        assert ours.figure.to_json() == theirs.figure.to_json()
        assert ours.table.equals(theirs.table)


# --- how it was made -----------------------------------------------------------------------


@EVERY
@pytest.mark.parametrize("study", ["embedded", "tiny"])
def test_the_queries_run_as_they_are_shown(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    study: str,
) -> None:
    monkeypatch.chdir(ROOT)
    found: Study = request.getfixturevalue(study)
    built = build(found, name, DOSE)
    needed = requests(found, name, DOSE, strict(figure(name).options, found, {}))
    assert [stem for stem, _ in built.sql] == [stem for stem, _ in needed.values()]
    for stem, sql in built.sql:
        assert (ROOT / "queries" / f"{stem}.sql").is_file()
        with duckdb.connect() as shell:
            shown = shell.execute(sql).df()
        if stem in {"platelet_time_course", "response_rate", "adverse_events"}:
            assert not shown.empty


@EVERY
def test_the_queries_hold_no_path_of_this_machine(embedded: Study, name: str) -> None:
    for _, sql in build(embedded, name).sql:
        assert str(ROOT) not in sql
        assert "read_parquet('data/studies/NCT04014166/" in sql


def test_harmful_options_run_as_they_are_shown_and_stay_values(
    monkeypatch: pytest.MonkeyPatch, embedded: Study
) -> None:
    monkeypatch.chdir(ROOT)
    search = """'; drop table adsl; -- $min_grade "x" \\"""
    built = build(embedded, "adverse_events", None, {"search": search})
    for _, sql in built.sql:
        with duckdb.connect() as shell:
            assert shell.execute(sql).df()["n"].sum() == 0


@EVERY
def test_tables_have_a_row_of_every_group_once(tiny: Study, name: str) -> None:
    for group in ("cohort", "all"):
        if "group" not in specs(figure(name).options):
            continue
        table = build(tiny, name, None, {"group": group}).table
        keys = [
            column
            for column in table.columns
            if table[column].dtype.kind not in "iufb" or column in {"AVISITN", "week", "ADY"}
        ]
        assert not table.duplicated(keys).any()


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("key_results", {"n", "N", "percent", "ci_low", "ci_high"}),
        ("response_rate", {"n", "N", "percent", "ci_low", "ci_high"}),
        ("adverse_events", {"n", "N", "percent", "ci_low", "ci_high"}),
        ("dose_grid", {"n", "N", "percent"}),
        ("baseline", {"n", "N", "percent"}),
    ],
)
def test_the_table_twin_has_n_of_n_percent_and_interval(
    embedded: Study, name: str, columns: set[str]
) -> None:
    assert columns <= set(build(embedded, name).table.columns)
