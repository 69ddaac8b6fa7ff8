"""What the trial is, who was in it, and its main results."""

from components.screen import overview

TITLE = "Overview"
ORDER = 0
FIGURES = ("key_results", "patient_flow", "dose_grid", "baseline")

overview.show()
