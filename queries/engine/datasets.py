"""A study's datasets as selects from their Parquet files."""

from __future__ import annotations

import glob
from functools import lru_cache
from pathlib import Path
from typing import Any

from data.contract import DATASETS as CONTRACT
from data.contract import DUCKDB
from data.study import Study
from queries.engine.database import cursor
from queries.engine.selection import quoted


def dataset(study: Study, name: str) -> tuple[str, dict[str, Any]]:
    """SQL and parameters of a dataset: its file, with the columns it lacks as typed nulls.

    Those are the declared columns, and what `study.toml` names in ADSL. A dataset the study does
    not have is an empty relation of the declared columns, so every query runs on every study.
    """
    file = study.path(name)
    sql = _select(study, name, has_file=file is not None)
    return sql, {} if file is None else {f"{name}_file": file}


@lru_cache(maxsize=256)
def _select(study: Study, name: str, *, has_file: bool) -> str:
    declared = CONTRACT[name.upper()].variables if name.upper() in CONTRACT else ()
    wanted = [(variable.name, DUCKDB[variable.type]) for variable in declared]
    if name == "adsl":
        wanted += [(variable, "VARCHAR") for variable in _variables_named(study)]
    # Names of columns are not case-sensitive in DuckDB.
    present = {column.upper() for column in (columns(study, name) if has_file else ())}
    lacking = []
    for column, kind in wanted:
        if column.upper() not in present:
            present.add(column.upper())
            lacking.append(f"cast(null as {kind}) as {quoted(column)}")
    if not has_file:
        return "select " + ", ".join(lacking or ["null as USUBJID"]) + " where false"
    return f"select {', '.join(['*', *lacking])} from read_parquet(${name}_file)"


def _variables_named(study: Study) -> list[str]:
    """The ADSL variables that `study.toml` names."""
    return [
        *(item.variable for item in study.analysis_sets),
        *(name for item in study.groupings for name in (item.variable, item.order)),
        *(name for item in study.filters for name in (item.variable, item.order) if name),
        *(item.variable for item in study.baseline),
        *(name for item in study.flow for name, _ in item.where),
    ]


@lru_cache(maxsize=256)
def columns(study: Study, name: str) -> tuple[str, ...]:
    """The column names of a study's dataset; none where it has no such dataset."""
    file = study.path(name)
    if file is None:
        return ()
    sql = "select name from parquet_schema($file)"
    names = cursor().execute(sql, {"file": glob.escape(str(file))}).fetchall()
    # The first is that of the schema itself.
    return tuple(name for (name, *_) in names[1:])


def row_count(file: Path) -> int | None:
    """Rows of a Parquet file, from its footer; None for another kind of file."""
    if file.suffix != ".parquet":
        return None
    sql = "select sum(num_rows) from parquet_file_metadata($file)"
    row = cursor().execute(sql, {"file": glob.escape(str(file))}).fetchone()
    return int(row[0]) if row else None
