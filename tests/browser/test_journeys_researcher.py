"""A researcher reads the results, goes to the time course, narrows it, comes back to it later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.support.browser_reader import (
    address,
    chart,
    chart_when,
    choose,
    menu,
    names,
    patients,
    pill,
    pills,
    places,
    who,
)

if TYPE_CHECKING:
    from tests.browser.conftest import NewPage, Settled

COURSE = "platelet_time_course"
AT_THE_END = """
() => {
    const main = document.querySelector('[data-testid="stMain"]');
    return main.scrollTop > 0 && main.scrollTop + main.clientHeight >= main.scrollHeight - 2;
}
"""
COUNT = re.compile(r"^Platelets <?[\d.]+ 10⁹/L( \(after rescue\))?$")


def test_results_on_the_landing_page_and_the_time_course_by_the_menu(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(app_server)
    settled(page)
    expect(page.get_by_role("heading", name="UC-MSC in refractory ITP")).to_be_visible()
    expect(who(page)).to_contain_text("18 of 18 patients")
    expect(who(page)).to_contain_text("Simulated patients")
    said = [note["text"] for note in chart(page, "key_results")["layout"]["annotations"]]
    for result in ("8/18", "13/18", "4/18"):
        assert any(result in text for text in said), f"{result} is not in {said}"

    menu(page, "Platelet time course").click()
    settled(page)
    assert address(page) == f"/{COURSE}"
    assert len(patients(chart(page, COURSE))) == 18


def test_filters_change_chart_counts_line_and_address(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(f"{app_server}/{COURSE}")
    settled(page)
    assert pills(page, "dose") == ["0.5 · 3", "1.0 · 3", "2.0 · 12"]
    assert pills(page, "phase") == ["Dose escalation · 12", "Dose expansion · 6"]

    pill(page, "dose", "2.0").click()
    expect(who(page)).to_contain_text("12 of 18 patients · Dose: 2.0 × 10⁶ cells/kg")
    drawn = chart_when(page, COURSE, lambda found: len(patients(found)) == 12)
    titles = [note["text"] for note in drawn["layout"]["annotations"]]
    assert any("2.0 escalation" in title for title in titles)
    assert not any("0.5 escalation" in title for title in titles)
    assert "12 of 18 patients" in drawn["layout"]["title"]["text"]
    # An option counts the patients that it has under the other filters, not under its own.
    assert pills(page, "dose") == ["0.5 · 3", "1.0 · 3", "2.0 · 12"]
    assert pills(page, "phase") == ["Dose escalation · 6", "Dose expansion · 6"]

    pill(page, "phase", "Dose expansion").click()
    expect(who(page)).to_contain_text("6 of 18 patients")
    expect(who(page)).to_contain_text("Phase: Dose expansion")
    chart_when(page, COURSE, lambda found: len(patients(found)) == 6)
    assert pills(page, "dose") == ["0.5 · 0", "1.0 · 0", "2.0 · 6"]
    settled(page)
    assert address(page) == f"/{COURSE}?dose=2.0&phase=Dose+expansion"

    # The line stays in sight, and on top, when the end of the page is scrolled to.
    page.get_by_text("How this was made").scroll_into_view_if_needed()
    page.mouse.move(700, 600)
    page.mouse.wheel(0, 5000)
    page.wait_for_function(AT_THE_END)
    line = page.get_by_text("6 of 18 patients", exact=True).first
    box = line.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 120
    expect(line).to_be_in_viewport()
    # Nothing lies over its button: a click would wait for that, and fail.
    page.get_by_role("button", name="Reset", exact=True).click(trial=True)

    # The other pages have the same patients.
    menu(page, "Response").click()
    settled(page)
    expect(who(page)).to_contain_text("6 of 18 patients")
    assert address(page) == "/response?dose=2.0&phase=Dose+expansion"
    assert "6 of 18 patients" in chart(page, "response_rate")["layout"]["title"]["text"]

    page.get_by_role("button", name="Reset all filters").click()
    expect(who(page)).to_contain_text("18 of 18 patients · no filters")
    settled(page)
    assert address(page) == "/response"
    assert "18 of 18 patients" in chart(page, "response_rate")["layout"]["title"]["text"]


def test_options_change_the_chart_and_come_back_by_link_reload_and_history(
    app_server: str, page: Page, new_page: NewPage, settled: Settled
) -> None:
    page.goto(f"{app_server}/{COURSE}?phase=Dose+escalation")
    settled(page)
    assert chart(page, COURSE)["layout"]["yaxis"]["type"] == "log"

    page.get_by_role("radio", name="Median and IQR").click()
    drawn = chart_when(
        page, COURSE, lambda found: any(trace.get("fill") for trace in found["data"])
    )
    assert "Median and interquartile range" in drawn["layout"]["title"]["text"]
    assert "yaxis3" in drawn["layout"]

    choose(page, "Scale", "Linear")
    chart_when(page, COURSE, lambda found: found["layout"]["yaxis"].get("type") != "log")
    choose(page, "Panels", "One panel")
    chart_when(page, COURSE, lambda found: "yaxis2" not in found["layout"])
    page.get_by_role("radio", name="Dose", exact=True).click()
    chart_when(page, COURSE, lambda found: "2.0 (n = 6)" in names(found))
    choose(page, "Value", "Fold change")
    chart_when(
        page, COURSE, lambda found: "Fold change" in found["layout"]["yaxis"]["title"]["text"]
    )
    settled(page)
    drawn = chart(page, COURSE)
    whole = address(page)
    asked = {
        "phase=Dose+escalation", "statistic=median", "scale=linear", "layout=overlay",
        "group=dose", "measure=fold",
    }  # fmt: skip
    assert set(whole.partition("?")[2].split("&")) == asked

    page.reload()
    settled(page)
    assert chart(page, COURSE) == drawn
    assert address(page) == whole

    elsewhere = new_page()
    elsewhere.goto(app_server + whole)
    settled(elsewhere)
    assert chart(elsewhere, COURSE) == drawn
    assert address(elsewhere) == whole
    expect(who(elsewhere)).to_contain_text("12 of 18 patients · Phase: Dose escalation")

    page.go_back()
    before = chart_when(
        page, COURSE, lambda found: "Fold" not in found["layout"]["yaxis"]["title"]["text"]
    )
    page.go_back()
    chart_when(page, COURSE, lambda found: "2.0 escalation (n = 6)" in names(found))
    page.go_forward()
    chart_when(page, COURSE, lambda found: found == before)
    page.go_forward()
    chart_when(page, COURSE, lambda found: found == drawn)
    settled(page)
    assert address(page) == whole
    expect(page.get_by_role("combobox", name="Value", exact=True)).to_have_value("fold")


def test_back_and_forward_go_through_pages_and_filters(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(f"{app_server}/response")
    settled(page)
    pill(page, "sex", "Male").click()
    expect(who(page)).to_contain_text("3 of 18 patients · Sex: Male")
    settled(page)
    menu(page, "Adverse events").click()
    settled(page)
    assert address(page) == "/adverse_events?sex=M"

    page.go_back()
    settled(page)
    expect(who(page)).to_contain_text("3 of 18 patients")
    assert address(page) == "/response?sex=M"
    page.go_back()
    expect(who(page)).to_contain_text("18 of 18 patients · no filters")
    settled(page)
    assert address(page) == "/response"
    page.go_forward()
    expect(who(page)).to_contain_text("3 of 18 patients · Sex: Male")
    page.go_forward()
    settled(page)
    assert address(page) == "/adverse_events?sex=M"
    expect(who(page)).to_contain_text("3 of 18 patients · Sex: Male")


def test_nobody_is_said_calmly_on_every_page(app_server: str, page: Page, settled: Settled) -> None:
    page.goto(f"{app_server}/{COURSE}")
    settled(page)
    pill(page, "dose", "0.5").click()
    expect(who(page)).to_contain_text("3 of 18 patients")
    pill(page, "phase", "Dose expansion").click()
    expect(who(page)).to_contain_text("0 of 18 patients")
    for name, figures in {
        "Platelet time course": [COURSE],
        "Response": ["response_rate"],
        "Adverse events": ["adverse_events", "adverse_events_by_patient"],
        "Overview": ["key_results", "baseline"],
    }.items():
        menu(page, name).click()
        settled(page)
        expect(who(page)).to_contain_text("0 of 18 patients")
        assert page.get_by_test_id("stException").count() == 0
        assert page.get_by_test_id("stAlert").count() == 0
        for figure in figures:
            said = re.sub(
                r"(<br>|\s)+", " ", str(chart(page, figure)["layout"]["annotations"][0]["text"])
            )
            assert "No patient passes all of these filters" in said, (name, figure)
            assert "Dose: 0.5" in said
            assert "Phase: Dose expansion" in said
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(who(page)).to_contain_text("18 of 18 patients")


def test_hover_on_a_line_names_patient_visit_count_baseline_and_change(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(f"{app_server}/{COURSE}?group=all&dose=0.5")
    settled(page)
    marks = [mark for mark in places(page, COURSE) if mark["carried"][0].startswith("NCT04014166-")]
    assert {mark["carried"][0] for mark in marks} == {
        "NCT04014166-001", "NCT04014166-002", "NCT04014166-003",
    }  # fmt: skip
    highest = min(marks, key=lambda mark: float(mark["y"]))
    page.mouse.move(highest["x"] - 30, highest["y"] - 30)
    page.mouse.move(highest["x"], highest["y"], steps=4)
    shown = page.locator(".hoverlayer .hovertext")
    expect(shown).to_be_visible()
    patient, visit, count, baseline, change = highest["carried"]
    assert patient.startswith("NCT04014166-")
    assert re.match(r"^Week \d+, day -?\d+$", visit)
    assert COUNT.match(count)
    for text in highest["carried"]:
        expect(shown).to_contain_text(text)
    assert re.match(r"^Baseline \d", baseline)
    assert re.match(r"^Change [+-]?\d", change)
    before, after = float(baseline.split()[1]), float(count.split()[1])
    assert float(change.split()[1]) == after - before
