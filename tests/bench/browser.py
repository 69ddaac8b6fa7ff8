"""What a reader waits for, in real Chromium: the first page, and a click on a filter."""

from __future__ import annotations

import time
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Page, sync_playwright

from components.render import browser
from tests.browser.conftest import CHROMIUM_FLAGS, served

CLICKS = 30
PAGES = {
    "/": 4,
    "/platelet_time_course": 1,
    "/response": 1,
    "/adverse_events": 2,
}
# From the click to the frame after the one in which every chart says the new number of patients.
CLICK = """
([label, expected, charts]) => new Promise(done => {
    const pills = [...document.querySelectorAll('[data-testid="stSidebar"] button')];
    const pill = pills.find(button => button.textContent.startsWith(label));
    let draws = 0;
    for (const chart of document.querySelectorAll('.js-plotly-plot')) {
        chart.on?.('plotly_afterplot', () => { draws += 1; });
    }
    const began = performance.now();
    pill.click();
    const look = () => {
        const titles = [...document.querySelectorAll('.js-plotly-plot .gtitle')]
            .filter(title => title.textContent.includes(expected));
        if (titles.length >= charts) {
            requestAnimationFrame(() => done([performance.now() - began, draws]));
        } else {
            requestAnimationFrame(look);
        }
    };
    look();
})
"""


def measure() -> tuple[list[list[str]], list[list[str]]]:
    """Rows of the first loads (ms, kB) and of the clicks (median and 95th percentile, ms)."""
    with served() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=CHROMIUM_FLAGS)
        loads, clicks = [], []
        for path, charts in PAGES.items():
            page = chromium.new_context(viewport={"width": 1440, "height": 1000}).new_page()
            loads.append([path, *_load(page, address + path, charts)])
            clicks.append([path, str(charts), *_clicks(page, 3 if path == "/" else charts)])
            page.context.close()
        chromium.close()
    return loads, clicks


def _load(page: Page, url: str, charts: int) -> list[str]:
    received = [0]

    def count(response: Any) -> None:
        received[0] += int(response.headers.get("content-length", 0))

    page.on("response", count)
    began = time.perf_counter()
    page.goto(url)
    drawn = "n => document.querySelectorAll('.js-plotly-plot .main-svg').length >= n"
    page.wait_for_function(drawn, arg=charts)
    waited = 1000 * (time.perf_counter() - began)
    page.wait_for_timeout(1500)
    return [f"{waited:.0f}", f"{received[0] / 1000:.0f}"]


def _clicks(page: Page, charts: int) -> list[str]:
    times: list[float] = []
    for index in range(CLICKS + 4):
        expected = "12 of 18" if index % 2 == 0 else "18 of 18"
        milliseconds, _ = page.evaluate(CLICK, ["2.0", expected, charts])
        page.wait_for_timeout(250)
        if index >= 4:
            times.append(milliseconds)
    return [f"{median(times):.0f}", f"{quantiles(times, n=20)[-1]:.0f}"]
