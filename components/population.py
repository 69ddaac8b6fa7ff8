"""The selected patients in their groups: what every number of a figure is a number of."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from components.drawing.theme import DASHES, PALETTE, SYMBOLS, TOGETHER
from components.wording import unit_text
from data.study import BaselineRow, FlowStep, Grouping, Study
from queries.engine.records import records
from queries.engine.selection import Selection


@dataclass(frozen=True)
class Group:
    """One group of patients: its name, fixed look, and patients before and after the filters."""

    label: str
    colour: str
    symbol: str
    dash: str
    n_all: int
    n: int


@dataclass(frozen=True)
class Population:
    """The study, the selection, and the groups with their denominators."""

    study: Study
    selection: Selection
    grouping: Grouping | None
    groups: tuple[Group, ...]

    @property
    def n(self) -> int:
        """Selected patients."""
        return sum(group.n for group in self.groups)

    @property
    def n_all(self) -> int:
        """Patients of the analysis set."""
        return sum(group.n_all for group in self.groups)

    @property
    def shown(self) -> tuple[Group, ...]:
        """The groups that have a selected patient."""
        return tuple(group for group in self.groups if group.n)

    @property
    def grouping_title(self) -> str:
        """The name of the grouping with its unit, for an axis; empty without one."""
        if self.grouping is None:
            return ""
        unit = f" ({unit_text(self.grouping.unit)})" if self.grouping.unit else ""
        return f"{self.grouping.label}{unit}"

    def group(self, label: str) -> Group:
        """The group of that name.

        Raises:
            KeyError: there is no such group.
        """
        for group in self.groups:
            if group.label == label:
                return group
        raise KeyError(f"no group {label!r}")


def groups(everybody: pd.DataFrame, selected: pd.DataFrame, *, together: bool) -> tuple[Group, ...]:
    """The groups in their order. A group keeps its colour, symbol and dash whatever is filtered.

    Args:
        everybody: rows of `group_sizes` for the whole analysis set.
        selected: the same for the selection.
        together: there is only the one group of all patients.
    """
    n = dict(zip(selected["group_label"], selected["n_patients"], strict=True))
    looks = [
        (PALETTE[place], SYMBOLS[place], DASHES[place])
        for place in (index % len(PALETTE) for index in range(len(everybody)))
    ]
    return tuple(
        Group(
            str(row.group_label),
            TOGETHER if together else colour,
            symbol,
            "solid" if together else dash,
            int(row.n_patients),
            int(n.get(row.group_label, 0)),
        )
        for row, (colour, symbol, dash) in zip(records(everybody), looks, strict=True)
    )


def unpublished(items: tuple[BaselineRow, ...] | tuple[FlowStep, ...]) -> tuple[str, ...]:
    """A sentence that names the lines of which nothing is published; none where there are none."""
    labels = [unit_text(item.label) for item in items if item.simulated]
    return (f"Simulated, with no published number: {', '.join(labels)}.",) if labels else ()
