"""The address is the view: links open whole, broken ones open with what is valid in them."""

from __future__ import annotations

import json
import re

import pytest

from components.build import build, figure, figures
from components.options.option import specs
from data.study import Study
from queries.engine.selection import Selection
from tests.support.visiting import FIGURES, LANDING, PAGES, Visit, shows

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("address")

# Markup that has not been escaped: a link or picture, a colour, code, a formula, a tag.
ACTS = re.compile(r"(?<!\\)(?:\]\(|:red\[|`|\$|<)")
DOSE = Selection().with_choice("dose", ("2.0",))

BROKEN: list[tuple[str, dict[str, str], list[str], dict[str, str]]] = [
    ("response", {"nothing": "1"}, ["'nothing'", "dose"], {}),
    ("response", {"dose": "7.0"}, ["dose", "'7.0'", "0.5, 1.0, 2.0"], {}),
    ("response", {"dose": "7.0", "sex": "F"}, ["'7.0'"], {"sex": "F"}),
    ("response", {"dose": "2.0,9"}, ["'9'"], {}),
    ("response", {"age": "old"}, ["age", "'old'", "30-50"], {}),
    ("response", {"age": "46-33"}, ["'46-33'"], {}),
    ("response", {"age": "80-90"}, ["'80-90'", "30-50"], {}),
    ("response", {"analysis-set": "itt"}, ["'itt'", "treated, full, per-protocol"], {}),
    ("response", {"interval": "wald"}, ["'wald'", "clopper-pearson, wilson"], {}),
    ("response", {"interval": "wald", "dose": "2.0"}, ["'wald'"], {"dose": "2.0"}),
    ("response", {"group": "arm"}, ["'arm'", "cohort, dose, phase, all"], {}),
    ("response", {"dots": "perhaps"}, ["'perhaps'", "true"], {}),
    ("adverse_events", {"cutoff": "500"}, ["500", "0 to 100"], {}),
    ("adverse_events", {"cutoff": "many"}, ["'many'"], {}),
    ("adverse_events", {"opened": "Nowhere"}, ["'Nowhere'"], {}),
    ("adverse_events", {"search": "x" * 81}, ["search"], {}),
    (LANDING, {"dose": "x" * 500}, ["dose", "400"], {}),
    (LANDING, {"figure": "portrait"}, ["'portrait'", "key_results"], {}),
    ("numbers", {"dose": "2.0", "sex": "X"}, ["'X'", "F, M"], {"dose": "2.0"}),
    ("platelet_time_course", {"statistic": "mode", "scale": "cubic"}, ["'mode'", "'cubic'"], {}),
]


@pytest.mark.parametrize(("page", "params", "said", "left"), BROKEN)
def test_a_broken_link_opens_with_what_is_valid_and_names_the_rest(
    page: str, params: dict[str, str], said: list[str], left: dict[str, str]
) -> None:
    visit = Visit(page)
    visit.open(params)
    assert [error.value for error in visit.at.error] == []
    found = " ".join(visit.warnings)
    assert found.startswith("Ignored in the link: ")
    assert all(text in found for text in said)
    assert visit.address == left
    assert list(visit.charts) == list(PAGES[page].figures)
    visit.run()
    assert visit.address == left


def test_the_warning_goes_when_the_reader_goes_on() -> None:
    visit = Visit("response", dose="7.0")
    assert len(visit.warnings) == 1
    visit.choose("filter:sex", ["F"])
    assert visit.warnings == []


def test_a_broken_link_keeps_every_valid_part(embedded: Study) -> None:
    visit = Visit("response", dose="2.0", sex="X", interval="wilson", level="50", foo="bar")
    assert len(visit.warnings) == 3
    assert visit.address == {"dose": "2.0", "interval": "wilson"}
    figure = build(embedded, "response_rate", DOSE, {"interval": "wilson"})
    assert shows(visit.charts["response_rate"], figure)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[click](https://example.org)",
        "![picture](https://example.org/x.png)",
        ":red[act] $x^2$ `code`",
    ],
)
@pytest.mark.parametrize("name", ["dose", "interval", "figure"])
def test_a_link_cannot_put_markup_on_the_page(name: str, text: str) -> None:
    visit = Visit("response")
    visit.open({name: text})
    assert len(visit.at.warning) == 1
    for item in visit.at.warning:
        assert not ACTS.search(item.value)
        assert text in visit.warnings[0]


def test_a_name_in_a_link_cannot_put_markup_on_the_page() -> None:
    visit = Visit("response")
    visit.open({"[click](https://example.org)": "1"})
    assert not ACTS.search(visit.at.warning[0].value)


@pytest.mark.parametrize("page", [url for url in PAGES if PAGES[url].figures])
def test_every_option_of_a_page_is_read_from_the_address(embedded: Study, page: str) -> None:
    visit = Visit(page)
    for name in PAGES[page].figures:
        for option, spec in specs(figure(name).options).items():
            for value in list(spec.values(embedded))[1:2]:
                visit.open({option: value})
                assert visit.warnings == []
                assert visit.address == {option: value}
                built = build(embedded, name, None, {option: value})
                assert shows(visit.charts[name], built)


@pytest.mark.parametrize(
    ("page", "params"),
    [
        (
            "platelet_time_course",
            {
                "statistic": "mean",
                "group": "phase",
                "layout": "overlay",
                "level": "90",
                "dose": "1.0,2.0",
                "age": "33-50",
            },
        ),
        ("response", {"definition": "cumulative_weeks", "weeks": "8", "missing": "excluded"}),
        ("response", {"dots": "false", "analysis-set": "per-protocol", "sex": "F"}),
        (
            "adverse_events",
            {"show": "terms", "grade": "2", "emergent": "false", "search": "head", "onset_to": "9"},
        ),
        ("adverse_events", {"opened": "Cardiac disorders|Investigations", "cutoff": "10"}),
        (LANDING, {"group": "dose", "interval": "wilson", "autoantibody": "GPIIb/IIIa"}),
    ],
)
def test_a_link_is_written_back_as_it_was_and_opens_the_same_in_another_session(
    page: str, params: dict[str, str]
) -> None:
    visit = Visit(page)
    visit.open(params)
    assert visit.warnings == []
    assert visit.address == params
    again = Visit(page)
    again.open(visit.address)
    assert again.who == visit.who
    assert again.charts == visit.charts


def test_only_what_is_not_at_its_default_stands_in_the_address(embedded: Study) -> None:
    defaults = {
        option: next(iter(spec.values(embedded)))
        for option, spec in specs(figures()["platelet_time_course"].options).items()
        if spec.values(embedded)
    }
    visit = Visit("platelet_time_course")
    visit.open(defaults | {"age": "30-50", "present": "false", "analysis-set": "treated"})
    assert visit.warnings == []
    assert visit.address == {}


def test_widgets_write_the_address_and_back_at_the_default_they_leave_it() -> None:
    visit = Visit("response")
    visit.choose("option:interval", "wilson").choose("option:group", "dose")
    visit.choose("option:dots", False)
    assert visit.address == {"interval": "wilson", "group": "dose", "dots": "false"}
    visit.choose("option:interval", "clopper-pearson").choose("option:dots", True)
    assert visit.address == {"group": "dose"}
    visit.choose("option:group", "cohort")
    assert visit.address == {}


def test_every_kind_of_widget_changes_its_figure(embedded: Study) -> None:
    visit = Visit("adverse_events")
    visit.choose("option:search", "  bleed  ").choose("option:cutoff", 5)
    visit.choose("option:serious", True).choose("option:grade", "2")
    texts = {"search": "bleed", "cutoff": "5", "serious": "true", "grade": "2"}
    assert visit.address == texts
    for name, chart in visit.charts.items():
        assert shows(chart, build(embedded, name, None, texts))
    visit.choose("option:search", "").choose("option:serious", False).choose("option:cutoff", 0)
    visit.choose("option:grade", "0").choose("option:opened", ["Cardiac disorders"])
    assert visit.address == {"opened": "Cardiac disorders"}
    figure = build(embedded, "adverse_events", None, {"opened": "Cardiac disorders"})
    assert shows(visit.charts["adverse_events"], figure)


def test_an_option_that_pages_share_is_the_same_on_all_of_them(embedded: Study) -> None:
    visit = Visit("response")
    visit.choose("option:group", "phase").choose("option:interval", "wilson")
    visit.follow(LANDING)
    assert visit.address == {"group": "phase", "interval": "wilson"}
    texts = {"group": "phase", "interval": "wilson"}
    assert shows(visit.charts["key_results"], build(embedded, "key_results", None, texts))
    assert shows(visit.charts["baseline"], build(embedded, "baseline", None, {"group": "phase"}))
    visit.follow("adverse_events")
    assert visit.address == {"group": "phase"}
    for name, chart in visit.charts.items():
        assert shows(chart, build(embedded, name, None, {"group": "phase"}))


def test_an_option_comes_back_with_its_page() -> None:
    visit = Visit("response")
    visit.choose("option:interval", "wilson")
    visit.follow("numbers")
    assert visit.address == {}
    visit.follow("response")
    assert visit.address == {"interval": "wilson"}


def test_an_option_that_two_figures_of_a_page_share_is_asked_for_once() -> None:
    for page in (LANDING, "adverse_events"):
        visit = Visit(page)
        (proto,) = [
            item for item in visit.components("explorer_controls") if "Options" in item.json
        ]
        controls = json.loads(proto.json)["controls"]
        flat = [
            item["key"]
            for control in controls
            for item in (control["controls"] if control["kind"] == "group" else [control])
        ]
        assert len(flat) == len(set(flat))
        wanted = {option for name in PAGES[page].figures for option in specs(figure(name).options)}
        assert set(flat) <= wanted
        assert "group" in flat


def test_an_option_that_does_not_apply_is_not_asked_for() -> None:
    visit = Visit("response")
    assert "weeks" not in visit.controls
    visit.choose("option:definition", "cumulative_weeks")
    assert "weeks" in visit.controls


def test_a_link_with_a_figure_of_another_page_opens_its_own_page() -> None:
    for name, page in FIGURES.items():
        visit = Visit(page)
        visit.open({"present": "true", "figure": name})
        assert list(visit.charts) == [name]


def test_streamlits_own_parameters_are_left_alone() -> None:
    visit = Visit("response")
    visit.open({"embed": "true", "dose": "2.0"})
    assert visit.warnings == []
    assert visit.who.startswith("12 of 18")
