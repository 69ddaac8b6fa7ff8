"""Somebody who does not program imports a trial: choose the files, look, correct, import, open."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from data.study import EMBEDDED, STUDIES, load
from tests.browser.conftest import served

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import NewPage, Settled

PILOT = Path(__file__).parents[3] / "shared" / "cdisc_pilot"
FILES = [PILOT / name for name in ("adsl.xpt", "adae.xpt", "adlbh.dsjc", "adtte.xpt")]
STUDY = "CDISCPILOT01"
pytestmark = pytest.mark.skipif(
    not FILES[0].is_file(), reason="the CDISC pilot is not in ../shared/cdisc_pilot"
)


@pytest.fixture
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Path]]:
    """A server that takes uploads, and its folder of studies."""
    shutil.copytree(STUDIES / EMBEDDED, tmp_path / EMBEDDED)
    monkeypatch.setenv("ITP_STUDIES", str(tmp_path))
    monkeypatch.setenv("ITP_UPLOADS", "allowed")
    with served() as address:
        yield address, tmp_path


def import_button(page: Page) -> None:
    page.get_by_role("button", name="Import", exact=True).click()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_a_trial_is_imported_corrected_and_opened(
    uploads: tuple[str, Path],
    new_page: NewPage,
    settled: Settled,
    width: int,
    scheme: str,
) -> None:
    address, studies = uploads
    page = new_page(width, 900, "dark" if scheme == "dark" else "light")
    page.goto(f"{address}/data")
    settled(page)
    page.locator("input[type=file]").set_input_files(FILES)
    page.get_by_role("button", name="Check the files").click()
    expect(page.get_by_text(f"{STUDY} can be imported")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Nothing has been imported yet")).to_be_visible()
    expect(page.get_by_text("Not shown: Response rate.")).to_be_visible()
    assert not (studies / STUDY).exists()

    page.locator("summary", has_text="Names").click()
    page.get_by_role("textbox", name="Title").fill("The CDISC pilot")
    page.locator("summary", has_text="Laboratory").click()
    page.get_by_role("textbox", name="Reference lines, 10^9/L").fill("150, 400")
    page.locator("summary", has_text="Arms and doses").click()
    page.get_by_role("textbox", name="Dose unit").fill("mg")
    page.get_by_role("button", name="Check again").click()
    page.locator("summary", has_text="Names").click()
    expect(page.get_by_role("textbox", name="Title")).to_have_value(
        "The CDISC pilot", timeout=60_000
    )
    settled(page)

    with page.expect_download() as offered:
        page.get_by_role("button", name="Map (study.toml)").click()
    text = offered.value.path().read_text(encoding="utf-8")
    assert 'title = "The CDISC pilot"' in text
    assert "reference_lines = [150.0, 400.0]" in text

    import_button(page)
    expect(page.get_by_text(f"{STUDY} was imported")).to_be_visible(timeout=60_000)
    study = load(studies / STUDY)
    assert (study.title, study.dose_unit) == ("The CDISC pilot", "mg")
    assert study.reference_lines == (150.0, 400.0)
    page.get_by_role("button", name=f"Open {STUDY}").click()
    expect(page.locator(".st-key-who").get_by_text("254 of 254 patients")).to_be_visible(
        timeout=60_000
    )
    settled(page)
    assert f"study={STUDY}" in page.url


def test_a_file_cannot_be_sent_from_a_page_where_uploads_are_not_allowed(
    app_server: str, page: Page, settled: Settled
) -> None:
    page.goto(f"{app_server}/data")
    settled(page)
    assert page.locator("input[type=file]").count() == 0
    answer = page.request.put(
        f"{app_server}/_stcore/upload_file/any/file",
        multipart={"file": {"name": "a.csv", "mimeType": "text/csv", "buffer": b"a"}},
    )
    assert answer.status == 403
    assert "Uploads are disabled" in answer.text()
