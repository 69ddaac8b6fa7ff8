"""The baseline table: characteristics of the selected patients by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.drawing.theme import GRID, HEIGHT, INK
from components.escape import plotly_text
from components.figure import Drawing, Frame, Request, unpublished
from components.options import shared
from components.options.option import choice
from components.wording import number_text, percent_text, unit_text
from data.study import Study
from queries.engine.records import records

TITLE = "Baseline characteristics"
HELP = "Who the patients are: age, sex, disease and earlier therapies by group."
ORDER = 4


def reason_against(study: Study) -> str:
    """What is missing where a study names no baseline variables; empty where it does."""
    return "" if study.baseline else "This study's study.toml has no [[baseline]] rows."


@dataclass(frozen=True)
class Options:
    """What a reader can choose."""

    group: str = choice("By", shared.groupings, prominent=True)


def needs(options: Options, study: Study) -> dict[str, Request]:
    """The rows this figure is made of."""
    return {"cells": Request.of("baseline_table")}


def draw(frames: Mapping[str, pd.DataFrame], options: Options, frame: Frame) -> Drawing:
    """Draw the table: median (range) of numbers, n/N (%) of the rest."""
    cells = frames["cells"]
    if frame.group is None:
        # The one group is everybody, who are the overall rows as well.
        cells = cells[cells["is_overall"]]
    columns = [level.label for level in frame.shown]
    if frame.group is not None:
        columns.append("All patients")
    sizes = {level.label: level.n for level in frame.levels} | {"All patients": frame.n}
    lines: list[tuple[str, list[str]]] = []
    for _, line in cells.groupby("line", sort=True):
        head = str(line["line_label"].iloc[0])
        if line["kind"].iloc[0] == "category":
            lines.append((f"<b>{plotly_text(unit_text(head))}</b>", [""] * len(columns)))
            for value, own in line.dropna(subset="value").groupby("value", sort=True):
                lines.append(
                    (
                        f"   {plotly_text(value)}",
                        _cells(own, columns, sizes),
                    )
                )
        else:
            lines.append(
                (
                    f"<b>{plotly_text(unit_text(head))}</b>",
                    _cells(line, columns, sizes),
                )
            )
    # Rows shrink with their number, so that the whole table stays in the picture.
    height = min(25.0, (HEIGHT - 210) / max(1, len(lines)) - 4)
    size = 12 if height > 22 else 11 if height > 17 else 9
    figure = go.Figure()
    header = ["", *(f"<b>{plotly_text(column)}</b><br>n = {sizes[column]}" for column in columns)]
    figure.add_table(
        columnwidth=[2.1, *([1.35] * len(columns))],
        header={
            "values": header,
            "align": ["left", *(["center"] * len(columns))],
            "fill": {"color": "rgba(0,114,178,0.10)"},
            "line": {"color": GRID},
            "font": {"size": 13, "color": INK},
            "height": 34,
        },
        cells={
            "values": [
                [label for label, _ in lines],
                *([values[i] for _, values in lines] for i in range(len(columns))),
            ],
            "align": ["left", *(["center"] * len(columns))],
            "fill": {"color": "rgba(255,255,255,0)"},
            "line": {"color": GRID},
            "font": {"size": size, "color": INK},
            "height": height,
        },
    )
    figure.update_layout(margin={"l": 14, "r": 14})
    overall = cells[cells["is_overall"]]
    said = "; ".join(
        f"{row.line_label}{'' if pd.isna(row.value) else ' ' + str(row.value)}: "
        f"{_value(row, int(row.n_patients))}"
        for row in records(overall)
    )
    return Drawing(
        figure=figure,
        title=TITLE,
        subtitle="Median (minimum–maximum), or n/N (%)",
        notes=(
            "Number rows: median (minimum–maximum) of the patients with a value. "
            "Others: n/N (%), N is every selected patient of the group.",
            *unpublished(frame.study.baseline),
        ),
        alt=said,
        table=_twin(cells),
        method="Median by linear interpolation; counts from ADSL.",
        top=2,
        bottom=2,
    )


def _cells(line: pd.DataFrame, columns: list[str], sizes: dict[str, int]) -> list[str]:
    own = {row.group_label: row for row in records(line)}
    return [
        _value(own[column], sizes[column]) if column in own else f"0/{sizes[column]}"
        for column in columns
    ]


def _value(row: Any, total: int) -> str:
    if row.kind == "number":
        if pd.isna(row.median):
            return "–"
        missing = f"; {int(row.n_patients - row.n)} missing" if row.n < row.n_patients else ""
        ends = f"{number_text(row.minimum)}–{number_text(row.maximum)}"
        return f"{number_text(row.median)} ({ends}{missing})"
    return f"{int(row.n)}/{total} ({percent_text(100 * row.n / total)})" if row.n else f"0/{total}"


def _twin(cells: pd.DataFrame) -> pd.DataFrame:
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
