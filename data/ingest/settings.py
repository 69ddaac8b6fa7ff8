"""What a person says about an import: the file given with --map.

It is a `study.toml`: whatever it says goes into the study's own. Its table `[map]` says how the
variables are found where the rules of the standard do not do. It holds names and values only, never
SQL.
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
    """How a variable is to be found, in a person's words.

    `column`: the variable to take, or empty. `value`: the same for every row. `values`: what each
    value of `column` becomes; `other`: what all other values become (None leaves them as they are).
    `nothing`: the variable is not to be taken at all.
    """

    column: str = ""
    value: str | int | float | None = None
    values: tuple[tuple[str, str], ...] = ()
    other: str | None = None
    nothing: bool = False


@dataclass(frozen=True)
class Settings:
    """The file given with --map; empty where there is none."""

    name: str = ""
    toml: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[tuple[str, str], Given] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    treatment: str = ""
    unknown_patients: str = ""

    def columns(self, dataset: str) -> set[str]:
        """The source variables that are named for a dataset."""
        return {g.column.upper() for (d, _), g in self.given.items() if d == dataset and g.column}


def read(path: Path | None) -> Settings:
    """The settings in a file.

    Raises:
        IngestError: it cannot be read, is no TOML, or holds a key that has no meaning.
    """
    if path is None:
        return Settings()
    try:
        toml = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise failure(
            f"it cannot be read ({error.strerror})", "Check the path.", file=path.name
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise failure(f"it is no TOML ({error})", "Correct it.", file=path.name) from error
    said = toml.get("map", {})
    if not isinstance(said, dict):
        raise failure("[map] is no table", "See docs/ingest.md.", file=path.name)
    for key in said:
        if key not in _KEYS:
            raise _wrong(path, key, f"Known are {', '.join(_KEYS)}")
    given = {
        (dataset, variable): _given(path, dataset, variable, value)
        for dataset in DATASETS
        for variable, value in _table(path, said, dataset).items()
    }
    files = _table(path, said, "files")
    for name, dataset in files.items():
        if dataset != "" and dataset not in DATASETS:
            raise _wrong(path, f"files.{name}", f'Say one of {", ".join(DATASETS)}, or ""')
    encoding = str(said.get("encoding", ""))
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError as error:
        raise _wrong(path, "encoding", "Name an encoding, for instance windows-1252") from error
    treatment = str(said.get("treatment", ""))
    if treatment not in ("", "planned", "actual"):
        raise _wrong(path, "treatment", 'Say "planned" or "actual"')
    unknown = str(said.get("unknown_patients", ""))
    if unknown not in ("", "leave out"):
        raise _wrong(path, "unknown_patients", 'Say "leave out", or nothing')
    return Settings(path.name, toml, given, files, encoding, treatment, unknown)


def _table(path: Path, said: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = said.get(key, {})
    if not isinstance(found, dict):
        raise _wrong(path, key, "It must be a table")
    return found


def _given(path: Path, dataset: str, variable: str, value: Any) -> Given:
    """One entry: "COLUMN", "" or false, or { from = , value = , values = , other = }."""
    if not variable.isidentifier():
        raise _wrong(path, f"{dataset}.{variable}", "It is no name of a variable")
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
        'Say "COLUMN", "" for none, { value = ... }, or { from = "COLUMN", values = { ... } }',
    )


def _wrong(path: Path, key: str, advice: str) -> Exception:
    return failure(
        f"the entry map.{key} has no meaning", f"{advice}; see docs/ingest.md.", file=path.name
    )
