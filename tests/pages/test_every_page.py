"""Every page through the frame: it shows its figures with all that belongs to them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb
import pytest

from components.build import build
from components.screen import store
from components.view import View
from data.study import Study
from queries.engine.selection import Selection
from queries.facts import reconciliation
from tests.support.visiting import FIGURES, LANDING, PAGES, ROOT, Visit, built, plain, shows

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("pages")

EVERY = pytest.mark.parametrize("page", list(PAGES))
WITH_FIGURES = pytest.mark.parametrize("page", [url for url in PAGES if PAGES[url].figures])
DOSE = Selection().with_choice("dose", ("2.0",))


@pytest.fixture(scope="module")
def opened() -> dict[str, Visit]:
    """Every page as it is opened without parameters."""
    return {page: Visit(page) for page in PAGES}


@EVERY
def test_a_page_opens_without_a_word_of_trouble(opened: dict[str, Visit], page: str) -> None:
    visit = opened[page]
    assert visit.warnings == []
    assert [error.value for error in visit.at.error] == []
    assert visit.who == "18 of 18 patients · no filters"
    assert visit.address == {}
    assert "Simulated patients" in visit.markdown
    assert list(visit.charts) == list(PAGES[page].figures)


@WITH_FIGURES
def test_the_chart_on_the_page_is_the_figure_of_the_picture(
    opened: dict[str, Visit], embedded: Study, page: str
) -> None:
    for name, chart in opened[page].charts.items():
        figure = build(embedded, name)
        assert shows(chart, figure)
        assert chart["alt"] == figure.alt
        assert chart["file_name"] == figure.file_name


@WITH_FIGURES
def test_showing_a_figure_does_not_change_it(embedded: Study, page: str) -> None:
    before = {name: build(embedded, name).figure.to_json() for name in PAGES[page].figures}
    Visit(page).open({"present": "true"})
    assert {name: build(embedded, name).figure.to_json() for name in before} == before


@WITH_FIGURES
def test_every_panel_has_its_words_files_table_and_making(
    opened: dict[str, Visit], embedded: Study, page: str
) -> None:
    visit = opened[page]
    words = "".join(item.proto.body for item in visit.elements("html"))
    files = {str(button.key): button.proto for button in visit.elements("download_button")}
    folds = visit.labels("expander")
    for name in PAGES[page].figures:
        figure = build(embedded, name)
        assert f"<h3>{figure.title}</h3>" in words
        assert words.count(f"<p>{embedded.simulated}.</p>") == len(PAGES[page].figures)
        for kind in ("png", "svg", "csv"):
            button = files.pop(f"file-{name}-{kind}")
            assert (button.label, button.disabled) == (kind.upper(), False)
        assert visit.at.button(key=f"present-{name}").label == "Present"
    assert files == {}
    assert folds.count("Table") == folds.count("How this was made") == len(PAGES[page].figures)


@pytest.mark.parametrize("name", list(FIGURES))
def test_the_table_opens_as_the_twin_of_the_figure(embedded: Study, name: str) -> None:
    visit = Visit(FIGURES[name], dose="2.0").unfold("table", name)
    (table,) = visit.at.dataframe
    assert table.value.equals(build(embedded, name, DOSE).table.reset_index(drop=True))


@pytest.mark.parametrize("name", list(FIGURES))
def test_how_it_was_made_opens_with_method_source_and_queries_that_run(
    embedded: Study, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(ROOT)
    visit = Visit(FIGURES[name], dose="2.0").unfold("making", name)
    figure = build(embedded, name, DOSE)
    assert f"Method. {figure.method}" in visit.markdown
    assert any(text.startswith(f"Source. {embedded.citation}") for text in visit.markdown)
    assert f"Simulated. {embedded.simulated}." in visit.markdown
    assert [code.value for code in visit.at.code] == [sql for _, sql in figure.sql]
    for code in visit.at.code:
        with duckdb.connect() as shell:
            shell.execute(code.value).fetchall()
    named = [caption.value for caption in visit.at.caption if "queries/" in caption.value]
    assert named == [f"queries/{stem}.sql" for stem, _ in figure.sql]


@pytest.mark.parametrize("name", list(FIGURES))
def test_the_csv_button_gives_the_table_twin(embedded: Study, name: str) -> None:
    data = store.file(embedded, name, View(embedded.id, DOSE), "csv").decode("utf-8-sig")
    table = build(embedded, name, DOSE).table
    assert data.splitlines()[0] == ",".join(map(str, table.columns))


def test_without_a_browser_the_picture_buttons_say_so_and_the_rest_works(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    visit = Visit("response")
    found = {button.key: button.proto for button in visit.elements("download_button")}
    for kind in ("png", "svg"):
        button = found[f"file-response_rate-{kind}"]
        assert button.disabled
        assert button.label == f"{kind.upper()}: no browser on the server"
        assert "camera" in button.help
    assert not found["file-response_rate-csv"].disabled


def test_the_landing_page_introduces_the_trial(opened: dict[str, Visit], embedded: Study) -> None:
    visit = opened[LANDING]
    said = "\n".join([*visit.markdown, *(plain(item.value) for item in visit.at.title)])
    for text in (
        *(embedded.name, embedded.title, embedded.design, embedded.schedule),
        *(embedded.enrolment, embedded.site, embedded.citation, embedded.doi),
        "0.5, 1.0, 2.0 × 10⁶ cells/kg",
        "No patient-level data of the trial are public",
    ):
        assert text in said
    assert list(visit.charts) == ["key_results", "patient_flow", "dose_grid", "baseline"]


def test_the_menu_names_every_page(opened: dict[str, Visit]) -> None:
    for visit in opened.values():
        assert sorted(visit.labels("page_link")) == sorted(file.title for file in PAGES.values())


# --- numbers ---------------------------------------------------------------------------------


def test_every_published_number_stands_beside_the_computed_one(
    opened: dict[str, Visit], embedded: Study
) -> None:
    visit, found = opened["numbers"], reconciliation(embedded)
    assert found is not None
    facts = next(item.value for item in visit.at.dataframe if "published" in item.value)
    assert facts["id"].tolist() == [fact.id for fact in found.facts]
    assert facts["published"].tolist() == [fact.published for fact in found.facts]
    assert facts["computed"].tolist() == [fact.computed for fact in found.facts]
    assert set(facts["agrees"]) == {"✓ yes"}
    n = len(found.facts)
    derived = sum(fact.status == "derived" for fact in found.facts)
    assert plain(visit.at.success[0].value) == (
        f"{n} of {n} published numbers agree with the data files ({derived} of them derived from "
        "others)."
    )
    for sentence in found.not_public:
        assert any(sentence in text for text in visit.markdown)


def test_every_data_file_has_its_checksum(opened: dict[str, Visit], embedded: Study) -> None:
    files = next(item.value for item in opened["numbers"].at.dataframe if "SHA-256" in item.value)
    found = dict(zip(files["file"], files["SHA-256"], strict=True))
    assert set(found) == {
        file.name for file in embedded.folder.iterdir() if file.suffix in {".parquet", ".toml"}
    }
    for name, checksum in found.items():
        assert checksum == hashlib.sha256((embedded.folder / name).read_bytes()).hexdigest()


def test_the_numbers_are_those_of_the_whole_study_whatever_is_filtered(
    opened: dict[str, Visit],
) -> None:
    visit = Visit("numbers", dose="0.5", sex="M")
    assert visit.who.startswith("1 of 18 patients")
    ours, theirs = visit.at.dataframe, opened["numbers"].at.dataframe
    assert all(one.value.equals(other.value) for one, other in zip(ours, theirs, strict=True))
    assert any("filters do not apply" in item.value for item in visit.at.caption)


def test_the_sql_of_every_published_number_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    visit = Visit("numbers")
    visit.at.session_state["fact-queries"] = True
    visit.run()
    assert len(visit.at.code) > 10
    for code in visit.at.code:
        with duckdb.connect() as shell:
            assert len(shell.execute(code.value).df()) == 1


# --- clicks ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("adverse_events", {"dose": "2.0"}),
        ("adverse_events", {"show": "terms", "group": "phase", "emergent": "false"}),
        ("adverse_events_by_patient", {"grade": "2"}),
    ],
)
def test_a_click_on_a_cell_lists_its_patients_and_events(
    embedded: Study, name: str, params: dict[str, str]
) -> None:
    visit = Visit("adverse_events", **params)
    layer = next(trace for trace in visit.charts[name]["data"] if trace.get("name") == "cells")
    chosen = sorted(layer["customdata"], key=lambda cell: -cell["n"])[:: len(layer["x"]) // 3]
    for cell in chosen:
        visit.click(name, cell)
        (table,) = visit.at.dataframe
        n = cell["n"]
        assert table.value["USUBJID"].nunique() == n
        events = len(table.value)
        said = f"{n} patient{'' if n == 1 else 's'}, {events} event{'' if events == 1 else 's'}"
        assert any(text.endswith(said) for text in visit.markdown)
        assert not any("filters have changed" in item.value for item in visit.at.caption)


def test_a_click_from_before_other_filters_is_said_to_be_old() -> None:
    visit = Visit("adverse_events")
    layer = next(
        trace for trace in visit.charts["adverse_events"]["data"] if trace.get("name") == "cells"
    )
    whole = [cell for cell in layer["customdata"] if "group" not in cell]
    cell = max(whole, key=lambda cell: cell["n"])
    visit.choose("filter:dose", ["0.5"])
    visit.click("adverse_events", cell)
    assert any("filters have changed" in item.value for item in visit.at.caption)


@WITH_FIGURES
def test_what_is_sent_for_a_figure_is_small(opened: dict[str, Visit], page: str) -> None:
    for chart in opened[page].charts.values():
        assert len(json.dumps(chart)) < 120_000


def test_the_options_of_the_address_reach_the_figure(embedded: Study) -> None:
    params = {"statistic": "mean", "layout": "overlay", "level": "90", "group": "phase"}
    chart = Visit("platelet_time_course", **params).charts["platelet_time_course"]
    assert shows(chart, built(embedded, "platelet_time_course", Selection(), params))


@pytest.mark.parametrize("name", ["adverse_events", "adverse_events_by_patient"])
def test_the_events_of_a_line_can_be_listed_without_a_click(embedded: Study, name: str) -> None:
    visit = Visit("adverse_events", grade="2").unfold("lines", name)
    lines = next(box for box in visit.at.selectbox if box.key == f"line-{name}").options
    table = built(embedded, "adverse_events", Selection(), {"show": "both", "grade": "2"}).table
    table = table[(table["group"] == "All patients") & (table["n"] > 0)]
    kind, column = ("class", "AEBODSYS") if name == "adverse_events" else ("term", "AEDECOD")
    counts = table[table["line"] == kind].set_index(column)["n"]
    assert set(lines) == set(counts.index)
    for line in (lines[0], lines[-1]):
        visit.choose(f"line-{name}", line)
        (listed,) = visit.at.dataframe
        assert listed.value["USUBJID"].nunique() == counts[line]
        n = counts[line]
        assert any(
            text.startswith(f"{line} · All patients: {n} patient{'' if n == 1 else 's'}, ")
            for text in visit.markdown
        )
