"""Studies of any number and state: none, one, two, a broken one, one that lacks something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from components.build import figures, reason_against
from queries.catalogue import open_study
from queries.engine.selection import Selection
from tests.support import reference
from tests.support.hostile import HARM, hostile_study
from tests.support.tiny import ADSL, DATASETS, TOML
from tests.support.visiting import FIGURES, LANDING, PAGES, Visit, plain
from tests.support.writing import write_study

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("pages")

MARKDOWN = "**act** [link](https://example.org) :red[act] `act` <b>act</b>"


@pytest.fixture
def studies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of studies of its own, which the app looks into."""
    monkeypatch.setenv("ITP_STUDIES", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("page", list(PAGES))
def test_without_any_study_every_page_says_calmly_what_to_do(studies: Path, page: str) -> None:
    visit = Visit(page)
    (said,) = visit.at.info
    assert "There is no study yet" in said.value
    assert "make data" in said.value
    assert [error.value for error in visit.at.error] == []
    assert visit.charts == {}


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("study.toml", "this is = no TOML =", ["BROKEN/study.toml", "TOML"]),
        ("study.toml", "STUDYID = 'X'", ["BROKEN/study.toml", "missing"]),
        ("study.toml", TOML.replace('key = "sex"', 'key = "sex"\nkidn = "x"'), ["study.toml"]),
        ("study.toml", TOML.replace("[treatment]", "[[treatment]]"), ["study.toml", "treatment"]),
        ("study.toml", TOML.replace("[[analysis_set]]", "[[analysis]]"), ["analysis_set"]),
        ("study.toml", TOML.replace('"iwg2009"', '"nobody2099"'), ["nobody2099", "iwg2009"]),
        ("adsl.parquet", "this is no Parquet", ["adsl.parquet"]),
        ("adae.parquet", "this is no Parquet", ["adae.parquet"]),
    ],
)
def test_a_broken_study_is_said_clearly_and_not_as_a_fault_of_the_app(
    studies: Path, file: str, text: str, said: list[str]
) -> None:
    folder = write_study(studies / "BROKEN", TOML, DATASETS)
    (folder / file).write_text(text, encoding="utf-8")
    visit = Visit("response")
    (error,) = visit.at.error
    assert all(word in plain(error.value) for word in said)
    assert "Traceback" not in error.value
    assert visit.charts == {}


def misspelt(study: str) -> str:
    """A study.toml with a misspelt key."""
    return TOML.replace("TINY", study).replace("rescue_days", "rescue_dayss")


@pytest.mark.parametrize("page", list(PAGES))
def test_a_broken_study_takes_no_page_from_the_others(studies: Path, page: str) -> None:
    write_study(studies / "WHOLE", TOML.replace("TINY", "WHOLE"), DATASETS)
    write_study(studies / "BROKEN", misspelt("BROKEN"), DATASETS)
    visit = Visit(page, study="WHOLE")
    assert [error.value for error in visit.at.error] == []
    assert list(visit.charts) == list(PAGES[page].figures)
    visit.choose("choose-study", "BROKEN")
    (error,) = visit.at.error
    assert "Did you mean rescue_days?" in plain(error.value)
    assert visit.charts == {}
    visit.choose("choose-study", "WHOLE")
    assert not visit.at.error
    assert list(visit.charts) == list(PAGES[page].figures)


def test_the_data_page_lists_a_broken_study_with_its_problems(studies: Path) -> None:
    write_study(studies / "WHOLE", TOML.replace("TINY", "WHOLE"), DATASETS)
    write_study(studies / "BROKEN", misspelt("BROKEN"), DATASETS)
    visit = Visit("data")
    rows = visit.at.dataframe[0].value.set_index("study")
    assert "Did you mean rescue_days?" in str(rows.loc["BROKEN", "problem"])
    assert rows.loc["WHOLE", "problem"] == ""


def test_wrong_published_numbers_are_told_in_words_and_the_page_goes_on(studies: Path) -> None:
    folder = write_study(studies / "TINY", TOML, DATASETS)
    (folder / "facts.toml").write_text('[[fact]]\nid = "a"\nvalu = 1\n', encoding="utf-8")
    visit = Visit("numbers")
    (error,) = visit.at.error
    assert "Did you mean value?" in plain(error.value)
    assert "Data files" in [header.value for header in visit.at.header]


def test_a_study_that_was_broken_opens_when_it_is_mended(studies: Path) -> None:
    folder = write_study(studies / "TINY", TOML, DATASETS)
    (folder / "study.toml").write_text("no = TOML =", encoding="utf-8")
    visit = Visit("response")
    assert len(visit.at.error) == 1
    (folder / "study.toml").write_text(TOML, encoding="utf-8")
    visit.run()
    assert not visit.at.error
    assert visit.who.startswith("9 of 9 patients")


def test_one_study_of_two_is_chosen_and_stands_in_the_address(studies: Path) -> None:
    for name in ("ONE", "TWO"):
        write_study(studies / name, TOML.replace("TINY", name), DATASETS)
    visit = Visit("response", study="ONE")
    assert (visit.study, visit.address) == ("ONE", {})
    visit.choose("filter:dose", ["2.0"])
    visit.choose("choose-study", "TWO")
    assert (visit.study, visit.address) == ("TWO", {})
    assert visit.who == "9 of 9 patients · no filters"
    visit.follow("adverse_events")
    assert (visit.study, visit.address) == ("TWO", {})
    footnotes = [
        note["text"]
        for note in visit.charts["adverse_events"]["layout"]["annotations"]
        if note.get("name") == "footnote"
    ]
    assert "Simulated from the published totals of TWO" in footnotes[0]


def test_a_link_names_its_study(studies: Path) -> None:
    for name in ("ONE", "TWO"):
        write_study(studies / name, TOML.replace("TINY", name), DATASETS)
    visit = Visit(LANDING, study="TWO", dose="2.0")
    assert (visit.study, visit.address) == ("TWO", {"dose": "2.0"})
    assert visit.who.startswith("4 of 9 patients")
    assert visit.warnings == []


@pytest.mark.parametrize("page", list(PAGES))
def test_a_study_of_patients_alone_opens_every_page(studies: Path, page: str) -> None:
    folder = write_study(studies / "ALONE", TOML, {"adsl": ADSL})
    study = open_study(folder)
    visit = Visit(page)
    assert [error.value for error in visit.at.error] == []
    shown = [name for name in PAGES[page].figures if not reason_against(study, name)]
    assert list(visit.charts) == shown
    left_out = [name for name in PAGES[page].figures if reason_against(study, name)]
    said = " ".join(item.value.replace("\\", "") for item in visit.at.info)
    assert all(reason_against(study, name) in said for name in left_out)


def test_what_does_not_apply_is_not_in_the_deck(studies: Path) -> None:
    rows = {name: rows for name, rows in DATASETS.items() if name != "adae"}
    study = open_study(write_study(studies / "NOADAE", TOML, rows))
    visit = Visit(LANDING, present="true")
    seen = set()
    for _ in FIGURES:
        seen |= set(visit.charts)
        visit.press("next")
    assert seen == {name for name in figures() if not reason_against(study, name)}
    assert "adverse_events" not in seen


@pytest.mark.parametrize("page", list(PAGES))
def test_no_text_of_a_study_acts_as_markup_on_a_page(studies: Path, page: str) -> None:
    hostile_study(studies / "HOSTILE")
    toml = (studies / "HOSTILE" / "study.toml").read_text(encoding="utf-8")
    # The values of the patient flow stay: they must be those of the patients.
    toml = toml.replace(f"{HARM} '''", f"{HARM} {MARKDOWN} '''")
    (studies / "HOSTILE" / "study.toml").write_text(toml, encoding="utf-8")
    visit = Visit(page)
    for name in PAGES[page].figures:
        visit.unfold("making", name).unfold("table", name)
    acts = re.compile(r"(?<!\\)\]\(|(?<!\\):red\[|(?<!\\)<i>|(?<!\\)\*\*act")
    for item in (
        *(*visit.at.markdown, *visit.at.caption, *visit.at.title, *visit.at.header),
        *(*visit.at.subheader, *visit.at.info, *visit.at.warning, *visit.at.success),
    ):
        assert not acts.search(item.value), item.value
    for box in visit.at.selectbox:
        assert not acts.search(box.label)
    for item in visit.elements("html"):
        assert "<i>" not in item.proto.body
        assert "<b>act" not in item.proto.body
    assert list(visit.charts) == list(PAGES[page].figures)


def test_values_that_mean_harm_can_be_chosen_and_linked(studies: Path) -> None:
    study = open_study(hostile_study(studies / "HOSTILE"))
    sites = {row["SITEID"] for row in reference.population(study, Selection()) if row["SITEID"]}
    visit = Visit("numbers")
    for site in sorted(sites):
        visit.choose("filter:site", [site])
        again = Visit("numbers")
        again.open(visit.address)
        assert again.warnings == []
        assert again.who == visit.who
        n = len(reference.population(study, Selection().with_choice("site", (site,))))
        assert again.who.startswith(f"{n} of 9 patients")
        assert site in again.who


def test_back_over_a_change_of_study_brings_its_view_back(studies: Path) -> None:
    for name in ("ONE", "TWO"):
        write_study(studies / name, TOML.replace("TINY", name), DATASETS)
    visit = Visit("response", study="ONE", dose="2.0", definition="any50")
    before = visit.who, visit.address
    visit.choose("choose-study", "TWO")
    assert (visit.study, visit.address) == ("TWO", {})
    visit.open(before[1])
    assert (visit.who, visit.address) == before
