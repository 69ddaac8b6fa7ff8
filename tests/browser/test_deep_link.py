"""A link to a page is right on a server that nobody has visited before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Settled


def test_first_visitor_of_a_fresh_server_may_come_by_a_deep_link(
    fresh_server: str, page: Page, settled: Settled
) -> None:
    page.goto(f"{fresh_server}/adverse_events")
    settled(page)
    assert page.get_by_text("Page not found").count() == 0
    assert page.get_by_test_id("stSidebar").is_visible()
    assert page.get_by_role("heading", name="Adverse events").count() > 0


def test_address_that_does_not_exist_is_said_to_be_not_found(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(f"{app_server}/no_such_page")
    settled(page)
    assert page.get_by_text("Page not found").count() == 1
