"""CDISC Dataset-JSON 1.1: `.json`, `.ndjson` and compressed `.dsjc`, read as a stream.

Source: https://cdisc-org.github.io/DataExchange-DatasetJson/doc/dataset-json1-1.html and
compressed-dataset-json1-1.html. A compressed file is NDJSON in a zlib stream; gzip streams under
the same name are about as well, and both are read. Values of type decimal, date and datetime are
written as text.
"""

from __future__ import annotations

import codecs
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from data.ingest.readers import BATCH, Column, Opened
from data.ingest.report import IngestError, failure

_BLOCK = 1024 * 1024
_HEADER_LIMIT = 64 * _BLOCK
_NUMBERS = ("integer", "float", "double", "boolean")


def open_json(path: Path, name: str, encoding: str) -> Opened:
    """A Dataset-JSON file: one object whose `rows` are read one by one."""
    header = _Document(path, name).header()
    return _opened("Dataset-JSON", name, header, lambda: _Document(path, name).rows())


def open_ndjson(path: Path, name: str, encoding: str) -> Opened:
    """A Dataset-NDJSON file: the metadata in the first line, then one row per line."""
    return _lines("Dataset-NDJSON", path, name, partial(_plain, path))


def open_compressed(path: Path, name: str, encoding: str) -> Opened:
    """A compressed Dataset-JSON file (.dsjc)."""
    return _lines("compressed Dataset-JSON", path, name, partial(_inflated, path, name))


def _plain(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _inflated(path: Path, name: str) -> Iterator[bytes]:
    """The content of a zlib or gzip stream, in blocks of limited size."""
    decoder = zlib.decompressobj(wbits=47)
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                while block:
                    yield decoder.decompress(block, _BLOCK)
                    block = decoder.unconsumed_tail
                    if decoder.eof:
                        block = b""
        if tail := decoder.flush():
            yield tail
    except zlib.error as error:
        raise failure(
            f"this is not compressed Dataset-JSON ({error})",
            "Compress the NDJSON file with zlib, or give it uncompressed as .ndjson.",
            file=name,
        ) from error
    if not decoder.eof:
        raise failure("the file is cut off", "Copy it again from where it came.", file=name)


def _lines(kind: str, path: Path, name: str, blocks: Any) -> Opened:
    first = next(_split(blocks(), name), b"")
    try:
        header = orjson.loads(first)
    except orjson.JSONDecodeError as error:
        raise _broken(name, 1, error) from error

    def rows() -> Iterator[Any]:
        lines = _split(blocks(), name)
        next(lines)
        for number, line in enumerate(lines, start=2):
            if line:
                try:
                    yield orjson.loads(line)
                except orjson.JSONDecodeError as error:
                    raise _broken(name, number, error) from error

    return _opened(kind, name, header, rows)


def _split(blocks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The lines of a stream of blocks."""
    pieces: list[bytes] = []
    held = 0
    for block in blocks:
        first, *others = block.split(b"\n")
        pieces.append(first)
        held += len(first)
        if others:
            yield b"".join(pieces)
            *whole, last = others
            yield from whole
            pieces, held = [last], len(last)
        if held > _HEADER_LIMIT:
            raise failure(
                "a line is longer than 64 MB", "Write one row per line, as NDJSON.", file=name
            )
    if (rest := b"".join(pieces)).strip():
        yield rest


def _broken(name: str, line: int, error: Exception) -> IngestError:
    text = str(error)
    if "utf-8" in text.lower() or "surrogates" in text.lower():
        return failure(
            f"line {line:,} is not in UTF-8", "Dataset-JSON is UTF-8: write it again.", file=name
        )
    return failure(
        f"line {line:,} is no JSON, or the file is cut off ({text})",
        "Copy or write it again.",
        file=name,
    )


def _opened(kind: str, name: str, header: Any, rows: Any) -> Opened:
    declared = header.get("columns") if isinstance(header, dict) else None
    if not isinstance(declared, list) or not all(
        isinstance(c, dict) and isinstance(c.get("name"), str) for c in declared
    ):
        raise failure(
            "this is not Dataset-JSON 1.1: it has no list of columns",
            "Convert it to version 1.1 (datasetJSONVersion), or leave it out of the folder.",
            file=name,
        )
    columns = tuple(
        Column(
            c["name"],
            str(c.get("label", "")).strip(),
            pa.float64() if c.get("dataType") in _NUMBERS else pa.string(),
        )
        for c in declared
    )
    promised = header.get("records")
    total = promised if isinstance(promised, int) else None

    def batches(names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        index = {column.name: place for place, column in enumerate(columns)}
        places = [(columns[index[wanted]], index[wanted]) for wanted in names]
        schema = pa.schema([pa.field(column.name, column.type) for column, _ in places])
        seen = 0
        for held in _chunks(rows()):
            try:
                cells = list(zip(*held, strict=True)) if len(held) > 1 else [(v,) for v in held[0]]
                right = len(cells) == len(columns)
            except (ValueError, TypeError):
                right = False
                cells = []
            if not right:
                raise _wrong_length(held, len(columns), seen, name)
            yield pa.RecordBatch.from_arrays(
                [_array(cells[place], column, seen, name) for column, place in places],
                schema=schema,
            )
            seen += len(held)
        if total is not None and seen != total:
            raise failure(
                f"the file holds {seen:,} rows and says {total:,}",
                "It may be cut off: copy it again from where it came.",
                file=name,
            )

    dataset = str(header.get("name") or Path(name).stem)
    return Opened(kind, dataset, str(header.get("label", "")), columns, total, batches)


def _chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    held: list[Any] = []
    for row in rows:
        held.append(row)
        if len(held) == BATCH // 2:
            yield held
            held = []
    if held:
        yield held


def _wrong_length(held: list[Any], width: int, seen: int, name: str) -> IngestError:
    for number, row in enumerate(held, start=seen + 1):
        if not isinstance(row, list) or len(row) != width:
            count = len(row) if isinstance(row, list) else "no"
            return failure(
                f"row {number:,} has {count} values where there are {width} columns",
                "Correct the row, or write the file again.",
                file=name,
            )
    return failure("its rows cannot be read", "Write the file again.", file=name)


def _array(cells: Sequence[Any], column: Column, seen: int, name: str) -> pa.Array:
    """The cells of a column; numbers may stand where text is declared, but not text for numbers."""
    try:
        return pa.array(cells, column.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        pass
    if pa.types.is_string(column.type):
        texts = [
            cell if cell is None or isinstance(cell, str) else json.dumps(cell) for cell in cells
        ]
        return pa.array(texts, pa.string())
    numbers: list[float | None] = []
    for number, cell in enumerate(cells, start=seen + 1):
        if cell is None or cell == "":
            numbers.append(None)
        elif isinstance(cell, (int, float)):
            numbers.append(float(cell))
        else:
            raise failure(
                f"text where a number is declared, in row {number:,}",
                "Correct the value, or declare the column as a string.",
                file=name,
                variable=column.name,
                values=(str(cell),),
            )
    return pa.array(numbers, pa.float64())


class _Document:
    """One JSON object in a file, walked through without holding it whole."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.blocks = _plain(path)
        self.decode = codecs.getincrementaldecoder("utf-8-sig")()
        self.parse = json.JSONDecoder().raw_decode
        self.text = ""
        self.at = 0
        self.ended = False

    def header(self) -> dict[str, Any]:
        """Everything but the rows."""
        found: dict[str, Any] = {}
        for key, value in self._members():
            if key == "rows":
                if "columns" in found:
                    break
                for _ in value:
                    pass
            else:
                found[key] = value
        return found

    def rows(self) -> Iterator[Any]:
        """The rows one by one, to the end of the file."""
        for key, value in self._members():
            if key == "rows":
                yield from value

    def _members(self) -> Iterator[tuple[str, Any]]:
        self._expect("{")
        if self._peek() == "}":
            return
        while True:
            key = self._value()
            self._expect(":")
            if key == "rows":
                yield key, self._elements()
            else:
                yield str(key), self._value()
            if self._next() == "}":
                return

    def _elements(self) -> Iterator[Any]:
        self._expect("[")
        if self._peek() == "]":
            self.at += 1
            return
        while True:
            yield self._value()
            if self._next() == "]":
                return

    def _more(self) -> bool:
        """Read on, and forget what was used; False at the end of the file."""
        if self.ended:
            return False
        block = next(self.blocks, None)
        try:
            fresh = self.decode.decode(block or b"", final=block is None)
        except UnicodeDecodeError as error:
            raise failure(
                f"its text is not in UTF-8 ({error.reason})",
                "Dataset-JSON is UTF-8: write it again.",
                file=self.name,
            ) from error
        self.ended = block is None
        self.text = self.text[self.at :] + fresh
        self.at = 0
        return not self.ended

    def _peek(self) -> str:
        while True:
            while self.at < len(self.text) and self.text[self.at] in " \t\r\n":
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                raise failure(
                    "the file is cut off, or is no JSON",
                    "Copy it again from where it came.",
                    file=self.name,
                )

    def _next(self) -> str:
        mark = self._peek()
        if mark not in ",]}":
            raise self._no_json()
        self.at += 1
        return mark

    def _expect(self, mark: str) -> None:
        if self._peek() != mark:
            raise self._no_json()
        self.at += 1

    def _value(self) -> Any:
        self._peek()
        while True:
            try:
                value, end = self.parse(self.text, self.at)
            except json.JSONDecodeError:
                if len(self.text) - self.at > _HEADER_LIMIT or not self._more():
                    raise self._no_json() from None
                continue
            # A number may go on in the next block.
            if end == len(self.text) and self._more():
                continue
            self.at = end
            return value

    def _no_json(self) -> IngestError:
        return failure(
            "this is no JSON, or the file is cut off",
            "Copy or write it again.",
            file=self.name,
            values=(self.text[self.at : self.at + 40],),
        )
