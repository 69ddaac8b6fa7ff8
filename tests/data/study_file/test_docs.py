"""The documentation of the study files is made from the structures that read them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from data.study_file.schema import json_schema
from data.study_file.tables import FILES, tables, with_tables
from tests.support.every_key import FACTS, STUDY, keys

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
SCHEMA = DOCS / "study.schema.json"


@pytest.mark.parametrize("name", FILES)
def test_the_tables_of_keys_are_current(name: str) -> None:
    text = (DOCS / "data.md").read_text(encoding="utf-8")
    assert f"<!-- keys: {name} -->\n{tables(name)}\n<!-- end -->" in text
    assert with_tables(text) == text


@pytest.mark.parametrize(("name", "text"), [("study.toml", STUDY), ("facts.toml", FACTS)])
def test_every_key_has_its_line_and_says_something(name: str, text: str) -> None:
    lines = re.findall(r"^\| `(\w+)` \| (.+) \|$", tables(name), re.MULTILINE)
    expected = [str(way[-1]) for way in keys(tomllib.loads(text)) if way[0] != "map"]
    within = {"treatment", "cohort", "group", "filter", "analysis_set", "laboratory", "response"}
    within |= {"adverse_events", "baseline", "flow", "provenance", "source", "fact"}
    assert sorted(key for key, _ in lines) == sorted(
        str(way[-1])
        for way in keys(tomllib.loads(text))
        if way[0] != "map" and not (len(way) == 1 and way[0] in within)
    )
    assert set(expected) >= {key for key, _ in lines}
    assert all(rest.rsplit(" | ", 1)[-1].strip() for _, rest in lines)


def test_the_schema_is_current() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "data.study_file"], cwd=ROOT, capture_output=True, text=True
    )
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout == SCHEMA.read_text(encoding="utf-8") == json_schema()


def test_the_schema_forbids_unknown_keys_and_knows_every_key() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    tables = schema["$defs"]
    assert all(table["additionalProperties"] is False for table in tables.values())
    named = {key for table in tables.values() for key in table["properties"]}
    assert named == {str(way[-1]) for way in keys(tomllib.loads(STUDY))}
    assert '"null"' not in json.dumps(schema)

    def described(table: dict[str, Any]) -> bool:
        return all("description" in item or "$ref" in json.dumps(item) for item in table.values())

    assert all(described(table["properties"]) for table in tables.values())


def test_the_embedded_study_names_the_schema() -> None:
    file = ROOT / "data" / "studies" / "NCT04014166" / "study.toml"
    first = file.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("#:schema ")
    assert (file.parent / first.removeprefix("#:schema ")).resolve() == SCHEMA
