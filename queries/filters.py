"""What each patient filter offers: its values, and the patients of each under the other filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import pandas as pd

from data.study import Filter, Study
from queries.engine.records import records
from queries.engine.run import rows
from queries.engine.selection import MISSING, Selection


@dataclass(frozen=True)
class FilterOption:
    """One value of a filter: patients under the other filters, and in the analysis set."""

    value: str
    n: int
    n_all: int


@dataclass(frozen=True)
class Offer:
    """What a filter offers. `low` and `high` are the ends of a range.

    `n`: the patients under the other filters who have a value, of a range those who lie in it.
    `n_missing`: the patients of the analysis set who have none, whom a range leaves out.
    """

    filter: Filter
    options: tuple[FilterOption, ...]
    low: float | None
    high: float | None
    n: int
    n_missing: int = 0


@lru_cache(maxsize=512)
def offers(study: Study, selection: Selection) -> Mapping[str, Offer]:
    """Filter key -> what it offers under the other filters of the selection.

    A filter whose variable has nothing but missing values offers nothing and is left out. Kept by
    selection and by the study with its fingerprint: every run of every session asks for it.
    """
    if not study.filters:
        return MappingProxyType({})
    counts = rows(study, "filter_counts", selection)
    found = {}
    for item in study.filters:
        own = counts[counts["filter_key"] == item.key]
        if item.kind == "range":
            if own.empty or pd.isna(own["low"].iloc[0]):
                continue
            row = own.iloc[0]
            found[item.key] = Offer(
                item,
                (),
                float(row["low"]),
                float(row["high"]),
                int(row["n"]),
                int(row["n_missing"]),
            )
            continue
        values = tuple(
            FilterOption(str(row.option_value), int(row.n), int(row.n_all)) for row in records(own)
        )
        if any(value.value != MISSING for value in values):
            found[item.key] = Offer(item, values, None, None, sum(value.n for value in values))
    return MappingProxyType(found)
