"""An author takes pictures and numbers away: by the buttons, and by the camera above the chart."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Download, Page, expect

from tests.support.browser_reader import PATIENCE, panel, rows

if TYPE_CHECKING:
    from tests.browser.conftest import NewPage, Settled

COURSE = "platelet_time_course"
NAME = "NCT04014166_platelet-time-course_dose-2.0"
# Kaleido's own Chromium starts with the first picture.
FIRST_PICTURE = 90_000


def downloaded(page: Page, name: str, button: str, timeout: float = FIRST_PICTURE) -> Download:
    """What a button of a panel sends."""
    with page.expect_download(timeout=timeout) as download:
        panel(page, name).get_by_role("button", name=button, exact=True).click()
    return download.value


def looked_at(picture: Download) -> Image.Image:
    """A picture, as the one who opens it sees it: 3840 x 2160 and white at the edges."""
    image = Image.open(picture.path())
    assert image.format == "PNG"
    assert image.size == (3840, 2160)
    seen = image.convert("RGBA")
    corners = [(5, 5), (3834, 5), (5, 2154), (3834, 2154)]
    assert [seen.getpixel(corner) for corner in corners] == [(255, 255, 255, 255)] * 4
    plain = seen.convert("L")
    histogram = plain.histogram()
    # Mostly white, with dark ink on it.
    assert sum(histogram[250:]) > 0.75 * 3840 * 2160
    assert sum(histogram[:80]) > 0.002 * 3840 * 2160
    return plain


def ink(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """The number of dark points in a part of a picture."""
    return sum(image.crop(box).histogram()[:160])


def test_png_button_gives_a_picture_that_stands_alone(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(f"{app_server}/{COURSE}?dose=2.0")
    settled(page)
    picture = downloaded(page, COURSE, "PNG")
    assert picture.suggested_filename == f"{NAME}.png"
    image = looked_at(picture)
    assert ink(image, (0, 0, 3840, 280)) > 5_000, "title and selection are inside"
    assert ink(image, (0, 1880, 3840, 2160)) > 5_000, "the footnote is inside"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_camera_gives_the_same_white_picture_in_both_themes(
    app_server: str, new_page: NewPage, settled: Settled, scheme: str
) -> None:
    # The page is too narrow for title and footnote in the chart: the picture has them all the same.
    page = new_page(1000, 900, "dark" if scheme == "dark" else "light")
    page.goto(f"{app_server}/{COURSE}?dose=2.0")
    settled(page)
    chart = panel(page, COURSE).locator(".js-plotly-plot")
    chart.hover()
    with page.expect_download(timeout=PATIENCE) as download:
        chart.locator(".modebar-btn[data-title*='icture']").click()
    assert download.value.suggested_filename == f"{NAME}.png"
    image = looked_at(download.value)
    assert ink(image, (0, 0, 3840, 280)) > 5_000
    assert ink(image, (0, 1880, 3840, 2160)) > 5_000


def test_svg_has_its_words_as_text(app_server: str, page: Page, settled: Settled) -> None:
    page.goto(f"{app_server}/response?group=dose")
    settled(page)
    picture = downloaded(page, "response_rate", "SVG")
    assert picture.suggested_filename == "NCT04014166_response-rate_group-dose.svg"
    drawing = ElementTree.parse(picture.path()).getroot()  # noqa: S314
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert drawing.attrib["viewBox"] == "0 0 960 540"
    words = " ".join(drawing.itertext())
    for said in ("Response rate: IWG 2009", "18 of 18 patients", "8/18", "Simulated", "Data cut"):
        assert said in words


def test_csv_is_the_table_that_is_shown(app_server: str, page: Page, settled: Settled) -> None:
    page.set_viewport_size({"width": 1700, "height": 1200})
    page.goto(f"{app_server}/response?phase=Dose+escalation")
    settled(page)
    sent = downloaded(page, "response_rate", "CSV", PATIENCE)
    assert sent.suggested_filename == "NCT04014166_response-rate_phase-Dose-escalation.csv"
    data = sent.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "a spreadsheet reads it as UTF-8"
    table = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["group"] for row in table] == [
        "0.5 escalation", "1.0 escalation", "2.0 escalation", "All patients",
    ]  # fmt: skip
    assert [(row["n"], row["N"]) for row in table] == [
        ("0", "3"), ("2", "3"), ("3", "6"), ("5", "12"),
    ]  # fmt: skip

    summary = panel(page, "response_rate").locator("summary", has_text="Table")
    summary.click()
    place = page.locator(".st-key-table-response_rate")
    expect(place.locator("canvas").first).to_be_visible()
    shown = rows(place)
    assert len(shown) == len(table)
    for seen, given in zip(shown, table, strict=True):
        assert len(seen) >= 8
        for name, text in seen.items():
            assert same(text, given[name]), (name, text, given[name])


def same(shown: str, given: str) -> bool:
    """The same text, or the same number."""
    try:
        return float(shown) == pytest.approx(float(given), rel=1e-9)
    except ValueError:
        return shown == given
