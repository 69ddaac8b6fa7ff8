"""The flow of the patients through the study, from screening to the last visit."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from components.drawing.canvas import Canvas
from components.drawing.theme import QUIET
from components.escape import plotly_text
from components.figure import Drawing, Figure, Request, Rows, Summary
from components.options.option import Options
from components.population import Population, unpublished
from data.study import Study
from queries.engine.records import records

TITLE = "Patient flow"
MAIN, SIDE = "#0072B2", "#8a94a3"
FILL = {MAIN: "rgba(0,114,178,0.07)", SIDE: "rgba(138,148,163,0.10)"}
# The places of boxes, in units of the drawing: the main line, the boxes beside it, the step from
# one box to the next, the first line of a side box below its step and from one to the next.
MIDDLE, ASIDE, STEP, FIRST, APART = 4.5, 7.7, 1.05, 0.56, 0.46
HALF = 0.3
# A few boxes keep the size they have among many.
LEAST_HEIGHT = 4.2


@dataclass(frozen=True)
class Box:
    """A box: its label and its patients."""

    label: str
    n: int


@dataclass(frozen=True)
class Step:
    """A box of the main line, the cohorts under it, and the boxes of those who leave after it."""

    box: Box
    cohorts: tuple[Box, ...]
    leaving: tuple[Box, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class FlowSummary(Summary):
    """The steps from the first to the last."""

    steps: tuple[Step, ...]


def reason_against(study: Study) -> str:
    """What is missing where a study does not describe its flow; empty where it does."""
    return "" if study.flow else "This study's study.toml has no [[flow]]: add one step per box."


def needs(_options: Options, _study: Study) -> dict[str, Request]:
    """A row per step of the flow, and one per cohort."""
    return {
        "steps": Request.of("patient_flow", everybody=True),
        "cohorts": Request.of("cohort_sizes", everybody=True),
    }


def summarise(rows: Rows, _options: Options, population: Population) -> FlowSummary:
    """Patients of the whole study: filters and analysis set do not act here."""
    steps, cohorts = rows["steps"], rows["cohorts"]
    table = pd.DataFrame(
        {"step": steps["step_label"], "n": steps["n_patients"], "left_here": steps["is_side"]}
    )
    more = pd.DataFrame(
        {"step": "Cohort " + cohorts["group_label"], "n": cohorts["n_patients"], "left_here": False}
    )
    return FlowSummary(
        title=TITLE,
        subtitle="Patients of the whole study; filters do not act here",
        notes=(
            "Patients of the whole study, counted from ADSL. "
            "Filters and analysis set do not act on this figure.",
            *unpublished(population.study.flow),
        ),
        alt="; ".join(f"{row.step_label}: {int(row.n_patients)}" for row in records(steps)),
        table=pd.concat([table, more], ignore_index=True),
        method="Counts of ADSL rows by the conditions of [[flow]] in study.toml.",
        filtered=False,
        steps=_steps(steps, cohorts),
    )


def _steps(steps: pd.DataFrame, cohorts: pd.DataFrame) -> tuple[Step, ...]:
    """The cohorts stand under the first box that has the same patients as all of them together."""
    boxes = tuple(Box(str(row.group_label), int(row.n_patients)) for row in records(cohorts))
    in_cohorts = sum(box.n for box in boxes) if len(boxes) > 1 else None
    placed: list[Step] = []
    for row in records(steps):
        box = Box(str(row.step_label), int(row.n_patients))
        if row.is_side:
            last = placed.pop()
            placed.append(Step(last.box, last.cohorts, (*last.leaving, box)))
            continue
        under = boxes if box.n == in_cohorts and not any(step.cohorts for step in placed) else ()
        placed.append(Step(box, under, ()))
    return tuple(placed)


def draw(summary: FlowSummary) -> Drawing:
    """Draw the boxes from top to bottom, those who leave at the right."""
    canvas = Canvas()
    y = 0.0
    for index, step in enumerate(summary.steps):
        is_last = index + 1 == len(summary.steps)
        goes_on = not is_last or bool(step.leaving)
        _box(canvas, MIDDLE, y, 2.8, step.box, MAIN)
        if step.cohorts:
            _cohorts(canvas, step.cohorts, y, goes_on=goes_on)
            y -= STEP + 0.16
        if goes_on:
            y = _leaving(canvas, step.leaving, y, is_last=is_last)
    canvas.x_axis(visible=False, range=[-0.3, 9.3])
    spare = max(0.0, LEAST_HEIGHT - (0.72 - y)) / 2
    canvas.y_axis(visible=False, range=[y - 0.36 - spare, 0.36 + spare])
    canvas.update(margin={"l": 20, "r": 20}, hovermode=False)
    return Drawing(canvas, bottom=4)


def _leaving(canvas: Canvas, boxes: Sequence[Box], y: float, *, is_last: bool) -> float:
    """The line down from a box with the boxes of those who leave; the place of the next box."""
    room = max(STEP, 0.66 + APART * len(boxes))
    lowest = y - FIRST - APART * (len(boxes) - 1)
    if is_last:
        _line(canvas, MIDDLE, y - HALF, MIDDLE, lowest)
    else:
        _arrow(canvas, MIDDLE, y - HALF, y - room + HALF)
    for place, box in enumerate(boxes):
        at = y - FIRST - APART * place
        _line(canvas, MIDDLE, at, 6.2, at)
        _box(canvas, ASIDE, at, 3.0, box, SIDE, height=0.38)
    return y - room


def _cohorts(canvas: Canvas, cohorts: Sequence[Box], y: float, *, goes_on: bool) -> None:
    """The cohorts side by side under the box they come from, and on to one line again."""
    pitch = min(2.2, 9.2 / len(cohorts))
    for index, cohort in enumerate(cohorts):
        x = MIDDLE + (index - (len(cohorts) - 1) / 2) * pitch
        _box(canvas, x, y - STEP, pitch - 0.2, cohort, MAIN, is_bold=False)
        _line(canvas, MIDDLE, y - HALF, x, y - STEP + HALF)
        if goes_on:
            _line(canvas, x, y - STEP - HALF, MIDDLE, y - STEP - 0.46)


def _box(
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    box: Box,
    colour: str,
    *,
    height: float = 0.6,
    is_bold: bool = True,
) -> None:
    canvas.shape(
        type="rect",
        x0=x - width / 2,
        x1=x + width / 2,
        y0=y - height / 2,
        y1=y + height / 2,
        line={"color": colour, "width": 1.5},
        fillcolor=FILL[colour],
    )
    if colour == MAIN and is_bold:
        label = f"<b>{plotly_text(box.label)}</b>"
    else:
        label = "<br>".join(textwrap.wrap(plotly_text(box.label), 34))
    joint = " " if height < 0.5 else "<br>"
    canvas.annotate(
        f"{label}{joint}<b>n = {box.n}</b>", x=x, y=y, font={"size": 13}, align="center"
    )


def _line(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.shape(
        type="line", x0=x0, y0=y0, x1=x1, y1=y1, line={"color": QUIET, "width": 1.2}, layer="below"
    )


def _arrow(canvas: Canvas, x: float, start: float, end: float) -> None:
    canvas.annotate(
        "",
        showarrow=True,
        x=x,
        y=end,
        ax=x,
        ay=start,
        xref="x",
        yref="y",
        axref="x",
        ayref="y",
        arrowhead=2,
        arrowwidth=1.3,
        arrowcolor=QUIET,
    )


FIGURE = Figure(
    title=TITLE,
    help="How many were screened, enrolled and treated, and how many completed.",
    order=2,
    options=Options,
    needs=needs,
    summarise=summarise,
    draw=draw,
    reason_against=reason_against,
    whole_study=True,
)
