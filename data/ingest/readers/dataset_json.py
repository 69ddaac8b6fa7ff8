"""CDISC Dataset-JSON 1.1: `.json`, `.ndjson` and compressed `.dsjc`, read as a stream.

Source: https://cdisc-org.github.io/DataExchange-DatasetJson/doc/dataset-json1-1.html and
compressed-dataset-json1-1.html. A compressed file is NDJSON in a zlib stream; gzip streams of the
same name exist as well, and both are read. ijson reads a document, orjson a line.
"""

from __future__ import annotations

import io
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import ijson
import orjson

from data.ingest.readers import Opened
from data.ingest.readers.json_rows import opened
from data.ingest.report import IngestError, failure

_BLOCK = 64 * 1024
_LINE_LIMIT = 64 * 1024 * 1024
_HEADER = ("name", "label", "records", "columns")


def open_json(path: Path, name: str, encoding: str) -> Opened:
    """A Dataset-JSON file: one object whose `rows` are read one by one."""
    return opened("Dataset-JSON", name, _header(path, name), partial(_rows, path, name))


def open_ndjson(path: Path, name: str, encoding: str) -> Opened:
    """A Dataset-NDJSON file: the metadata in the first line, then one row per line."""
    return _opened_lines("Dataset-NDJSON", name, lambda: path.open("rb"))


def open_compressed(path: Path, name: str, encoding: str) -> Opened:
    """A compressed Dataset-JSON file (.dsjc)."""

    def stream() -> BinaryIO:
        return io.BufferedReader(_Inflated(path, name), _BLOCK)

    return _opened_lines("compressed Dataset-JSON", name, stream)


def _header(path: Path, name: str) -> dict[str, Any]:
    """The members that describe the rows, wherever they stand; the rows are read past."""
    members: dict[str, Any] = defaultdict(ijson.ObjectBuilder)
    member = ""
    with _document(path) as file:
        try:
            for prefix, event, value in ijson.parse(file, use_float=True):
                if not prefix:
                    member = value if event == "map_key" else ""
                elif member in _HEADER:
                    members[member].event(event, value)
                elif member == "rows" and "columns" in members:
                    break
        except ijson.JSONError as error:
            raise _invalid_json(name, error) from error
    return {key: builder.value for key, builder in members.items()}


def _rows(path: Path, name: str) -> Iterator[Any]:
    """The rows one by one, to the end of the document."""
    with _document(path) as file:
        try:
            yield from ijson.items(file, "rows.item", use_float=True)
        except ijson.JSONError as error:
            raise _invalid_json(name, error) from error


def _document(path: Path) -> BinaryIO:
    """The file, read from behind its byte order mark if it has one."""
    file = path.open("rb")
    if file.read(3) != b"\xef\xbb\xbf":
        file.seek(0)
    return file


def _opened_lines(kind: str, name: str, stream: Callable[[], BinaryIO]) -> Opened:
    def lines() -> Iterator[Any]:
        with stream() as file:
            for number, line in enumerate(iter(partial(file.readline, _LINE_LIMIT), b""), start=1):
                if len(line) == _LINE_LIMIT:
                    raise failure(
                        "a line is longer than 64 MB", "Write one row per line.", file=name
                    )
                if number == 1 or line.strip():
                    try:
                        yield orjson.loads(line)
                    except orjson.JSONDecodeError as error:
                        raise _invalid_json(name, error, f"line {number:,}: ") from error

    def rows() -> Iterator[Any]:
        held = lines()
        next(held)
        return held

    return opened(kind, name, next(lines(), None), rows)


def _invalid_json(name: str, error: Exception, where: str = "") -> IngestError:
    """Why JSON could not be read, in words. orjson sees a truncated line as any other mistake."""
    reason = str(error).strip().splitlines()[0].removeprefix("b'")
    if any(word in reason.lower() for word in ("utf8", "utf-8", "surrogates")):
        return failure(f"{where}not in UTF-8", "Save it in UTF-8: Dataset-JSON must be.", file=name)
    if "premature EOF" in reason or "unexpected end of data" in reason:
        return failure(f"{where}file is truncated", "Copy it again from its source.", file=name)
    return failure(f"{where}not valid JSON ({reason})", "Copy or export it again.", file=name)


class _Inflated(io.RawIOBase):
    """The content of a zlib or gzip stream, unpacked no faster than it is read."""

    def __init__(self, path: Path, name: str) -> None:
        self.file = path.open("rb")
        self.name = name
        self.decoder = _decoder()

    def readable(self) -> bool:
        """True: it can be read, and nothing else."""
        return True

    def close(self) -> None:
        """Close the compressed file."""
        self.file.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        """Put some bytes into the buffer; how many, 0 at the end of the stream."""
        content = b""
        while not content:
            if self.decoder.eof:
                # gzip streams may be joined, and blocks filled up with zeros.
                packed = (self.decoder.unused_data or self.file.read(_BLOCK)).lstrip(b"\0")
                if not packed:
                    return 0
                self.decoder = _decoder()
            else:
                packed = self.decoder.unconsumed_tail or self.file.read(_BLOCK)
            content = self._content(packed, len(buffer))
            if not (content or packed):
                raise failure("file is truncated", "Copy it again from its source.", file=self.name)
        buffer[: len(content)] = content
        return len(content)

    def _content(self, packed: bytes, most: int) -> bytes:
        try:
            content: bytes = self.decoder.decompress(packed, most)
        except zlib.error as error:
            raise failure(
                f"not compressed Dataset-JSON ({error})",
                "Compress the NDJSON file with zlib, or give it uncompressed as .ndjson.",
                file=self.name,
            ) from error
        return content


def _decoder() -> Any:
    """A decompressor of zlib and gzip streams."""
    return zlib.decompressobj(wbits=47)
