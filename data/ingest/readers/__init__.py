"""Readers: each opens one format and reads its rows as a stream of Arrow record batches.

The file's name chooses the reader, and the reader looks at the content: a file that does not match
its name is refused. A batch has text, number (float64), date (date32) and timestamp columns only,
with the names as in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa


@dataclass(frozen=True)
class Column:
    """A column as the file declares it."""

    name: str
    label: str
    type: pa.DataType


@dataclass(frozen=True)
class Opened:
    """A file that can be read: its metadata, and a way to its rows.

    `rows` is None where they must be read to be counted. `batches(names)` reads those columns only,
    each time from the beginning. `unformatted_dates`: numbers of a SAS file may be dates (days
    since 1960) whose format was lost.
    """

    format: str
    name: str
    label: str
    columns: tuple[Column, ...]
    rows: int | None
    batches: Callable[[Sequence[str]], Iterator[pa.RecordBatch]]
    unformatted_dates: bool = False


class Reader(Protocol):
    """Opens a file.

    Raises:
        IngestError: the file is not in this format, is damaged, or is not in the encoding.
    """

    def __call__(self, path: Path, name: str, encoding: str) -> Opened:
        """path: the file; name: what to call it in messages; encoding: of its text, or empty."""
        ...


BATCH: Final = 50_000
"""Rows of a batch."""


def suffixes() -> dict[str, Reader]:
    """File name ending -> reader."""
    from data.ingest.readers import dataset_json, delimited, parquet, sas

    return {
        ".xpt": sas.open_transport,
        ".xport": sas.open_transport,
        ".sas7bdat": sas.open_sas7bdat,
        ".csv": delimited.open_csv,
        ".parquet": parquet.open_parquet,
        ".json": dataset_json.open_json,
        ".ndjson": dataset_json.open_ndjson,
        ".dsjc": dataset_json.open_compressed,
    }


def reader(name: str) -> Reader | None:
    """The reader for a file of that name, or None where there is none."""
    return suffixes().get(Path(name).suffix.lower())
