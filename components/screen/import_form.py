"""The import of a study by its files, on servers that allow it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import streamlit as st

from components.escape import markdown_text
from components.screen import import_report, store
from components.screen.upload_guard import ALLOW, uploads_allowed

IMPORTED = "imported"


@dataclass(frozen=True)
class Imported:
    """The report of an import, and the rows that it left out as a Parquet file, empty if none."""

    report: dict[str, Any]
    rejected: bytes


def import_form() -> None:
    """Take files and import them; where that is not allowed, say how else to import a study."""
    st.header("Import a study")
    if not uploads_allowed():
        st.markdown(
            "`python -m data.ingest FOLDER` imports a trial from CDISC ADaM files; see "
            "docs/ingest.md. Importing from this page is disabled on this server; "
            f"`{ALLOW}=allowed` enables it."
        )
        return
    with st.form("import", border=False):
        files = st.file_uploader(
            "ADaM files or a zip archive of them; a study.toml adds what the data do not say",
            accept_multiple_files=True,
        )
        is_submitted = st.form_submit_button("Import")
    if is_submitted and files:
        # The result stays while its tables are opened; a click would otherwise forget it.
        st.session_state[IMPORTED] = _imported(files)
    if IMPORTED in st.session_state:
        _result(st.session_state[IMPORTED])


def _imported(files: list[Any]) -> Imported:
    """Import these files beside the other studies."""
    with tempfile.TemporaryDirectory() as name:
        folder, rejected = Path(name) / "in", Path(name) / "rejected.parquet"
        folder.mkdir()
        for file in files:
            # The browser's name of a file is text from outside: only its last part is used.
            (folder / (PurePath(file.name).name or "file")).write_bytes(file.getvalue())
        bar = st.progress(0.0, "Reading")

        def progress(step: str, done: int, total: int | None) -> None:
            bar.progress(min(1.0, done / total) if total else 0.0, f"{step}: {done:,} rows")

        more = f" and {len(files) - 1} more" if len(files) > 1 else ""
        report = store.imported(folder, f"upload of {files[0].name}{more}", progress, rejected)
        bar.empty()
        return Imported(report, rejected.read_bytes() if rejected.is_file() else b"")


def _result(imported: Imported) -> None:
    report = imported.report
    if report["folder"]:
        st.success(f"{markdown_text(report['study'])} was imported. Choose it above the filters.")
    else:
        st.error("Nothing was imported, and nothing was changed.")
    import_report.issues(report)
    if not report["folder"]:
        import_report.tables(report, "upload")
        if imported.rejected:
            import_report.rejected(imported.rejected, "upload")
