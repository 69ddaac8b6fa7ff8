"""The time courses that the tests of this folder are about."""

from __future__ import annotations

import pytest

from data.study import Study
from tests.support.time_course import Case


@pytest.fixture
def case(known: dict[str, Study], request: pytest.FixtureRequest) -> Case:
    name, selection, texts = request.param
    return Case(known[name], selection, texts)
