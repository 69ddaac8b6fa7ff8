"""What the trial is, who was in it, and its main results."""

from components.screen import overview, shell
from components.screen.address import now
from components.screen.option_bar import option_bar
from components.screen.panel import panel

TITLE = "Overview"
ORDER = 0
FIGURES = ("key_results", "patient_flow", "dose_grid", "baseline")

study, page = shell.current()
overview.introduction(study)
option_bar(study, now(), list(FIGURES))
for figure in FIGURES:
    panel(study, figure)
