"""Puts a query together from files.

A query file holds one select that may name, as if they were tables:

- a dataset of the study (`adsl`, `adlb`, ...): read from its Parquet file;
- a step (`queries/steps/<name>.sql`, or one of `study_steps`): a named select;
- `population`: the selected patients, made from the selection;
- `response`: the chosen response definition (`queries/definitions/<name>.sql`).

`compose` puts whatever a file names in front of it as common table expressions, so the text that
runs is complete. Values are always bound, never written in.
"""

from __future__ import annotations

import glob
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from data.study import DATASETS, Study
from queries.definition import defaults, definition_text
from queries.engine.datasets import dataset
from queries.engine.parse import parameters, tables, with_steps, with_values
from queries.engine.selection import Selection, population
from queries.engine.study_steps import STUDY_STEPS
from queries.files import FOLDER, ROOT, text
from queries.parameters import study_parameters

Step = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Query:
    """A complete query: its SQL text and its bound parameters."""

    sql: str
    params: tuple[tuple[str, Any], ...]

    @property
    def bound(self) -> dict[str, Any]:
        """The parameters as DuckDB takes them: lists, and files by their full path."""
        return {name: _bound(value) for name, value in self.params}

    @property
    def text(self) -> str:
        """The query for a reader: its parameters, then the SQL with their values written in.

        It runs as it stands in the DuckDB shell, in the project's folder.
        """
        literals = {name: _literal(value) for name, value in self.params}
        used = [f"--   ${name} = {' '.join(value.split())}" for name, value in literals.items()]
        head = "-- Parameters\n" + "\n".join(used) + "\n\n" if used else ""
        return head + with_values(self.sql, literals)


def _bound(value: Any) -> Any:
    if isinstance(value, Path):
        return glob.escape(str(value))
    return list(value) if isinstance(value, tuple) else value


def _literal(value: Any) -> str:
    """A value as DuckDB writes it; a file of the project by its path from the project's folder."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Path):
        return _literal(_bound(value.relative_to(ROOT) if value.is_relative_to(ROOT) else value))
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


@lru_cache(maxsize=1)
def step_files() -> dict[str, Path]:
    """Step name -> its file in `queries/steps`."""
    return {file.stem: file for file in sorted((FOLDER / "steps").glob("*.sql"))}


def compose(
    study: Study,
    sql: str,
    selection: Selection = Selection(),
    *,
    group: str = "",
    definition: str = "",
    params: Mapping[str, Any] | None = None,
) -> Query:
    """The complete query for `sql`, with every step it needs before it.

    Args:
        group: key of the study's grouping; "" or "all" puts all patients together.
        definition: the response definition that `response` stands for.
        params: values for `$parameters`, before those of the study and of the definition; those
            the text does not use are left out.

    Raises:
        KeyError: the text binds a parameter for which no value is given.
        duckdb.ParserException: the text is not exactly one select.
    """
    values = study_parameters(study) | defaults(definition) | dict(params or {})
    bodies: dict[str, str] = {}

    def step(name: str) -> Step | None:
        """SQL and parameters of a step; None for a name that is not one."""
        if name in DATASETS:
            return dataset(study, name)
        if name == "population":
            return population(study, selection, study.grouping(group))
        if name in STUDY_STEPS:
            return STUDY_STEPS[name](study, selection)
        if name == "response" and definition:
            return definition_text(definition), {}
        if name in step_files():
            return text(step_files()[name]), {}
        return None

    def add_steps_of(body: str) -> None:
        """Add the steps that a text names, each after those that it needs itself."""
        for name in sorted(tables(body) - bodies.keys()):
            named = step(name)
            if named is not None:
                step_sql, step_values = named
                add_steps_of(step_sql)
                bodies.setdefault(name, step_sql)
                values.update(step_values)

    add_steps_of(sql)
    used = frozenset().union(*map(parameters, (sql, *bodies.values())))
    if unknown := used - values.keys():
        raise KeyError(f"no value for {', '.join('$' + name for name in sorted(unknown))}")
    return Query(
        with_steps(bodies, sql), tuple(sorted((name, _frozen(values[name])) for name in used))
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
