"""The patient filters in the sidebar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components.screen import address
from components.screen.controls import controls, filter_controls
from components.view import View
from data.study import Study
from queries.engine.selection import Selection


def sidebar(study: Study, view: View, figures: Sequence[str]) -> None:
    """Draw every filter of the study: each option with its patients under the other filters."""
    with st.sidebar:
        items = filter_controls(study, view)
        words = address.link(view, study, figures)
        controls(study, items, words, figures, label="Filters", key="filters")
        st.button(
            "Reset all filters",
            key="reset",
            on_click=reset,
            width="stretch",
            disabled=view.selection == Selection(),
            help="Clear every filter on every page",
        )


def reset() -> None:
    """Clear every filter; for a button."""
    address.change(replace(address.now(), selection=Selection()))
