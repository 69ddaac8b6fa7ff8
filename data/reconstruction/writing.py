"""Tables to Parquet files: sorted, described, and all of them written or none."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.contract import DATASETS, Dataset, arrow_schema, violations
from data.reconstruction.study import SENTENCE
from data.storage import COMPRESSION, ROWS_IN_GROUP, sorting_columns, sync


class ContractError(ValueError):
    """Tables that do not meet their contract; the message lists every finding."""


def table(dataset: Dataset, rows: list[dict[str, Any]]) -> pa.Table:
    """The rows as an Arrow table in the dataset's order, with labels, units and `SENTENCE`.

    Its columns are the declared ones that the rows hold. Raises ValueError for a row with a
    column that is not declared.
    """
    present = {name for row in rows for name in row}
    if undeclared := present - {v.name for v in dataset.variables}:
        raise ValueError(f"{dataset.name} declares no {', '.join(sorted(undeclared))}")
    schema = arrow_schema(dataset, [v.name for v in dataset.variables if v.name in present])
    schema = schema.with_metadata({**(schema.metadata or {}), b"note": SENTENCE.encode()})
    made = pa.Table.from_pylist(rows, schema=schema)
    return made.sort_by([(name, "ascending") for name in dataset.order])


def write(tables: Mapping[str, pa.Table], folder: Path) -> list[Path]:
    """Write each table to `folder` as <lower-case name>.parquet, and return the paths.

    All are written beside the folder first and moved into place only once every one of them meets
    its contract; otherwise nothing in the folder changes. Raises ContractError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        written = {name: aside / f"{name.lower()}.parquet" for name in tables}
        for name, path in written.items():
            _write_one(DATASETS[name], tables[name], path)
        _check(written)
        for path in written.values():
            path.replace(folder / path.name)
        sync(folder)
    finally:
        shutil.rmtree(aside)
    return [folder / path.name for path in written.values()]


def _check(written: Mapping[str, Path]) -> None:
    findings = [
        finding
        for name, path in written.items()
        for finding in violations(DATASETS[name], path, written)
    ]
    if findings:
        raise ContractError("\n".join(str(finding) for finding in findings))


def _write_one(dataset: Dataset, made: pa.Table, path: Path) -> None:
    pq.write_table(
        made,
        path,
        compression=COMPRESSION,
        row_group_size=ROWS_IN_GROUP,
        sorting_columns=sorting_columns(dataset, made.schema),
    )
    sync(path)
