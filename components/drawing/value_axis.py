"""The value axis, linear or logarithmic: its ends, its ticks, and reference lines across it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from components.drawing.canvas import Canvas, Settings
from components.drawing.grid import Cell

Ends = tuple[float, float]

# Dashes as long as the gaps between them, and what a footnote calls them.
REFERENCE_DASH, REFERENCE_LINES = "3px,3px", "Dashed lines"
REFERENCE = "#7b8794"


def value_ends(
    values: Iterable[float],
    *,
    is_log: bool,
    references: Sequence[float] = (),
    centres: Iterable[float] = (),
) -> Ends:
    """The lowest and the highest value of an axis, in its own unit, with some room.

    Args:
        values: all that is drawn; NaN is passed over.
        is_log: whether the axis is logarithmic.
        references: reference lines that are to be seen.
        centres: what the intervals are drawn around. An interval may reach below zero, where a log
            axis has no place for it: the axis then begins at a third of the lowest centre.
    """
    drawn = [value for value in values if not math.isnan(value)]
    low, high = min(drawn), max(drawn)
    if references:
        high = max(high, max(references) * 1.05)
    if is_log:
        lowest = low if low > 0 else min((centre / 3 for centre in centres), default=math.nan)
        if math.isnan(lowest):
            lowest = min(value for value in drawn if value > 0)
        return lowest / 1.15, high * 1.15
    gap = 0.05 * (high - min(low, 0) or 1)
    return (min(low - gap, 0) if low < 0 else 0, high + gap)


def value_axis(ends: Ends, *, is_log: bool, references: Sequence[float] = ()) -> Settings:
    """The settings of an axis between two values: range, and ticks where it is logarithmic."""
    if not is_log:
        return {"range": list(ends)}
    ticks = log_ticks(ends, references)
    return {
        "range": [math.log10(end) for end in ends],
        "type": "log",
        "tickvals": ticks,
        "ticktext": [f"{value:g}" for value in ticks],
        "showgrid": False,
    }


def log_ticks(ends: Ends, references: Sequence[float] = ()) -> list[float]:
    """Ticks of a log axis: the reference lines, and steps of 1, 2, 5 that stand clear of them.

    An axis too short for three of them gets even steps.
    """
    low, high = ends
    factors = (1, 3) if references else (1, 2, 5)
    steps = [factor * 10.0**power for power in range(-3, 6) for factor in factors]
    apart = [
        step
        for step in steps
        if low <= step <= high and all(abs(math.log10(step / line)) > 0.15 for line in references)
    ]
    if len(apart) + len(references) >= 3:
        return sorted([*apart, *references])
    # The largest of 1, 2 or 5 times a power of ten that fits three times.
    power = 10.0 ** math.floor(math.log10((high - low) / 3))
    step = max(factor * power for factor in (1, 2, 5) if 3 * factor * power <= high - low)
    return [step * count for count in range(math.ceil(low / step), math.floor(high / step) + 1)]


def reference_lines(canvas: Canvas, cell: Cell, values: Iterable[float]) -> None:
    """Draw a dashed line across a cell at each value, behind all marks."""
    for value in values:
        canvas.shape(
            type="line",
            xref=f"{cell.x} domain",
            x0=0,
            x1=1,
            yref=cell.y,
            y0=value,
            y1=value,
            layer="below",
            line={"color": REFERENCE, "width": 1.2, "dash": REFERENCE_DASH},
        )
