"""The one in-memory database of the process: it holds no data, and reads the Parquet files."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

import duckdb

_LOCK = Lock()


@lru_cache(maxsize=1)
def _database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    connection.execute("set threads = 4")
    connection.execute("set parquet_metadata_cache = true")
    return connection


def cursor() -> duckdb.DuckDBPyConnection:
    """A cursor for one call: a shared connection fails under concurrent threads."""
    with _LOCK:
        return _database().cursor()
