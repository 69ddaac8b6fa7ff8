"""The files that people write about a study, read into frozen structures or refused in words.

`study.toml` is a `StudyFile`, `facts.toml` a `FactsFile`. Unknown keys, wrong types, values out of
range and missing keys are all named at once, each with its path and what to do. What the data must
hold for a file to be right is checked when the study is opened (`queries.catalogue`).

`check(text, name)` is the list of problems of a `study.toml`; it is empty where there are none.
"""

from __future__ import annotations

from typing import Any

from data.study_file.facts import FactsFile, PublishedNumber
from data.study_file.import_map import ImportMap
from data.study_file.shape import (
    AdverseEvents,
    AnalysisSet,
    BaselineRow,
    Cohort,
    Filter,
    FlowStep,
    Grouping,
    Laboratory,
    ResponseRule,
    StudyFile,
    Treatment,
)
from data.study_file.strict import MalformedError, Problem, problems, structure, table
from data.study_file.wording import shown

__all__ = [
    "AdverseEvents",
    "AnalysisSet",
    "BaselineRow",
    "Cohort",
    "FactsFile",
    "Filter",
    "FlowStep",
    "Grouping",
    "ImportMap",
    "Laboratory",
    "MalformedError",
    "Problem",
    "PublishedNumber",
    "ResponseRule",
    "StudyFile",
    "Treatment",
    "check",
    "facts_file",
    "import_map",
    "plain",
    "shown",
    "study_file",
    "study_id",
]


def study_file(text: str, name: str) -> StudyFile:
    """A `study.toml`; `name` is what the problems call the file.

    Raises:
        MalformedError: it has problems.
    """
    return structure(table(text, name), StudyFile, name)


def plain(text: str, name: str) -> dict[str, Any]:
    """All that a TOML file holds, as plain values.

    Raises:
        MalformedError: it is not valid TOML.
    """
    return table(text, name)


def study_id(text: str, name: str) -> str:
    """The STUDYID of a `study.toml`, even if the rest has problems; "" where it has none.

    Raises:
        MalformedError: it is not valid TOML.
    """
    value = table(text, name).get("STUDYID")
    return value if isinstance(value, str) else ""


def facts_file(text: str, name: str) -> FactsFile:
    """A `facts.toml`.

    Raises:
        MalformedError: it has problems.
    """
    return structure(table(text, name), FactsFile, name)


def import_map(text: str, name: str) -> tuple[dict[str, Any], ImportMap]:
    """The file given with `--map`: all it holds as plain values, and its table `[map]`.

    It is a `study.toml` in which keys may be missing.

    Raises:
        MalformedError: it has problems.
    """
    plain = table(text, name)
    if wrong := problems(plain, StudyFile, name, partial=True):
        raise MalformedError(wrong)
    return plain, structure(plain.get("map", {}), ImportMap, name)


def check(text: str, name: str, *, partial: bool = False) -> list[Problem]:
    """Everything that is wrong with a `study.toml`.

    partial: it adds to another, as the file given with `--map` does, so keys may be missing.
    """
    try:
        return problems(table(text, name), StudyFile, name, partial=partial)
    except MalformedError as error:
        return list(error.problems)
