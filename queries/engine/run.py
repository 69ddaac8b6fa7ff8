"""Runs queries with DuckDB and keeps their rows.

Nothing is kept in the database: rows are kept by SQL text, parameters and the study's fingerprint,
so new data need no refresh.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd

from data.study import Study
from queries.engine.compose import Query, compose
from queries.engine.database import cursor
from queries.engine.selection import Selection
from queries.files import FOLDER, text


def fetch(query: Query) -> pd.DataFrame:
    """The rows of a query, from the files and not from the cache."""
    return cursor().execute(query.sql, query.bound).df()


@lru_cache(maxsize=512)
def _run(query: Query, _fingerprint: str) -> pd.DataFrame:
    return fetch(query)


def forget() -> None:
    """Empty the cache of rows."""
    _run.cache_clear()


def run(study: Study, query: Query) -> pd.DataFrame:
    """The rows of a query; cached by SQL text, parameters and the study's fingerprint.

    Each caller gets a copy: changing it changes nobody else's.
    """
    return _run(query, study.fingerprint).copy()


def query(
    study: Study,
    stem: str,
    selection: Selection = Selection(),
    *,
    group: str = "",
    definition: str = "",
    **params: Any,
) -> Query:
    """The complete query of `queries/<stem>.sql`, not yet run."""
    sql = text(FOLDER / f"{stem}.sql")
    return compose(study, sql, selection, group=group, definition=definition, params=params)


def rows(
    study: Study,
    stem: str,
    selection: Selection = Selection(),
    *,
    group: str = "",
    definition: str = "",
    **params: Any,
) -> pd.DataFrame:
    """The rows of `queries/<stem>.sql` for a study and a selection."""
    return run(study, query(study, stem, selection, group=group, definition=definition, **params))
