"""Time course of platelets, or of another laboratory parameter: a line per patient or a summary."""

from __future__ import annotations

from components.figure import Figure
from components.figures.platelet_time_course.drawing import draw
from components.figures.platelet_time_course.options import TimeCourseOptions, needs
from components.figures.platelet_time_course.summary import summarise

FIGURE = Figure(
    title="Platelet time course",
    help="Counts over time: every patient, or median, mean or box by visit.",
    order=10,
    options=TimeCourseOptions,
    needs=needs,
    summarise=summarise,
    draw=draw,
)
