"""The filters in the sidebar: what they offer, whom they let through, and how long they stay."""

from __future__ import annotations

from typing import Any

import pytest

from components.build import build
from components.wording import unit_text
from data.study import Study
from queries.engine.selection import Selection, words
from tests.support import reference
from tests.support.visiting import LANDING, PAGES, Visit, shows, title

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("filters")

COMBINATIONS: list[dict[str, Any]] = [
    {"dose": ["2.0"]},
    {"dose": ["0.5", "1.0"]},
    {"phase": ["Dose expansion"]},
    {"sex": ["M"]},
    {"age": (33, 46)},
    {"splenectomy": ["N"]},
    {"rituximab": ["Y"]},
    {"autoantibody": ["None detected"]},
    {"analysis-set": "per-protocol"},
    {"dose": ["2.0"], "phase": ["Dose expansion"], "sex": ["F"]},
    {"age": (30, 41), "autoantibody": ["GPIIb/IIIa", "GPIb/IX"], "analysis-set": "full"},
    {"dose": ["0.5"], "phase": ["Dose expansion"]},
]
PAGE_ORDER = list(PAGES)


def selected(chosen: dict[str, Any]) -> Selection:
    """The selection that these widgets make."""
    found = Selection(str(chosen.get("analysis-set", "")))
    for key, value in chosen.items():
        if isinstance(value, tuple):
            found = found.with_range(key, (float(value[0]), float(value[1])))
        elif isinstance(value, list):
            found = found.with_choice(key, tuple(value))
    return found


@pytest.mark.parametrize(
    ("page", "chosen"),
    [
        pytest.param(
            PAGE_ORDER[index % len(PAGE_ORDER)],
            chosen,
            id=f"{PAGE_ORDER[index % len(PAGE_ORDER)]}-{'-'.join(chosen)}-{index}",
        )
        for index, chosen in enumerate(COMBINATIONS)
    ],
)
def test_filters_change_the_patients_everywhere_at_once(
    embedded: Study, page: str, chosen: dict[str, Any]
) -> None:
    visit = Visit(page)
    for key, value in chosen.items():
        visit.choose(f"filter:{key}", value)
    selection = selected(chosen)
    n = len(reference.population(embedded, selection))
    n_all = len(reference.analysed(embedded, selection))
    assert visit.who.startswith(f"{n} of {n_all} patients · ")
    for word in words(embedded, selection):
        assert unit_text(word) in visit.who
    if selection.analysis_set:
        assert embedded.analysis_set(selection.analysis_set).label in visit.who
    assert "no filters" not in visit.who
    assert visit.warnings == []
    assert [error.value for error in visit.at.error] == []
    for name, chart in visit.charts.items():
        assert shows(chart, build(embedded, name, selection))
        if name != "patient_flow":
            assert f"{n} of {n_all} patients" in title(chart)


@pytest.mark.parametrize("chosen", [{}, *COMBINATIONS[:1], *COMBINATIONS[9:]])
def test_each_option_says_its_patients_under_the_other_filters(
    embedded: Study, chosen: dict[str, Any]
) -> None:
    visit = Visit("numbers")
    for key, value in chosen.items():
        visit.choose(f"filter:{key}", value)
    selection = selected(chosen)
    controls = visit.controls
    for item in embedded.filters:
        own = item.variable
        if item.kind == "range":
            others = selection.with_range(item.key, None)
            n = len(
                reference.population(
                    embedded, others.with_range(item.key, selection.span(item.key))
                )
            )
            without = [
                row for row in reference.population(embedded, others) if row[own] is not None
            ]
            label = controls[item.key]["label"]
            assert label.rpartition(" · ")[2] in {str(n), str(len(without))}
            continue
        people = reference.population(embedded, selection.with_choice(item.key, ()))
        everybody = reference.analysed(embedded, selection)
        expected = {
            item.word(value): sum(reference.text(row[own]) == value for row in people)
            for value in {reference.text(row[own]) for row in everybody}
        }
        options = controls[item.key]["options"]
        assert {option["label"]: option["n"] for option in options} == expected
    sets = controls["analysis-set"]["options"]
    for option, analysis_set in zip(sets, embedded.analysis_sets, strict=True):
        of_set = Selection(analysis_set.key, selection.choices, selection.ranges)
        assert option["label"] == analysis_set.label
        assert option["n"] == len(reference.population(embedded, of_set))


@pytest.mark.parametrize("page", PAGE_ORDER)
def test_filtering_to_nobody_names_the_filters(embedded: Study, page: str) -> None:
    visit = Visit(page, dose="0.5", phase="Dose expansion")
    assert visit.who.startswith("0 of 18 patients")
    assert [error.value for error in visit.at.error] == []
    assert visit.warnings == []
    assert list(visit.charts) == list(PAGES[page].figures)
    for name, chart in visit.charts.items():
        if name == "patient_flow":
            continue
        said = " ".join(str(note["text"]) for note in chart["layout"]["annotations"])
        said = said.replace("<br>", " ")
        assert "No patient passes all of these filters" in said
        assert "Dose: 0.5 × 10⁶ cells/kg; Phase: Dose expansion" in said
        assert chart["data"] == []


@pytest.mark.parametrize("button", ["reset", "reset-here"])
@pytest.mark.parametrize("page", [LANDING, "response"])
def test_one_click_lifts_every_filter(page: str, button: str) -> None:
    visit = Visit(page, dose="2.0", age="33-46", splenectomy="Y", analysis_set="full")
    assert "no filters" not in visit.who
    visit.press(button)
    assert visit.who == "18 of 18 patients · no filters"
    assert visit.address == {}
    for control in visit.controls.values():
        if control["kind"] == "several":
            assert control["chosen"] == []


def test_reset_is_there_only_when_there_is_something_to_reset() -> None:
    visit = Visit("response")
    assert visit.at.button(key="reset").disabled
    assert not [button for button in visit.at.button if button.key == "reset-here"]
    visit.choose("filter:sex", ["M"])
    assert not visit.at.button(key="reset").disabled


def test_reset_leaves_the_options_alone(embedded: Study) -> None:
    visit = Visit("response", dose="2.0", interval="wilson")
    visit.press("reset")
    assert visit.address == {"interval": "wilson"}
    figure = build(embedded, "response_rate", None, {"interval": "wilson"})
    assert shows(visit.charts["response_rate"], figure)


def test_a_filter_is_lifted_by_choosing_none_of_it() -> None:
    visit = Visit("response", dose="2.0", age="33-46")
    visit.choose("filter:dose", [])
    assert visit.address == {"age": "33-46"}
    visit.choose("filter:age", (30, 50))
    assert visit.address == {}
    assert visit.who == "18 of 18 patients · no filters"


def test_filters_stay_from_page_to_page() -> None:
    visit = Visit("platelet_time_course")
    visit.choose("filter:dose", ["2.0"]).choose("filter:sex", ["F"]).choose("filter:age", (33, 46))
    said = visit.who
    for page in ("response", "adverse_events", "numbers", LANDING, "platelet_time_course"):
        visit.follow(page)
        assert visit.who == said
        assert visit.address == {"dose": "2.0", "sex": "F", "age": "33-46"}
        for chart in visit.charts.values():
            assert said.split(" · ")[0] in title(chart) or "whole study" in title(chart)


def test_a_page_opened_without_its_parameters_keeps_the_selection() -> None:
    visit = Visit("response", dose="2.0")
    visit.at.switch_page(str(PAGES["adverse_events"].path))
    visit.at.query_params = {}
    visit.run()
    assert visit.who.startswith("12 of 18 patients · Dose: 2.0")
    assert visit.address == {"dose": "2.0"}


def test_the_back_button_brings_the_selection_back() -> None:
    visit = Visit("response", dose="2.0")
    visit.choose("filter:sex", ["F"])
    assert visit.address == {"dose": "2.0", "sex": "F"}
    visit.open({"dose": "2.0"})
    assert visit.who.startswith("12 of 18 patients")
    visit.open({})
    assert visit.who == "18 of 18 patients · no filters"


def test_sessions_do_not_see_each_others_filters() -> None:
    one, other = Visit("response"), Visit("response")
    one.choose("filter:dose", ["2.0"])
    other.run()
    assert one.who.startswith("12 of 18")
    assert other.who == "18 of 18 patients · no filters"
