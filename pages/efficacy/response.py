"""Responders by cohort, dose or phase, with exact intervals, by the definition you choose."""

from components.screen import shell
from components.screen.address import now
from components.screen.option_bar import option_bar
from components.screen.panel import panel

TITLE = "Response"
ORDER = 20
FIGURES = ("response_rate",)

study, page = shell.current()
option_bar(study, now(), list(FIGURES))
for figure in FIGURES:
    panel(study, figure)
