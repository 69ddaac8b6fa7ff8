"""The options of a page's figures; an option that two figures share is asked for once."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.options.option import specs
from components.screen import store
from components.screen.option_widget import OptionWidget, draw
from components.view import View
from data.study import Study


def option_bar(study: Study, view: View, figures: Sequence[str]) -> None:
    """Draw the options of these figures: the usual ones in a row, the rest behind "More"."""
    widgets = [widget for widget in _widgets(study, view, figures) if widget.is_offered]
    if not widgets:
        return
    with st.container(horizontal=True, key="options", vertical_alignment="bottom"):
        for widget in widgets:
            if not widget.spec.more:
                draw(widget)
        more = [widget for widget in widgets if widget.spec.more]
        if more:
            with st.popover("More"):
                for widget in more:
                    draw(widget)


def _widgets(study: Study, view: View, figures: Sequence[str]) -> list[OptionWidget]:
    """Each option once, as the first figure that has it and applies to the study declares it."""
    widgets: dict[str, OptionWidget] = {}
    for figure in figures:
        if store.reason_against(study, figure):
            continue
        for name, spec in specs(store.figure(figure).options).items():
            widgets.setdefault(name, OptionWidget(study, view, figure, name, spec))
    return list(widgets.values())
