"""The map of an import (--map): a person's settings for the study, and the variable mapping.

It is a `study.toml`: its settings go into the study's own. Its table `[map]` maps variables where
the rules of the standard do not suffice. It holds names and values only, never SQL. It is read as
strictly as a `study.toml`, by the same structures; only keys may be missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from data.contract import DATASETS
from data.ingest.report import IngestError, Issue, failure
from data.study_file import ImportMap, MalformedError, Problem, import_map
from data.study_file.import_map import Taken


@dataclass(frozen=True)
class Given:
    """Where a variable comes from, as a person sets it.

    `column`: the source variable, or empty. `value`: the same for every row. `values`: what each
    value of `column` becomes; `other`: what all other values become (None leaves them as they are).
    `nothing`: the variable is excluded.
    """

    column: str = ""
    value: str | int | float | None = None
    values: tuple[tuple[str, str], ...] = ()
    other: str | None = None
    nothing: bool = False


@dataclass(frozen=True)
class Settings:
    """The map; empty where none is given."""

    name: str = ""
    toml: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[tuple[str, str], Given] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    treatment: str = ""
    unknown_patients: str = ""

    def columns(self, dataset: str) -> set[str]:
        """The source variables that the map names for a dataset."""
        return {g.column.upper() for (d, _), g in self.given.items() if d == dataset and g.column}


def read(path: Path | None) -> Settings:
    """The settings in a file.

    Raises:
        IngestError: it cannot be read, is not valid TOML, or has problems; all of them at once.
    """
    if path is None:
        return Settings()
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise failure(
            f"file cannot be read ({error.strerror})", "Check the path.", file=path.name
        ) from error
    except UnicodeDecodeError as error:
        raise failure("file is not UTF-8 text", "Save it as UTF-8.", file=path.name) from error
    try:
        toml, mapping = import_map(text, path.name)
    except MalformedError as error:
        raise IngestError(*map(issue, error.problems)) from error
    if unknown := list(_unknown_variables(mapping, path.name)):
        raise IngestError(*map(issue, unknown))
    given = {(dataset, variable): _given(taken) for dataset, variable, taken in mapping.variables()}
    return Settings(
        path.name,
        toml,
        given,
        mapping.files,
        mapping.encoding,
        mapping.treatment,
        mapping.unknown_patients,
    )


def issue(problem: Problem) -> Issue:
    """A problem of a study file or map, as an issue of the report."""
    rule = f"{problem.path} {problem.what}".strip()
    return Issue("error", "", "", rule, problem.advice, file=problem.file)


def _unknown_variables(mapping: ImportMap, file: str) -> Iterator[Problem]:
    """Variables that the app does not read: mapping them would do nothing."""
    for dataset, variable, _ in mapping.variables():
        known = [declared.name for declared in DATASETS[dataset].variables]
        if variable not in known:
            near = get_close_matches(variable.upper(), known, n=1)
            yield Problem(
                file,
                f"[map.{dataset}] {variable}",
                f"is not a variable of {dataset} that the app reads",
                f"Did you mean {near[0]}?" if near else "docs/data.md lists them.",
            )


def _given(taken: Taken) -> Given:
    """One entry: "COLUMN", "" or false, or { from = , value = , values = , other = }."""
    if isinstance(taken, str):
        return Given(column=taken, nothing=not taken)
    if isinstance(taken, bool):
        return Given(nothing=True)
    other = None if taken.other is None else str(taken.other)
    return Given(taken.column, taken.value, taken.values, other)
