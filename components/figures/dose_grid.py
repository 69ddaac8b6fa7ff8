"""Selected patients by dose and phase."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from components.drawing.canvas import Canvas, Settings
from components.drawing.theme import QUIET, SEQUENTIAL, inked, shade
from components.escape import plotly_text
from components.figure import Drawing, Figure, Request, Rows, Summary
from components.options.option import Options
from components.population import Population
from components.wording import unit_text
from data.study import Study
from queries.engine.records import records

TITLE = "Patients by dose and phase"


@dataclass(frozen=True)
class Cell:
    """The patients of a dose and a phase: selected, and in the analysis set."""

    dose: str
    phase: str
    n: int
    N: int


@dataclass(frozen=True, eq=False, kw_only=True)
class GridSummary(Summary):
    """Doses from top to bottom, phases from left to right; a pair that nobody had has no cell."""

    doses: tuple[str, ...]
    phases: tuple[str, ...]
    cells: tuple[Cell, ...]
    dose_title: str


def reason_against(study: Study) -> str:
    """Why the grid does not apply; empty where the study has doses or phases."""
    if study.grouping("dose") or study.grouping("phase"):
        return ""
    return "This study declares neither doses nor phases; its groupings are: " + (
        ", ".join(grouping.label for grouping in study.groupings) or "none"
    )


def needs(_options: Options, _study: Study) -> dict[str, Request]:
    """A row per dose and phase."""
    return {"grid": Request.of("dose_grid")}


def summarise(rows: Rows, _options: Options, population: Population) -> GridSummary:
    """Patients selected, of the patients in the analysis set."""
    grid, study = rows["grid"], population.study
    doses = tuple(dict.fromkeys(grid.sort_values("row_order")["row_label"]))
    phases = tuple(dict.fromkeys(grid.sort_values("column_order")["column_label"]))
    cells = tuple(
        Cell(str(row.row_label), str(row.column_label), int(row.n_patients), int(row.n_all))
        for row in records(grid)
    )
    blank = "–: no patient of the study had this dose in this phase."
    return GridSummary(
        title=TITLE if study.grouping("phase") else "Patients by dose",
        subtitle="Patients selected (of those in the analysis set)",
        notes=(blank,) if len(cells) < len(doses) * len(phases) else (),
        alt="; ".join(
            f"{cell.dose} in {cell.phase.lower()}: {cell.n} of {cell.N}" for cell in cells
        ),
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
        doses=doses,
        phases=phases,
        cells=cells,
        dose_title=f"Dose ({unit_text(study.dose_unit)})" if study.dose_unit else "Dose",
    )


def draw(summary: GridSummary) -> Drawing:
    """Draw the grid: the number in each cell, its colour the same number."""
    canvas = Canvas()
    places = {(cell.dose, cell.phase): cell for cell in summary.cells}
    grid = [[places.get((dose, phase)) for phase in summary.phases] for dose in summary.doses]
    # A third more than the largest, so that no cell is the darkest blue.
    full = 1.3 * max([1, *(cell.N for cell in summary.cells)])
    canvas.add(
        "heatmap",
        z=[[cell.n if cell else None for cell in line] for line in grid],
        x=list(range(len(summary.phases))),
        y=list(range(len(summary.doses))),
        text=[[_text(cell, full) for cell in line] for line in grid],
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
            [
                _hover(cell or Cell(dose, phase, 0, 0))
                for phase, cell in zip(summary.phases, line, strict=True)
            ]
            for dose, line in zip(summary.doses, grid, strict=True)
        ],
    )
    common: Settings = {"showgrid": False, "ticks": "", "showline": False, "tickfont": {"size": 14}}
    canvas.x_axis(
        tickvals=list(range(len(summary.phases))),
        ticktext=[
            _head(phase, [cell for cell in summary.cells if cell.phase == phase])
            for phase in summary.phases
        ],
        side="top",
        range=[-0.5, len(summary.phases) - 0.5],
        **common,
    )
    canvas.y_axis(
        tickvals=list(range(len(summary.doses))),
        ticktext=[
            _head(dose, [cell for cell in summary.cells if cell.dose == dose])
            for dose in summary.doses
        ],
        range=[len(summary.doses) - 0.5, -0.5],
        title={"text": plotly_text(summary.dose_title)},
        **common,
    )
    canvas.update(margin={"l": 130})
    return Drawing(canvas, top=44, bottom=10)


def _text(cell: Cell | None, full: float) -> str:
    if cell is None:
        return "–"
    text = f"{cell.n}" if cell.n == cell.N else f"{cell.n} of {cell.N}"
    return inked(text, shade(SEQUENTIAL, cell.n / full))


def _hover(cell: Cell) -> str:
    return (
        f"<b>{plotly_text(cell.dose)}</b>, {plotly_text(cell.phase)}"
        f"<br>{cell.n} of {cell.N} patients"
    )


def _head(label: str, cells: list[Cell]) -> str:
    return f"<b>{plotly_text(label)}</b><br>n = {sum(cell.n for cell in cells)}"


FIGURE = Figure(
    title=TITLE,
    help="How many patients each dose has in each phase, under the filters.",
    order=3,
    options=Options,
    needs=needs,
    summarise=summarise,
    draw=draw,
    reason_against=reason_against,
)
