"""Response rate by group and overall: bars with CR inside, an interval, a dot per patient."""

from __future__ import annotations

from components.figure import Figure
from components.figures.response_rate.drawing import draw
from components.figures.response_rate.options import ResponseOptions, needs, reason_against
from components.figures.response_rate.summary import summarise

FIGURE = Figure(
    title="Response rate",
    help="Responders by cohort, dose or phase with exact intervals, and the patients behind them.",
    order=20,
    options=ResponseOptions,
    needs=needs,
    summarise=summarise,
    draw=draw,
    reason_against=reason_against,
)
