"""Puts a query together from files and runs it with DuckDB.

A query file holds one select that may name, as if they were tables:

- a dataset of the study (`adsl`, `adlb`, ...): read from its Parquet file;
- a step (`queries/steps/<name>.sql`): a named select of its own;
- `population`: the selected patients, made from the selection;
- `response`: the chosen response definition (`queries/definitions/<name>.sql`).

`compose` puts whatever a file names in front of it as common table expressions, so the text that
runs is complete: a reader can paste it into the DuckDB shell in the project's folder. Nothing is
kept in the database, so new data need no refresh. Values are always bound, never written in.
"""

from __future__ import annotations

import glob
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
import pandas as pd

from data.contract import DATASETS as CONTRACT
from data.contract import DUCKDB
from data.study import DATASETS, STUDIES, Study
from queries.engine.files import FOLDER, study_params, text
from queries.engine.selection import Selection, population, quoted
from queries.engine.study_steps import STUDY_STEPS

ROOT = FOLDER.parent
# Comments, text literals and quoted names: what they hold is neither a table nor a parameter.
NO_CODE = r"""--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*\""""
PARAMETER = r"\$([a-z_][a-z0-9_]*)"


@dataclass(frozen=True)
class Query:
    """A complete query: its SQL text and its bound parameters."""

    sql: str
    params: tuple[tuple[str, Any], ...]

    @property
    def text(self) -> str:
        """The query for a reader: its parameters, then the SQL with their values written in.

        It runs as it stands in the DuckDB shell, in the project's folder.
        """
        literals = {name: _literal(value) for name, value in self.params}
        used = [f"--   ${name} = {' '.join(value.split())}" for name, value in literals.items()]
        head = "-- Parameters\n" + "\n".join(used) + "\n\n" if used else ""
        return head + re.sub(
            rf"{NO_CODE}|{PARAMETER}",
            lambda found: literals[found[1]] if found[1] else found[0],
            self.sql,
        )


def _literal(value: Any) -> str:
    """A value as DuckDB writes it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


@lru_cache(maxsize=1)
def _database() -> duckdb.DuckDBPyConnection:
    """One in-memory database of the process; every call takes a cursor of its own."""
    connection = duckdb.connect(":memory:")
    connection.execute("set threads = 4")
    connection.execute("set parquet_metadata_cache = true")
    return connection


_DATABASE_LOCK = Lock()


def cursor() -> duckdb.DuckDBPyConnection:
    """A cursor for one call: a shared connection fails under concurrent threads."""
    with _DATABASE_LOCK:
        return _database().cursor()


@lru_cache(maxsize=1)
def _steps() -> dict[str, Path]:
    return {file.stem: file for file in sorted((FOLDER / "steps").glob("*.sql"))}


def _bare(sql: str) -> str:
    """A query without its comments, its text literals and its quoted names."""
    return re.sub(NO_CODE, " ", sql)


def _names(sql: str) -> set[str]:
    """The words of a query that may name a table."""
    return set(re.findall(r"[a-z_][a-z0-9_]*", _bare(sql)))


def parameters(sql: str) -> set[str]:
    """The names of the `$parameters` a query binds."""
    return set(re.findall(PARAMETER, _bare(sql)))


@lru_cache(maxsize=256)
def dataset_sql(study: Study, dataset: str) -> str:
    """A dataset as a select: its Parquet file, with the columns it lacks as typed nulls.

    Those are the declared columns, and what `study.toml` names in ADSL. A dataset the study does
    not have is an empty relation of the declared columns, so every query runs on every study.
    """
    declared = CONTRACT[dataset.upper()].variables if dataset.upper() in CONTRACT else ()
    wanted = [(variable.name, DUCKDB[variable.type]) for variable in declared]
    if dataset == "adsl":
        wanted += [(name, "VARCHAR") for name in _named(study)]
    # DuckDB tells no two columns apart whose names differ only in their case.
    present = {name.upper() for name in columns(study, dataset)}
    lacking = []
    for name, kind in wanted:
        if name.upper() not in present:
            present.add(name.upper())
            lacking.append(f"cast(null as {kind}) as {quoted(name)}")
    file = study.path(dataset)
    if file is None:
        return "select " + ", ".join(lacking or ["null as USUBJID"]) + " where false"
    shown = file.relative_to(ROOT) if file.is_relative_to(STUDIES) else file
    source = f"read_parquet('{glob.escape(str(shown)).replace(chr(39), chr(39) * 2)}')"
    return f"select {', '.join(['*', *lacking])} from {source}"


def _named(study: Study) -> list[str]:
    """The ADSL variables that `study.toml` names."""
    return [
        *(item.variable for item in study.analysis_sets),
        *(name for item in study.groupings for name in (item.variable, item.order)),
        *(name for item in study.filters for name in (item.variable, item.order) if name),
        *(item.variable for item in study.baseline),
        *(name for item in study.flow for name, _ in item.where),
    ]


@lru_cache(maxsize=256)
def columns(study: Study, dataset: str) -> tuple[str, ...]:
    """The column names of a study's dataset; none where it has no such dataset."""
    file = study.path(dataset)
    if file is None:
        return ()
    rows = (
        cursor()
        .execute("select name from parquet_schema($file)", {"file": glob.escape(str(file))})
        .fetchall()
    )
    return tuple(row[0] for row in rows[1:])


def row_count(file: Path) -> int | None:
    """Rows of a Parquet file, from its footer; None for another kind of file."""
    if file.suffix != ".parquet":
        return None
    sql = "select sum(num_rows) from parquet_file_metadata($file)"
    found = cursor().execute(sql, {"file": str(file)}).fetchone()
    return int(found[0]) if found else None


def compose(
    study: Study,
    sql: str,
    selection: Selection = Selection(),
    *,
    group: str = "",
    definition: str = "",
    params: dict[str, Any] | None = None,
) -> Query:
    """The complete query for `sql`, with every step it needs before it.

    Args:
        group: key of the study's grouping; "" or "all" puts all patients together.
        definition: the response definition that `response` stands for.
        params: values for `$parameters`; those the text does not use are left out.

    Raises:
        KeyError: the text binds a parameter for which no value is given.
    """
    population_sql, population_params = population(study, selection, study.grouping(group))
    values = study_params(study) | (params or {}) | population_params
    bodies: dict[str, str] = {}

    def add(body: str) -> None:
        names = _names(body)
        for name in sorted(names):
            if name in bodies:
                continue
            if name in DATASETS:
                step = dataset_sql(study, name)
            elif name == "population":
                step = population_sql
            elif name in STUDY_STEPS:
                step, step_params = STUDY_STEPS[name](study, selection)
                values.update(step_params)
            elif name == "response" and definition:
                step = text(FOLDER / "definitions" / f"{definition}.sql")
            elif name in _steps():
                step = text(_steps()[name])
            else:
                continue
            if step == body:
                continue
            add(step)
            bodies.setdefault(name, step)

    add(sql)
    if not bodies:
        complete = sql
    else:
        steps = ",\n\n".join(f"{name} as (\n{body}\n)" for name, body in bodies.items())
        complete = f"with {steps}\n\n{_after_with(sql)}"
    used = parameters(complete)
    if unknown := used - set(values):
        raise KeyError(f"no value for {', '.join('$' + name for name in sorted(unknown))}")
    return Query(complete, tuple(sorted((name, _frozen(values[name])) for name in used)))


def _after_with(sql: str) -> str:
    """A query's own steps joined to those before it: its leading `with` becomes a comma."""
    comment, body = re.match(r"((?:\s*--[^\n]*\n)*)(.*)", sql, re.DOTALL).groups()  # type: ignore[union-attr]
    if re.match(r"with\b", body):
        return f"{comment},{body[4:]}"
    return f"{comment}{body}"


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def fetch(query: Query) -> pd.DataFrame:
    """The rows of a query, from the files and not from the cache."""
    bound = {
        name: list(value) if isinstance(value, tuple) else value for name, value in query.params
    }
    sql = query.sql.replace(
        "read_parquet('data/studies/", f"read_parquet('{_quoted_root()}data/studies/"
    )
    return cursor().execute(sql, bound).df()


@lru_cache(maxsize=512)
def _run(query: Query, _fingerprint: str) -> pd.DataFrame:
    return fetch(query)


def forget() -> None:
    """Empty the cache of rows."""
    _run.cache_clear()


def _quoted_root() -> str:
    return f"{ROOT}/".replace("'", "''")


def run(study: Study, query: Query) -> pd.DataFrame:
    """The rows of a query; cached by SQL text, parameters and the study's fingerprint.

    The frame is the caller's own: changing it changes nobody else's.
    """
    return _run(query, study.fingerprint).copy()


def rows(
    study: Study,
    stem: str,
    selection: Selection = Selection(),
    *,
    group: str = "",
    definition: str = "",
    **params: Any,
) -> pd.DataFrame:
    """The rows of `queries/<stem>.sql` for a study and a selection."""
    return run(study, query(study, stem, selection, group=group, definition=definition, **params))


def query(
    study: Study,
    stem: str,
    selection: Selection = Selection(),
    *,
    group: str = "",
    definition: str = "",
    **params: Any,
) -> Query:
    """The complete query of `queries/<stem>.sql`, not yet run."""
    sql = text(FOLDER / f"{stem}.sql")
    return compose(study, sql, selection, group=group, definition=definition, params=params)
