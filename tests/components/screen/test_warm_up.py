"""At the start everything that pages show first is made once, and what fails is named."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

from components.build import build, forget
from components.screen.pages import page_files
from components.screen.server import address, warm_up_and_announce
from components.screen.warm_up import failures
from data.study import STUDIES, Study


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The embedded study in a folder of its own, which the app looks into."""
    shutil.copytree(STUDIES / "NCT04014166", tmp_path / "NCT04014166")
    monkeypatch.setenv("ITP_STUDIES", str(tmp_path))
    return tmp_path / "NCT04014166"


def test_every_figure_of_every_page_is_built_before_the_first_reader_comes(
    embedded: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget()
    assert list(failures()) == []
    # Whatever is built from now on would be built for a reader.
    monkeypatch.setattr("components.build.requests", None)
    for page in page_files():
        for name in page.figures:
            assert build(embedded, name).name == name


def test_without_a_study_there_is_nothing_to_warm_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ITP_STUDIES", str(tmp_path))
    assert list(failures()) == []


def test_what_fails_is_named_in_the_log_and_the_address_is_printed_all_the_same(
    copied: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    (copied / "facts.toml").write_text("this is not TOML", encoding="utf-8")
    with caplog.at_level(logging.WARNING, logger="components.screen"):
        warm_up_and_announce()
    (named,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert named.startswith("Failed in warm-up: published numbers: ")
    assert "facts.toml" in named
    assert capsys.readouterr().out == f"The dashboard is ready: {address()} (Ctrl+C stops it)\n"


def test_a_figure_that_fails_is_named_with_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(study: Study, name: str, *_: object) -> None:
        raise ZeroDivisionError(name)

    monkeypatch.setattr("components.screen.store.build", broken)
    assert list(failures()) == [
        f"Failed in warm-up: /{page.url_path}, figure {name}: ZeroDivisionError {name}"
        for page in page_files()
        for name in page.figures
    ]


def test_a_study_that_cannot_be_opened_is_named(copied: Path) -> None:
    (copied / "adsl.parquet").write_text("this is not Parquet", encoding="utf-8")
    (named,) = failures()
    assert named.startswith("The study NCT04014166 cannot be opened: ")
