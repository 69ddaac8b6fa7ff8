"""Studies built in code: rows in, a folder of Parquet files and a `study.toml` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.contract import DATASETS, arrow_schema

Row = dict[str, Any]


def table(dataset: str, rows: Sequence[Row]) -> pa.Table:
    """The rows as a table: declared columns with their declared types, all others as text."""
    declared = DATASETS[dataset.upper()]
    known = {variable.name for variable in declared.variables}
    required = [variable.name for variable in declared.variables if variable.required]
    names = list(dict.fromkeys([*required, *(name for row in rows for name in row)]))
    types = arrow_schema(declared, [name for name in names if name in known])
    schema = pa.schema(
        [pa.field(name, types.field(name).type if name in known else pa.string()) for name in names]
    )
    return pa.Table.from_pylist([{"STUDYID": "TINY", **row} for row in rows], schema=schema)


def write_study(folder: Path, toml: str, datasets: Mapping[str, Sequence[Row]]) -> Path:
    """Write a study; a dataset that is not among `datasets` is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    for name, rows in datasets.items():
        pq.write_table(table(name, rows), folder / f"{name}.parquet")
    return folder
