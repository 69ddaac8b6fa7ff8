"""Parquet files, read by pyarrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.ingest.readers import BATCH, Column, Opened
from data.ingest.report import failure


def open_parquet(path: Path, name: str, encoding: str) -> Opened:
    """A Parquet file; its text is UTF-8 by definition, so `encoding` is ignored."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise failure(
            f"not a Parquet file ({_first_line(error)})",
            "Export it again; a Parquet file begins and ends with PAR1.",
            file=name,
        ) from error
    schema = file.schema_arrow
    metadata = schema.metadata or {}
    columns = tuple(
        Column(field.name, _text(field.metadata or {}, b"label"), _plain(field.type))
        for field in schema
    )
    rows = file.metadata.num_rows
    file.close()

    def batches(names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        types = {column.name: column.type for column in columns}
        wanted = pa.schema([pa.field(column, types[column]) for column in names])
        try:
            with pq.ParquetFile(path) as opened:
                for batch in opened.iter_batches(BATCH, columns=list(names)):
                    arrays = [_cast(batch.column(column), types[column]) for column in names]
                    yield pa.RecordBatch.from_arrays(arrays, schema=wanted)
        except (pa.ArrowException, OSError) as error:
            raise failure(
                f"Parquet file is damaged ({_first_line(error)})",
                "Copy or export it again.",
                file=name,
            ) from error

    dataset = _text(metadata, b"dataset") or Path(name).stem
    return Opened("Parquet", dataset, _text(metadata, b"label"), columns, rows, batches)


def _text(metadata: dict[bytes, bytes], key: bytes) -> str:
    return metadata.get(key, b"").decode("utf-8", "replace").strip()


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type in which a column is read."""
    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pa.float64()
    if pa.types.is_date(kind):
        return pa.date32()
    if pa.types.is_timestamp(kind):
        return pa.timestamp("s")
    return pa.string()


def _cast(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_boolean(array.type):
        return pc.if_else(array, "Y", "N")
    if pa.types.is_timestamp(array.type):
        return array.cast(kind, safe=False)
    return array.cast(kind)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".")
