"""The adverse events behind a mark: the one that was clicked, or a line chosen by name."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components.drawing.mark import Mark
from components.escape import markdown_text
from components.screen import store
from components.view import View
from components.wording import count_text
from data.study import Study

ALL = "All patients"


def events_of_mark(study: Study, view: View, figure: str, mark: Mark) -> None:
    """The events of the chosen mark; the list has as many patients as the mark says."""
    if _event_list(study, view, figure, mark, key=f"events-{figure}") != mark.n:
        st.caption("The filters have changed since this cell was clicked. Click it again.")


def events_of_line(study: Study, view: View, figure: str, marks: list[Mark]) -> None:
    """The events of a line, chosen from a list: for the keyboard, which cannot click on a cell."""
    with st.expander("Patients and events", on_change="rerun", key=f"lines-{figure}") as box:
        if not box.open:
            return
        lines = {_name(mark): replace(mark, group=None, USUBJID=None) for mark in marks}
        line = st.selectbox("Line", list(lines), key=f"line-{figure}")
        if line:
            _event_list(study, view, figure, lines[line], key=f"list-{figure}")


def _name(mark: Mark) -> str:
    """The line of a mark; a preferred term with the class that it stands under."""
    return " · ".join(part for part in (mark.AEBODSYS, mark.AEDECOD) if part)


def _event_list(study: Study, view: View, figure: str, mark: Mark, *, key: str) -> int:
    """A list of events under its heading; returns how many patients have them."""
    rows = store.events(study, view, figure, mark)
    n = int(rows["USUBJID"].nunique())
    line, patients = mark.AEDECOD or mark.AEBODSYS or "", mark.group or mark.USUBJID or ALL
    st.markdown(
        f"**{markdown_text(line)}** · {markdown_text(patients)}: "
        f"{count_text(n, 'patient')}, {count_text(len(rows), 'event')}"
    )
    st.dataframe(rows, hide_index=True, key=key, alt=f"Events: {line}, {patients}")
    return n
