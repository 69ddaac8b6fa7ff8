"""The study that is shown: the one a link names, the one chosen, or the first that opens."""

from __future__ import annotations

import logging
from collections.abc import Collection

import streamlit as st

from components.escape import markdown_text
from components.screen import address, store
from data.study import Study, StudyError

LOG = logging.getLogger(__name__)
CHOSEN, WIDGET = "study", "choose-study"


def chosen_study() -> Study | None:
    """The study to show; None, with the reason on the page, where there is none."""
    folders = store.study_names()
    if not folders:
        st.info(
            "There is no study yet. Import one with `python -m data.ingest FOLDER`, "
            "or build the embedded one with `make data`."
        )
        return None
    name = _name(folders)
    if len(folders) > 1:
        st.session_state[WIDGET] = name
        st.sidebar.selectbox("Study", list(folders), key=WIDGET, on_change=_choose)
    try:
        return store.study(folders[name])
    except StudyError as error:
        LOG.exception("study %s", name)
        st.error("\n\n".join(map(markdown_text, error.problems)))
        return None


def _name(names: Collection[str]) -> str:
    """The study of a newly opened link, else the one chosen before, else the first that opens."""
    state, linked = st.session_state, address.study_asked()
    if linked is not None and linked in names:
        state[CHOSEN] = linked
    elif linked:
        st.warning(
            f"Ignored in the link: there is no study {markdown_text(repr(linked))}; "
            f"there are: {markdown_text(', '.join(names))}."
        )
    chosen = str(state.get(CHOSEN))
    state[CHOSEN] = chosen if chosen in names else store.first_study()
    return str(state[CHOSEN])


def _choose() -> None:
    st.session_state[CHOSEN] = st.session_state[WIDGET]
