"""The Data page: the studies there are, where the shown one came from, and the import."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from components.escape import markdown_text
from components.screen import import_report, store
from components.screen.current import study_shown
from components.screen.import_form import import_form
from components.screen.restoring import restoring
from data.study import Study


def show() -> None:
    """Every study in a row, the shown one in detail, and the import where it is allowed."""
    st.title("Data")
    st.caption("All studies. The filters do not apply to this page.")
    st.header("Studies")
    st.dataframe(
        pd.DataFrame(store.study_rows()),
        hide_index=True,
        key="studies",
        alt="The available studies",
    )
    if study := study_shown():
        _source(study)
    import_form()


def _source(study: Study) -> None:
    st.header(f"Source of {markdown_text(study.id)}")
    report = store.import_report(study)
    if report is not None:
        import_report.source(report)
        import_report.issues(report)
        import_report.tables(report, study.id)
        rejected = store.rejected_rows(study)
        if rejected is not None:
            import_report.rejected(rejected.read_bytes(), study.id)
    elif study.simulated:
        st.markdown(f"{markdown_text(study.simulated)}. Built by `python -m data.reconstruction`.")
    else:
        st.markdown("There is no import report: the files were put into the folder by hand.")
    restoring(study)
