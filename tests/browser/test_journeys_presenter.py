"""A presenter shows one figure at a time, turns and leaves; the data may change meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page, expect

from data.study import STUDIES
from tests.browser.conftest import served
from tests.support.browser_reader import DECK, PAGES, address, chart, chart_when

if TYPE_CHECKING:
    from tests.browser.conftest import NewPage, Settled

STUDY = "NCT04014166"
# What the room sees: sizes of type in pixels, how the chart fills the screen, what else is there.
_SEEN = """
() => {
    const chart = document.querySelector('.js-plotly-plot');
    const visible = part => !!part && part.checkVisibility({opacityProperty: true})
        && parseFloat(getComputedStyle(part).opacity) > 0.01;
    const sizes = [];
    const walker = document.createTreeWalker(chart, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = node.parentElement;
        if (node.textContent.trim() && parent.closest('svg') && visible(parent))
            sizes.push(parseFloat(getComputedStyle(parent).fontSize));
    }
    const box = chart.querySelector('.main-svg').getBoundingClientRect();
    const page = document.documentElement;
    const main = document.querySelector('[data-testid="stMain"]');
    return {
        smallest: Math.min(...sizes),
        title: parseFloat(getComputedStyle(chart.querySelector('.gtitle')).fontSize),
        gaps: [box.left, box.top, innerWidth - box.right, innerHeight - box.bottom],
        sideways: Math.max(page.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth),
        down: page.scrollHeight - innerHeight,
        bars: main.offsetWidth - main.clientWidth + main.offsetHeight - main.clientHeight,
        controls: ['stSidebar', 'stHeader', 'stExpandSidebarButton', 'stToolbar']
            .filter(name => visible(document.querySelector(`[data-testid="${name}"]`))),
        modebar: visible(chart.querySelector('.modebar')),
    };
}
"""


def shown(page: Page, settled: Settled, figure: str | None = None) -> dict[str, Any]:
    """What a room sees of the page, once it shows that figure at the size of the screen."""
    if figure:
        page.wait_for_url(f"**figure={figure}*")
    settled(page)
    page.wait_for_function(
        """() => { const box = document.querySelector('.js-plotly-plot .main-svg')
            ?.getBoundingClientRect(); return box && Math.abs(innerHeight - box.height) <= 2; }"""
    )
    settled(page)
    found: dict[str, Any] = page.evaluate(_SEEN)
    return found


def assert_fills(seen: dict[str, Any]) -> None:
    """The figure and nothing else is on the screen."""
    assert all(abs(gap) <= 2 for gap in seen["gaps"]), seen
    assert seen["sideways"] <= 0
    assert seen["down"] <= 0
    assert seen["bars"] == 0
    assert seen["controls"] == []
    assert not seen["modebar"]


def test_every_figure_is_large_and_alone_and_can_be_turned(
    app_server: str, new_page: NewPage, settled: Settled
) -> None:
    page = new_page(1920, 1080)
    page.goto(f"{app_server}/?present=true")
    for figure in DECK:
        seen = shown(page, settled, figure)
        assert_fills(seen)
        assert seen["smallest"] >= 18, (figure, seen["smallest"])
        assert seen["title"] >= 32, (figure, seen["title"])
        assert page.get_by_test_id("stException").count() == 0
        page.keyboard.press("ArrowRight")
    # After the last one comes the first; and back.
    shown(page, settled, DECK[0])
    page.keyboard.press("ArrowLeft")
    shown(page, settled, DECK[-1])
    page.keyboard.press("ArrowLeft")
    shown(page, settled, DECK[-2])
    # A click anywhere turns, also on the chart.
    page.mouse.click(900, 500)
    shown(page, settled, DECK[-1])
    page.mouse.click(1900, 20)
    shown(page, settled, DECK[0])
    # A presenter's remote control sends the keys of a page.
    page.keyboard.press("PageDown")
    shown(page, settled, DECK[1])
    page.keyboard.press("PageUp")
    shown(page, settled, DECK[0])
    page.keyboard.press("Space")
    shown(page, settled, DECK[1])


def test_every_page_presents_and_escape_leaves_to_the_page_of_the_figure(
    app_server: str, new_page: NewPage, settled: Settled
) -> None:
    page = new_page(1920, 1080)
    for path in PAGES:
        page.goto(f"{app_server}/{path}?present=true&sex=F")
        assert_fills(shown(page, settled))
        expect(page.locator(".js-plotly-plot .gtitle")).to_contain_text("15 of 18 patients")
    page.goto(f"{app_server}/response?present=true&sex=F")
    shown(page, settled, "response_rate")
    page.keyboard.press("ArrowRight")
    shown(page, settled, "adverse_events")
    page.keyboard.press("Escape")
    page.wait_for_url("**/adverse_events?*sex=F")
    settled(page)
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    assert chart(page, "adverse_events")["layout"]["height"] == 540
    assert address(page) == "/adverse_events?sex=F"


def test_button_of_a_panel_presents_its_figure_as_it_is(
    app_server: str, new_page: NewPage, settled: Settled
) -> None:
    page = new_page(1920, 1080)
    page.goto(f"{app_server}/platelet_time_course?dose=2.0&statistic=median")
    settled(page)
    page.get_by_role("button", name="Present").click()
    seen = shown(page, settled, "platelet_time_course")
    assert_fills(seen)
    title = page.locator(".js-plotly-plot .gtitle")
    expect(title).to_contain_text("Median and interquartile range")
    expect(title).to_contain_text("12 of 18 patients")
    assert seen["title"] >= 32
    page.keyboard.press("Escape")
    page.wait_for_url("**/platelet_time_course?*dose=2.0&statistic=median")


def test_figure_fills_screens_of_other_sizes(
    app_server: str, new_page: NewPage, settled: Settled
) -> None:
    page = new_page()
    for width, height in ((1280, 720), (2560, 1440), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{app_server}/platelet_time_course?present=true")
        seen = shown(page, settled, "platelet_time_course")
        assert_fills(seen)
        share = min(width / 1920, height / 1080)
        assert seen["smallest"] >= 18 * share
        assert seen["title"] >= 32 * share


def test_figure_grows_with_its_window(app_server: str, new_page: NewPage, settled: Settled) -> None:
    page = new_page(1280, 720)
    page.goto(f"{app_server}/response?present=true")
    small = shown(page, settled, "response_rate")
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.wait_for_function(
        "size => { const title = document.querySelector('.gtitle');"
        " return title && parseFloat(getComputedStyle(title).fontSize) > size; }",
        arg=small["title"] + 5,
    )
    large = shown(page, settled)
    assert_fills(large)
    assert large["title"] >= 32


@pytest.fixture
def own_studies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Path]]:
    """The address of a server that shows a copy of the study, and the copy's folder."""
    folder = tmp_path / "studies" / STUDY
    shutil.copytree(STUDIES / STUDY, folder)
    monkeypatch.setenv("ITP_STUDIES", str(folder.parent))
    with served() as address:
        yield address, folder


def replace_counts(folder: Path, factor: float) -> None:
    """Multiply every platelet count, and put the new file in the place of the old one at once."""
    file = folder / "adlb.parquet"
    table = pq.read_table(file)
    counts = pc.multiply(table["AVAL"], pa.scalar(factor))
    is_count = pc.equal(table["PARAMCD"], "PLAT")
    place = table.schema.get_field_index("AVAL")
    table = table.set_column(
        place, table.schema.field(place), pc.if_else(is_count, counts, table["AVAL"])
    )
    fresh = folder / ".adlb.new"
    pq.write_table(table, fresh)
    fresh.replace(file)


def highest(drawn: dict[str, Any]) -> float:
    """The highest count of a time course."""
    return max(value or 0 for trace in drawn["data"] for value in trace["y"])


def test_presented_figure_follows_when_the_files_are_replaced(
    own_studies: tuple[str, Path], new_page: NewPage, settled: Settled
) -> None:
    server, folder = own_studies
    page = new_page(1920, 1080)
    page.goto(f"{server}/platelet_time_course?present=true")
    shown(page, settled, "platelet_time_course")
    before = highest(chart(page, "platelet_time_course"))
    said = page.get_by_text("The data changed")
    expect(said).to_have_count(0)

    replace_counts(folder, 2.0)
    drawn = chart_when(page, "platelet_time_course", lambda found: highest(found) > before)
    assert highest(drawn) == pytest.approx(2 * before)
    expect(said).to_be_visible()
    assert_fills(shown(page, settled))
