"""The studies the figures are tested on."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.study import Study
from queries.catalogue import open_study
from tests.support.hostile import hostile_study


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The tiny study with harm in every text (`tests/support/hostile.py`)."""
    return open_study(hostile_study(tmp_path_factory.mktemp("hostile") / "HOSTILE"))


@pytest.fixture(scope="session")
def known(tiny: Study, embedded: Study) -> dict[str, Study]:
    """The tiny and the embedded study by name."""
    return {"tiny": tiny, "embedded": embedded}


@pytest.fixture
def study(request: pytest.FixtureRequest, known: dict[str, Study]) -> Study:
    """The study of a test's parameter, by name; made a study, it can be asked for by `indirect`."""
    return known[request.param]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for one more study."""
    return tmp_path / "MORE"
