"""The database on the disk in which an import works, and the files staged in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from data.ingest.readers import Opened
from data.ingest.report import failure

MEMORY = "1GB"
"""DuckDB's share of memory; more goes to the disk. The readers and Arrow need some too."""

Progress = Callable[[str, int, int | None], None]
"""Called with the step, rows so far, and all rows (None: unknown)."""


def database(folder: Path) -> duckdb.DuckDBPyConnection:
    """A new database in a folder, limited in memory, that spills into the same folder."""
    connection = duckdb.connect(str(folder / "stage.duckdb"))
    connection.execute(f"set memory_limit = '{MEMORY}'")
    connection.execute(f"set temp_directory = {text(str(folder / 'spill'))}")
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set enable_progress_bar = false")
    return connection


def quoted(name: str) -> str:
    """A name as SQL: quoted, so that no name can be anything else."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text as SQL: quoted, so that no text can be anything else."""
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True)
class Staged:
    """A file whose rows lie in a table, under the names of its columns in capitals.

    `types`: VARCHAR, DOUBLE, DATE or TIMESTAMP by column. `filled`: rows with a value. The table
    also has `_row`, counted from 1.
    """

    file: str
    table: str
    types: dict[str, str]
    labels: dict[str, str]
    filled: dict[str, int]
    rows: int
    unformatted_dates: bool

    def has(self, column: str) -> bool:
        """Whether the column is there and holds a value anywhere."""
        return self.filled.get(column, 0) > 0


def names_in_capitals(opened: Opened, file: str) -> dict[str, str]:
    """Column name in capitals -> as the file has it.

    Raises:
        IngestError: two names are equal but for their case.
    """
    names: dict[str, str] = {}
    for column in opened.columns:
        upper = column.name.strip().upper()
        if upper in names:
            raise failure(
                "duplicate column name",
                "Give each column its own name (case does not count).",
                file=file,
                values=(names[upper], column.name),
            )
        names[upper] = column.name
    return names


def stage(
    connection: duckdb.DuckDBPyConnection,
    opened: Opened,
    file: str,
    table: str,
    wanted: Sequence[str],
    progress: Progress,
) -> Staged:
    """Read the wanted columns (names in capitals) of a file into a new table."""
    names = names_in_capitals(opened, file)
    kept = [name for name in names if name in wanted]
    kinds = {column.name: column.type for column in opened.columns}
    types = {name: _sql_type(kinds[names[name]]) for name in kept}
    declared = ", ".join(f"{quoted(name)} {kind}" for name, kind in types.items())
    connection.execute(f"create table {table} (_row bigint{', ' + declared if declared else ''})")
    # One transaction: the database need not be flushed to the disk after every batch.
    connection.begin()
    try:
        rows = _insert(connection, opened, file, table, {n: names[n] for n in kept}, progress)
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
    labels = {c.name.strip().upper(): c.label for c in opened.columns}
    return Staged(
        file, table, types, labels, _filled(connection, table, types), rows,
        opened.unformatted_dates,
    )  # fmt: skip


def _insert(
    connection: duckdb.DuckDBPyConnection,
    opened: Opened,
    file: str,
    table: str,
    names: dict[str, str],
    progress: Progress,
) -> int:
    """Put the rows of a file into its table, batch by batch; how many there are."""
    rows = 0
    for batch in opened.batches(list(names.values())):
        numbers = pa.array(np.arange(rows + 1, rows + 1 + batch.num_rows))
        held = pa.RecordBatch.from_arrays([numbers, *batch.columns], names=["_row", *names])
        connection.register("batch", held)
        connection.execute(f"insert into {table} select * from batch")
        connection.unregister("batch")
        rows += batch.num_rows
        progress(f"read {file}", rows, opened.rows)
    return rows


def _filled(
    connection: duckdb.DuckDBPyConnection, table: str, types: dict[str, str]
) -> dict[str, int]:
    if not types:
        return {}
    counts = ", ".join(
        f"count(nullif(trim({quoted(n)}), ''))" if kind == "VARCHAR" else f"count({quoted(n)})"
        for n, kind in types.items()
    )
    filled = connection.execute(f"select {counts} from {table}").fetchall()[0]
    return dict(zip(types, filled, strict=True))


def _sql_type(kind: pa.DataType) -> str:
    if pa.types.is_floating(kind):
        return "DOUBLE"
    if pa.types.is_date(kind):
        return "DATE"
    if pa.types.is_timestamp(kind):
        return "TIMESTAMP"
    return "VARCHAR"
