"""Links to every page, also on a server just started; broken ones; and several readers at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.support.browser_reader import (
    PAGES,
    address,
    chart,
    chart_when,
    heading,
    menu,
    patients,
    pill,
    who,
)
from tests.support.session import session

if TYPE_CHECKING:
    from tests.browser.conftest import NewPage, Settled

COURSE = "platelet_time_course"
READERS = 30


def test_every_page_of_a_fresh_server_opens_by_its_link(
    fresh_server: str, new_page: NewPage, settled: Settled
) -> None:
    for path, file in reversed(PAGES.items()):
        page = new_page()
        page.goto(f"{fresh_server}/{path}?sex=M")
        settled(page)
        assert page.get_by_text("Page not found").count() == 0
        expect(page.get_by_role("heading", name=heading(file)).first).to_be_attached()
        expect(who(page)).to_contain_text("3 of 18 patients · Sex: Male")
        assert address(page) == f"/{path}?sex=M"


def test_broken_link_opens_with_what_is_valid_and_names_what_is_not(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(
        f"{app_server}/{COURSE}?dose=9&phase=Dose+expansion&age=5-7&colour=blue&statistic=mode"
        "&scale=linear&analysis-set=best&sex=%3Cb%3E"
    )
    settled(page)
    said = page.get_by_test_id("stAlert").all_inner_texts()
    for name in ("dose = '9'", "age = '5-7'", "'colour'", "statistic = 'mode'", "'best'", "'<b>'"):
        assert sum(name in text for text in said) == 1, f"{name} is not in {said}"
    assert len(said) == 6
    assert all(text.startswith("Ignored in the link: ") for text in said)
    assert "0.5, 1.0, 2.0" in next(text for text in said if "dose" in text)
    expect(who(page)).to_contain_text("6 of 18 patients · Phase: Dose expansion")
    drawn = chart(page, COURSE)
    assert len(patients(drawn)) == 6
    assert drawn["layout"]["yaxis"].get("type") != "log"
    assert address(page) == f"/{COURSE}?phase=Dose+expansion&scale=linear"

    # What was ignored has been read when the reader goes on.
    pill(page, "sex", "Female").click()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_no_link_breaks_a_page(app_server: str, page: Page, settled: Settled) -> None:
    for query in (
        "dose=" + "9" * 5000,
        "dose=&phase=&age=",
        "dose=2.0&dose=0.5",
        "search=%00%01&cutoff=1e999&onset_from=NaN&opened=%7C%7C",
        "present=maybe&figure=no_such_figure",
    ):
        page.goto(f"{app_server}/adverse_events?{query}")
        settled(page)
        assert page.get_by_test_id("stException").count() == 0, query
        expect(who(page)).to_contain_text("of 18 patients")
        assert chart(page, "adverse_events")["layout"]["title"]["text"], query


def test_menu_link_opens_the_same_patients_in_a_new_tab(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(f"{app_server}/{COURSE}?dose=2.0")
    settled(page)
    link = menu(page, "Response").evaluate("link => link.href")
    tab = page.context.new_page()
    tab.goto(link)
    settled(tab)
    assert address(tab) == "/response?dose=2.0"
    expect(who(tab)).to_contain_text("12 of 18 patients")


def test_two_readers_do_not_see_each_others_filters(
    app_server: str, new_page: NewPage, settled: Settled
) -> None:
    one, other = new_page(), new_page()
    for page in (one, other):
        page.goto(f"{app_server}/{COURSE}")
    for page in (one, other):
        settled(page)
    pill(one, "dose", "0.5").click()
    pill(other, "dose", "1.0").click()
    expect(who(one)).to_contain_text("3 of 18 patients · Dose: 0.5")
    expect(who(other)).to_contain_text("3 of 18 patients · Dose: 1.0")
    one.get_by_role("radio", name="Box per visit").click()
    chart_when(one, COURSE, lambda found: any(t["type"] == "box" for t in found["data"]))
    shown = [
        patients(chart_when(other, COURSE, lambda found: len(patients(found)) == 3)),
        set(chart(other, COURSE)["layout"]["title"]["text"].split(" · ")[1:]),
    ]
    assert shown[0] == {"NCT04014166-004", "NCT04014166-006", "NCT04014166-007"}
    assert any("1.0" in part for part in shown[1])
    menu(other, "Response").click()
    settled(other)
    expect(who(other)).to_contain_text("Dose: 1.0")
    expect(who(one)).to_contain_text("Dose: 0.5")
    # A new tab of the same browser is a reader of its own as well.
    tab = one.context.new_page()
    tab.goto(f"{app_server}/{COURSE}")
    settled(tab)
    expect(who(tab)).to_contain_text("18 of 18 patients · no filters")
    assert len(patients(chart(tab, COURSE))) == 18


def test_many_readers_at_once_all_get_their_page(app_server: str) -> None:
    """Sessions as a browser opens them, without the browsers: each until its page is complete."""

    def trouble_at(path: str) -> str:
        with session(app_server) as reader:
            return reader.open(path)

    paths = [list(PAGES)[index % len(PAGES)] for index in range(READERS)]
    with ThreadPoolExecutor(READERS) as readers:
        assert list(readers.map(trouble_at, paths)) == [""] * READERS
