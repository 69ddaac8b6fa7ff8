"""The rows of a table one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def records(table: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table as named tuples: `row.USUBJID`, without the index."""
    return iter(table.itertuples(index=False))
