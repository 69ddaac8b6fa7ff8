"""A reader asks of a cell who is behind it, opens classes, searches and filters events."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect

from tests.support.browser_reader import (
    address,
    chart,
    chart_when,
    choose,
    panel,
    pill,
    places,
    rows_when,
    who,
)

if TYPE_CHECKING:
    from tests.browser.conftest import Settled

EVENTS, BY_PATIENT = "adverse_events", "adverse_events_by_patient"
INVESTIGATIONS = "Investigations"
# Milliseconds within which Plotly takes a second click for the end of a double click.
DOUBLE_CLICK = 350
# Patients, events and how they are said under the heatmap.
TAG = re.compile(r"<[^>]*>")
SAID = re.compile(r"^(.+) · (.+): (\d+) patients?, (\d+) events?$")


def cells(page: Page, name: str) -> dict[tuple[str | None, str | None], dict[str, Any]]:
    """The cells of a heatmap by line (term or class) and column (group or patient)."""
    found = {}
    for cell in places(page, name):
        if cell["trace"] == "cells":
            mark = cell["carried"]
            line = mark.get("AEDECOD") or mark.get("AEBODSYS")
            found[line, mark.get("group") or mark.get("USUBJID")] = cell
    return found


def written(drawn: dict[str, Any]) -> list[str]:
    """What stands in the cells of a heatmap, line by line."""
    heatmap = next(trace for trace in drawn["data"] if trace["type"] == "heatmap")
    return [TAG.sub("", text) for line in heatmap["text"] for text in line if text]


def denominators(drawn: dict[str, Any]) -> list[int]:
    """The N of each column, the same in every line."""
    heatmap = next(trace for trace in drawn["data"] if trace["type"] == "heatmap")
    lines = {
        tuple(int(TAG.sub("", text).split(" ")[0].split("/")[1]) for text in line if text)
        for line in heatmap["text"]
    }
    assert len(lines) == 1
    return list(lines.pop())


def listed(page: Page, name: str, line: str, column: str | None) -> tuple[int, int]:
    """Click on a cell; gives the patients and events of the list that opens for it."""
    cell = cells(page, name)[line, column]
    # Two clicks at once, on whatever cells, are a double click to Plotly: it lifts the choice.
    page.wait_for_timeout(DOUBLE_CLICK)
    page.mouse.click(cell["x"], cell["y"])
    where = column or "All patients"
    said = panel(page, name).get_by_text(re.compile(rf"^{re.escape(f'{line} · {where}: ')}\d"))
    expect(said).to_be_visible()
    found = SAID.match(said.inner_text())
    assert found, said.inner_text()
    patients, events = int(found[3]), int(found[4])
    assert patients == cell["carried"]["n"]
    if events:
        # The words come a moment before the table, which until then holds the cell before.
        table = rows_when(
            panel(page, name),
            lambda found: len(found) <= events and all(line in row.values() for row in found),
        )
        # A long list scrolls; only what is on the screen is there to be read.
        assert len({row["USUBJID"] for row in table}) <= patients
        if len(table) == events:
            assert len({row["USUBJID"] for row in table}) == patients
        if column and not column.startswith("NCT"):
            assert {row["group_label"] for row in table} == {column}
    return patients, events


def test_list_behind_a_cell_has_as_many_patients_as_the_cell_says(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.set_viewport_size({"width": 1440, "height": 1300})
    page.goto(f"{app_server}/adverse_events?opened={INVESTIGATIONS}")
    settled(page)
    assert listed(page, EVENTS, INVESTIGATIONS, "2.0 escalation")[0] == 1
    assert listed(page, EVENTS, INVESTIGATIONS, None)[0] == 6
    assert listed(page, EVENTS, "Aspartate aminotransferase increased", "2.0 expansion")[0] == 2
    assert listed(page, EVENTS, "Metabolism and nutrition disorders", "0.5 escalation") == (0, 0)

    # The list stays with its cell while the filters change, and says when it no longer belongs.
    pill(page, "sex", "Male").click()
    expect(who(page)).to_contain_text("3 of 18 patients")
    settled(page)
    assert page.get_by_test_id("stException").count() == 0
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(who(page)).to_contain_text("18 of 18 patients")
    settled(page)

    patient = "NCT04014166-013"
    assert listed(page, BY_PATIENT, "Gastrointestinal haemorrhage", patient)[0] == 1
    shown = rows_when(
        panel(page, BY_PATIENT), lambda found: {row["USUBJID"] for row in found} == {patient}
    )
    assert {row["AESER"] for row in shown} == {"Y"}


def test_event_filters_change_the_numerator_only(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(f"{app_server}/adverse_events")
    settled(page)
    drawn = chart(page, EVENTS)
    assert denominators(drawn) == [3, 3, 6, 6, 18]

    choose(page, "Grade", "Grade 3 and up")
    drawn = chart_when(page, EVENTS, lambda found: "grade 3 and up" in subtitle(found))
    assert denominators(drawn) == [3, 3, 6, 6, 18]
    expect(who(page)).to_contain_text("18 of 18 patients · no filters")
    severe = sorted(text.split(" ")[0] for text in written(drawn) if text.endswith(")"))
    assert severe == ["1/18", "1/18", "1/3", "1/6", "1/6", "1/6", "2/18"]
    assert "18 of 18 patients" in subtitle(drawn)
    by_patient = chart_when(page, BY_PATIENT, lambda found: "grade 3" in subtitle(found))
    assert set(written(by_patient)) == {"3*"}

    page.get_by_role("switch", name="Serious").click(force=True)
    drawn = chart_when(page, EVENTS, lambda found: "serious" in subtitle(found))
    assert denominators(drawn) == [3, 3, 6, 6, 18]
    settled(page)
    assert set(address(page).partition("?")[2].split("&")) == {"grade=3", "serious=true"}

    # A patient filter changes both.
    pill(page, "dose", "2.0").click()
    drawn = chart_when(page, EVENTS, lambda found: "12 of 18" in subtitle(found))
    assert denominators(drawn) == [6, 6, 12]


def test_search_opened_classes_and_what_is_not_found(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(f"{app_server}/adverse_events")
    settled(page)
    page.get_by_role("searchbox", name="Search").fill("haemorrhage")
    page.get_by_role("searchbox", name="Search").press("Enter")
    drawn = chart_when(page, EVENTS, lambda found: "haemorrhage" in subtitle(found))
    assert lines(drawn) == ["Gastrointestinal disorders"]
    assert written(drawn)[-1] == "2/18 (11%)"

    page.get_by_role("radio", name="Preferred terms", exact=True).click()
    drawn = chart_when(page, EVENTS, lambda found: "Gastrointestinal haem" in lines(found)[0])
    assert written(drawn)[-1] == "2/18 (11%)"
    assert denominators(drawn) == [3, 3, 6, 6, 18]

    page.get_by_role("searchbox", name="Search").fill("<b>no such event</b> 100%_")
    page.get_by_role("searchbox", name="Search").press("Enter")
    drawn = chart_when(page, EVENTS, lambda found: not found["data"])
    assert "No event passes the event filters" in drawn["layout"]["annotations"][0]["text"]
    assert page.get_by_test_id("stException").count() == 0

    page.get_by_role("searchbox", name="Search").fill("")
    page.get_by_role("searchbox", name="Search").press("Enter")
    chart_when(page, EVENTS, lambda found: len(lines(found)) > 10)
    page.get_by_role("radio", name="System organ classes", exact=True).click()
    whole = chart_when(page, EVENTS, lambda found: INVESTIGATIONS in lines(found))
    page.get_by_role("button", name="Open system organ classes").click()
    page.get_by_role("checkbox", name=INVESTIGATIONS).click()
    page.keyboard.press("Escape")
    drawn = chart_when(page, EVENTS, lambda found: len(lines(found)) > len(lines(whole)))
    found = lines(drawn)
    after = found[found.index(INVESTIGATIONS) + 1 :]
    assert after[:2] == [
        "Aspartate aminotransferase increased",
        "Alanine aminotransferase increased",
    ]
    settled(page)
    assert address(page) == f"/adverse_events?opened={INVESTIGATIONS}"


def subtitle(drawn: dict[str, Any]) -> str:
    """Title and subtitle of a chart."""
    return str(drawn["layout"]["title"]["text"])


def lines(drawn: dict[str, Any]) -> list[str]:
    """The labels of the lines of a heatmap, from top to bottom."""
    labels = drawn["layout"]["yaxis"].get("ticktext", [])
    return [re.sub(r"</?b>", "", label).strip() for label in labels]
