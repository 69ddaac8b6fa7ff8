"""The way of the patients through the study, from screening to the last visit."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from components.drawing.theme import QUIET, Overlay
from components.escape import plotly_text
from components.figure import Drawing, Frame, Request, unpublished
from data.study import Study
from queries.engine.records import records

TITLE = "Patient flow"
HELP = "How many were screened, enrolled and treated, and how many completed."
ORDER = 2
# Filters do not act on it, so no filter can leave it empty.
WHOLE_STUDY = True
BOX, SIDE = "#0072B2", "#8a94a3"
MIDDLE, STEP = 4.5, 1.05
FEW = 4.2


def reason_against(study: Study) -> str:
    """What is missing where a study does not describe its flow; empty where it does."""
    return "" if study.flow else "This study's study.toml has no [[flow]]: add one step per box."


@dataclass(frozen=True)
class Options:
    """The flow has no options: it is that of the whole study."""


def needs(options: Options, study: Study) -> dict[str, Request]:
    """The rows this figure is made of."""
    return {
        "steps": Request.of("patient_flow", everybody=True),
        "cohorts": Request.of("cohort_sizes", everybody=True),
    }


def draw(frames: Mapping[str, pd.DataFrame], options: Options, frame: Frame) -> Drawing:
    """Draw the boxes. Patients of the whole study: filters and analysis set do not act here."""
    steps, cohorts = frames["steps"], frames["cohorts"]
    figure, overlay = go.Figure(), Overlay()
    main = list(records(steps[~steps["is_side"]]))
    in_cohorts = int(cohorts["n_patients"].sum()) if len(cohorts) > 1 else None
    y = 0.0
    for index, step in enumerate(main):
        n = int(step.n_patients)
        _box(overlay, MIDDLE, y, 2.8, f"<b>{plotly_text(step.step_label)}</b>", n, BOX)
        is_last = index + 1 == len(main)
        later = math.inf if is_last else main[index + 1].step
        aside = steps[steps["is_side"] & (steps["step"] > step.step) & (steps["step"] < later)]
        goes_on = not is_last or not aside.empty
        if n == in_cohorts:
            # The cohorts stand under the first box that has the same patients.
            _cohorts(overlay, cohorts, y, goes_on=goes_on)
            y -= STEP + 0.16
            in_cohorts = None
        if not goes_on:
            break
        room = max(STEP, 0.66 + 0.46 * len(aside))
        lowest = y - 0.3 - 0.26 - 0.46 * (len(aside) - 1)
        _line(overlay, MIDDLE, y - 0.3, MIDDLE, lowest if is_last else y - room + 0.3, not is_last)
        for place, side in enumerate(records(aside)):
            at = y - 0.3 - 0.26 - 0.46 * place
            _line(overlay, MIDDLE, at, 6.2, at)
            label, n_side = plotly_text(side.step_label), int(side.n_patients)
            _box(overlay, 7.7, at, 3.0, label, n_side, SIDE, height=0.38)
        y -= room
    overlay.put_into(figure)
    figure.update_xaxes(visible=False, range=[-0.3, 9.3])
    # A few boxes keep the size they have among many, in the middle.
    spare = max(0.0, FEW - (0.72 - y)) / 2
    figure.update_yaxes(visible=False, range=[y - 0.36 - spare, 0.36 + spare])
    figure.update_layout(margin={"l": 20, "r": 20}, hovermode=False)
    said = "; ".join(f"{row.step_label}: {int(row.n_patients)}" for row in records(steps))
    table = pd.DataFrame(
        {"step": steps["step_label"], "n": steps["n_patients"], "left_here": steps["is_side"]}
    )
    more = pd.DataFrame(
        {"step": "Cohort " + cohorts["group_label"], "n": cohorts["n_patients"], "left_here": False}
    )
    return Drawing(
        figure=figure,
        title=TITLE,
        subtitle="Patients of the whole study; filters do not act here",
        notes=(
            "Patients of the whole study, counted from ADSL. "
            "Filters and analysis set do not act on this figure.",
            *unpublished(frame.study.flow),
        ),
        alt=said,
        table=pd.concat([table, more], ignore_index=True),
        method="Counts of ADSL rows by the conditions of [[flow]] in study.toml.",
        bottom=4,
        filtered=False,
    )


def _cohorts(overlay: Overlay, cohorts: pd.DataFrame, y: float, *, goes_on: bool) -> None:
    """The cohorts side by side under the box they come from, and on to one line again."""
    count = len(cohorts)
    pitch = min(2.2, 9.2 / count)
    for index, row in enumerate(records(cohorts)):
        x = MIDDLE + (index - (count - 1) / 2) * pitch
        _box(
            overlay,
            x,
            y - STEP,
            pitch - 0.2,
            plotly_text(row.group_label),
            int(row.n_patients),
            BOX,
        )
        _line(overlay, MIDDLE, y - 0.3, x, y - STEP + 0.3)
        if goes_on:
            _line(overlay, x, y - STEP - 0.3, MIDDLE, y - STEP - 0.46)


def _box(
    overlay: Overlay,
    x: float,
    y: float,
    width: float,
    label: str,
    n: int,
    colour: str,
    height: float = 0.6,
) -> None:
    overlay.add_shape(
        type="rect",
        x0=x - width / 2,
        x1=x + width / 2,
        y0=y - height / 2,
        y1=y + height / 2,
        line={"color": colour, "width": 1.5},
        fillcolor="rgba(0,114,178,0.07)" if colour == BOX else "rgba(138,148,163,0.10)",
    )
    short = "<br>".join(textwrap.wrap(label, 34)) if "<b>" not in label else label
    joint = " " if height < 0.5 else "<br>"
    overlay.add_annotation(
        x=x,
        y=y,
        text=f"{short}{joint}<b>n = {n}</b>",
        showarrow=False,
        font={"size": 13},
        align="center",
    )


def _line(
    overlay: Overlay, x0: float, y0: float, x1: float, y1: float, arrow: bool = False
) -> None:
    if arrow:
        overlay.add_annotation(
            x=x1,
            y=y1,
            ax=x0,
            ay=y0,
            xref="x",
            yref="y",
            axref="x",
            ayref="y",
            text="",
            arrowhead=2,
            arrowwidth=1.3,
            arrowcolor=QUIET,
        )
        return
    overlay.add_shape(
        type="line", x0=x0, y0=y0, x1=x1, y1=y1, line={"color": QUIET, "width": 1.2}, layer="below"
    )
