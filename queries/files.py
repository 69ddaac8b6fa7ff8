"""The query files beside this module as text; no DuckDB needed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
# The project's folder: what a reader's paths start from.
ROOT = FOLDER.parent


@cache
def _file(path: Path, _mtime_ns: int) -> str:
    return path.read_text(encoding="utf-8").strip().rstrip(";")


def text(path: Path) -> str:
    """The text of a query file, read again only when it changed."""
    return _file(path, path.stat().st_mtime_ns)
