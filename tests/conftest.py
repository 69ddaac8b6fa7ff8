"""What holds for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.study import Study
from queries.catalogue import find_study, open_study
from tests.support.tiny import DATASETS, TOML
from tests.support.writing import write_study

BROWSER_TESTS = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything under tests/browser, and keep it together on one worker.

    Each worker that runs browser tests starts a server and a Chromium; on two cores a second pair
    makes both slower.
    """
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study of twelve patients whose totals are known by heart (`tests/support/tiny.py`)."""
    return open_study(write_study(tmp_path_factory.mktemp("studies") / "TINY", TOML, DATASETS))


@pytest.fixture(scope="session")
def embedded() -> Study:
    """The study that comes with the app."""
    return find_study("NCT04014166")
