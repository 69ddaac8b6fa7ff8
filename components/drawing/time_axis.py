"""The time axis: where visits and weeks stand, their labels, and numbers of patients below them.

A `Calendar` says where a visit or a study day stands; `time_axis` makes the settings of an axis
from places and labels, and from a `CountRow` for each row of numbers below it.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from components.drawing.canvas import Canvas, Settings
from components.drawing.grid import Cell
from components.drawing.text import width
from components.drawing.theme import word_colour
from components.escape import plotly_text


@dataclass(frozen=True)
class Calendar:
    """Where visits and study days stand on the time axis.

    kind: "day" where places are study days, "week" where they are weeks since day 1, "order" where
    visits stand one after the other. labels: place -> label of its tick, in order; none on an axis
    of study days. places: slot of a visit -> place, where they differ.
    """

    kind: Literal["day", "week", "order"]
    labels: Mapping[float, str]
    places: Mapping[float, float]

    @property
    def title(self) -> str:
        """What the time axis counts."""
        return {"day": "Study day", "week": "Week", "order": "Visit"}[self.kind]

    @property
    def has_days(self) -> bool:
        """Whether a study day has a place; not where visits only have an order."""
        return self.kind != "order"

    def place(self, slot: float) -> float:
        """The place of a slot: AVISITN of a visit, a week, or a study day."""
        return self.places.get(slot, slot)

    def place_of_day(self, day: float) -> float:
        """The place of a study day; there is no day 0.

        Raises:
            ValueError: visits only have an order.
        """
        if not self.has_days:
            raise ValueError("a study day has no place among visits that only have an order")
        return day if self.kind == "day" else (day - (1 if day > 0 else 0)) / 7

    def ends(self, places: Iterable[float]) -> tuple[float, float]:
        """The ends of an axis that shows these places, with some room on both sides."""
        shown = list(places)
        low, high = min(shown), max(shown)
        room = 0.02 * (high - low or 1) + (2 if self.kind == "day" else 0.4)
        return low - room, high + room


def study_days() -> Calendar:
    """A time axis of study days, with Plotly's own ticks."""
    return Calendar("day", {}, {})


def study_weeks(weeks: Iterable[float]) -> Calendar:
    """A time axis of weeks since day 1, with a tick at each of these."""
    return Calendar("week", {week: f"{week:g}" for week in weeks}, {})


def visits(names: Mapping[float, str]) -> Calendar:
    """The time axis for these visits (slot, which is AVISITN -> name, in order).

    Visits called "Week 4" at slot 4 stand in weeks, and so does what lies between them; a visit
    beyond the last week ("End of Treatment", 99) stands behind it. Where visits are not numbered by
    weeks, they stand one after the other.
    """
    slots = list(names)
    weeks = [slot for slot in slots if names[slot].strip().lower() == f"week {slot:g}"]
    after_start = [slot for slot in slots if slot > 0 and float(slot).is_integer()]
    if 2 * len(weeks) < len(after_start):
        places = {slot: float(index) for index, slot in enumerate(slots)}
        return Calendar("order", {places[slot]: names[slot] for slot in slots}, places)
    last = max(weeks, default=0.0)
    step = max(1.0, (last - min(slots, default=0.0)) / 14)
    beyond = [slot for slot in slots if slot > last and not last < slot < last + 1]
    places = {slot: last + step * (index + 1) for index, slot in enumerate(beyond)}
    labels = {
        places.get(slot, slot): names[slot] if slot in places else f"{slot:g}"
        for slot in slots
        if float(slot).is_integer()
    }
    return Calendar("week", labels, places)


@dataclass(frozen=True)
class CountRow:
    """A row of numbers of patients below the axis: its colour, and n by place; 0 where none is."""

    colour: str
    counts: Mapping[float, int]


def time_axis(
    labels: Mapping[float, str],
    ends: tuple[float, float],
    pixels: float,
    *,
    rows: Sequence[CountRow] = (),
    largest: int = 0,
    is_panel: bool = False,
) -> Settings:
    """The settings of a time axis: its range, and tick labels with the rows of n below them.

    Args:
        labels: place -> label as plain text, in order; Plotly makes the ticks where there is none.
        ends: the lowest and the highest place.
        pixels: the width of the axis.
        rows: the rows of n, from top to bottom.
        largest: the largest n of the whole figure, so that all panels have one size of type.
        is_panel: whether it is one of several panels, which have smaller type and fewer labels.
    """
    settings: Settings = {"range": list(ends), "showgrid": False}
    if not labels:
        return settings
    pixel = pixels / (ends[1] - ends[0])
    size = 12.0 if not rows else 11.0 if not is_panel else 10.0
    named = _apart(_thinned(labels, with_counts=bool(rows), is_panel=is_panel), size, pixel)
    if not rows:
        return settings | {
            "tickvals": list(named),
            "ticktext": list(named.values()),
            "tickangle": 0,
        }
    return settings | {
        "tickvals": list(labels),
        "ticktext": _counted(list(labels), named, rows, _count_size(labels, largest, size, pixel)),
        "tickangle": 0,
        "tickfont": {"size": size},
    }


def _thinned(labels: Mapping[float, str], *, with_counts: bool, is_panel: bool) -> dict[float, str]:
    """Every second or fourth of the labels that are numbers, where there are many; all names."""
    every = math.ceil(len(labels) / (8 if is_panel else 15))
    if with_counts:
        every = 1 if len(labels) <= 15 else 2 if not is_panel else 4
    return {
        place: _two_lines(label)
        for place, label in labels.items()
        if not label.lstrip("-").isdigit() or place % every == 0
    }


def _two_lines(label: str) -> str:
    """A visit's name on at most two short lines, safe for Plotly."""
    return "<br>".join(plotly_text(line) for line in textwrap.wrap(label, 9)[:2]) or " "


def _apart(labels: Mapping[float, str], size: float, pixel: float) -> dict[float, str]:
    """The labels that stand clear of the one before, by place; `pixel`: those of one unit."""
    kept: dict[float, str] = {}
    edge = -math.inf
    for place, label in labels.items():
        half = max(width(line, size) for line in label.split("<br>")) / 2
        if place * pixel - half > edge:
            kept[place] = label
            edge = place * pixel + half + 3
    return kept


def _count_size(places: Iterable[float], largest: int, size: float, pixel: float) -> float:
    """The size of type of counts: smaller where those of several digits stand close together."""
    gap = min((later - sooner for sooner, later in pairwise(places)), default=1)
    return max(5.5, min(size, gap * pixel / (0.56 * len(str(largest)) + 0.35)))


def _counted(
    places: Sequence[float], named: Mapping[float, str], rows: Sequence[CountRow], size: float
) -> list[str]:
    """Tick labels with the rows of n below them, all beginning at one height."""
    tallest = max((label.count("<br>") for label in named.values()), default=0)
    texts = []
    for place in places:
        label = named.get(place, " ")
        counts = [
            f"<span style='color:{word_colour(row.colour)};font-size:{size:.3g}px'>"
            f"{row.counts.get(place, 0)}</span>"
            for row in rows
        ]
        texts.append("<br>".join([label + "<br> " * (tallest - label.count("<br>")), *counts]))
    return texts


def room_below(labels: Iterable[str], rows: int) -> int:
    """Pixels that the labels, the rows of n and the title of a time axis need below it."""
    lines = max((_two_lines(label).count("<br>") for label in labels), default=0)
    return 13 * lines + (44 + 14 * rows if rows else 46)


def vertical_lines(canvas: Canvas, cell: Cell, places: Iterable[float], colour: str) -> None:
    """Draw a line down a cell at each place, behind all marks."""
    for place in sorted(set(places)):
        canvas.shape(
            type="line",
            xref=cell.x,
            x0=place,
            x1=place,
            yref=f"{cell.y} domain",
            y0=0,
            y1=1,
            layer="below",
            line={"color": colour, "width": 2},
        )
