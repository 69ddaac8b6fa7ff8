"""What every figure is told about the study and the selection, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.drawing.theme import DASHES, PALETTE, SYMBOLS, TOGETHER
from components.wording import unit_text
from data.study import BaselineRow, FlowStep, Grouping, Study
from queries.engine.records import records
from queries.engine.selection import Selection


@dataclass(frozen=True)
class Level:
    """One group of patients: its name, fixed look, and patients before and after the filters."""

    label: str
    colour: str
    symbol: str
    dash: str
    n_all: int
    n: int


@dataclass(frozen=True)
class Frame:
    """The study, the selection, and the groups with their denominators."""

    study: Study
    selection: Selection
    group: Grouping | None
    levels: tuple[Level, ...]

    @property
    def n(self) -> int:
        """Selected patients."""
        return sum(level.n for level in self.levels)

    @property
    def n_all(self) -> int:
        """Patients of the analysis set."""
        return sum(level.n_all for level in self.levels)

    @property
    def shown(self) -> tuple[Level, ...]:
        """The groups that have a selected patient."""
        return tuple(level for level in self.levels if level.n)

    @property
    def group_title(self) -> str:
        """The name of the grouping with its unit, for an axis."""
        if self.group is None:
            return ""
        unit = f" ({unit_text(self.group.unit)})" if self.group.unit else ""
        return f"{self.group.label}{unit}"

    def level(self, label: str) -> Level:
        """The group of that name."""
        return next(level for level in self.levels if level.label == label)


def levels(everybody: pd.DataFrame, selected: pd.DataFrame, *, together: bool) -> tuple[Level, ...]:
    """The groups in their order. A group keeps its colour, symbol and dash whatever is filtered.

    Args:
        everybody: rows of `group_sizes` for the whole analysis set.
        selected: the same for the selection.
        together: there is only the one group of all patients.
    """
    n = dict(zip(selected["group_label"], selected["n_patients"], strict=True))
    found = []
    for index, row in enumerate(records(everybody)):
        place = index % len(PALETTE)
        found.append(
            Level(
                str(row.group_label),
                TOGETHER if together else PALETTE[place],
                SYMBOLS[place],
                "solid" if together else DASHES[place],
                int(row.n_patients),
                int(n.get(row.group_label, 0)),
            )
        )
    return tuple(found)


def unpublished(items: tuple[BaselineRow, ...] | tuple[FlowStep, ...]) -> tuple[str, ...]:
    """A sentence that names the lines of which nothing is published; none where there are none."""
    named = [unit_text(item.label) for item in items if item.simulated]
    return (f"Simulated, with no published number: {', '.join(named)}.",) if named else ()


@dataclass(frozen=True)
class Drawing:
    """A drawn figure without its title and footnote, and everything that is said about it.

    `subtitle` and `notes` are plain text; the build makes them safe for where they go. `table` is
    the table twin: every number of the figure, with n, N, percent and interval as columns.
    `top`, `bottom` (pixels) and `legend` (rows) are the room the drawing needs around its plot.
    `filtered` is false where the selection does not act.
    """

    figure: go.Figure
    title: str
    subtitle: str
    notes: tuple[str, ...]
    alt: str
    table: pd.DataFrame
    method: str = ""
    top: int = 8
    bottom: int = 46
    legend: int = 0
    filtered: bool = True


@dataclass(frozen=True)
class Request:
    """Rows a figure needs: a query file's stem, its parameters, the definition it judges by."""

    stem: str
    params: tuple[tuple[str, Any], ...] = ()
    definition: str = ""
    everybody: bool = False

    @staticmethod
    def of(stem: str, *, definition: str = "", everybody: bool = False, **params: Any) -> Request:
        """A request with its parameters by name."""
        return Request(stem, tuple(sorted(params.items())), definition, everybody)
