"""The study that is shown: the one a link names, the one chosen, or the one that opens by itself.

A link never shows another study than the one it names. A link that names none opens the embedded
study, else the only one; otherwise the reader is asked.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import streamlit as st

from components.escape import markdown_text
from components.screen import address, store
from data.study import Study, StudyError

LOG = logging.getLogger(__name__)
CHOSEN, WIDGET = "study", "choose-study"


def chosen_study(page: st.Page) -> Study | None:
    """The study to show; None where there is none, with the reason and the studies there are."""
    names = store.study_names()
    name = study_named()
    if name in names:
        return _opened(name, names)
    # Whatever address comes next is a new link, even the one of before.
    st.session_state.pop(address.WRITTEN, None)
    if name:
        st.error(f"There is no study {markdown_text(repr(name))}.")
    if not names:
        st.info(
            "There is no study yet. Import one with `python -m data.ingest FOLDER`, "
            "or build the embedded one with `make data`."
        )
        return None
    st.markdown("These studies are available:" if name else "Choose a study:")
    for known in names:
        st.page_link(page, label=markdown_text(known), query_params={"study": known})
    return None


def study_named() -> str:
    """The STUDYID of a newly opened link, else of the study chosen before, else the usual one."""
    state = st.session_state
    name = address.study_asked() or state.get(CHOSEN) or store.usual_study()
    state[CHOSEN] = name
    return str(name)


def _opened(name: str, names: Sequence[str]) -> Study | None:
    if len(names) > 1:
        st.session_state[WIDGET] = name
        st.sidebar.selectbox("Study", names, key=WIDGET, on_change=_choose)
    try:
        return store.study(name)
    except StudyError as error:
        LOG.exception("study %s", name)
        st.error("\n\n".join(map(markdown_text, error.problems)))
        return None


def _choose() -> None:
    st.session_state[CHOSEN] = st.session_state[WIDGET]
