"""Responders by cohort, dose or phase, with exact intervals, by the definition you choose."""

from components.screen import figure_page

TITLE = "Response"
ORDER = 20
FIGURES = ("response_rate",)

figure_page.show()
