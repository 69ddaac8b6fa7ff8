"""The reconciliation, and what it says of a facts.toml that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.study import StudyError
from queries.catalogue import open_study
from queries.facts import Reconciliation, reconciliation
from tests.support.tiny import DATASETS, TOML
from tests.support.writing import write_study

FACT = """
[[fact]]
id = "women"
of = "women treated"
value = 5
n = 9
percent = 55.6
status = "published"
source = "by heart"
sql = "select count(*) filter (where SEX = 'F') as value, count(*) as n from adsl where SAFFL = 'Y'"
"""


def computed(folder: Path, facts: str) -> Reconciliation:
    study = write_study(folder / "S", TOML, DATASETS)
    (study / "facts.toml").write_text(facts, encoding="utf-8")
    found = reconciliation(open_study(study))
    assert found is not None
    return found


def told(folder: Path, facts: str) -> list[str]:
    with pytest.raises(StudyError) as caught:
        computed(folder, facts)
    return list(caught.value.problems)


def test_a_published_number_beside_the_computed_one(tmp_path: Path) -> None:
    (fact,) = computed(tmp_path, FACT).facts
    assert (fact.published, fact.computed, fact.agrees) == ("5/9 (55.6%)", "5/9 (55.6%)", True)


@pytest.mark.parametrize(("old", "new"), [("= 5\n", "= 4\n"), ("n = 9", "n = 8"), (".6", ".5")])
def test_a_number_that_does_not_agree(tmp_path: Path, old: str, new: str) -> None:
    (fact,) = computed(tmp_path, FACT.replace(old, new, 1)).facts
    assert not fact.agrees


def test_both_ends_of_a_range(tmp_path: Path) -> None:
    ages = """
[[fact]]
id = "ages"
of = "ages"
value = [30, 65]
status = "published"
source = "by heart"
sql = "select [min(AGE), max(AGE)] as value from adsl where SAFFL = 'Y'"
"""
    (fact,) = computed(tmp_path, ages).facts
    assert (fact.published, fact.computed, fact.agrees) == ("30–65", "30–65", True)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("status", "statu", "[[fact]] 1, statu is not a known key. Did you mean status?"),
        ("value = 5", 'value = "5"', 'value = "5" must be a number or list of two numbers'),
        ("percent = 55.6", "percent = 155.6", "must be a number from 0 to 100"),
        ("n = 9\n", "", "percent needs a single value and n"),
        ('"published"', '"guessed"', 'must be "derived" or "published"'),
        ("from adsl", "from nowhere", '[[fact]] 1 ("women"), sql cannot be used'),
        ("as value", "as number", "it returns 1 rows with number, n"),
        ("SEX = 'F'", "SEX = $sex", "sql cannot be used"),
        ("where SAFFL = 'Y'", "group by SEX", "it returns 3 rows"),
        ("filter (where SEX = 'F')", "/ null", "value is missing, or is not a number"),
        ("select count", "selekt count", "sql cannot be used"),
    ],
)
def test_a_wrong_fact_is_told_in_words(tmp_path: Path, old: str, new: str, expected: str) -> None:
    (problem,) = told(tmp_path, FACT.replace(old, new, 1))
    assert problem.startswith("S/facts.toml: ")
    assert expected in problem
    assert str(tmp_path) not in problem


def test_all_wrong_facts_are_told_at_once(tmp_path: Path) -> None:
    second = FACT.replace('"women"', '"other"').replace("adsl", "nowhere")
    first = FACT.replace("as value", "as number")
    assert len(told(tmp_path, first + second)) == 2
    (duplicate,) = told(tmp_path, FACT + FACT)
    assert '[[fact]] 2, id = "women" is a duplicate' in duplicate
