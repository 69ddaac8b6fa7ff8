"""The study's folder: Parquet files in one declared schema, written aside and swapped in whole.

Everything is written and brought to the disk in a folder beside the studies, which then takes the
place of the study's folder in one step of the file system. Whatever stops the import at whatever
moment, the study is the old one or the new one.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from data.contract import ARROW, DATASETS, arrow_schema
from data.ingest.mapping import Work
from data.ingest.report import failure
from data.ingest.stage import Progress, quoted

ROWS_IN_GROUP: Final = 65_536
"""Rows of a row group: large enough to read fast, small enough to skip other parameters' groups."""

ASIDE: Final = ".import"
"""The folder below the studies in which imports are put together. No study is ever looked for in
it: a study is a folder right below the studies that holds a study.toml."""

_AT_FDCWD: Final = -100
_EXCHANGE: Final = 2


@contextmanager
def workshop(root: Path) -> Iterator[Path]:
    """A folder of this import's own below `root`, gone afterwards; one import at a time.

    Also puts right what an import that was killed left behind.

    Raises:
        IngestError: another import is running.
    """
    aside = root / ASIDE
    with _locked(aside):
        _recover(root, aside)
        work = aside / "work"
        work.mkdir()
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
            (aside / "lock").unlink()
            with suppress(OSError):
                aside.rmdir()


@contextmanager
def _locked(aside: Path) -> Iterator[None]:
    """Hold the lock of the folder, which is made where it is missing."""
    while True:
        aside.mkdir(parents=True, exist_ok=True)
        try:
            lock = os.open(aside / "lock", os.O_CREAT | os.O_RDWR)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The one before may have ended, and taken its lock away, in between.
            if not os.fstat(lock).st_nlink:
                continue
            yield
            return
        except BlockingIOError:
            raise failure("another import is running", "Wait until it has ended.") from None
        finally:
            os.close(lock)


def _recover(root: Path, aside: Path) -> None:
    """Clear away what a killed import left, and bring back a study that was moved away by it."""
    for left in aside.glob("former-*"):
        study = root / left.name.removeprefix("former-")
        if not study.exists():
            left.rename(study)
    for left in aside.iterdir():
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)


def parquet(work: Work, name: str, folder: Path, progress: Progress) -> int:
    """Write a dataset as Parquet: sorted, every declared variable, labels and units; rows written.

    Flags and, in ADSL, everything else that the contract does not declare stand at the end.
    """
    dataset = DATASETS[name]
    schema = arrow_schema(dataset)
    kinds = {"VARCHAR": "text", "DOUBLE": "number", "DATE": "date"}
    for column, kind, label in work.extras[name]:
        arrow = ARROW[kinds[kind]]  # type: ignore[index]
        schema = schema.append(pa.field(column, arrow, metadata={"label": label}))
    columns = ", ".join(quoted(column) for column in schema.names)
    order: list[tuple[str, Literal["ascending"]]] = [(n, "ascending") for n in dataset.order]
    total = work.count(name)
    written = 0
    found = work.connection.sql(
        f"select {columns} from {name} "
        f"order by {', '.join(f'{n} nulls last' for n in dataset.order)}, _file, _row"
    )
    path = folder / f"{name.lower()}.parquet"
    sorting = pq.SortingColumn.from_ordering(schema, order, null_placement="at_end")
    with pq.ParquetWriter(path, schema, compression="zstd", sorting_columns=sorting) as writer:
        for batch in found.to_arrow_reader(ROWS_IN_GROUP):
            writer.write_batch(batch.cast(schema), row_group_size=ROWS_IN_GROUP)
            written += batch.num_rows
            progress(f"write {path.name}", written, total)
    sync(path)
    return written


def rejected(work: Work, path: Path) -> None:
    """Write the rows that did not make it, if there are any."""
    if not work.rejected:
        return
    table = work.connection.sql(
        "select dataset, reason, file, row, USUBJID, record from rejected order by all"
    ).to_arrow_table()
    pq.write_table(table, path, compression="zstd")
    sync(path)


def text_file(path: Path, content: str) -> None:
    """Write a text file and wait until it is on the disk."""
    path.write_text(content, encoding="utf-8")
    sync(path)


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def swap_in(made: Path, study: Path) -> None:
    """Put the folder `made` where the study lies, in one step; what lay there is removed.

    Where the file system cannot exchange two folders, the old one is moved away first. An import
    killed between the two steps is put right by the next one.
    """
    sync(made)
    if not study.exists() and not study.is_symlink():
        made.rename(study)
        sync(study.parent)
        return
    if study.is_dir() and not study.is_symlink() and _exchange(made, study):
        sync(study.parent)
        shutil.rmtree(made, ignore_errors=True)
        return
    former = study.parent / ASIDE / f"former-{study.name}"
    study.rename(former)
    made.rename(study)
    sync(study.parent)
    if former.is_symlink():
        former.unlink()
    else:
        shutil.rmtree(former, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step (Linux, most file systems); False where that cannot be."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        result = library.renameat2(
            _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE
        )
        if result == 0:
            return True
        code = ctypes.get_errno()
        if code not in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
            raise OSError(code, os.strerror(code), str(other))
    return False
