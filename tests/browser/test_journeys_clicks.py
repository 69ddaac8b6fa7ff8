"""A choice is drawn at once, and what follows agrees with it: chart, line, address and controls."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Settled
from tests.support.browser_reader import address, chart, control, pill, who

# Options of filters, clicked one after the other before anything can answer.
FAST = """
([...places]) => {
    const options = [...document.querySelectorAll('[data-testid="stSidebar"] *')]
        .flatMap(element => [...(element.shadowRoot?.querySelectorAll('.several .option') ?? [])]);
    for (const place of places) options[place].click();
}
"""


def test_clicks_that_follow_fast_are_all_counted(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(f"{app_server}/response")
    settled(page)
    # 0.5 on, dose expansion on, female on, 0.5 off again
    page.evaluate(FAST, [0, 4, 5, 0])
    expect(who(page)).to_contain_text("5 of 18 patients")
    settled(page)
    assert address(page) == "/response?phase=Dose+expansion&sex=F"
    assert "5 of 18 patients" in chart(page, "response_rate")["layout"]["title"]["text"]
    chosen = control(page, "dose").get_by_role("checkbox", checked=True)
    expect(chosen).to_have_count(0)


def test_what_the_pointer_rests_on_is_drawn_without_asking_again(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(f"{app_server}/response")
    settled(page)
    with page.expect_response("**/explorer/figures/response_rate.json?dose=1.0*"):
        pill(page, "dose", "1.0").hover()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    pill(page, "dose", "1.0").click()
    expect(who(page)).to_contain_text("3 of 18 patients")
    settled(page)
    assert "3 of 18 patients" in chart(page, "response_rate")["layout"]["title"]["text"]
    assert [url for url in asked if "/figures/response_rate.json?dose=1.0" in url] == []


def test_a_click_does_not_break_off_what_is_being_fetched_for_it(
    app_server: str, page: Page, settled: Settled
) -> None:
    """The pointer has only just come when the reader clicks; the figure is on its way by then."""
    page.goto(f"{app_server}/response")
    settled(page)
    for value, n in (("0.5", 3), ("1.0", 6), ("2.0", 18)):
        option = pill(page, "dose", value)
        option.dispatch_event("pointerenter")
        option.click()
        expect(who(page)).to_contain_text(f"{n} of 18 patients")
        settled(page)
        assert f"{n} of 18 patients" in chart(page, "response_rate")["layout"]["title"]["text"]


def test_marks_are_reached_and_chosen_with_the_keyboard(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(f"{app_server}/adverse_events")
    settled(page)
    page.locator(".st-key-panel-adverse_events .chart").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    spoken = page.locator(".st-key-panel-adverse_events .chart-spoken")
    expect(spoken).to_contain_text("1.0 escalation")
    page.keyboard.press("Enter")
    expect(
        page.locator(".st-key-panel-adverse_events").get_by_text("· 1.0 escalation:")
    ).to_be_visible()
