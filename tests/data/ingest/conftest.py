"""What the tests of the import share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.ingest import Report, ingest
from data.ingest.replacing import Replacing
from tests.support.trial import Rows, deliver, trial

Import = Callable[..., Report]


def study_folder(report: Report) -> Path:
    """The folder of an imported study; the errors of one that was refused are in the failure."""
    assert [str(error) for error in report.of("error")] == []
    assert report.folder is not None
    return report.folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty folder of studies."""
    return tmp_path / "studies"


@pytest.fixture
def imported(tmp_path: Path, root: Path) -> Import:
    """Deliver the small trial with some datasets replaced, and import it, again and again."""

    def run(
        kind: str = "csv", map_toml: str = "", study: str | None = None, **other: Any
    ) -> Report:
        datasets: dict[str, Rows] = {
            name: rows for name, rows in {**trial(), **other}.items() if rows is not None
        }
        source = deliver(tmp_path / "delivery", datasets, kind)
        map_file = None
        if map_toml:
            map_file = tmp_path / "map.toml"
            map_file.write_text(map_toml, encoding="utf-8")
        return ingest(source, root, study, map_file, replacing=Replacing(agreed=True))

    return run
