"""Each published number beside what the app computes from the data now,
and where the data come from."""

from components.screen import frame, numbers

TITLE = "Numbers"
ORDER = 90

study, page = frame.current()
numbers.page(study)
