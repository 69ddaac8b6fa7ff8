"""The map of an import (--map): a person's settings for the study, and the variable mapping.

It is a `study.toml`: its settings go into the study's own. Its table `[map]` maps variables where
the rules of the standard do not suffice. It holds names and values only, never SQL.
"""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.contract import DATASETS
from data.ingest.report import failure

_KEYS = ("encoding", "treatment", "unknown_patients", "files", *DATASETS)


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
        IngestError: it cannot be read, is not valid TOML, or holds an invalid entry.
    """
    if path is None:
        return Settings()
    try:
        toml = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise failure(
            f"file cannot be read ({error.strerror})", "Check the path.", file=path.name
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise failure(f"not valid TOML ({error})", "Correct it.", file=path.name) from error
    mapping = toml.get("map", {})
    if not isinstance(mapping, dict):
        raise failure("[map] is not a table", "See docs/ingest.md.", file=path.name)
    for key in mapping:
        if key not in _KEYS:
            raise _wrong(path, key, f"Use one of {', '.join(_KEYS)}")
    given = {
        (dataset, variable): _given(path, dataset, variable, value)
        for dataset in DATASETS
        for variable, value in _table(path, mapping, dataset).items()
    }
    files = _table(path, mapping, "files")
    for name, dataset in files.items():
        if dataset != "" and dataset not in DATASETS:
            raise _wrong(path, f"files.{name}", f'Use one of {", ".join(DATASETS)}, or ""')
    encoding = str(mapping.get("encoding", ""))
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError as error:
        raise _wrong(path, "encoding", "Name an encoding, for instance windows-1252") from error
    treatment = str(mapping.get("treatment", ""))
    if treatment not in ("", "planned", "actual"):
        raise _wrong(path, "treatment", 'Use "planned" or "actual"')
    unknown = str(mapping.get("unknown_patients", ""))
    if unknown not in ("", "leave out"):
        raise _wrong(path, "unknown_patients", 'Use "leave out", or remove the line')
    return Settings(path.name, toml, given, files, encoding, treatment, unknown)


def _table(path: Path, mapping: Mapping[str, Any], key: str) -> dict[str, Any]:
    table = mapping.get(key, {})
    if not isinstance(table, dict):
        raise _wrong(path, key, "Write it as a table")
    return table


def _given(path: Path, dataset: str, variable: str, value: Any) -> Given:
    """One entry: "COLUMN", "" or false, or { from = , value = , values = , other = }."""
    if not variable.isidentifier():
        raise _wrong(path, f"{dataset}.{variable}", "This is not the name of a variable")
    if value is False or value == "":
        return Given(nothing=True)
    if isinstance(value, str):
        return Given(column=value)
    if isinstance(value, dict) and set(value) <= {"from", "value", "values", "other"}:
        constant = value.get("value")
        column = value.get("from", "")
        values = value.get("values", {})
        right = isinstance(column, str) and isinstance(values, dict)
        if right and (constant is None) == bool(column):
            other = value.get("other")
            return Given(
                column=column,
                value=constant,
                values=tuple((str(k), str(v)) for k, v in values.items()),
                other=None if other is None else str(other),
            )
    raise _wrong(
        path,
        f"{dataset}.{variable}",
        'Use "COLUMN", "" for none, { value = ... }, or { from = "COLUMN", values = { ... } }',
    )


def _wrong(path: Path, key: str, advice: str) -> Exception:
    return failure(f"map.{key} is not valid", f"{advice}; see docs/ingest.md.", file=path.name)
