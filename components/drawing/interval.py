"""Intervals around a curve: error bars, or a band as a polygon."""

from __future__ import annotations

from collections.abc import Sequence

from components.drawing.canvas import Settings

# A number for each point of a curve; None where nothing is drawn.
Values = Sequence[float | None]


def error_bars(centre: Values, low: Values, high: Values, colour: str) -> Settings:
    """The settings of vertical error bars from `low` to `high`, which are values of the axis."""
    return {
        "type": "data",
        "symmetric": False,
        "array": _distances(centre, high),
        "arrayminus": _distances(low, centre),
        "thickness": 1,
        "width": 2,
        "color": colour,
    }


def _distances(below: Values, above: Values) -> list[float | None]:
    return [
        None if low is None or high is None else high - low
        for low, high in zip(below, above, strict=True)
    ]


def band(
    places: Sequence[float], low: Values, high: Values
) -> tuple[list[float | None], list[float | None]]:
    """X and y of a polygon around each unbroken run of intervals, with a gap between two runs.

    A run breaks at a place whose interval is None.
    """
    x: list[float | None] = []
    y: list[float | None] = []
    run: list[tuple[float, float, float]] = []

    def close() -> None:
        if run:
            x.extend([*(at for at, _, _ in run), *(at for at, _, _ in reversed(run)), None])
            y.extend([*(end for _, end, _ in run), *(end for _, _, end in reversed(run)), None])
            run.clear()

    for at, bottom, top in zip(places, low, high, strict=True):
        if bottom is None or top is None:
            close()
        else:
            run.append((at, bottom, top))
    close()
    return x, y
