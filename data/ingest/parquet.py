"""The Parquet files of a study, in the schema of the contract, each flushed to the disk."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data.contract import ARROW, DATASETS, arrow_schema
from data.ingest.stage import Progress, quoted
from data.ingest.work import Work
from data.storage import COMPRESSION, ROWS_IN_GROUP, sorting_columns, sync


def dataset(work: Work, name: str, folder: Path, progress: Progress) -> int:
    """Write a dataset: sorted, every declared variable, with labels and units; the rows written.

    Flags and, in ADSL, everything else that the contract does not declare stand at the end.
    """
    declared = DATASETS[name]
    schema = arrow_schema(declared)
    kinds = {"VARCHAR": "text", "DOUBLE": "number", "DATE": "date"}
    for column, kind, label in work.extras[name]:
        arrow = ARROW[kinds[kind]]  # type: ignore[index]
        schema = schema.append(pa.field(column, arrow, metadata={"label": label}))
    columns = ", ".join(quoted(column) for column in schema.names)
    total = work.count(name)
    written = 0
    sorted_rows = work.connection.sql(
        f"select {columns} from {name} "
        f"order by {', '.join(f'{n} nulls last' for n in declared.order)}, _file, _row"
    )
    path = folder / f"{name.lower()}.parquet"
    order = sorting_columns(declared, schema)
    with pq.ParquetWriter(path, schema, compression=COMPRESSION, sorting_columns=order) as writer:
        for batch in sorted_rows.to_arrow_reader(ROWS_IN_GROUP):
            writer.write_batch(batch.cast(schema), row_group_size=ROWS_IN_GROUP)
            written += batch.num_rows
            progress(f"write {path.name}", written, total)
    sync(path)
    return written


def rejected(work: Work, path: Path) -> None:
    """Write the rows that were left out, if there are any."""
    if not work.rejected:
        return
    table = work.connection.sql(
        "select dataset, reason, file, row, USUBJID, record from rejected order by all"
    ).to_arrow_table()
    with path.open("wb") as file:  # Python names what goes wrong; Arrow would name the path, too
        pq.write_table(table, file, compression=COMPRESSION)
    sync(path)
