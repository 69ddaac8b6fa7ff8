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
    _details(report, study.id)
    rejected = store.rejected_rows(study)
    if rejected is not None:
        _rejected(rejected.read_bytes(), study.id)


def _details(report: dict[str, Any], name: str) -> None:
    for title, rows in _tables(report).items():
        key = f"{name}-{title}"
        with st.expander(f"{title} ({len(rows)})", on_change="rerun", key=f"report-{key}") as box:
            if box.open:
                st.dataframe(rows, hide_index=True, key=f"rows-{key}", alt=title)
                st.download_button(
                    "CSV",
                    csv_text(rows).encode("utf-8-sig"),
                    f"{name}_{title.lower().replace(' ', '-')}.csv",
                    "text/csv",
                    key=f"csv-{key}",
                    on_click="ignore",
                )


def _rejected(content: bytes, name: str) -> None:
    st.download_button(
        "Rows that were left out (Parquet)",
        content,
        f"{name}_rejected.parquet",
        "application/vnd.apache.parquet",
        key=f"rejected-{name}",
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
        # The answer stays while its tables are opened; a click would otherwise forget it.
        st.session_state["upload"] = _uploaded(files)
    if "upload" in st.session_state:
        _answer(*st.session_state["upload"])


def _uploaded(files: list[Any]) -> tuple[dict[str, Any], bytes]:
    """Import these files; gives the report and the rows that were left out, as Parquet."""
    with tempfile.TemporaryDirectory() as name:
        folder, rejected = Path(name) / "in", Path(name) / "rejected.parquet"
        folder.mkdir()
        for file in files:
            # The browser's name of a file is text from outside: only its last part is used.
            (folder / (PurePath(file.name).name or "file")).write_bytes(file.getvalue())
        bar = st.progress(0.0, "Reading")

        def moved(what: str, done: int, total: int | None) -> None:
            bar.progress(min(1.0, done / total) if total else 0.0, f"{what}: {done:,} rows")

        more = f" and {len(files) - 1} more" if len(files) > 1 else ""
        report = store.imported(folder, f"upload of {files[0].name}{more}", moved, rejected)
        bar.empty()
        return report, rejected.read_bytes() if rejected.is_file() else b""


def _answer(report: dict[str, Any], rejected: bytes) -> None:
    if report["folder"]:
        st.success(f"{markdown_text(report['study'])} was imported. Choose it above the filters.")
    else:
        st.error("Nothing was imported, and nothing was changed.")
    _issues(report)
    if not report["folder"]:
        _details(report, "upload")
        if rejected:
            _rejected(rejected, "upload")
