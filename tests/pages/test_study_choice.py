"""Which study a link opens: the one it names, or none; never the patients of another."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from data.study import EMBEDDED, STUDIES
from tests.support.tiny import DATASETS, TOML
from tests.support.visiting import LANDING, PAGES, Visit, plain
from tests.support.writing import write_study

ACTS = re.compile(r"(?<!\\)\]\(|(?<!\\):red\[|(?<!\\)<script|(?<!\\)`code`")
AWKWARD = "ZED 1/2"


@pytest.fixture
def studies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of studies of its own, which the app looks into."""
    monkeypatch.setenv("ITP_STUDIES", str(tmp_path))
    return tmp_path


def written(folder: Path, study: str) -> Path:
    return write_study(folder, TOML.replace("TINY", study), DATASETS)


def links(visit: Visit) -> dict[str, dict[str, str]]:
    """Study -> the parameters of the link that opens it."""
    found = {}
    for link in visit.elements("page_link"):
        label = plain(link.proto.label)
        if label not in {page.title for page in PAGES.values()}:
            found[label] = dict(parse_qsl(link.proto.query_string))
    return found


def shows_no_patients(visit: Visit) -> bool:
    return visit.charts == {} and not any(" patients" in text for text in visit.markdown)


@pytest.mark.parametrize("page", list(PAGES))
def test_a_link_to_a_study_that_is_not_there_shows_no_patients(studies: Path, page: str) -> None:
    for name in ("ONE", "TWO"):
        written(studies / name, name)
    visit = Visit(page, study="THREE", dose="2.0")
    (error,) = visit.at.error
    assert plain(error.value) == "There is no study 'THREE'."
    assert links(visit) == {name: {"study": name} for name in ("ONE", "TWO")}
    assert shows_no_patients(visit)
    assert not visit.at.selectbox
    # The pages can be reached all the same, and go on naming what was asked for.
    visit.follow("data" if page != "data" else LANDING)
    assert visit.study == "THREE"
    assert plain(visit.at.error[0].value) == "There is no study 'THREE'."


def test_a_missing_study_is_not_replaced_by_the_only_one_or_the_embedded_one(
    studies: Path,
) -> None:
    shutil.copytree(STUDIES / EMBEDDED, studies / EMBEDDED)
    visit = Visit("response", study="NCT1")
    assert shows_no_patients(visit)
    assert links(visit) == {EMBEDDED: {"study": EMBEDDED}}
    visit.open(links(visit)[EMBEDDED])
    assert list(visit.charts) == list(PAGES["response"].figures)
    assert not visit.at.error


def test_back_from_a_missing_study_is_the_study_of_before(studies: Path) -> None:
    for name in ("ONE", "TWO"):
        written(studies / name, name)
    visit = Visit("response", study="TWO")
    before = dict(visit.at.query_params)
    visit.open({"study": "THREE"})
    assert shows_no_patients(visit)
    visit.open(before)
    assert list(visit.charts) == list(PAGES["response"].figures)
    assert visit.at.selectbox(key="choose-study").value == "TWO"


def test_a_link_without_a_study_opens_the_embedded_one(studies: Path) -> None:
    written(studies / "A-FIRST", "A-FIRST")
    shutil.copytree(STUDIES / EMBEDDED, studies / "renamed")
    visit = Visit("response")
    assert visit.who.startswith("18 of 18 patients")
    assert visit.at.selectbox(key="choose-study").value == EMBEDDED


def test_a_link_without_a_study_opens_the_only_one_and_else_asks(studies: Path) -> None:
    written(studies / "ONE", "ONE")
    assert Visit("response").who.startswith("9 of 9 patients")
    written(studies / "TWO", "TWO")
    visit = Visit("response", dose="2.0")
    assert shows_no_patients(visit)
    assert not visit.at.error
    assert "Choose a study:" in visit.markdown
    visit.open(links(visit)["TWO"])
    assert visit.who.startswith("9 of 9 patients")


def test_a_study_is_found_by_its_studyid_whatever_its_folder_is_called(studies: Path) -> None:
    written(studies / "somewhere", AWKWARD)
    written(studies / "ZED-1-2", "OTHER")
    visit = Visit("response", study=AWKWARD)
    assert visit.at.selectbox(key="choose-study").value == AWKWARD
    assert visit.study == AWKWARD
    assert not visit.at.error
    # The name of a folder is not that of the study in it.
    assert shows_no_patients(Visit("response", study="ZED-1-2"))


@pytest.mark.parametrize("page", ["response", "data"])
def test_a_study_in_two_folders_is_a_problem_and_neither_is_shown(studies: Path, page: str) -> None:
    written(studies / "ONE", "TWICE")
    written(studies / "TWO", "TWICE")
    written(studies / "THREE", "THREE")
    visit = Visit(page, study="TWICE")
    (error,) = visit.at.error
    assert "Study 'TWICE' is in 2 folders, ONE and TWO." in plain(error.value)
    assert shows_no_patients(visit)
    assert Visit(page, study="THREE").at.error == []
    if page == "data":
        rows = visit.at.dataframe[0].value.set_index("study")
        assert "in 2 folders, ONE and TWO" in str(rows.loc["TWICE", "problem"])


def test_a_study_that_goes_away_is_named_and_another_does_not_take_its_place(
    studies: Path,
) -> None:
    for name in ("ONE", "TWO"):
        written(studies / name, name)
    visit = Visit("response", study="TWO")
    shutil.rmtree(studies / "TWO")
    visit.run()
    assert plain(visit.at.error[0].value) == "There is no study 'TWO'."
    assert shows_no_patients(visit)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[click](https://example.org)",
        "![picture](https://example.org/x.png)",
        ":red[act] $x^2$ `code`",
    ],
)
def test_neither_a_link_nor_a_study_can_put_markup_on_the_page(studies: Path, text: str) -> None:
    written(studies / "ONE", "ONE")
    written(studies / "TWO", text)
    asked = text + text
    visit = Visit("response", study=asked)
    (error,) = visit.at.error
    assert asked in plain(error.value)
    assert not ACTS.search(error.value)
    labels = [str(link.proto.label) for link in visit.elements("page_link")]
    assert not any(ACTS.search(label) for label in labels)
    assert text in links(visit)
