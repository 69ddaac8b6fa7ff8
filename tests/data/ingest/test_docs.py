"""The documentation shows what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from data.ingest import settings, units

DOCS = Path(__file__).parents[3] / "docs" / "ingest.md"


def test_the_table_of_units() -> None:
    held = re.search(r"<!-- units -->\n(.*?)\n<!-- end -->", DOCS.read_text("utf-8"), re.DOTALL)
    assert held is not None
    assert held.group(1) == units.markdown()


def test_the_example_of_a_map(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert example is not None
    path = tmp_path / "study.toml"
    path.write_text(example.group(1), encoding="utf-8")
    read = settings.read(path)
    assert read.toml == tomllib.loads(example.group(1))
    assert read.given["ADSL", "DOSE01A"].nothing
    assert read.files == {"labs-old.csv": "", "bleeding.xpt": "ADLB"}
