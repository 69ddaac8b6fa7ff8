"""The selection: which patients a figure is about. One frozen value for numerator and denominator.

It becomes the `population` step of every query (one row per selected patient of the analysis set,
with `group_label` and `group_order`), so all figures share their denominators.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from data.study import Filter, Grouping, Study

MISSING = "(missing)"
# The label of all groups together, in every query.
OVERALL = "All patients"


@dataclass(frozen=True)
class Selection:
    """Chosen values by filter key; a filter that is absent excludes no patient.

    `choices` and `ranges` are sorted by key, so equal selections are equal values.
    """

    analysis_set: str = ""
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ranges: tuple[tuple[str, tuple[float, float]], ...] = ()

    def chosen(self, key: str) -> tuple[str, ...]:
        """The values chosen for a filter; none where it is not set."""
        return dict(self.choices).get(key, ())

    def span(self, key: str) -> tuple[float, float] | None:
        """The range chosen for a filter, both limits included; None where it is not set."""
        return dict(self.ranges).get(key)

    @property
    def is_everybody(self) -> bool:
        """True where no patient filter is set."""
        return not self.choices and not self.ranges

    def with_choice(self, key: str, values: tuple[str, ...]) -> Selection:
        """The same selection with other values for one filter; no values clear the filter."""
        kept = {name: chosen for name, chosen in self.choices if name != key}
        if values:
            kept[key] = tuple(sorted(set(values)))
        return Selection(self.analysis_set, tuple(sorted(kept.items())), self.ranges)

    def with_range(self, key: str, span: tuple[float, float] | None) -> Selection:
        """The same selection with another range for one filter; None clears the filter."""
        kept = {name: chosen for name, chosen in self.ranges if name != key}
        if span is not None:
            kept[key] = span
        return Selection(self.analysis_set, self.choices, tuple(sorted(kept.items())))


def words(study: Study, selection: Selection) -> list[str]:
    """The active filters in words, one phrase each: "Dose: 1.0, 2.0 × 10^6 cells/kg"."""
    parts = []
    for item in study.filters:
        if chosen := selection.chosen(item.key):
            values = ", ".join(item.word(value) for value in chosen)
            times = "× " if item.unit.startswith("10^") else ""
            parts.append(f"{item.label}: {values} {times}{item.unit}".strip())
        if span := selection.span(item.key):
            parts.append(f"{item.label}: {span[0]:g}–{span[1]:g} {item.unit}".strip())
    return parts


def quoted(identifier: str) -> str:
    """A column name as a quoted SQL identifier, whatever characters it holds."""
    return '"' + identifier.replace('"', '""') + '"'


def value_sql(variable: str, decimals: int | None = None) -> str:
    """SQL for the text by which a choice filter compares a variable; `MISSING` for a missing value.

    decimals: how many a number is written with; as DuckDB writes it where it is None.
    """
    value = quoted(variable)
    if decimals is not None:
        value = f"cast({value} as decimal(18, {int(decimals)}))"
    return f"coalesce(cast({value} as varchar), '{MISSING}')"


def number_sql(variable: str) -> str:
    """SQL for the number by which a range filter compares a variable; other text is missing."""
    return f"try_cast({quoted(variable)} as double)"


def condition(
    study: Study, item: Filter, selection: Selection
) -> tuple[str, dict[str, Any]] | None:
    """The SQL condition of one filter with its bound parameters; None where it is not set.

    The names of its parameters start with the filter's position in the study, because two keys may
    differ only in characters that a name cannot hold.
    """
    key = re.sub(r"[^a-z0-9]+", "_", item.key.lower())
    name = f"filter_{study.filters.index(item)}_{key}"
    if item.kind == "range":
        span = selection.span(item.key)
        if span is None:
            return None
        sql = f"{number_sql(item.variable)} between ${name}_low and ${name}_high"
        return sql, {f"{name}_low": span[0], f"{name}_high": span[1]}
    chosen = selection.chosen(item.key)
    if not chosen:
        return None
    sql = f"list_contains(${name}, {value_sql(item.variable, item.decimals)})"
    return sql, {name: list(chosen)}


def population(
    study: Study, selection: Selection, group: Grouping | None
) -> tuple[str, dict[str, Any]]:
    """SQL and parameters of the `population` step: one row per selected patient.

    Columns: those of ADSL, `group_label` (text) and `group_order` (number or text). Patients
    outside the analysis set, such as screen failures, are in no denominator.
    """
    analysis_set = study.analysis_set(selection.analysis_set)
    wheres = [f"{quoted(analysis_set.variable)} = 'Y'"]
    params: dict[str, Any] = {}
    for item in study.filters:
        set_condition = condition(study, item, selection)
        if set_condition is not None:
            wheres.append(set_condition[0])
            params |= set_condition[1]
    if group is None:
        columns = f"'{OVERALL}' as group_label,\n    0 as group_order"
    else:
        # A group of the study that happens to have the label of all groups together.
        label = value_sql(group.variable, group.decimals)
        label = f"if({label} = '{OVERALL}', '{OVERALL} (one group)', {label})"
        columns = f"{label} as group_label,\n    {quoted(group.order)} as group_order"
    sql = f"select\n    *,\n    {columns}\nfrom adsl\nwhere\n    " + "\n    and ".join(wheres)
    return sql, params
