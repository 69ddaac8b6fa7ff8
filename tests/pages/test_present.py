"""Presenting: one figure at a time, turned through the whole deck, following the data."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from components.build import build
from components.drawing.theme import HEIGHT
from data.study import Study
from queries.catalogue import open_study
from queries.engine.selection import Selection
from tests.support.tiny import ADAE, DATASETS, TOML, _event
from tests.support.visiting import FIGURES, LANDING, PAGES, Visit, title
from tests.support.writing import write_study

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("filters")

DECK = list(FIGURES)


@pytest.mark.parametrize("page", list(PAGES))
def test_any_page_presents_one_figure_without_controls(embedded: Study, page: str) -> None:
    visit = Visit(page)
    visit.open({"present": "true"})
    first = PAGES[page].figures[0] if PAGES[page].figures else DECK[0]
    assert list(visit.charts) == [first]
    assert [button.label for button in visit.at.button] == ["Previous", "Next", "Leave"]
    assert not visit.at.selectbox
    assert not visit.controls
    assert not visit.elements("download_button")
    assert not visit.elements("expander")
    assert visit.address == {"present": "true", "figure": first}
    chart = visit.charts[first]
    assert chart["alt"] == build(embedded, first).alt
    (proto,) = visit.components("explorer_chart")
    assert json.loads(proto.json)["fills"] is True


def test_the_type_grows_with_the_screen(embedded: Study) -> None:
    visit = Visit("response", present="true")
    layout = visit.charts["response_rate"]["layout"]
    small = build(embedded, "response_rate").figure.layout
    assert layout["height"] == 1080
    assert layout["title"]["font"]["size"] == small.title.font.size * 1080 / HEIGHT
    (foot,) = [note for note in layout["annotations"] if note.get("name") == "footnote"]
    assert foot["font"]["size"] == 20
    assert embedded.simulated in foot["text"].replace("<br>", " ")


def test_next_turns_through_the_whole_deck_and_round() -> None:
    visit = Visit(LANDING, present="true")
    seen = []
    for _ in range(len(DECK) + 1):
        (name,) = visit.charts
        seen.append(name)
        assert visit.address == {"present": "true", "figure": name}
        visit.press("next")
    assert seen == [*DECK, DECK[0]]


def test_previous_turns_back_and_round() -> None:
    visit = Visit("adverse_events", present="true")
    seen = []
    for _ in range(3):
        visit.press("previous")
        (name,) = visit.charts
        seen.append(name)
    at = DECK.index("adverse_events")
    assert seen == [DECK[(at - step) % len(DECK)] for step in (1, 2, 3)]


def test_a_link_opens_the_figure_it_names_with_selection_and_options(embedded: Study) -> None:
    visit = Visit("adverse_events")
    link = {"dose": "2.0", "show": "terms", "present": "true", "figure": "adverse_events"}
    visit.open(link)
    assert visit.address == link
    chart = visit.charts["adverse_events"]
    assert "12 of 18 patients · Dose: 2.0" in title(chart)
    selection = Selection().with_choice("dose", ("2.0",))
    assert chart["alt"] == build(embedded, "adverse_events", selection, {"show": "terms"}).alt


def test_the_button_of_a_panel_presents_its_figure() -> None:
    visit = Visit("adverse_events", dose="2.0")
    visit.press("present-adverse_events_by_patient")
    assert list(visit.charts) == ["adverse_events_by_patient"]
    assert visit.address == {
        "dose": "2.0",
        "present": "true",
        "figure": "adverse_events_by_patient",
    }


def test_the_selection_and_the_options_stay_while_turning(embedded: Study) -> None:
    visit = Visit("response", dose="2.0", interval="wilson", group="phase", present="true")
    for _ in range(len(DECK)):
        visit.press("next")
        (name,) = visit.charts
        if name != "patient_flow":
            assert "12 of 18 patients" in title(visit.charts[name])
    assert list(visit.charts) == ["response_rate"]
    assert visit.address == {
        "dose": "2.0",
        "interval": "wilson",
        "group": "phase",
        "present": "true",
        "figure": "response_rate",
    }


def test_a_selection_of_nobody_is_calm_on_the_screen_too() -> None:
    visit = Visit("response", dose="0.5", phase="Dose expansion", present="true")
    for _ in DECK:
        visit.press("next")
        assert len(visit.charts) == 1


def test_a_figure_that_is_not_there_gives_way_to_the_first_of_the_page() -> None:
    visit = Visit("response")
    visit.open({"present": "true", "figure": "portrait"})
    assert list(visit.charts) == ["response_rate"]
    assert visit.address == {"present": "true", "figure": "response_rate"}


def test_going_back_in_the_address_leaves() -> None:
    visit = Visit("response", present="true")
    visit.open({})
    assert list(visit.charts) == ["response_rate"]
    assert len(visit.elements("download_button")) == len(
        Visit("response").elements("download_button")
    )


# --- data that change ------------------------------------------------------------------------


@pytest.fixture
def studies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of studies of its own, which the app looks into."""
    monkeypatch.setenv("ITP_STUDIES", str(tmp_path))
    return tmp_path


def replaced(folder: Path) -> None:
    """Three more patients with a headache, put into the folder as an import would."""
    more = [_event(number, 9, "Headache", "Nervous system") for number in (4, 6, 8)]
    beside = write_study(
        folder.parent.parent / "beside" / folder.name, TOML, DATASETS | {"adae": ADAE + more}
    )
    for file in sorted(beside.iterdir()):
        os.replace(file, folder / file.name)  # noqa: PTH105


def test_data_replaced_while_presenting_are_shown_and_said(studies: Path) -> None:
    folder = write_study(studies / "TINY", TOML, DATASETS)
    visit = Visit("adverse_events", present="true", show="terms")
    before = visit.charts["adverse_events"]
    assert before["alt"] == build(open_study(folder), "adverse_events", None, {"show": "terms"}).alt
    assert visit.warnings == []
    replaced(folder)
    visit.run()
    after = visit.charts["adverse_events"]
    assert after["alt"] == build(open_study(folder), "adverse_events", None, {"show": "terms"}).alt
    assert after["alt"] != before["alt"]
    assert visit.warnings == ["The data changed. The figure shows them as they are now."]
    visit.press("next")
    assert visit.warnings == ["The data changed. The figure shows them as they are now."]


def test_a_change_is_not_said_again_of_another_study(studies: Path) -> None:
    folder = write_study(studies / "TINY", TOML, DATASETS)
    write_study(studies / "ZWEI", TOML.replace("TINY", "ZWEI"), DATASETS)
    visit = Visit("adverse_events", present="true", study="TINY")
    replaced(folder)
    assert visit.run().warnings == ["The data changed. The figure shows them as they are now."]
    visit.open({"study": "ZWEI", "present": "true"})
    assert visit.warnings == []


def test_data_that_stay_are_not_said_to_have_changed(studies: Path) -> None:
    write_study(studies / "TINY", TOML, DATASETS)
    visit = Visit("adverse_events", present="true")
    for _ in range(3):
        visit.press("next")
    visit.run()
    assert visit.warnings == []


def test_data_replaced_while_reading_are_shown_at_the_next_click(studies: Path) -> None:
    folder = write_study(studies / "TINY", TOML, DATASETS)
    visit = Visit("adverse_events")
    before = visit.charts["adverse_events"]
    replaced(folder)
    visit.choose("option:show", "terms").choose("option:show", "classes")
    after = visit.charts["adverse_events"]
    assert after["alt"] == build(open_study(folder), "adverse_events").alt
    assert after["alt"] != before["alt"]


def test_a_study_taken_away_while_presenting_is_said(studies: Path) -> None:
    folder = write_study(studies / "TINY", TOML, DATASETS)
    visit = Visit("response", present="true")
    shutil.rmtree(folder)
    visit.run()
    assert any("There is no study yet" in item.value for item in visit.at.info)


def test_what_a_link_asks_for_in_vain_is_said_while_presenting(studies: Path) -> None:
    write_study(studies / "TINY", TOML, DATASETS)
    visit = Visit("adverse_events", present="true", dose="99", figure="nothing")
    assert len(visit.warnings) == 2
    assert any("dose = '99' is not one of" in text for text in visit.warnings)
    assert any("figure = 'nothing' is not one of" in text for text in visit.warnings)


def test_a_figure_that_does_not_apply_is_said_while_presenting(studies: Path) -> None:
    bare = re.sub(r"(?m)^\[response\]\n(?:\w+ = .*\n)+", "", TOML)
    assert bare != TOML
    write_study(studies / "TINY", bare, DATASETS)
    visit = Visit("response", present="true", figure="response_rate")
    assert any("response_rate does not apply to TINY" in text for text in visit.warnings)
