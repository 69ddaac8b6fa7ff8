"""Selected patients by dose and phase."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from components.drawing.theme import QUIET, SEQUENTIAL, inked, shade
from components.escape import plotly_text
from components.figure import Drawing, Frame, Request
from components.wording import unit_text
from data.study import Study
from queries.engine.records import records

TITLE = "Patients by dose and phase"
HELP = "How many patients each dose has in each phase, under the filters."
ORDER = 3


def reason_against(study: Study) -> str:
    """Why the grid does not apply; empty where the study has doses or phases."""
    if study.grouping("dose") or study.grouping("phase"):
        return ""
    return "This study declares neither doses nor phases; its groups are: " + (
        ", ".join(group.label for group in study.groupings) or "none"
    )


@dataclass(frozen=True)
class Options:
    """The grid has no options."""


def needs(options: Options, study: Study) -> dict[str, Request]:
    """The rows this figure is made of."""
    return {"grid": Request.of("dose_grid")}


def draw(frames: Mapping[str, pd.DataFrame], options: Options, frame: Frame) -> Drawing:
    """Draw the grid. Patients selected of patients in the analysis set."""
    grid = frames["grid"]
    study = frame.study
    doses = list(dict.fromkeys(grid.sort_values("row_order")["row_label"]))
    phases = list(dict.fromkeys(grid.sort_values("column_order")["column_label"]))
    cells = {
        (row.row_label, row.column_label): (int(row.n_patients), int(row.n_all))
        for row in records(grid)
    }
    most = max(1, int(grid["n_all"].max()))
    full = most * 1.3

    def text(n: int, n_all: int) -> str:
        return inked(_text(n, n_all), shade(SEQUENTIAL, n / full))

    texts = [
        ["–" if (dose, phase) not in cells else text(*cells[dose, phase]) for phase in phases]
        for dose in doses
    ]
    figure = go.Figure()
    figure.add_heatmap(
        z=[[cells.get((dose, phase), (None, 0))[0] for phase in phases] for dose in doses],
        x=list(range(len(phases))),
        y=list(range(len(doses))),
        text=texts,
        texttemplate="%{text}",
        textfont={"size": 22, "color": QUIET},
        colorscale=[list(stop) for stop in SEQUENTIAL],
        zmin=0,
        zmax=full,
        showscale=False,
        xgap=4,
        ygap=4,
        hoverinfo="text",
        hovertext=[
            [_spoken(dose, phase, *cells.get((dose, phase), (0, 0))) for phase in phases]
            for dose in doses
        ],
    )
    figure.update_xaxes(
        tickvals=list(range(len(phases))),
        ticktext=[_margin(phase, grid, "column_label") for phase in phases],
        side="top",
        showgrid=False,
        ticks="",
        showline=False,
        tickfont={"size": 14},
        range=[-0.5, len(phases) - 0.5],
    )
    figure.update_yaxes(
        tickvals=list(range(len(doses))),
        ticktext=[_margin(dose, grid, "row_label") for dose in doses],
        range=[len(doses) - 0.5, -0.5],
        showgrid=False,
        ticks="",
        showline=False,
        tickfont={"size": 14},
        title={
            "text": plotly_text(f"Dose ({unit_text(study.dose_unit)})")
            if study.dose_unit
            else "Dose"
        },
    )
    figure.update_layout(margin_l=130)
    said = "; ".join(
        f"{dose} in {phase.lower()}: {n} of {n_all}" for (dose, phase), (n, n_all) in cells.items()
    )
    return Drawing(
        figure=figure,
        title=TITLE if study.grouping("phase") else "Patients by dose",
        subtitle="Patients selected (of those in the analysis set)",
        notes=("–: no patient of the study had this dose in this phase.",)
        if len(cells) < len(doses) * len(phases)
        else (),
        alt=said,
        table=pd.DataFrame(
            {
                "dose": grid["row_label"],
                "phase": grid["column_label"],
                "n": grid["n_patients"],
                "N": grid["n_all"],
                "percent": 100 * grid["n_patients"] / grid["n_all"],
            }
        ),
        method="Counts of ADSL rows.",
        top=44,
        bottom=10,
    )


def _text(n: int, n_all: int) -> str:
    return f"{n}" if n == n_all else f"{n} of {n_all}"


def _spoken(dose: str, phase: str, n: int, n_all: int) -> str:
    return f"<b>{plotly_text(dose)}</b>, {plotly_text(phase)}<br>{n} of {n_all} patients"


def _margin(label: str, grid: pd.DataFrame, column: str) -> str:
    n = int(grid.loc[grid[column] == label, "n_patients"].sum())
    return f"<b>{plotly_text(label)}</b><br>n = {n}"
