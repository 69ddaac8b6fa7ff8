"""Which adverse events, in how many patients, how severe, and in whom."""

from components.screen import shell
from components.screen.address import now
from components.screen.option_bar import option_bar
from components.screen.panel import panel

TITLE = "Adverse events"
ORDER = 30
FIGURES = (
    "adverse_events",
    "adverse_events_by_patient",
)

study, page = shell.current()
option_bar(study, now(), list(FIGURES))
for figure in FIGURES:
    panel(study, figure)
