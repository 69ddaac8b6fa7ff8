"""The adverse events of each patient drawn: preferred terms by patients, the groups as bands."""

from __future__ import annotations

from components.drawing.canvas import Canvas
from components.drawing.heatmap import (
    Cell,
    ColourScale,
    Columns,
    Target,
    click_layer,
    column_axis,
    columns_in_bands,
    heatmap,
)
from components.drawing.lines import Line, line_axis
from components.drawing.text import width
from components.drawing.theme import GRADES, UNGRADED, WIDTH
from components.escape import plotly_text
from components.figure import Drawing
from components.figures.adverse_events_by_patient.summary import PatientSummary

# The margin at the right with some room to spare, and the size of the patients' names (pixels).
RIGHT, SIZE = 90, 11.0
# A missing grade, then grade 1 to 5.
COLOURS = (UNGRADED, *GRADES)
# Behind the patients of a group.
SHADE = "rgba(120,135,155,0.09)"


def draw(summary: PatientSummary) -> Drawing:
    """Draw patients by terms. Colour and number are the worst grade, "?" a missing one."""
    canvas = Canvas()
    axis = line_axis(canvas, [Line(term) for term in summary.terms])
    columns = columns_in_bands([len(band.patients) for band in summary.bands])
    patients = [patient for band in summary.bands for patient in band.patients]
    place = {patient.USUBJID: index for index, patient in enumerate(patients)}
    line = {term: index for index, term in enumerate(summary.terms)}
    cells: list[list[Cell | None]] = [[None] * len(patients) for _ in summary.terms]
    for cell in summary.cells:
        step = cell.worst or 0
        cells[line[cell.AEDECOD]][place[cell.USUBJID]] = Cell(step, COLOURS[step], cell.text)
    heatmap(canvas, columns, cells, _scale(summary), axis.size)
    _bands(canvas, summary, columns)
    click_layer(
        canvas,
        [
            Target(
                columns.middles[place[cell.USUBJID]],
                float(line[cell.AEDECOD]),
                cell.mark,
                f"<b>{plotly_text(cell.USUBJID)}</b> ({plotly_text(cell.group)})"
                f"<br>{plotly_text(cell.hover)}",
            )
            for cell in summary.cells
        ],
    )
    bottom = _patient_axis(
        canvas,
        columns,
        [patient.label for patient in patients],
        columns.width(WIDTH - axis.margin - RIGHT),
    )
    return Drawing(canvas, top=44, bottom=bottom)


def _scale(summary: PatientSummary) -> ColourScale:
    """An even step for each colour."""
    steps = len(COLOURS)
    stops = tuple(
        ((index + edge) / steps, colour) for index, colour in enumerate(COLOURS) for edge in (0, 1)
    )
    return ColourScale(
        stops, -0.5, steps - 0.5, summary.scale_title, tuple(range(steps)), summary.scale_labels
    )


def _bands(canvas: Canvas, summary: PatientSummary, columns: Columns) -> None:
    """The name and colour of each group above its patients, and a shade behind them."""
    first = 0
    for band in summary.bands:
        last = first + len(band.patients) - 1
        left, right = columns.middles[first] - 0.5, columns.middles[last] + 0.5
        canvas.shape(
            type="rect",
            xref="x",
            yref="paper",
            x0=left,
            x1=right,
            y0=1.01,
            y1=1.025,
            fillcolor=band.group.colour,
            line={"width": 0},
            layer="above",
        )
        canvas.shape(
            type="rect",
            xref="x",
            yref="y",
            x0=left,
            x1=right,
            y0=-0.5,
            y1=len(summary.terms) - 0.5,
            fillcolor=SHADE,
            line={"width": 0},
            layer="below",
        )
        canvas.annotate(
            f"<b>{plotly_text(band.group.label)}</b><br>n = {band.group.n}",
            x=(columns.middles[first] + columns.middles[last]) / 2,
            xref="x",
            y=1.03,
            yref="paper",
            yanchor="bottom",
            font={"size": 11},
        )
        first = last + 1


def _patient_axis(canvas: Canvas, columns: Columns, labels: list[str], pitch: float) -> int:
    """Name the patients, vertically where the names are wider than a column of `pitch` pixels.

    Returns the room that the names need below the plot, in pixels.
    """
    widest = max(width(label, SIZE) for label in labels)
    is_vertical = widest + 4 > pitch
    size = min(SIZE, pitch - 1) if is_vertical else SIZE
    column_axis(
        canvas,
        columns,
        [plotly_text(label) for label in labels],
        tickangle=-90 if is_vertical else 0,
        tickfont={"size": size},
        title={"text": "Patient", "standoff": 4},
    )
    return int(34 + widest * size / SIZE) if is_vertical else 44
