"""Each published number beside the one computed from the data files, and the sources."""

from components.screen import numbers_page

TITLE = "Numbers"
ORDER = 90

numbers_page.show()
