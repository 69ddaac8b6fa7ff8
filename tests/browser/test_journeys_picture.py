"""The picture in the README: the time course as a visitor sees it.

A test run leaves the repository alone. This takes the picture anew:

    PICTURES=docs/pictures make test ARGS="tests/browser/test_journeys_picture.py"
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from tests.support.browser_reader import chart

if TYPE_CHECKING:
    from tests.browser.conftest import NewPage, Settled

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 300_000


def test_picture_of_the_time_course(
    app_server: str, new_page: NewPage, settled: Settled, tmp_path: Path
) -> None:
    folder = ROOT / os.environ["PICTURES"] if "PICTURES" in os.environ else tmp_path
    page = new_page(1440, 900)
    page.goto(f"{app_server}/platelet_time_course")
    settled(page)
    assert chart(page, "platelet_time_course")["data"]
    # Nothing is pointed at, and nothing blinks.
    page.mouse.move(1430, 890)
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / "overview.png"
    page.screenshot(path=picture, animations="disabled", caret="hide")
    assert_suits_a_readme(picture)


def test_picture_that_the_readme_shows_is_there() -> None:
    assert_suits_a_readme(ROOT / "docs" / "pictures" / "overview.png")


def assert_suits_a_readme(picture: Path) -> None:
    """As large as a page, and soon loaded."""
    with Image.open(picture) as image:
        assert image.size == (1440, 900)
    assert picture.stat().st_size < LARGEST
