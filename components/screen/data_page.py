"""The Data page: the studies there are, where each came from, its report, and the import."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path, PurePath
from typing import Any

import pandas as pd
import streamlit as st

from components.escape import csv_text, markdown_text
from components.screen import store
from data.study import Study

UPLOADS = "ITP_UPLOADS"


def page(study: Study) -> None:
    """Every study in a row, the shown one in detail, and the import where it is allowed."""
    st.title("Data")
    st.caption("Of all studies; filters do not act on this page.")
    st.header("Studies")
    st.dataframe(
        pd.DataFrame(store.study_rows()),
        hide_index=True,
        key="studies",
        alt="The studies there are",
    )
    _origin(study)
    _import()


def _origin(study: Study) -> None:
    st.header(f"Where {markdown_text(study.id)} comes from")
    report = store.import_report(study)
    if report is None:
        st.markdown(
            f"{markdown_text(study.simulated)}. Made by `python -m data.reconstruction`."
            if study.simulated
            else "Its folder holds no import report: the files were put there by hand."
        )
        return
    said = (
        f"Imported from **{markdown_text(report['source'])}** "
        f"at {markdown_text(report['imported'])}"
    )
    st.markdown(f"{said}, in {float(report['seconds']):.1f} s.")
    _issues(report)
    for title, rows in _tables(report).items():
        with st.expander(f"{title} ({len(rows)})", on_change="rerun", key=f"report-{title}") as box:
            if box.open:
                st.dataframe(rows, hide_index=True, key=f"rows-{title}", alt=title)
                st.download_button(
                    "CSV",
                    csv_text(rows).encode("utf-8-sig"),
                    f"{study.id}_{title.lower().replace(' ', '-')}.csv",
                    "text/csv",
                    key=f"csv-{title}",
                    on_click="ignore",
                )
    rejected = store.rejected_rows(study)
    if rejected is not None:
        st.download_button(
            "Rows that were left out (Parquet)",
            rejected.read_bytes,
            f"{study.id}_rejected.parquet",
            "application/vnd.apache.parquet",
            on_click="ignore",
        )


def _issues(report: dict[str, Any]) -> None:
    shown = {"error": st.error, "warning": st.warning, "note": st.info}
    order = list(shown)
    for issue in sorted(report["issues"], key=lambda item: order.index(item["level"])):
        place = ".".join(part for part in (issue["dataset"], issue["variable"]) if part)
        place = place or issue["file"] or issue["level"]
        text = f"**{markdown_text(place)}** {markdown_text(issue['rule'])}"
        if issue["values"]:
            text += ": " + markdown_text(", ".join(map(repr, issue["values"])))
        if issue["rows"]:
            text += f", {issue['rows']:,} rows"
        if issue["patients"]:
            text += f" (patients {markdown_text(', '.join(issue['patients']))})"
        shown[issue["level"]](f"{text}. {markdown_text(issue['advice'])}")


def _tables(report: dict[str, Any]) -> dict[str, pd.DataFrame]:
    found = {
        "Rows in and out": pd.DataFrame(report["counts"]),
        "What was taken for what": pd.DataFrame(report["decisions"]),
        "Source files": pd.DataFrame(report["files"]),
        "Rows left out by reason": pd.DataFrame(report["rejected"]),
    }
    return {title: rows for title, rows in found.items() if len(rows)}


def _import() -> None:
    st.header("Bring a study")
    if os.environ.get(UPLOADS) != "allowed":
        st.markdown(
            "`python -m data.ingest FOLDER` brings in a trial as CDISC ADaM files; docs/ingest.md "
            "says how. Importing from this page is switched off on this server "
            f"(`{UPLOADS}=allowed` switches it on)."
        )
        return
    with st.form("import", border=False):
        files = st.file_uploader(
            "ADaM files, or a zip archive of them; a study.toml says what the data do not",
            accept_multiple_files=True,
        )
        asked = st.form_submit_button("Import")
    if asked and files:
        with tempfile.TemporaryDirectory() as folder:
            for file in files:
                # The browser's name of a file is text from outside: only its last part is used.
                (Path(folder) / (PurePath(file.name).name or "file")).write_bytes(file.getvalue())
            bar = st.progress(0.0, "Reading")

            def moved(what: str, done: int, total: int | None) -> None:
                bar.progress(min(1.0, done / total) if total else 0.0, f"{what}: {done:,} rows")

            report = store.imported(Path(folder), moved)
            bar.empty()
        if report["folder"]:
            st.success(f"{report['study']} was imported. Choose it above the filters.")
        else:
            st.error("Nothing was imported, and nothing was changed.")
        _issues(report)
