"""Rows of a frame one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame as named tuples: `row.USUBJID`, without the index."""
    return iter(frame.itertuples(index=False))
