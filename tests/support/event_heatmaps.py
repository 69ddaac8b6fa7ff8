"""What the tests of both adverse-event heatmaps read and recount.

The events are counted here from the Parquet rows in plain Python; no query is used, save that a
click is answered by the query that answers it on the page.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pandas as pd
import pytest

from components.build import Built, figure
from components.drawing.mark import Mark
from components.options.events import event_params
from components.options.option import strict
from data.study import Study
from queries.engine.run import rows
from queries.engine.selection import Selection
from tests.support import reference
from tests.support.reading import NOTHING, cells, heatmap, number, plain, select, ticks
from tests.support.reference import EventFilter

ALL = "All patients"
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"emergent": "false"},
    {"grade": "2"},
    {"grade": "3", "emergent": "false"},
    {"serious": "true"},
    {"related": "true"},
    {"search": "head"},
    {"onset_from": "2"},
    {"onset_from": "1", "onset_to": "4", "emergent": "false"},
)
GROUPS = ("cohort", "dose", "phase", "all")
SELECTIONS = {
    "embedded": (NOTHING, select(dose="2.0"), select(sex="F", age=(33, 47))),
    "tiny": (NOTHING, select(dose="2.0|(missing)"), select(phase="Expansion")),
}


def cases(shown: tuple[dict[str, str], ...]) -> list[Any]:
    """Study, selection and options as parameters: every event filter, the rest taking turns."""
    found = []
    for (turn, name), (index, filters) in product(
        enumerate(("tiny", "embedded")), enumerate(FILTERS)
    ):
        texts = filters | shown[(index + turn) % len(shown)] | {"group": GROUPS[(index + turn) % 4]}
        chosen = SELECTIONS[name][(index + 2 * turn) % 3]
        found.append(
            pytest.param(name, chosen, texts, id=f"{name}-{'-'.join(map('='.join, texts.items()))}")
        )
    return found


def event_filter(texts: dict[str, str]) -> EventFilter:
    """The event filters of the options."""
    return EventFilter(
        min_grade=int(texts.get("grade", 0)),
        only_emergent=texts.get("emergent", "true") == "true",
        only_serious=texts.get("serious") == "true",
        only_related=texts.get("related") == "true",
        search=texts.get("search", ""),
        onset_from=int(texts.get("onset_from", 0)),
        onset_to=int(texts.get("onset_to", 0)),
    )


def events(study: Study, selection: Selection, texts: dict[str, str]) -> list[dict[str, Any]]:
    """The events that pass, each with the group of its patient."""
    groups = groups_of(study, selection, texts)
    return [
        row | {"group": groups[row["USUBJID"]]}
        for row in reference.events(study, selection, event_filter(texts))
    ]


def groups_of(study: Study, selection: Selection, texts: dict[str, str]) -> dict[str, str]:
    """Patient -> group, of everybody selected."""
    return {
        row["USUBJID"]: reference.group_of(study, texts["group"], row)
        for row in reference.population(study, selection)
    }


def grid(built: Built) -> tuple[list[list[float | None]], list[list[str]]]:
    """Values and texts of the heatmap's cells, by line, without the gaps between columns."""
    trace = heatmap(built)
    widths = [right - left for left, right in zip(trace.x, trace.x[1:], strict=False)]
    kept = [index for index, width in enumerate(widths) if width > 0.9]
    for line in trace.z:
        assert all(number(line[i]) is None for i in range(len(widths)) if i not in kept)
    values = [[number(line[i]) for i in kept] for line in trace.z]
    return values, [[plain(line[i] or "") for i in kept] for line in trace.text]


def lines(built: Built) -> list[str]:
    """The labels at the left, from top to bottom."""
    axis = built.figure.layout.yaxis
    assert list(axis.range) == [len(axis.ticktext) - 0.5, -0.5]
    return [label.replace("\n", " ") for label in ticks(axis)]


def grade_or_none(value: Any) -> int | None:
    """A grade of a table; None where none was recorded."""
    return None if pd.isna(value) else int(value)


def is_empty(built: Built) -> bool:
    """Whether no heatmap is drawn."""
    return not any(trace.type == "heatmap" for trace in built.figure.data)


def marks_of(built: Built) -> list[Mark]:
    """What each cell of the click layer stands for, line by line."""
    marks = [Mark.read(data) for data in cells(built).customdata]
    assert None not in marks
    return [mark for mark in marks if mark is not None]


def inside(row: dict[str, Any], target: Mark) -> bool:
    """Whether an event belongs to a cell."""
    return (
        (target.line not in {"class", "term"} or row["AEBODSYS"] == target.AEBODSYS)
        and (target.line != "term" or row["AEDECOD"] == target.AEDECOD)
        and (target.group is None or row["group"] == target.group)
    )


def listed(study: Study, name: str, texts: dict[str, str], target: Mark) -> pd.DataFrame:
    """The list that a click on a cell opens."""
    options = strict(figure(name).options, study, texts)
    return rows(
        study,
        "adverse_event_list",
        group=options.group,
        **event_params(options)
        | {
            "class": target.AEBODSYS,
            "term": target.AEDECOD,
            "cell_group": target.group,
            "patient": target.USUBJID,
        },
    )
