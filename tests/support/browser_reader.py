"""What a reader sees and does on a page: charts, their marks, pills, the menu, tables."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from components.build import build
from components.screen.pages import PageFile, page_files
from data.study import STUDIES
from queries.catalogue import open_study

# Other programs may use the machine while the tests run.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

# Every page by its path; the landing page is at the root.
PAGES = {file.url_path if index else "": file for index, file in enumerate(page_files())}
# Every figure in the order of the pages.
DECK = [figure for file in page_files() for figure in file.figures]

# Streamlit looks for its own server below the path of the page first; the browser reports that.
PROBES = re.compile(r"/_stcore/(health|host-config)$")


def heading(page: PageFile) -> str:
    """A heading that is on a page: the title of its first figure, else its own."""
    if not page.figures:
        return page.title
    return build(open_study(STUDIES / "NCT04014166"), page.figures[0]).title


_CHART = """
name => {
    const at = `:is(.st-key-panel-${name}, .st-key-stage) .js-plotly-plot`;
    const chart = document.querySelector(at);
    if (!chart?.layout) return null;
    const found = JSON.parse(JSON.stringify({data: chart.data, layout: chart.layout}));
    delete found.layout.width;  // comes and goes while the chart is fitted to its place
    if (found.layout.meta) {  // on a narrow page these words stand beside the chart
        found.layout.title.text = found.layout.meta.title;
        found.layout.annotations.push(found.layout.meta.footnote);
    }
    return found;
}
"""

_PLACES = """
name => {
    const chart = document.querySelector(`.st-key-panel-${name} .js-plotly-plot`);
    const edge = chart.getBoundingClientRect();
    return chart._fullData.flatMap((trace, index) => {
        const full = chart._fullLayout;
        const axis = key => full[key[0] + 'axis' + key.slice(1)];
        const x = axis(trace.xaxis ?? 'x'), y = axis(trace.yaxis ?? 'y');
        return (trace.customdata ?? []).map((carried, point) => ({
            trace: trace.name, carried,
            x: edge.left + x._offset + x.d2p(trace.x[point]),
            y: edge.top + y._offset + y.d2p(trace.y[point]),
        })).filter(mark => mark.carried);  // a gap in a line carries nothing
    });
}
"""

_ROWS = """
grid => [...grid.querySelectorAll('tr')].map(
    row => [...row.querySelectorAll('th, td')].map(cell => cell.textContent))
"""


def chart(page: Page, name: str) -> dict[str, Any]:
    """The chart of a panel as Plotly has drawn it: its data and its layout."""
    drawn: dict[str, Any] = page.evaluate(_CHART, name)
    assert drawn is not None, f"there is no chart {name}"
    return drawn


def chart_when(
    page: Page, name: str, condition: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """The chart once something holds of it."""
    deadline = time.monotonic() + PATIENCE / 1000
    drawn: dict[str, Any] | None = None
    while time.monotonic() < deadline:
        drawn = page.evaluate(_CHART, name)
        if drawn is not None and condition(drawn):
            return drawn
        page.wait_for_timeout(100)
    last = drawn and (drawn["layout"]["title"]["text"], [t.get("name") for t in drawn["data"]])
    raise AssertionError(f"the chart {name} did not become what was expected: {last}")


def panel(page: Page, name: str) -> Locator:
    """The panel of a figure."""
    return page.locator(f".st-key-panel-{name}")


def places(page: Page, name: str) -> list[dict[str, Any]]:
    """Every mark that carries something, with where it is on the screen."""
    panel(page, name).locator(".js-plotly-plot").scroll_into_view_if_needed()
    marks: list[dict[str, Any]] = page.evaluate(_PLACES, name)
    return marks


def patients(drawn: dict[str, Any]) -> set[str]:
    """The patients whose lines a time course shows."""
    return {
        said[0] for trace in drawn["data"] if trace.get("mode", "").startswith("lines")
        for said in trace.get("customdata", []) if said and said[0]
    }  # fmt: skip


def who(page: Page) -> Locator:
    """The line that says how many patients are selected."""
    return page.locator(".st-key-who")


def control(page: Page, key: str) -> Locator:
    """A filter or an option, by the word of the address that it writes."""
    return page.locator(f'.control[data-key="{key}"]')


def pill(page: Page, filter_key: str, text: str) -> Locator:
    """An option of a filter in the sidebar."""
    return control(page, filter_key).get_by_role(
        "checkbox", name=re.compile(rf"^{re.escape(text)}, \d+ patients?$")
    )


def pills(page: Page, filter_key: str) -> list[str]:
    """The options of a filter with their numbers of patients."""
    options = control(page, filter_key).get_by_role("checkbox").all_inner_texts()
    return [" · ".join(text.split("\n")) for text in options]


def menu(page: Page, name: str) -> Locator:
    """A page in the menu."""
    return page.locator(".st-key-menu").get_by_role("link", name=name)


def choose(page: Page, label: str, text: str) -> None:
    """Choose from a drop-down list."""
    page.get_by_role("combobox", name=label, exact=True).select_option(label=text)


def rows(place: Locator) -> list[dict[str, str]]:
    """The rows of the table in a place that are on the screen, by the names of their columns."""
    grid = place.locator("table[role=grid]").first
    expect(grid.locator("td").first).to_be_attached()
    head, *body = grid.evaluate(_ROWS)
    return [dict(zip(head, row, strict=True)) for row in body]


def rows_when(
    place: Locator, condition: Callable[[list[dict[str, str]]], bool]
) -> list[dict[str, str]]:
    """The rows on the screen once something holds of them."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not condition(shown := rows(place)):
        assert time.monotonic() < deadline, f"the table did not become what was expected: {shown}"
        place.page.wait_for_timeout(100)
    return shown


def names(drawn: dict[str, Any]) -> list[str]:
    """The names of the traces of a chart."""
    return [trace.get("name", "") for trace in drawn["data"]]


def address(page: Page) -> str:
    """Path and parameters, without the server and without the study, which is always named."""
    path, _, parameters = page.url.split("/", 3)[3].partition("?")
    named = re.sub(r"(^|&)study=[^&]+", "", parameters).removeprefix("&")
    assert "study=" in parameters, f"{page.url} names no study"
    return f"/{path}?{named}" if named else f"/{path}"


def complaints(page: Page) -> list[str]:
    """A list that fills with the errors and warnings that the page writes to the console."""
    messages: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not PROBES.search(message.location["url"]):
            messages.append(f"{message.text} ({message.location['url']})")

    page.on("console", note)
    return messages
