"""What holds for every test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from data.study import Study
from queries.catalogue import find_study, open_study
from tests.support.tiny import DATASETS, TOML
from tests.support.writing import write_study

BROWSER_TESTS = Path(__file__).parent / "browser"


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """Gives a worker the tests of a file together, and one worker all those in the browser.

    Each worker that runs browser tests starts a server and a Chromium; on two cores a second pair
    makes both slower. pytest-xdist 3.8 does not see its own groups with pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "tests/browser" if file.startswith("tests/browser/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """How pytest-xdist gives tests to its workers."""
    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything under tests/browser."""
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study of twelve patients whose totals are known by heart (`tests/support/tiny.py`)."""
    return open_study(write_study(tmp_path_factory.mktemp("studies") / "TINY", TOML, DATASETS))


@pytest.fixture(scope="session")
def embedded() -> Study:
    """The study that comes with the app."""
    return find_study("NCT04014166")
