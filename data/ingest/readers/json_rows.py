"""Rows of Dataset-JSON as Arrow record batches of the columns that its header declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from data.ingest.readers import BATCH, Column, Opened
from data.ingest.report import IngestError, failure

_NUMBERS = ("integer", "float", "double", "boolean")


def opened(kind: str, name: str, header: Any, rows: Callable[[], Iterator[Any]]) -> Opened:
    """A file of that header, whose `rows` come one by one from the first each time.

    Raises:
        IngestError: the header declares no columns.
    """
    columns = _columns(header, name)
    records = header.get("records")
    promised = records if isinstance(records, int) else None

    def batches(names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        places = {column.name: place for place, column in enumerate(columns)}
        wanted = [places[each] for each in names]
        schema = pa.schema([pa.field(columns[p].name, columns[p].type) for p in wanted])
        stream, read = rows(), 0
        while chunk := list(islice(stream, BATCH // 2)):
            cells = _cells_by_column(chunk, len(columns), read, name)
            arrays = [_array(cells[place], columns[place], read, name) for place in wanted]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)
            read += len(chunk)
        if promised is not None and read != promised:
            raise failure(
                f"file holds {read:,} rows, its header says {promised:,}",
                "It may be truncated: copy it again from its source.",
                file=name,
            )

    dataset = str(header.get("name") or Path(name).stem)
    return Opened(kind, dataset, str(header.get("label", "")), columns, promised, batches)


def _columns(header: Any, name: str) -> tuple[Column, ...]:
    declared = header.get("columns") if isinstance(header, dict) else None
    if not isinstance(declared, list) or not all(
        isinstance(column, dict) and isinstance(column.get("name"), str) for column in declared
    ):
        raise failure(
            "not Dataset-JSON 1.1: it has no list of columns",
            "Convert it to version 1.1 (datasetJSONVersion), or take it out of the folder.",
            file=name,
        )
    return tuple(
        Column(
            column["name"],
            str(column.get("label", "")).strip(),
            pa.float64() if column.get("dataType") in _NUMBERS else pa.string(),
        )
        for column in declared
    )


def _cells_by_column(chunk: list[Any], width: int, read: int, name: str) -> list[tuple[Any, ...]]:
    """The cells of some rows, column by column; `read` rows came before them."""
    for number, row in enumerate(chunk, start=read + 1):
        if not isinstance(row, list) or len(row) != width:
            count = f"{len(row):,}" if isinstance(row, list) else "no"
            raise failure(
                f"row {number:,} has {count} values for {width:,} columns",
                "Correct the row, or export the file again.",
                file=name,
            )
    return list(zip(*chunk, strict=True))


def _array(cells: Sequence[Any], column: Column, read: int, name: str) -> pa.Array:
    """The cells of a column. Numbers may stand in a column of text, but no text among numbers."""
    try:
        return pa.array(cells, column.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        value_of = _text if pa.types.is_string(column.type) else _number
    values: list[str | float | None] = []
    for number, cell in enumerate(cells, start=read + 1):
        try:
            values.append(value_of(cell))
        except (TypeError, OverflowError) as error:
            raise _wrong_cell(column, number, cell, name) from error
    return pa.array(values, column.type)


def _text(cell: Any) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, (list, dict)):
        raise TypeError
    return orjson.dumps(cell).decode()


def _number(cell: Any) -> float | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, (int, float)):
        return float(cell)
    raise TypeError


def _wrong_cell(column: Column, number: int, cell: Any, name: str) -> IngestError:
    is_text = pa.types.is_string(column.type)
    return failure(
        f"{'neither text nor a number' if is_text else 'not a number'} (row {number:,})",
        "Correct the value." if is_text else "Correct it, or declare the column as a string.",
        file=name,
        variable=column.name,
        values=(cell[:80] if isinstance(cell, str) else f"a {type(cell).__name__}",),
    )
