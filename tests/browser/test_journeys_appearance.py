"""What is drawn can be read: in light and dark, on a phone, with the keyboard alone."""

from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING, Any, Literal

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.support.browser_reader import PAGES, complaints, menu, pill, who

if TYPE_CHECKING:
    from tests.browser.conftest import NewPage, Settled

# What WCAG 2 asks of text, and of marks.
CONTRAST, MARKS = 4.5, 3.0
CHARTS = {
    "": ["key_results", "patient_flow", "dose_grid", "baseline"],
    "platelet_time_course": ["platelet_time_course"],
    "platelet_time_course?statistic=median": ["platelet_time_course"],
    "platelet_time_course?statistic=mean&layout=overlay": ["platelet_time_course"],
    "response": ["response_rate"],
    "adverse_events": ["adverse_events", "adverse_events_by_patient"],
}

# How far the page, and its main part, can be moved sideways.
SIDEWAYS = """
() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
    .map(part => part.scrollWidth - part.clientWidth)
"""

# Every piece of text of a chart that can be seen: its colour, and where it is.
_TEXTS = """
chart => {
    const found = [];
    const point = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    const parts = colour => {
        point.fillStyle = colour;
        point.fillRect(0, 0, 1, 1);
        return [...point.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    };
    const walker = document.createTreeWalker(chart, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const text = node.textContent.trim(), parent = node.parentElement;
        if (!text || !parent.closest('svg') || parent.closest('.modebar, defs')) continue;
        const style = getComputedStyle(parent);
        const range = document.createRange();
        range.selectNodeContents(node);
        const box = range.getBoundingClientRect();
        if (style.visibility !== 'visible' || style.display === 'none' || !box.width) continue;
        let opacity = 1;
        for (let part = parent; part !== chart; part = part.parentElement)
            opacity *= getComputedStyle(part).opacity;
        found.push({
            text, colour: parts(style.fill), opacity: opacity * style.fillOpacity,
            tilted: /rotate\\((?!0[,)])/.test(parent.closest('text').getAttribute('transform')),
            size: parseFloat(style.fontSize), cell: !!parent.closest('.heatmap-label'),
            left: box.left, top: box.top, right: box.right, bottom: box.bottom,
        });
    }
    return found;
}
"""


def texts(page: Page, figure: str) -> list[dict[str, Any]]:
    """The texts of a chart."""
    chart = page.locator(f".st-key-panel-{figure} .js-plotly-plot")
    chart.scroll_into_view_if_needed()
    found: list[dict[str, Any]] = chart.evaluate(_TEXTS)
    return found


def luminance(colour: tuple[float, ...]) -> float:
    """The relative luminance of WCAG 2."""
    parts = [part / 255 for part in colour[:3]]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """The contrast of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def behind(picture: Image.Image, text: dict[str, Any]) -> tuple[int, ...]:
    """The colour that a text stands on: the most frequent one in its place on the screen."""
    box = (text["left"], text["top"], text["right"], text["bottom"])
    left, top, right, bottom = (round(edge) for edge in box)
    points = picture.crop((left, top, right, bottom)).tobytes()
    ((colour, _),) = Counter(zip(points[::3], points[1::3], points[2::3], strict=True)).most_common(
        1
    )
    return colour


def faint(page: Page, figure: str, *, in_cells: bool = False) -> list[str]:
    """The texts of a chart, or in its cells, that do not stand out from what is behind them."""
    found = [text for text in texts(page, figure) if text["cell"] == in_cells]
    assert found or in_cells
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    said = []
    for text in found:
        ground = behind(picture, text)
        share = text["opacity"]
        ink = tuple(
            share * own + (1 - share) * other
            for own, other in zip(text["colour"], ground, strict=True)
        )
        if (ratio := contrast(ink, ground)) < CONTRAST:
            said.append(f"{text['text']!r} {text['colour']} on {ground}: {ratio:.1f}")
    return said


def overlapping(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Pairs of texts of a chart that lie on each other; the box of a tilted one says little."""
    found = [text for text in found if not text["tilted"]]
    return [
        (one["text"], other["text"])
        for index, one in enumerate(found)
        for other in found[index + 1 :]
        if min(one["right"], other["right"]) - max(one["left"], other["left"]) > 2
        and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 4
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1440)])
def test_every_text_of_a_chart_can_be_read(
    app_server: str,
    new_page: NewPage,
    settled: Settled,
    scheme: Literal["light", "dark"],
    width: int,
) -> None:
    page = new_page(width, 1000, scheme)
    noted = complaints(page)
    said, crossed = {}, {}
    for path, figures in CHARTS.items():
        page.goto(f"{app_server}/{path}")
        settled(page)
        for figure in figures:
            said[path, figure] = faint(page, figure)
            crossed[path, figure] = overlapping(texts(page, figure))
    assert {place: found for place, found in said.items() if found} == {}
    assert {place: found for place, found in crossed.items() if found} == {}
    assert noted == []


# The colours of lines, intervals, points and symbols that carry meaning.
_MARKS = """
chart => {
    const point = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    const parts = colour => {
        point.fillStyle = colour;
        point.fillRect(0, 0, 1, 1);
        return [...point.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    };
    return [...chart.querySelectorAll(
        '.js-line, .errorbars path, .legendpoints path, .scatterlayer .points path, .barlayer path'
    )].filter(mark => mark.checkVisibility({opacityProperty: true})).map(mark => {
        const style = getComputedStyle(mark);
        const drawn = style.stroke === 'none' ? style.fill : style.stroke;
        return drawn.startsWith('url') ? null : parts(drawn);
    }).filter(Boolean);
}
"""


def test_every_mark_of_a_chart_stands_out_on_a_dark_page(
    app_server: str, new_page: NewPage, settled: Settled
) -> None:
    page = new_page(1440, 1000, "dark")
    page.goto(f"{app_server}/response")
    settled(page)
    dark = (18.0, 24.0, 31.0)
    for figure in ("response_rate", "platelet_time_course"):
        chart = page.locator(f".st-key-panel-{figure} .js-plotly-plot")
        marks = chart.evaluate(_MARKS)
        assert len(marks) > 10
        weak = {tuple(mark) for mark in marks if contrast(mark, dark) < MARKS}
        assert weak == set(), figure
        menu(page, "Platelet time course").click()
        settled(page)
    # A hollow point is filled with the page's own colour.
    hollow = page.locator(".scatterlayer .points path[style*='fill: rgb(18, 24, 31)']")
    assert hollow.count() > 10
    white = page.locator(".scatterlayer .points path[style*='fill: rgb(255, 255, 255)']")
    assert white.count() == 0


def test_every_number_in_a_cell_stands_out(
    app_server: str, new_page: NewPage, settled: Settled
) -> None:
    page = new_page(1440, 1000, "dark")
    said = []
    for path, figures in {
        "": ["dose_grid"],
        "adverse_events": ["adverse_events", "adverse_events_by_patient"],
    }.items():
        page.goto(f"{app_server}/{path}")
        settled(page)
        for figure in figures:
            said += faint(page, figure, in_cells=True)
    assert said == []


def test_phone_shows_everything_without_moving_the_page_sideways(
    app_server: str, new_page: NewPage, settled: Settled
) -> None:
    page = new_page(390, 844)
    for path in PAGES:
        page.goto(f"{app_server}/{path}?sex=M")
        settled(page)
        assert page.evaluate(SIDEWAYS) == [0, 0], path
        expect(who(page)).to_be_in_viewport()
        for figure in CHARTS.get(path, []):
            assert_readable_on_a_phone(page, figure)


def assert_readable_on_a_phone(page: Page, figure: str) -> None:
    """The footnote is text below the chart, and nothing lies on anything else."""
    foot = page.locator(f".st-key-panel-{figure} .chart-foot")
    expect(foot.get_by_text("Simulated from the published totals of NCT04014166")).to_be_visible()
    lines = foot.locator("p")
    assert lines.count() >= 3
    size = lines.first.evaluate("line => parseFloat(getComputedStyle(line).fontSize)")
    assert size >= 11
    found = texts(page, figure)
    assert overlapping(found) == [], figure
    box = foot.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
    # The words below the chart begin where its own end.
    assert max(text["bottom"] for text in found) <= box["y"] + 1, figure


def test_phone_has_menu_and_filters_in_the_sidebar(
    app_server: str, new_page: NewPage, settled: Settled
) -> None:
    page = new_page(390, 844)
    page.goto(app_server)
    settled(page)
    expect(menu(page, "Response")).not_to_be_in_viewport()
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(menu(page, "Response")).to_be_in_viewport()
    pill(page, "dose", "2.0").click()
    settled(page)
    menu(page, "Response").click()
    settled(page)
    expect(page.get_by_role("heading", name="Response rate")).to_be_visible()
    expect(who(page)).to_contain_text("12 of 18 patients")
    expect(who(page)).to_be_in_viewport()


_FOCUS = """
() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    if (!at || at === document.body) return null;
    const style = getComputedStyle(at), box = at.getBoundingClientRect();
    const said = at.labels?.[0]?.innerText || at.getAttribute('aria-label') || at.innerText || '';
    const lines = said.trim().split('\\n');
    // An expander begins with its icon.
    return {name: at.tagName === 'SUMMARY' ? lines.at(-1) : lines[0],
        seen: box.width > 0 && box.height > 0 && style.visibility === 'visible'};
}
"""


def test_keyboard_reaches_everything_in_the_order_of_the_page(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(f"{app_server}/platelet_time_course?sex=F")
    settled(page)
    reached: list[str] = []
    for _ in range(120):
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOCUS)
        if focus is None:
            break
        assert focus["seen"], focus
        reached.append(focus["name"])
        if focus["name"] == "How this was made":
            break
    expected = [
        "Overview", "Platelet time course", "Response", "Adverse events",
        "0.5, 2 patients", "Dose escalation, 10 patients", "Female, 15 patients", "No, 7 patients",
        "Reset all filters",
        "Reset", "Every patient", "Cohort", "Panels", "Value", "Time", "Scale", "More",
        "PNG", "SVG", "CSV", "Present", "Table", "How this was made",
    ]  # fmt: skip
    places: list[int] = []
    for name in expected:
        start = places[-1] + 1 if places else 0
        assert name in reached[start:], f"{name} is not among {reached[start:]}"
        places.append(reached.index(name, start))


def test_keyboard_keeps_its_place_when_a_filter_is_switched(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(f"{app_server}/response")
    settled(page)
    chosen = pill(page, "phase", "Dose expansion")
    chosen.focus()
    page.keyboard.press("Space")
    expect(who(page)).to_contain_text("6 of 18 patients")
    settled(page)
    expect(chosen).to_be_focused()
    page.keyboard.press("Space")
    expect(who(page)).to_contain_text("18 of 18 patients")
    settled(page)
    expect(chosen).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(pill(page, "phase", "Dose escalation")).to_be_focused()
    page.keyboard.press("Enter")
    expect(who(page)).to_contain_text("12 of 18 patients")
    settled(page)
    expect(pill(page, "phase", "Dose escalation")).to_be_focused()

    page.get_by_role("radio", name="Cohort").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.wait_for_url("**/*group=dose")
    settled(page)
    expect(page.get_by_role("radio", name="Dose", exact=True)).to_be_focused()
