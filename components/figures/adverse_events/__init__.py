"""Adverse events by group: patients with the event as n/N, colour by percent."""

from __future__ import annotations

from components.figure import Figure
from components.figures.adverse_events.drawing import draw
from components.figures.adverse_events.options import AdverseEventsOptions, needs
from components.figures.adverse_events.summary import summarise
from components.options.events import reason_against

FIGURE = Figure(
    title="Adverse events",
    help="Patients with each adverse event by group, as n/N and percent.",
    order=30,
    options=AdverseEventsOptions,
    needs=needs,
    summarise=summarise,
    draw=draw,
    reason_against=reason_against,
)
