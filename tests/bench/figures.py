"""How long each figure takes to build, in total and by part; nothing is cached."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from components import build as builder
from components.build import build, figures, population, reason_against, requests
from components.options import option
from data.study import Study
from queries.engine import run as runner
from queries.engine.compose import Query
from queries.engine.selection import Selection

REPEATS = 15


def timed(work: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Median milliseconds of a piece of work."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return median(times)


def measure(study: Study) -> list[list[str]]:
    """One row per figure: ms for queries, summary, drawing, JSON and all together; and kB."""
    rows = []
    selection = Selection()
    for name, figure in figures().items():
        if reason_against(study, name):
            continue
        options = option.strict(figure.options, study, {})
        queries = requests(study, name, selection, options)

        def fetch(queries: dict[str, tuple[str, Query]] = queries) -> dict[str, Any]:
            return {key: runner.fetch(query) for key, (_, query) in queries.items()}

        patients, fetched = population(study, selection, options), fetch()
        summary = figure.summarise(fetched, options, patients)

        def whole(name: str = name) -> None:
            builder.forget()
            runner.forget()
            build(study, name)

        built = build(study, name)
        rows.append(
            [
                name,
                f"{len(queries)}",
                f"{timed(fetch):.1f}",
                f"{timed(partial(figure.summarise, fetched, options, patients)):.1f}",
                f"{timed(partial(figure.draw, summary)):.1f}",
                f"{timed(built.figure.to_json):.1f}",
                f"{timed(whole):.1f}",
                f"{len(built.figure.to_json()) / 1000:.0f}",
            ]
        )
    return rows
