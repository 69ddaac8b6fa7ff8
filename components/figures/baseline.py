"""The baseline table: characteristics of the selected patients by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from components.drawing.canvas import Canvas
from components.drawing.theme import GRID, HEIGHT, INK
from components.escape import plotly_text
from components.figure import Drawing, Figure, Request, Rows, Summary
from components.options import shared
from components.options.option import Options, choice
from components.population import Population, unpublished
from components.wording import number_text, percent_text, unit_text
from data.study import Study
from queries.engine.records import records
from queries.engine.selection import OVERALL

TITLE = "Baseline characteristics"


@dataclass(frozen=True)
class BaselineOptions(Options):
    """What a reader can choose."""

    group: str = choice("By", shared.groupings, prominent=True)


@dataclass(frozen=True)
class Line:
    """A line of the table: a head of its own, or one of the categories under a head."""

    label: str
    is_head: bool
    cells: tuple[str, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class BaselineSummary(Summary):
    """`columns`: the groups with their n, and all patients; a cell of each line for each."""

    columns: tuple[tuple[str, int], ...]
    lines: tuple[Line, ...]


def reason_against(study: Study) -> str:
    """What is missing where a study names no baseline variables; empty where it does."""
    return "" if study.baseline else "This study's study.toml has no [[baseline]] rows."


def needs(_options: BaselineOptions, _study: Study) -> dict[str, Request]:
    """A row per line, value and group."""
    return {"cells": Request.of("baseline_table")}


def summarise(rows: Rows, _options: BaselineOptions, population: Population) -> BaselineSummary:
    """Median (range) of numbers; n/N (%) of the rest, N every selected patient of the group."""
    cells = rows["cells"]
    if population.grouping is None:
        # The one group is everybody, who are the overall rows as well.
        cells = cells[cells["is_overall"]]
    columns = [(group.label, group.n) for group in population.shown]
    if population.grouping is not None:
        columns.append((OVERALL, population.n))
    return BaselineSummary(
        title=TITLE,
        subtitle="Median (minimum–maximum), or n/N (%)",
        notes=(
            "Numbers: median (minimum–maximum) of the patients with a value. "
            "Others: n/N (%), N is every selected patient of the group.",
            *unpublished(population.study.baseline),
        ),
        alt=_alternative(cells[cells["is_overall"]]),
        table=_table(cells),
        method="Median by linear interpolation; counts of ADSL rows.",
        columns=tuple(columns),
        lines=_lines(cells, dict(columns)),
    )


def _lines(cells: pd.DataFrame, columns: dict[str, int]) -> tuple[Line, ...]:
    lines: list[Line] = []
    for _, line in cells.groupby("line", sort=True):
        label = unit_text(str(line["line_label"].iloc[0]))
        if line["kind"].iloc[0] != "category":
            lines.append(Line(label, True, _texts(line, columns)))
            continue
        lines.append(Line(label, True, ("",) * len(columns)))
        lines += [
            Line(str(value), False, _texts(category, columns))
            for value, category in line.dropna(subset="value").groupby("value", sort=True)
        ]
    return tuple(lines)


def _texts(line: pd.DataFrame, columns: dict[str, int]) -> tuple[str, ...]:
    by_column = {str(row.group_label): row for row in records(line)}
    return tuple(
        _text(by_column[column], n) if column in by_column else f"0/{n}"
        for column, n in columns.items()
    )


def _text(row: Any, total: int) -> str:
    if row.kind != "number":
        return (
            f"{int(row.n)}/{total} ({percent_text(100 * row.n / total)})" if row.n else f"0/{total}"
        )
    if pd.isna(row.median):
        return "–"
    missing = f"; {int(row.n_patients - row.n)} missing" if row.n < row.n_patients else ""
    ends = f"{number_text(row.minimum)}–{number_text(row.maximum)}"
    return f"{number_text(row.median)} ({ends}{missing})"


def _alternative(overall: pd.DataFrame) -> str:
    return "; ".join(
        f"{row.line_label}{'' if pd.isna(row.value) else ' ' + str(row.value)}: "
        f"{_text(row, int(row.n_patients))}"
        for row in records(overall)
    )


def _table(cells: pd.DataFrame) -> pd.DataFrame:
    is_number = cells["kind"] == "number"
    return pd.DataFrame(
        {
            "characteristic": cells["line_label"],
            "value": cells["value"],
            "group": cells["group_label"],
            "n": cells["n"],
            "N": cells["n_patients"],
            "percent": (100 * cells["n"] / cells["n_patients"]).where(~is_number),
            "median": cells["median"],
            "minimum": cells["minimum"],
            "maximum": cells["maximum"],
        }
    )


def draw(summary: BaselineSummary) -> Drawing:
    """Draw the table; its lines shrink with their number, so that all of it is in the picture."""
    height = min(25.0, (HEIGHT - 210) / max(1, len(summary.lines)) - 4)
    size = 12 if height > 22 else 11 if height > 17 else 9
    align = ["left", *(["center"] * len(summary.columns))]
    canvas = Canvas()
    canvas.add(
        "table",
        columnwidth=[2.1, *([1.35] * len(summary.columns))],
        header={
            "values": [
                "",
                *(f"<b>{plotly_text(label)}</b><br>n = {n}" for label, n in summary.columns),
            ],
            "align": align,
            "fill": {"color": "rgba(0,114,178,0.10)"},
            "line": {"color": GRID},
            "font": {"size": 13, "color": INK},
            "height": 34,
        },
        cells={
            "values": [
                [_head(line) for line in summary.lines],
                *(
                    [line.cells[place] for line in summary.lines]
                    for place in range(len(summary.columns))
                ),
            ],
            "align": align,
            "fill": {"color": "rgba(255,255,255,0)"},
            "line": {"color": GRID},
            "font": {"size": size, "color": INK},
            "height": height,
        },
    )
    canvas.update(margin={"l": 14, "r": 14})
    return Drawing(canvas, top=2, bottom=2)


def _head(line: Line) -> str:
    return f"<b>{plotly_text(line.label)}</b>" if line.is_head else f"   {plotly_text(line.label)}"


FIGURE = Figure(
    title=TITLE,
    help="Who the patients are: age, sex, disease and earlier therapies by group.",
    order=4,
    options=BaselineOptions,
    needs=needs,
    summarise=summarise,
    draw=draw,
    reason_against=reason_against,
)
