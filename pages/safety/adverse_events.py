"""Which adverse events, in how many patients, how severe, and in whom."""

from components.screen import figure_page

TITLE = "Adverse events"
ORDER = 30
FIGURES = ("adverse_events", "adverse_events_by_patient")

figure_page.show()
