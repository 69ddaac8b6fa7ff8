"""A page of figures: the options they have, and a panel for each."""

from __future__ import annotations

from components.screen import address
from components.screen.current import current
from components.screen.option_bar import option_bar
from components.screen.panel import panel


def show() -> None:
    """Show the figures that the page declares, in their order."""
    study, figures = current().study, current().page.figures
    option_bar(study, address.now(), figures)
    for figure in figures:
        panel(study, figure)
