"""The studies there are, where each came from, and what its import took and left out."""

from components.screen import data_page, shell

TITLE = "Data"
ORDER = 95

study, page = shell.current()
data_page.page(study)
