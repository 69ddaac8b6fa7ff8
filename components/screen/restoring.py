"""The version of a study before its last import, to be brought back."""

from __future__ import annotations

import streamlit as st

from components.escape import markdown_text
from components.screen import imports
from components.screen.upload_guard import uploads_allowed
from data.study import Study

PROBLEM = "restore-problem"


def restoring(study: Study) -> None:
    """The button, where readers may import and an earlier version is kept."""
    if problem := st.session_state.pop(PROBLEM, ""):
        st.error(markdown_text(problem))
    if not uploads_allowed() or not imports.has_previous(study.id):
        return
    with st.popover("Restore the previous version"):
        st.markdown(
            f"The version of {markdown_text(study.id)} before its last import takes the place of "
            "the present one, which is kept in turn. What people wrote beside the data stays."
        )
        st.button("Restore", key="restore", type="primary", on_click=_restore, args=(study.id,))


def _restore(study: str) -> None:
    st.session_state[PROBLEM] = imports.restored(study)
