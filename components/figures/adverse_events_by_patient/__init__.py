"""Adverse events of each patient: the worst grade of each preferred term, the groups as bands."""

from __future__ import annotations

from components.figure import Figure
from components.figures.adverse_events_by_patient.drawing import draw
from components.figures.adverse_events_by_patient.summary import TITLE, needs, summarise
from components.options.events import EventOptions, reason_against

FIGURE = Figure(
    title=TITLE,
    help="The worst grade of every preferred term in every patient.",
    order=31,
    options=EventOptions,
    needs=needs,
    summarise=summarise,
    draw=draw,
    reason_against=reason_against,
)
