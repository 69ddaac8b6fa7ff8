"""Each published number beside what the app computes from the data now,
and where the data come from."""

from components.screen import numbers, shell

TITLE = "Numbers"
ORDER = 90

study, page = shell.current()
numbers.page(study)
