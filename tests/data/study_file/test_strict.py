"""No key, type or value of a study file can be wrong in silence."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomlkit

from data.study import STUDIES, StudyError, load
from data.study_file import FactsFile, MalformedError, StudyFile, check, facts_file, study_file
from data.study_file.strict import problems, structure
from tests.support import every_key
from tests.support.every_key import FACTS, STUDY, keys, misspelt, place, renamed
from tests.support.tiny import DATASETS, TOML
from tests.support.writing import write_study

FILES: dict[str, tuple[str, type[msgspec.Struct]]] = {
    "study.toml": (STUDY, StudyFile),
    "facts.toml": (FACTS, FactsFile),
}
EMBEDDED = STUDIES / "NCT04014166"


def found(text: str) -> list[str]:
    return [str(problem) for problem in check(text, "S/study.toml")]


def changed(old: str, new: str) -> list[str]:
    """The problems of the complete file with one piece of text replaced."""
    assert STUDY.count(old) >= 1, old
    return found(STUDY.replace(old, new, 1))


def _ways() -> list[Any]:
    return [
        pytest.param(name, way, id=f"{name} {place(way)}")
        for name, (text, _) in FILES.items()
        for way in keys(tomllib.loads(text))
    ]


@pytest.mark.parametrize(("file", "shape"), FILES.values(), ids=FILES)
def test_the_complete_file_holds_every_key_there_is(file: str, shape: type[msgspec.Struct]) -> None:
    document = tomllib.loads(file)
    held = {str(way[-1]) for way in keys(document)}
    declared: set[str] = set()
    for info in msgspec.inspect.multi_type_info([shape]):
        declared |= _declared(info)
    assert held == declared
    assert problems(document, shape, "S") == []


def _declared(info: Any) -> set[str]:
    """Every key of a structure and of those within it, from msgspec's own description."""
    names: set[str] = set()
    for field in getattr(info, "fields", ()):
        names |= {field.encode_name} | _declared(field.type)
    for inner in ("type", "item_type", "value_type"):
        if hasattr(info, inner):
            names |= _declared(getattr(info, inner))
    for item in getattr(info, "types", ()):
        names |= _declared(item)
    return names


@pytest.mark.parametrize(("name", "way"), _ways())
def test_a_misspelt_key_is_refused_with_the_right_one(name: str, way: every_key.Way) -> None:
    text, shape = FILES[name]
    for wrong in misspelt(str(way[-1])):
        document = renamed(tomllib.loads(text), way, wrong)
        sentences = [str(item) for item in problems(document, shape, "S")]
        told = f"S: {place((*way[:-1], wrong))} is not a known key. Did you mean "
        (sentence,) = [item for item in sentences if item.startswith(told)]
        meant = sentence.removeprefix(told).removesuffix("?").split(" or ")
        assert way[-1] in meant
        # Two keys are named only where the misspelt one is about as near to both.
        assert len(meant) == 1 or {"values", *every_key.MAPPED} & set(meant)
        # The key that is meant is not called missing as well.
        assert not any(f"{place(way)} is missing" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "rescue_days = 56",
            'rescue_days = "56"',
            '[laboratory] rescue_days = "56" must be an integer from 0 to 3650, not text. '
            "Write 56, without quotes.",
        ),
        (
            "rescue_days = 56",
            "rescue_days = -1",
            "[laboratory] rescue_days = -1 must be an integer from 0 to 3650. "
            "Choose one in that range.",
        ),
        (
            "rescue_days = 56",
            "rescue_days = true",
            "[laboratory] rescue_days = true must be an integer from 0 to 3650, not true or false. "
            "See docs/data.md.",
        ),
        (
            'variable = "DOSE01A"',
            "variable = 5",
            "[[group]] 1, variable = 5 must be text that is not empty, not an integer. "
            'Put it in quotes: "5".',
        ),
        (
            'data_cut = "2024"',
            "data_cut = 2024-05-01",
            "data_cut = 2024-05-01 must be text, not a date or time. "
            'Put it in quotes: "2024-05-01".',
        ),
        (
            'kind = "choice"',
            'kind = "chioce"',
            '[[filter]] 1, kind = "chioce" must be "choice" or "range". Did you mean "choice"?',
        ),
        (
            "reference_lines = [30, 50]",
            'reference_lines = [30, "50"]',
            '[laboratory] reference_lines, item 2 = "50" must be a number above 0, not text. '
            "Write 50, without quotes.",
        ),
        (
            "reference_lines = [30, 50]",
            "reference_lines = 30",
            "[laboratory] reference_lines = 30 must be a list of numbers above 0, not an integer. "
            "Write [30].",
        ),
        (
            "dose = 0.5",
            "dose = inf",
            "[[cohort]] 1, dose = inf must be a finite number. Correct it.",
        ),
        (
            "last_weeks = [17, 28]",
            "last_weeks = [17]",
            "[response] last_weeks = [17] must be a list of two numbers, and has 1. "
            "See docs/data.md.",
        ),
        (
            'values = { F = "Female" }',
            "values = { F = true }",
            "[[filter]] 1, values.F = true must be text, integer or number, not true or false. "
            "See docs/data.md.",
        ),
        (
            "[treatment]",
            "[[treatment]]",
            "[treatment] must be one table, written [treatment], not a list. See docs/data.md.",
        ),
        (
            "[[cohort]]",
            "[cohort]",
            "[cohort] must be written [[cohort]], once for each, not a table. See docs/data.md.",
        ),
        (
            'label = "Dose"\n',
            "",
            "[[group]] 1, label is missing. Give it text: its name for readers.",
        ),
        (
            'name = "Cells"',
            'name = "Cells"\ndoi = "10.1/1"',
            "[treatment] doi is not a known key. It belongs above the first [table].",
        ),
        (
            "[laboratory]",
            "rescue_days = 1\n\n[laboratory]",
            "[[analysis_set]] 1, rescue_days is not a known key. It belongs below [laboratory].",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_what_to_do(
    old: str, new: str, expected: str
) -> None:
    assert changed(old, new) == [f"S/study.toml: {expected}"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("reference_lines = [30, 50]", "reference_lines = [50, 30]", "must ascend. Write [30, 50]"),
        ("reference_lines = [30, 50]", "reference_lines = [0]", "must be a number above 0"),
        ("first_day = 2", "first_day = 200", "last_day = 199 is before first_day = 200"),
        ("first_day = 2", "first_day = 0", "first_day = 0 must be an integer from 1 to 36500"),
        ("24, 26, 28]", "24, 26]", "late_visits names 5 different visits"),
        ("24, 26, 28]", "24, 26, 26]", "late_visits names 5 different visits"),
        ("[17, 28]", "[28, 17]", "last_weeks ends before it begins"),
        ("decimals = 1", "decimals = 10", "decimals = 10 must be an integer from 0 to 9"),
        ("decimals = 1", "decimals = 0.5", "must be an integer from 0 to 9, not a number"),
        ('key = "dose"', 'key = "all"', '"all" stands for all patients together'),
        ('key = "dose"', 'key = "a=b"', 'key = "a=b" must be text without ='),
        ('key = "sex"', 'key = "study"', '"study" has another meaning in the address'),
        ('kind = "choice"', 'kind = "range"', 'values has no meaning with kind = "range"'),
        ('value = "F"\n', "", "[[baseline]] 1, value is missing"),
        ('kind = "flag"', 'kind = "number"', 'value has no meaning with kind = "number"'),
        ('variable = "SAFFL"', 'variable = ""', 'variable = "" must be text that is not empty'),
        ('scale = "grade"', 'scale = "worst"', 'must be "grade" or "severity". Choose one'),
        ('encoding = "utf-8"', 'encoding = "utf-88"', "encoding is not a known encoding"),
        ('value = "Y"', 'value = "Y", from = "A"', "from or value is needed, and not both"),
        ('AVAL = "RESULT"', "AVAL = true", "ADLB.AVAL = true says nothing"),
        ('"ADLB" }', '"ADXX" }', 'files.labs.csv = "ADXX" must be'),
    ],
)
def test_values_that_contradict_their_range_or_each_other(
    old: str, new: str, expected: str
) -> None:
    (problem, *more) = changed(old, new)
    assert expected in problem
    # A range has neither values nor an order; nothing else here has two problems.
    assert len(more) == (new == 'kind = "range"')


@pytest.mark.parametrize("table", ["group", "filter", "analysis_set"])
def test_no_key_is_given_twice(table: str) -> None:
    document = tomllib.loads(STUDY)
    document[table] = [*document[table], document[table][0]]
    (problem,) = check(tomlkit.dumps(document), "S")
    assert problem.path == f"[[{table}]] 2, key"
    assert "is a duplicate" in problem.what


def test_everything_that_is_wrong_is_told_at_once() -> None:
    text = (
        STUDY.replace("rescue_days = 56", 'rescue_dayss = "56"')
        .replace('title = "Long"\n', "")
        .replace('variable = "DOSE01A"', "variable = 5")
        .replace('scale = "grade"', 'scale = "grades"')
        .replace("side = false", 'side = "no"')
    )
    paths = [problem.path for problem in check(text, "S")]
    assert sorted(paths) == [
        '[[flow]] 1, side = "no"',
        "[[group]] 1, variable = 5",
        '[adverse_events] scale = "grades"',
        "[laboratory] rescue_dayss",
        "title",
    ]


@pytest.mark.parametrize("sets", ["analysis_set = []\n", ""])
def test_a_study_without_analysis_set_is_refused(sets: str) -> None:
    document = tomllib.loads(STUDY)
    del document["analysis_set"]
    (problem,) = found(sets + tomlkit.dumps(document))
    assert problem.startswith("S/study.toml: [[analysis_set]] is missing. At least one is needed")


@pytest.mark.parametrize(
    "text",
    ["a = ", "a = " + "[" * 5000, "a = " + "1" * 5000, "a = 1\na = 2", '"\\ud800" = 1', "\x00"],
    ids=["cut", "deep", "digits", "twice", "surrogate", "nul"],
)
def test_what_is_not_toml_is_told_in_one_sentence(text: str) -> None:
    (problem,) = found(text)
    assert problem.startswith("S/study.toml is ")
    assert len(problem) < 400
    with pytest.raises(MalformedError):
        study_file(text, "S")


def test_long_keys_and_values_are_shortened() -> None:
    (key,) = found(STUDY.replace('name = "Short"', f'name = "Short"\n{"k" * 10_000} = 1'))
    (value,) = changed("side = false", f'side = "{"v" * 10_000}"')
    (items,) = changed("rescue_days = 56", f"rescue_days = {[1] * 10_000}")
    assert max(len(key), len(value), len(items)) < 600


@pytest.mark.parametrize(("name", "way"), _ways())
def test_no_value_ends_in_anything_but_words(name: str, way: every_key.Way) -> None:
    text, shape = FILES[name]
    values: list[Any] = [5, 5.5, True, "x", date(2020, 1, 1), [], [1], [{}], {}]
    for value in values:
        document = tomllib.loads(text)
        table: Any = document
        for step in way[:-1]:
            table = table[step]
        table[way[-1]] = value
        if not (sentences := problems(document, shape, "S")):
            structure(document, shape, "S")
        assert all(str(sentence).startswith("S: ") for sentence in sentences)


def test_the_files_of_the_embedded_study_are_right() -> None:
    text = (EMBEDDED / "study.toml").read_text(encoding="utf-8")
    assert check(text, "S") == []
    facts = facts_file((EMBEDDED / "facts.toml").read_text(encoding="utf-8"), "S")
    assert len(facts.fact) == 37


def test_a_file_that_adds_to_another_may_lack_keys_and_nothing_else() -> None:
    assert check("[response]\nlast_day = 9\n", "S", partial=True) == []
    (problem,) = check("[response]\nlast_dya = 9\n", "S", partial=True)
    assert problem.advice == "Did you mean last_day?"
    (problem,) = check('[[group]]\nkey = "a"\nvariable = "SEX"\n', "S", partial=True)
    assert problem.path == "[[group]] 1, label"


def test_a_study_is_a_value_that_can_be_kept_by() -> None:
    study = load(EMBEDDED)
    assert hash(study) == hash(load(EMBEDDED))
    assert study == load(EMBEDDED)
    with pytest.raises(AttributeError):
        study.filters[0].label = "Other"  # type: ignore[misc]
    assert study.groupings[1].order == study.groupings[1].variable


def test_each_line_of_the_error_is_one_problem(tmp_path: Path) -> None:
    toml = TOML.replace("rescue_days", "rescue_dayss").replace('"range"', '"rang"')
    folder = write_study(tmp_path / "S", toml, DATASETS)
    with pytest.raises(StudyError) as caught:
        load(folder)
    assert len(caught.value.problems) == 2
    assert all(line.startswith("S/study.toml: ") for line in caught.value.problems)


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"name = '\xff'", "S/study.toml is not UTF-8 text (byte 9)"), (None, "cannot be read")],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None, expected: str) -> None:
    folder = write_study(tmp_path / "S", TOML, DATASETS)
    (folder / "study.toml").unlink()
    if content is not None:
        (folder / "study.toml").write_bytes(content)
    with pytest.raises(StudyError) as caught:
        load(folder)
    assert expected in str(caught.value)
