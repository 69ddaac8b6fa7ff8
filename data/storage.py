"""How every writer stores a study's Parquet files: in which order, and safely on the disk."""

import os
from pathlib import Path
from typing import Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from data.contract import Dataset

COMPRESSION: Final = "zstd"

ROWS_IN_GROUP: Final = 65_536
"""Rows of a row group: large enough to read fast, small enough to skip other parameters' groups."""


def sorting_columns(dataset: Dataset, schema: pa.Schema) -> tuple[pq.SortingColumn, ...]:
    """The dataset's order as Parquet notes it, with missing values last."""
    order: list[tuple[str, Literal["ascending"]]] = [(n, "ascending") for n in dataset.order]
    columns: tuple[pq.SortingColumn, ...] = pq.SortingColumn.from_ordering(
        schema, order, null_placement="at_end"
    )
    return columns


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
