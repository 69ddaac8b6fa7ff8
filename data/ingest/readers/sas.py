"""SAS transport files (XPT, versions 5 and 8) and sas7bdat, decoded by pyreadstat.

pyreadstat skips rows one by one to reach an offset. A transport file has rows of fixed length, so
this reader hands pyreadstat the header and a slice of the rows at a time: the file is read once,
from front to back, in little memory. The layout is that of SAS's "Record layout of a SAS version 5
or 6 (8 or 9) data set in SAS transport format".
"""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyreadstat

from data.ingest.readers import BATCH, Column, Opened
from data.ingest.report import IngestError, failure

_RECORD = 80
_EPOCH_DAYS = 3653
"""Days from 1960-01-01, where SAS begins to count, to 1970-01-01, where Arrow does."""

_DATE_FORMATS = (
    "DATE", "DDMMYY", "MMDDYY", "YYMMDD", "YYMON", "MONYY", "E8601DA", "IS8601DA", "B8601DA",
    "WEEKDATE", "WORDDATE", "JULIAN", "MMYY", "YYMM", "NLDATE",
)  # fmt: skip
_TIMESTAMP_FORMATS = ("DATETIME", "E8601DT", "IS8601DT", "B8601DT", "NLDATM", "DATEAMPM", "MDYAMPM")


def open_transport(path: Path, name: str, encoding: str) -> Opened:
    """A SAS transport file, version 5 or 8."""
    with path.open("rb") as file:
        if not file.read(_RECORD).startswith(b"HEADER RECORD*******LIB"):
            raise failure(
                "not a SAS transport file",
                "Write it with PROC COPY and the XPORT engine, or with %LOC2XPT.",
                file=name,
            )
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
            start, promised = _rows_begin(held, name)
            several = held.find(b"HEADER RECORD*******MEMB", start)
            if several >= 0 and several % _RECORD == 0:
                raise failure(
                    "transport file holds several datasets",
                    "Export one file for each dataset.",
                    file=name,
                )
            header = held[:start]
            size = len(held)
            meta = _metadata(partial(pyreadstat.read_xport, io.BytesIO(header)), name, encoding)
            length = sum(meta.variable_storage_width.values())
            rows = _count_rows(held, start, size, length, promised, name)
    stream = partial(_transport_batches, path, name, encoding, header, length, rows, meta)
    return _opened("SAS transport", name, meta, rows, stream)


def _rows_begin(held: mmap.mmap, name: str) -> tuple[int, int | None]:
    """Where the rows begin, and how many the header promises (version 8 only)."""
    for mark in (b"HEADER RECORD*******OBS     ", b"HEADER RECORD*******OBSV8   "):
        at = held.find(mark)
        if at >= 0 and at % _RECORD == 0 and at + _RECORD <= len(held):
            counted = held[at + 48 : at + _RECORD].split()
            promised = int(counted[0]) if mark[23:25] == b"V8" and counted else None
            return at + _RECORD, promised
    raise _truncated(name, "it ends before its first row")


def _count_rows(
    held: mmap.mmap, start: int, size: int, length: int, promised: int | None, name: str
) -> int:
    """Rows of the file. Its last record is filled up with blanks; anything else is truncation."""
    if length == 0:
        return 0
    rows, rest = divmod(size - start, length)
    if size % _RECORD:
        raise _truncated(name, f"it ends within a record, after {rows:,} rows")
    if held[size - rest : size].strip(b" \0"):
        raise _truncated(name, f"it ends within row {rows + 1:,}")
    if promised is not None:
        if promised > rows:
            raise _truncated(name, f"it holds {rows:,} of {promised:,} rows")
        return promised
    # A blank row that begins within the last 79 bytes is filling, not a row.
    while rows:
        at = start + (rows - 1) * length
        if size - at >= _RECORD or held[at : at + length].strip(b" "):
            break
        rows -= 1
    return rows


def _truncated(name: str, how: str) -> IngestError:
    return failure(f"file is truncated: {how}", "Copy it again from its source.", file=name)


def _transport_batches(
    path: Path,
    name: str,
    encoding: str,
    header: bytes,
    length: int,
    rows: int,
    meta: Any,
    names: Sequence[str],
) -> Iterator[pa.RecordBatch]:
    with path.open("rb") as file:
        file.seek(len(header))
        for first in range(0, rows, BATCH):
            count = min(BATCH, rows - first)
            piece = file.read(count * length)
            filled = io.BytesIO(header + piece + b" " * (-len(piece) % _RECORD))
            values = _read(
                partial(pyreadstat.read_xport, filled), name, encoding, names, first, first + count
            )
            # Rows of blanks only are dropped at the end of a file, and so at the end of a slice.
            yield _batch(values, meta, names, count)


def open_sas7bdat(path: Path, name: str, encoding: str) -> Opened:
    """A sas7bdat file."""
    meta = _metadata(partial(pyreadstat.read_sas7bdat, str(path)), name, encoding)

    def batches(names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        step = BATCH * 10
        for first in range(0, meta.number_rows, step):
            count = min(step, meta.number_rows - first)
            read = partial(pyreadstat.read_sas7bdat, str(path), row_offset=first, row_limit=count)
            values = _read(read, name, encoding, names, first, first + count)
            got = max((len(column) for column in values.values()), default=0)
            if got < count:
                raise _truncated(name, f"it holds {first + got:,} of {meta.number_rows:,} rows")
            yield _batch(values, meta, names, count)

    return _opened("sas7bdat", name, meta, meta.number_rows, batches)


def _opened(kind: str, name: str, meta: Any, rows: int, batches: Any) -> Opened:
    columns = tuple(
        Column(column, (meta.column_names_to_labels.get(column) or "").strip(), _type(meta, column))
        for column in meta.column_names
    )
    return Opened(
        kind,
        (meta.table_name or Path(name).stem).strip(),
        (meta.file_label or "").strip(),
        columns,
        rows,
        batches,
        unformatted_dates=True,
    )


def _type(meta: Any, column: str) -> pa.DataType:
    if meta.readstat_variable_types[column] == "string":
        return pa.string()
    form = (meta.original_variable_types.get(column) or "").upper()
    if form.startswith(_TIMESTAMP_FORMATS):
        return pa.timestamp("s")
    if form.startswith(_DATE_FORMATS):
        return pa.date32()
    return pa.float64()


def _metadata(read: Any, name: str, encoding: str) -> Any:
    try:
        return read(metadataonly=True, **_encoded(encoding))[1]
    except Exception as error:  # pyreadstat raises its own errors, and others
        raise _unreadable(error, name, encoding) from error


def _read(
    read: Any, name: str, encoding: str, names: Sequence[str], first: int, last: int
) -> dict[str, list[Any]]:
    try:
        values: dict[str, list[Any]] = read(
            output_format="dict",
            disable_datetime_conversion=True,
            usecols=list(names),
            **_encoded(encoding),
        )[0]
    except Exception as error:
        raise _unreadable(error, name, encoding, f" in rows {first + 1:,} to {last:,}") from error
    return values


def _encoded(encoding: str) -> dict[str, str]:
    return {"encoding": encoding} if encoding else {}


def _unreadable(error: Exception, name: str, encoding: str, where: str = "") -> IngestError:
    text = str(error)
    if "encoding" in text or "invalid byte" in text or isinstance(error, UnicodeDecodeError):
        return failure(
            f"not in {encoding or 'UTF-8'}{where}",
            'Set the encoding it has in the map (--map): encoding = "windows-1252" under [map].',
            file=name,
        )
    return failure(f"file cannot be read{where} ({text})", "Copy or export it again.", file=name)


def _batch(
    columns: dict[str, list[Any]], meta: Any, names: Sequence[str], count: int
) -> pa.RecordBatch:
    arrays = []
    for column in names:
        kind = _type(meta, column)
        values = columns[column]
        if pa.types.is_string(kind):
            filled = values[:count] + [""] * (count - len(values))
            arrays.append(pa.array(filled, pa.string()))
            continue
        numbers = pa.array(values[:count] + [None] * (count - len(values)), pa.float64())
        if pa.types.is_date32(kind):
            arrays.append(_shifted(numbers, _EPOCH_DAYS, pa.int32()).cast(kind))
        elif pa.types.is_timestamp(kind):
            arrays.append(_shifted(numbers, _EPOCH_DAYS * 86_400, pa.int64()).cast(kind))
        else:
            arrays.append(numbers)
    fields = [pa.field(column, array.type) for column, array in zip(names, arrays, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def _shifted(numbers: pa.Array, by: int, kind: pa.DataType) -> pa.Array:
    """Counts since 1960 as whole counts since 1970; missing stays missing."""
    held = numbers.to_numpy(zero_copy_only=False)
    missing = np.isnan(held)
    whole = np.floor(np.where(missing, 0, held)).astype(np.int64) - by
    return pa.array(whole, mask=missing).cast(kind)
