"""Platelet counts over time: every patient, or median, mean or box plot by visit."""

from components.screen import figure_page

TITLE = "Platelet time course"
ORDER = 10
FIGURES = ("platelet_time_course",)

figure_page.show()
