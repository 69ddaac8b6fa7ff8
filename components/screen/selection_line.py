"""The line that is always on the screen: how many patients, under which filters, of which data."""

from __future__ import annotations

import streamlit as st

from components.escape import markdown_text
from components.screen import address, filters, store
from components.view import View
from components.wording import unit_text
from data.study import Study
from queries.engine.selection import Selection, words


def selection_line(study: Study, view: View) -> None:
    """The selection in words, a button that lifts it, and what a link asked for in vain."""
    n, n_all = store.patient_counts(study, view.selection)
    chosen = [unit_text(part) for part in words(study, view.selection)]
    if view.selection.analysis_set:
        chosen.append(study.analysis_set(view.selection.analysis_set).label)
    with st.container(key="who", horizontal=True, vertical_alignment="center"):
        selection = " · ".join(markdown_text(part) for part in chosen) or "no filters"
        st.markdown(f"**{n} of {n_all} patients** · {selection}", width="content")
        if view.selection != Selection():
            st.button(
                "Reset",
                key="reset-here",
                on_click=filters.reset,
                type="tertiary",
                help="Clear every filter",
            )
        if study.simulated:
            st.badge("Simulated patients", color="orange", help=markdown_text(study.simulated))
    for sentence in address.ignored():
        st.warning(f"Ignored in the link: {markdown_text(sentence)}")
