"""What study.toml names and the data do not hold is refused in words when the study is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from data.study import StudyError
from queries.catalogue import open_study
from tests.support.tiny import ADAE, ADLB, ADSL, DATASETS, TOML
from tests.support.writing import Row, write_study

Datasets = Mapping[str, Sequence[Row]]


def problems(folder: Path, toml: str, datasets: Datasets = DATASETS) -> list[str]:
    """What is wrong with a study; nothing where it opens."""
    try:
        open_study(write_study(folder / "S", toml, datasets))
    except StudyError as error:
        return list(error.problems)
    return []


def changed(folder: Path, old: str, new: str, datasets: Datasets = DATASETS) -> list[str]:
    """The problems of the tiny study with one piece of its study.toml replaced."""
    assert TOML.count(old) >= 1, old
    return problems(folder, TOML.replace(old, new, 1), datasets)


def test_the_tiny_study_opens(tmp_path: Path) -> None:
    assert problems(tmp_path, TOML) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'variable = "COHORT"',
            'variable = "COHROT"',
            '[[group]] 1, variable = "COHROT" is not a variable of ADSL. Did you mean "COHORT"?',
        ),
        (
            'order = "COHORTN"',
            'order = "COHORTNO"',
            '[[group]] 1, order = "COHORTNO" is not a variable of ADSL. Did you mean "COHORTN"?',
        ),
        (
            'variable = "SEX"\nvalues',
            'variable = "SEXX"\nvalues',
            '[[filter]] 3, variable = "SEXX" is not a variable of ADSL. Did you mean "SEX"?',
        ),
        (
            'variable = "PPROTFL"',
            'variable = "PPROTF"',
            '[[analysis_set]] 3, variable = "PPROTF" is not a variable of ADSL. '
            'Did you mean "PPROTFL"?',
        ),
        (
            'variable = "AGE"\nkind = "number"',
            'variable = "AGES"\nkind = "number"',
            '[[baseline]] 1, variable = "AGES" is not a variable of ADSL. Did you mean "AGE"?',
        ),
        (
            '{ SAFFL = "Y" }',
            '{ SAFL = "Y" }',
            '[[flow]] 3, where = "SAFL" is not a variable of ADSL. Did you mean "SAFFL"?',
        ),
        (
            'SCRNFREA = "Not eligible"',
            'SCRNFREA = "Not eligble"',
            '[[flow]] 2, where.SCRNFREA = "Not eligble" is a value that no patient has. '
            'Did you mean "Not eligible"?',
        ),
        (
            'kind = "flag"\nvalue = "F"',
            'kind = "flag"\nvalue = "Female"',
            '[[baseline]] 2, variable = "SEX" has the value "Female" in no patient. '
            "Known are F, M.",
        ),
        (
            'variable = "FASFL"',
            'variable = "SEX"',
            '[[analysis_set]] 2, variable = "SEX" has the value "Y" in no patient. Known are F, M.',
        ),
        (
            'variable = "PHASE"\norder = "PHASEN"',
            'variable = "PHASE"\norder = "PHASEN"\ndecimals = 1',
            '[[group]] 3, variable = "PHASE" does not hold numbers only. Remove decimals.',
        ),
        (
            'variable = "AGE"\nkind = "range"',
            'variable = "SITEID"\nkind = "range"',
            '[[filter]] 4, variable = "SITEID" holds no numbers. It holds ',
        ),
        (
            'variable = "AGE"\nkind = "number"',
            'variable = "SEX"\nkind = "number"',
            '[[baseline]] 1, variable = "SEX" holds no numbers. It holds F, M.',
        ),
        (
            "[laboratory]",
            '[laboratory]\nparameter = "PLT"',
            '[laboratory] parameter = "PLT" is not a PARAMCD of ADLB. Did you mean "PLAT"?',
        ),
        (
            '"WHOBLEED"',
            '"WHOBLED"',
            '[response] bleeding = "WHOBLED" is not a PARAMCD of ADLB. Did you mean "WHOBLEED"?',
        ),
        (
            'default = "iwg2009"',
            'default = "iwg2010"',
            '[response] default = "iwg2010" is not a response definition. Known are iwg2010',
        ),
        (
            '["POSSIBLE", "PROBABLE"]',
            '["POSIBLE", "PROBABLE"]',
            '[adverse_events] related = "POSIBLE" is not a value of AEREL. '
            'Did you mean "POSSIBLE"?',
        ),
        (
            '["POSSIBLE", "PROBABLE"]',
            '["Possible", "PROBABLE"]',
            '[adverse_events] related = "Possible" is not a value of AEREL. '
            'Did you mean "POSSIBLE"?',
        ),
        (
            "[adverse_events]",
            '[adverse_events]\nscale = "severity"',
            '[adverse_events] scale = "severity" needs AESEV, which is missing in every event. '
            'Write scale = "grade".',
        ),
    ],
)
def test_a_name_that_the_data_do_not_hold(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    (problem,) = changed(tmp_path, old, new)
    expected = expected.replace("Known are iwg2010", "Known are ")
    assert problem.startswith(f"S/study.toml: {expected}")


def test_everything_the_data_do_not_hold_is_told_at_once(tmp_path: Path) -> None:
    toml = (
        TOML.replace('variable = "COHORT"', 'variable = "COHROT"')
        .replace('"WHOBLEED"', '"WHOBLED"')
        .replace('"iwg2009"', '"iwg2010"')
        .replace('["POSSIBLE"', '["Possible"')
    )
    paths = [problem.split(": ")[1].split(" = ")[0] for problem in problems(tmp_path, toml)]
    assert sorted(paths) == [
        "[[group]] 1, variable",
        "[adverse_events] related",
        "[response] bleeding",
        "[response] default",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # DuckDB tells no two columns apart whose names differ only in their case.
        ('variable = "COHORT"', 'variable = "cohort"'),
        # The standard allows it, and nobody has it yet.
        ('kind = "flag"\nvalue = "F"', 'kind = "flag"\nvalue = "U"'),
        ('{ SAFFL = "Y" }', '{ SAFFL = "N" }'),
        # RELATED is a value that may still come, and not a misspelt NOT RELATED.
        ('["POSSIBLE", "PROBABLE"]', '["POSSIBLE", "RELATED", "DEFINITE"]'),
        ('variable = "DOSE01A"\n', 'variable = "DOSE01A"\ndecimals = 1\n'),
    ],
)
def test_what_is_right_or_may_still_come_opens(tmp_path: Path, old: str, new: str) -> None:
    assert changed(tmp_path, old, new) == []


def test_a_value_may_be_missing_in_everybody(tmp_path: Path) -> None:
    """Nobody has failed screening yet: the box is drawn with no patients, which is right."""
    adsl = [row | {"SCRNFREA": None} for row in ADSL]
    assert problems(tmp_path, TOML, {**DATASETS, "adsl": adsl}) == []


@pytest.mark.parametrize("missing", ["adlb", "adae"])
def test_names_of_a_dataset_that_the_study_lacks_are_not_checked(
    tmp_path: Path, missing: str
) -> None:
    rest = {name: rows for name, rows in DATASETS.items() if name != missing}
    assert problems(tmp_path, TOML, rest) == []


def test_events_without_grade_need_the_scale_of_severity(tmp_path: Path) -> None:
    adae = [row | {"AETOXGR": None, "AESEV": "MILD"} for row in ADAE]
    (problem,) = problems(tmp_path, TOML, {**DATASETS, "adae": adae})
    assert 'scale = "grade" needs AETOXGR' in problem
    assert problem.endswith('Write scale = "severity".')
    neither = [row | {"AETOXGR": None} for row in ADAE]
    assert problems(tmp_path, TOML, {**DATASETS, "adae": neither}) == []


LATE = [row | {"AVISITN": 28.0, "ADY": 197, "AVISIT": "Week 28"} for row in ADLB if row["ADY"] == 8]


@pytest.mark.parametrize(
    ("visits", "weeks", "expected"),
    [
        ("[18, 20, 22, 24, 25, 28]", "[17, 28]", "late_visits names visits nobody has: 25"),
        ("[126, 140, 154, 168, 182, 196]", "[17, 28]", "nobody has: 126, 140, 154"),
        ("[18, 20, 22, 24, 2, 28]", "[119, 196]", "last_weeks = [119, 196] holds no visit"),
        ("[18, 20, 22, 24, 2, 28]", "[17, 28]", ""),
    ],
)
def test_late_visits_must_be_held_once_follow_up_is_complete(
    tmp_path: Path, visits: str, weeks: str, expected: str
) -> None:
    toml = TOML.replace("[18, 20, 22, 24, 26, 28]", visits).replace("[17, 28]", weeks)
    told = problems(tmp_path, toml, {**DATASETS, "adlb": [*ADLB, *LATE]})
    assert [expected in problem for problem in told] == ([True] if expected else [])
    # The data of a running trial do not reach them yet.
    assert problems(tmp_path, toml) == []


def test_hostile_values_are_shortened_and_kept_on_their_line(tmp_path: Path) -> None:
    adsl = [row | {"SCRNFREA": f"{number}\n{'x' * 10_000}"} for number, row in enumerate(ADSL)]
    toml = TOML.replace('"Not eligible"', '"0\\n0"')
    (problem,) = problems(tmp_path, toml, {**DATASETS, "adsl": adsl})
    assert "is a value that no patient has" in problem
    assert len(problem) < 1000
