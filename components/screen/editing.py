"""A table that a person edits, as what was changed in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st


class UnusableError(ValueError):
    """A correction that cannot be used as it was typed; the message says what to type."""


def edited(rows: pd.DataFrame, key: str, alt: str, **columns: Any) -> list[tuple[Any, Any]]:
    """A table of which the named columns can be changed; each row as shown and as it is now."""
    frame = st.data_editor(
        rows,
        key=key,
        alt=alt,
        hide_index=True,
        column_config=columns,
        disabled=[str(column) for column in rows if column not in columns],
    )
    before, after = rows.to_dict("records"), frame.to_dict("records")
    return [(old, new) for old, new in zip(before, after, strict=True) if not _same(old, new)]


def _same(old: Mapping[Any, Any], new: Mapping[Any, Any]) -> bool:
    return all(cell_text(old[name]) == cell_text(new[name]) for name in old)


def cell_text(value: Any) -> str:
    """A cell as text; an empty one is ""."""
    return "" if value is None or value != value else str(value).strip()
