"""The available studies, where each came from, and the report of its import."""

from components.screen import data_page

TITLE = "Data"
ORDER = 95
ALL_STUDIES = True

data_page.show()
