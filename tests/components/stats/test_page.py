"""docs/statistics.md names every method and definition, and its worked numbers are true."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from components.stats.proportion import METHODS
from data.study import Study
from queries.definition import definition_keys, header
from queries.engine.run import rows
from queries.files import FOLDER
from tests.support.requests import params

ROOT = FOLDER.parent
PAGE = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")


def section(key: str) -> str:
    """What the page says of one definition."""
    found = re.search(rf"^#### `{key}`: .*?(?=^#{{2,4}} |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/statistics.md has no section on {key}"
    return found[0]


@pytest.mark.parametrize("key", definition_keys())
def test_definition_is_described(key: str) -> None:
    said = section(key)
    for part in ("*Response", "*Missing:*", "*Worked number:*", "*Source:*", "*Measure:*"):
        assert part in said
    assert f"`queries/definitions/{key}.sql`" in said


def test_definitions_are_listed_in_their_order_with_their_labels() -> None:
    listed = re.findall(r"^#### `([a-z0-9_]+)`: (.*)$", PAGE, re.MULTILINE)
    assert listed == [(key, header(key).label) for key in definition_keys()]


@pytest.mark.parametrize("key", METHODS)
def test_method_is_described(key: str) -> None:
    assert re.search(rf"\*\*{re.escape(METHODS[key])}\*\*, `{key}`", PAGE)


@pytest.mark.parametrize("module", sorted((ROOT / "components" / "stats").glob("[a-z]*.py")))
def test_module_of_statistics_is_named(module: Path) -> None:
    assert f"`components/stats/{module.name}`" in PAGE


def test_files_that_are_named_exist() -> None:
    named = set(re.findall(r"`((?:queries|components|tests)/[\w/.]+\.(?:py|sql))`", PAGE))
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("key", definition_keys())
def test_responders_of_the_embedded_study(embedded: Study, key: str) -> None:
    found = rows(embedded, "response_rate", definition=key, **params(embedded)).iloc[-1]
    line = f"| `{key}` | {found['n_responders']}/{found['n_patients']} | {found['n_evaluable']} |"
    assert line in PAGE


@pytest.mark.parametrize("key", definition_keys())
def test_thresholds_of_a_definition_are_those_of_the_page(key: str) -> None:
    """Every number in the words of a definition is in its section too."""
    thresholds = set(re.findall(r"\d+|half|two thirds|four|bleeding", header(key).words))
    assert thresholds
    assert sorted(number for number in thresholds if number not in section(key)) == []


def test_worked_numbers_of_the_page() -> None:
    tests = doctest.DocTestParser().get_doctest(PAGE, {}, "statistics.md", None, 0)
    assert len(tests.examples) >= 10
    failures: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(tests, out=failures.append)
    assert result.failed == 0, "".join(failures)
