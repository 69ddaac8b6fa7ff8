"""How long each figure takes to build, its parts apart; all of it uncached."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from inspect import isfunction
from statistics import median
from types import ModuleType
from typing import Any

from components import build as builder
from components.build import build, figures, frame_of, reason_against, requests
from components.options import option
from data.study import Study
from queries.engine import run as runner
from queries.engine.compose import Query
from queries.engine.selection import Selection

REPEATS = 15


def timed(work: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Median milliseconds of a piece of work."""
    found = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - began))
    return median(found)


class Statistics:
    """Milliseconds that figures spend in `components.stats`, apart from what they draw of it.

    While it is open, the functions that figure modules have imported from there are timed.
    """

    def __init__(self) -> None:
        self.spent = 0.0
        self._replaced: list[tuple[ModuleType, str, Any]] = []

    def __enter__(self) -> Statistics:
        for name, module in list(sys.modules.items()):
            if not name.startswith("components.figures."):
                continue
            for key, value in list(vars(module).items()):
                if isfunction(value) and value.__module__.startswith("components.stats."):
                    self._replaced.append((module, key, value))
                    setattr(module, key, self._timed(value))
        return self

    def __exit__(self, *_: object) -> None:
        for module, key, value in self._replaced:
            setattr(module, key, value)

    def _timed(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return work(*args, **named)
            finally:
                self.spent += 1000 * (time.perf_counter() - began)

        return timed


def drawn(work: Callable[[], Any], repeats: int = REPEATS) -> tuple[float, float]:
    """Median milliseconds of the statistics in a piece of work, and of the rest of it."""
    statistic, rest = [], []
    for _ in range(repeats):
        began = time.perf_counter()
        with Statistics() as statistics:
            work()
        statistic.append(statistics.spent)
        rest.append(1000 * (time.perf_counter() - began) - statistics.spent)
    return median(statistic), median(rest)


def measure(study: Study) -> list[list[str]]:
    """One row per figure: ms for queries, statistics, drawing, JSON and all together; and kB."""
    rows = []
    selection = Selection()
    for name, figure in figures().items():
        if reason_against(study, name):
            continue
        options = option.strict(figure.Options, study, {})
        queries = requests(study, name, selection, options)

        def fetch(queries: dict[str, tuple[str, Query]] = queries) -> dict[str, Any]:
            return {key: runner.fetch(query) for key, (_, query) in queries.items()}

        frame, fetched = frame_of(study, selection, options), fetch()

        def whole(name: str = name) -> None:
            builder.forget()
            runner.forget()
            build(study, name)

        built = build(study, name)
        statistic, drawing = drawn(partial(figure.draw, fetched, options, frame))
        rows.append(
            [
                name,
                f"{len(queries)}",
                f"{timed(fetch):.1f}",
                f"{statistic:.1f}",
                f"{drawing:.1f}",
                f"{timed(built.figure.to_json):.1f}",
                f"{timed(whole):.1f}",
                f"{len(built.figure.to_json()) / 1000:.0f}",
            ]
        )
    return rows
