"""A page of figures: the options they have, and a panel for each."""

from __future__ import annotations

from components.screen import address
from components.screen.controls import controls, option_controls
from components.screen.current import current
from components.screen.panel import panel


def show() -> None:
    """Show the figures that the page declares, in their order."""
    study, figures = current().study, current().page.figures
    view = address.now()
    if items := option_controls(study, view, figures):
        words = address.link(view, study, figures)
        controls(study, items, words, figures, label="Options", key="options", in_a_row=True)
    for figure in figures:
        panel(study, figure)
