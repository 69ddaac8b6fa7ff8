"""CSV files, read by DuckDB: every column as text, strictly, so that nothing is guessed or skipped.

The delimiter is the one that the header line has most of: comma, semicolon, tab or bar. A quoted
value may hold delimiters, line breaks and doubled quotes. NA is a missing value, as R writes it.
"""

from __future__ import annotations

import codecs
import csv
import glob
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from data.ingest.readers import BATCH, Column, Opened
from data.ingest.report import IngestError, failure

_BLOCK = 1024 * 1024


def open_csv(path: Path, name: str, encoding: str) -> Opened:
    """A CSV file with a header line."""
    plain = path
    if encoding and codecs.lookup(encoding).name not in ("utf-8", "ascii"):
        plain = _as_utf8(path, name, encoding)
    delimiter = _delimiter(plain, name)
    names = _header(plain, delimiter)
    if repeated := {n for n in names if [m.upper() for m in names].count(n.upper()) > 1}:
        raise failure(
            "duplicate column name",
            "Give each column its own name.",
            file=name,
            values=sorted(repeated),
        )

    def batches(wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
        if not wanted:
            return
        quoted = ", ".join('"' + column.replace('"', '""') + '"' for column in wanted)
        with duckdb.connect() as connection:
            connection.execute("set memory_limit = '512MB'")
            connection.execute("set preserve_insertion_order = true")
            try:
                rows = connection.sql(f"select {quoted} from {_source(plain, delimiter)}")
                yield from rows.to_arrow_reader(BATCH)
            except (duckdb.Error, pa.ArrowException) as error:
                raise _explained(error, plain, name) from error

    columns = tuple(Column(column, "", pa.string()) for column in names)
    opened = Opened("CSV", Path(name).stem, "", columns, None, batches)
    if plain != path:
        weakref.finalize(opened, shutil.rmtree, plain.parent, ignore_errors=True)
    return opened


def _source(path: Path, delimiter: str) -> str:
    where = glob.escape(str(path)).replace("'", "''")
    return (
        f"read_csv('{where}', delim='{delimiter}', header=true, all_varchar=true, "
        "auto_detect=false, quote='\"', escape='\"', strict_mode=true, nullstr=['', 'NA'], "
        f"columns={_columns(path, delimiter)})"
    )


def _columns(path: Path, delimiter: str) -> str:
    """The columns of the header line, each as text, in DuckDB's notation."""
    names = _header(path, delimiter)
    return "{" + ", ".join("'" + n.replace("'", "''") + "': 'VARCHAR'" for n in names) + "}"


def _header(path: Path, delimiter: str) -> list[str]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        names = next(csv.reader(file, delimiter=delimiter), [])
    # R writes row names under a heading that is blank.
    return [name.strip() or f"(column {place})" for place, name in enumerate(names, start=1)]


def _delimiter(path: Path, name: str) -> str:
    with path.open("rb") as file:
        line = file.readline(_BLOCK)
    if not line.strip():
        raise failure("file is empty", "Give a CSV file with a header line.", file=name)
    if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in line:
        raise failure(
            "not in UTF-8",
            'Save it in UTF-8, or set encoding = "utf-16" under [map] in the map (--map).',
            file=name,
        )
    unquoted = re.sub(rb'"[^"]*"', b"", line)
    counts = {mark: unquoted.count(mark.encode()) for mark in (",", ";", "\t", "|")}
    return max(counts, key=lambda mark: counts[mark])


def _as_utf8(path: Path, name: str, encoding: str) -> Path:
    """A private copy in UTF-8, which is removed with the opened file, or at once on failure."""
    folder = Path(tempfile.mkdtemp(prefix="itp-ingest-"))
    copy = folder / "plain.csv"
    try:
        with (
            path.open(encoding=encoding, newline="") as read,
            copy.open("w", encoding="utf-8", newline="") as write,
        ):
            while block := read.read(_BLOCK):
                write.write(block)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, UnicodeError):
            raise failure(
                f"not in {encoding} ({error})", "Set the encoding it has.", file=name
            ) from error
        raise
    return copy


def _explained(error: Exception, path: Path, name: str) -> IngestError:
    """DuckDB's message about a bad line, in words that help."""
    if (bad := _first_bad_byte(path)) is not None:
        line, value = bad
        return failure(
            f"not in UTF-8 (line {line:,})",
            'Save it in UTF-8, or set encoding = "windows-1252" under [map] in the map (--map).',
            file=name,
            values=(value,),
        )
    text = str(error)
    where = re.search(r"CSV Error on Line: (\d+)", text)
    line_text = re.search(r"Original Line: ?(.*)", text)
    shown = (line_text.group(1)[:120],) if line_text else ()
    at = f" in line {int(where.group(1)):,}" if where else ""
    swallowed = "maximum line size" in text.lower()
    if (swallowed or "quote" in text.lower()) and "Expected Number of Columns" not in text:
        return failure(
            f"unclosed quotation mark, or text after a closing one{at}",
            "Double each quotation mark inside a quoted value, and end the value with one.",
            file=name,
            values=shown,
        )
    counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    if counts:
        return failure(
            f"{counts.group(2)} values{at} for {counts.group(1)} columns",
            "Quote values that hold a delimiter or a line break.",
            file=name,
            values=shown,
        )
    return failure(
        f"CSV cannot be read{at} ({text.splitlines()[0]})",
        "Correct the line, or export the file again.",
        file=name,
        values=shown,
    )


def _first_bad_byte(path: Path) -> tuple[int, str] | None:
    """The first line that is not UTF-8 and what it holds; None where all of it is."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                around = line[max(0, error.start - 20) : error.start + 20]
                return number, around.decode("latin-1").strip()
    return None
