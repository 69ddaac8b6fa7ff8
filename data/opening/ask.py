"""How the data are asked: by whoever holds them, files or the tables of an import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

Ask: TypeAlias = Callable[[str, str, Mapping[str, Any]], list[tuple[Any, ...]]]
"""Dataset, SQL and its parameters to rows; none where the study does not have the dataset."""


def statement(stem: str) -> str:
    """The text of a query file of this folder."""
    return (Path(__file__).parent / f"{stem}.sql").read_text(encoding="utf-8")
