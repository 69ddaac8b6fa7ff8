"""Platelet counts over time: every patient, or median, mean or box by visit."""

from components.screen import shell
from components.screen.address import now
from components.screen.option_bar import option_bar
from components.screen.panel import panel

TITLE = "Platelet time course"
ORDER = 10
FIGURES = ("platelet_time_course",)

study, page = shell.current()
option_bar(study, now(), list(FIGURES))
for figure in FIGURES:
    panel(study, figure)
