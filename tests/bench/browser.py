"""What a reader waits for, in real Chromium: the first page, and a click on a filter."""

from __future__ import annotations

import time
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Page, sync_playwright

from components.render import browser
from tests.browser.conftest import CHROMIUM_FLAGS, served

CLICKS = 24
PAGES = {
    "/": 4,
    "/platelet_time_course": 1,
    "/response": 1,
    "/adverse_events": 2,
}
# The options of the filters in the sidebar, as many as there are; they are in a shadow tree.
OPTIONS = """
() => [...document.querySelectorAll('[data-testid="stSidebar"] *')]
    .flatMap(element => [...(element.shadowRoot?.querySelectorAll('.several .option') ?? [])])
"""
# From the click to the second frame after the one in which the last chart has drawn the new view.
CLICK = f"""
([place, rests]) => new Promise(done => {{
    const option = ({OPTIONS})()[place];
    const charts = [...document.querySelectorAll('.chart')];
    const before = charts.map(chart => chart.dataset.drawn);
    const click = () => {{
        const began = performance.now();
        option.click();
        const look = () => {{
            if (charts.every((chart, index) => chart.dataset.drawn !== before[index])) {{
                requestAnimationFrame(() => requestAnimationFrame(
                    () => done(performance.now() - began)));
            }} else {{
                requestAnimationFrame(look);
            }}
        }};
        look();
    }};
    if (!rests) return click();
    option.dispatchEvent(new PointerEvent('pointerenter'));
    setTimeout(click, 400);
}})
"""
# Ways to click: whether the pointer rested on the option before, and whether the view is new.
WAYS = (("pointed at, seen", True, False), ("seen", False, False), ("new", False, True))


def measure() -> tuple[list[list[str]], list[list[str]]]:
    """Rows of the first loads (ms, kB) and of the clicks (median and 95th percentile, ms)."""
    with served() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=CHROMIUM_FLAGS)
        loads, clicks = [], []
        for path, charts in PAGES.items():
            page = chromium.new_context(viewport={"width": 1440, "height": 1000}).new_page()
            loads.append([path, *_load(page, address + path, charts)])
            for way, rests, is_new in WAYS:
                clicks.append([path, way, *_clicks(page, rests=rests, is_new=is_new)])
            page.context.close()
        chromium.close()
    return loads, clicks


def _load(page: Page, url: str, charts: int) -> list[str]:
    received = [0.0]

    def count(event: dict[str, Any]) -> None:
        received[0] += event["encodedDataLength"]

    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", count)
    began = time.perf_counter()
    page.goto(url)
    drawn = "n => document.querySelectorAll('.chart[data-drawn]').length >= n"
    page.wait_for_function(drawn, arg=charts)
    waited = 1000 * (time.perf_counter() - began)
    page.wait_for_timeout(1500)
    return [f"{waited:.0f}", f"{received[0] / 1000:.0f}"]


def _clicks(page: Page, *, rests: bool, is_new: bool) -> list[str]:
    """Clicks that go back and forth between two views, or each to a view nobody has seen."""
    times: list[float] = []
    for number in range(1, CLICKS + 5):
        # In Gray's order each click of one option gives a selection that was not there before.
        place = (number & -number).bit_length() - 1 if is_new else 0
        milliseconds = page.evaluate(CLICK, [place, rests])
        page.wait_for_timeout(400)
        if number > 4:
            times.append(milliseconds)
    return [f"{median(times):.0f}", f"{quantiles(times, n=20)[-1]:.0f}"]
