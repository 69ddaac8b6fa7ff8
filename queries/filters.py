"""What each patient filter offers: its values, and how many patients have each.

A filter is one `[[filter]]` in `study.toml` and has no code of its own: `selection.condition` is
its SQL, `study_steps.filter_value` counts it, and this module reads the counts.
"""

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
    """One value of a filter: `n` patients under the other filters, `n_all` in the analysis set."""

    value: str
    n: int
    n_all: int


@dataclass(frozen=True)
class Offer:
    """What a filter offers: `options` of a choice, or `low` and `high`, the limits of a range.

    `n`: patients under the other filters who have a value, and for a range lie within it.
    `n_missing`: patients of the analysis set without a value, whom a range leaves out.
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

    A filter whose variable is missing for every patient offers nothing and is left out. Cached by
    selection and by the study with its fingerprint: every run of every session asks for it.
    """
    if not study.filters:
        return MappingProxyType({})
    counts = rows(study, "filter_counts", selection)
    offered = {
        item.key: _offer(item, counts[counts["filter_key"] == item.key]) for item in study.filters
    }
    return MappingProxyType({key: offer for key, offer in offered.items() if offer is not None})


def _offer(item: Filter, counts: pd.DataFrame) -> Offer | None:
    """What one filter offers, from its rows of `filter_counts`; None where it offers nothing."""
    if item.kind == "range":
        limits = next(records(counts.dropna(subset=["low"])), None)
        if limits is None:
            return None
        return Offer(
            item,
            options=(),
            low=float(limits.low),
            high=float(limits.high),
            n=int(limits.n),
            n_missing=int(limits.n_missing),
        )
    options = tuple(
        FilterOption(str(row.option_value), int(row.n), int(row.n_all)) for row in records(counts)
    )
    if all(option.value == MISSING for option in options):
        return None
    return Offer(item, options, low=None, high=None, n=sum(option.n for option in options))
