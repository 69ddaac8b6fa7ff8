"""The import of a study by its files, on servers that allow it: check, correct, import, open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

import streamlit as st

from components.escape import markdown_text
from components.screen import import_report, import_tables, imports
from components.screen.imports import Checked, Upload
from components.screen.pages import page_files
from components.screen.upload_guard import ALLOW, uploads_allowed
from data.ingest.corrections import corrected, map_text
from data.ingest.replacing import Replacing
from data.ingest.source import ENTRIES_LIMIT
from data.ingest.stage import Progress

DRAFT, DONE = "import-draft", "import-done"


@dataclass(frozen=True)
class Draft:
    """A check that a person is looking at; number: which check of the session it is.

    uploads: the ids of the files that were checked. problems: corrections that cannot be used.
    """

    number: int
    uploads: tuple[str, ...]
    given_map: bytes | None
    checked: Checked
    problems: tuple[str, ...] = ()


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
    size, unpacked = st.get_option("server.maxUploadSize"), imports.UNPACKED_LIMIT // 1024**3
    st.markdown(
        "Choose the ADaM files of a trial, or a zip archive of them: SAS transport (`.xpt`), "
        "`.sas7bdat`, CSV, Parquet or Dataset-JSON. A `study.toml` from an earlier import brings "
        f"its corrections along. Limits: {size} MB for each file; an archive may unpack to "
        f"{unpacked} GB and hold {ENTRIES_LIMIT:,} files."
    )
    files = st.file_uploader("Files", accept_multiple_files=True, key="import-files")
    draft: Draft | None = st.session_state.get(DRAFT)
    is_first = draft is None and DONE not in st.session_state
    kind: Literal["primary", "secondary"] = "primary" if is_first else "secondary"
    if st.button("Check the files", type=kind, disabled=not files):
        draft = _draft(files, draft)
        st.session_state[DRAFT] = draft
        st.session_state.pop(DONE, None)
    if DONE in st.session_state:
        _done(st.session_state[DONE])
    elif draft and draft.uploads != _names(files):
        st.info("The files have changed. Check them again.")
    elif draft:
        _correct(files, draft)


def _names(files: Sequence[Any]) -> tuple[str, ...]:
    return tuple(file.file_id for file in files)


def _uploads(files: Sequence[Any]) -> list[Upload]:
    return [Upload(file.name, file.getvalue()) for file in files]


def _draft(
    files: Sequence[Any],
    before: Draft | None,
    content: dict[str, Any] | None = None,
    study: str = "",
) -> Draft:
    """The files checked, with the corrections so far; a new study.toml takes their place."""
    uploads = _uploads(files)
    given = imports.uploaded_map(uploads)
    if content is None and before and before.given_map == given:
        content, study = dict(before.checked.content), before.checked.study
    with _progress() as progress:
        checked = imports.checked(uploads, content, study, progress)
    return Draft(before.number + 1 if before else 1, _names(files), given, checked)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar that shows how far an import is; gone afterwards."""
    bar = st.progress(0.0, "Reading")

    def step(what: str, done: int, total: int | None) -> None:
        text = f"{markdown_text(what)}: {done:,} rows" if done else markdown_text(what)
        bar.progress(min(1.0, done / total) if total else 0.0, text)

    try:
        yield step
    finally:
        bar.empty()


def _correct(files: Sequence[Any], draft: Draft) -> None:
    """What was understood, to be corrected; then the files are checked again, or imported."""
    checked = draft.checked
    report = checked.report
    _summary(checked)
    for problem in draft.problems:
        st.error(markdown_text(problem))
    import_report.issues(report, folded=True)
    if checked.proposal:
        st.subheader("What each figure will show")
        import_tables.figures(checked.proposal)
    st.subheader("Variable mapping")
    with st.form("import", border=False):
        study = st.text_input(
            "STUDYID",
            checked.study or report["study"],
            key=f"import-study-{draft.number}",
            help="Change it to import the data under another identifier.",
        ).strip()
        corrections, problems = import_tables.corrections(checked, draft.number)
        allowed = _allowed(checked, draft.number)
        with st.container(horizontal=True):
            is_again = st.form_submit_button("Check again")
            is_import = st.form_submit_button(
                "Import", type="primary", disabled=checked.proposal is None
            )
    _downloads(checked)
    if not (is_again or is_import):
        return
    if problems:
        st.session_state[DRAFT] = replace(draft, problems=tuple(problems))
        st.rerun()
    content = corrected(checked.content, corrections)
    named = study if study != report["study"] else checked.study
    if is_again:
        st.session_state[DRAFT] = _draft(files, draft, content, named)
    else:
        with _progress() as progress:
            result = imports.imported(_uploads(files), content, named, allowed, progress)
        if result.report["folder"]:
            st.session_state[DONE] = result
            st.session_state.pop(DRAFT)
        else:
            refused = replace(checked, report=result.report, rejected=result.rejected)
            st.session_state[DRAFT] = replace(draft, checked=refused, problems=())
    st.rerun()


def _summary(checked: Checked) -> None:
    report = checked.report
    if checked.has_errors:
        st.error("These files cannot be imported as they are. Nothing was changed.")
        return
    counts = ", ".join(
        f"{item['dataset']} ({item['rows_out']:,} rows, {item['patients']:,} patients)"
        for item in report["counts"]
    )
    st.success(
        f"{markdown_text(report['study'])} can be imported: {markdown_text(counts)}. "
        "Nothing has been imported yet."
    )


def _allowed(checked: Checked, number: int) -> Replacing:
    """What may happen to the study that is there, as the person agrees."""
    if not checked.exists or checked.proposal is None:
        return Replacing()
    study = markdown_text(checked.report["study"])
    agreed = st.checkbox(
        f"Replace the study {study} that exists already. What people wrote beside its data is "
        "kept, and the present version can be restored.",
        key=f"import-replace-{number}",
    )
    dropped = [
        dataset
        for dataset in checked.dropped
        if st.checkbox(
            f"Drop {dataset}: the present version has it, and these files do not.",
            key=f"import-drop-{number}-{dataset}",
        )
    ]
    return Replacing(agreed, frozenset(dropped))


def _downloads(checked: Checked) -> None:
    """The map and the rows left out, as files."""
    with st.container(horizontal=True):
        st.download_button(
            "Map (study.toml)",
            map_text(checked.content),
            imports.MAP,
            "application/toml",
            key="import-map",
            on_click="ignore",
            help="The corrections so far. Upload it with the files to use them again, or give it "
            "to the command with --map.",
        )
        if checked.rejected:
            import_report.rejected(checked.rejected, "upload")


def _done(result: Checked) -> None:
    """What was imported, and the way to it."""
    study = result.report["study"]
    st.success(f"{markdown_text(study)} was imported.")
    if st.button(f"Open {markdown_text(study)}", type="primary", key="import-open"):
        st.session_state.pop(DONE)
        st.switch_page(page_files()[0].path, query_params={"study": study})
    import_report.issues(result.report, folded=True)
    _downloads(result)
