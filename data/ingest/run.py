"""An import from beginning to end: gather, stage, map, check, write, put in place."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from data.ingest import (
    check,
    days,
    documents,
    events,
    files,
    laboratory,
    opening,
    parquet,
    settings,
    source,
    subjects,
    therapy,
    versions,
)
from data.ingest.mapping import tables
from data.ingest.replacing import NOTHING_REPLACED, Replacing, folder_for
from data.ingest.report import Counts, IngestError, Issue, Report
from data.ingest.stage import Progress, Staged, database, text
from data.ingest.subjects import identity
from data.ingest.work import Work
from data.study import studies_root


def _silent(_what: str, _done: int, _total: int | None) -> None:
    pass


@dataclass
class _Import:
    """What was asked of an import, and its report while it runs."""

    source: str
    study: str
    progress: Progress
    replacing: Replacing
    dry_run: bool
    imported: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    start: float = field(default_factory=time.monotonic)
    folder: Path | None = None
    reasons: tuple[Issue, ...] = ()
    work: Work | None = None

    def report(self) -> Report:
        """The report so far."""
        work = self.work
        return Report(
            study=self.study,
            source=self.source,
            folder=None if self.reasons or self.dry_run else self.folder,
            imported=self.imported,
            seconds=time.monotonic() - self.start,
            files=tuple(work.files) if work else (),
            counts=tuple(work.counts) if work else (),
            decisions=tuple(work.decisions) if work else (),
            issues=(*self.reasons, *(work.issues if work else ())),
            rejected=tuple(work.rejected) if work else (),
            versions=_library_versions(),
            dry_run=self.dry_run,
        )


def _library_versions() -> tuple[tuple[str, str], ...]:
    """The versions of Python and of the libraries that read and write."""
    names = ("duckdb", "pyarrow", "pyreadstat", "ijson")
    return (
        ("python", platform.python_version()),
        *((name, importlib.metadata.version(name)) for name in names),
    )


def ingest(
    source_path: Path,
    root: Path | None = None,
    study: str | None = None,
    map_file: Path | None = None,
    progress: Progress = _silent,
    *,
    source_name: str = "",
    limit: int = source.UNPACKED_LIMIT,
    rejected_to: Path | None = None,
    replacing: Replacing = NOTHING_REPLACED,
    dry_run: bool = False,
    made_to: Path | None = None,
    wait: float = 0,
) -> Report:
    """Import a study into a folder below `root`, or report why not.

    source_path: a folder, a file or a zip archive. root: the folder of the studies, else that of
    the app. study: the name to import it under, and which study to import where the data hold
    several. map_file: a `study.toml` with settings and a variable mapping. progress: called with
    the step, rows so far, and all rows where known. source_name: what the report calls the source.
    limit: bytes an archive may unpack to. rejected_to: a Parquet file for the rows left out,
    written even if the import is refused. replacing: what may happen to the study of the same
    STUDYID that is there. dry_run: do everything but put the study in its place. made_to: a new
    folder in which a dry run leaves the study, if it can be imported. wait: for how many seconds
    another import is waited for.

    Never raises for what is wrong with the data, the disk or the settings: the report names it, and
    then `report.folder` is None and nothing in `root` has changed.
    """
    root = root or studies_root()
    name = source_name or source_path.name or str(source_path)
    state = _Import(name, study or "", progress, replacing, dry_run)
    try:
        given = settings.read(map_file)
        if wait:
            progress("wait for other imports", 0, None)
        with _elsewhere() if dry_run else versions.workshop(root, wait) as folder:
            items = source.gather(source_path, folder / "unpacked", limit=limit)
            with database(folder) as connection:
                state.work = Work(connection, given, name)
                try:
                    made = _made(state, state.work, items, folder, root)
                finally:
                    if rejected_to is not None:
                        parquet.rejected(state.work, rejected_to)
            if made is not None and dry_run:
                if made_to is not None:
                    shutil.move(made, made_to)
            elif made is not None and state.folder is not None:
                versions.put_in_place(made, state.folder)
    except IngestError as error:
        state.reasons = error.issues
    except (OSError, duckdb.Error) as error:
        state.reasons = (_unforeseen(error),)
    return state.report()


@contextmanager
def _elsewhere() -> Iterator[Path]:
    """A private folder outside the studies, gone afterwards; nobody else has to wait for it."""
    with tempfile.TemporaryDirectory(prefix="itp-dry-run-") as folder:
        yield Path(folder)


def _unforeseen(error: Exception) -> Issue:
    """What the system refused, or the program did not foresee, as an issue."""
    message = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    shown = (message.splitlines() or [type(error).__name__])[0]
    if isinstance(error, (OSError, duckdb.IOException, duckdb.OutOfMemoryException)):
        rule = f"the system reports: {shown}"
        advice = "Check that the disk has room and that the folder may be written to."
    else:
        rule = f"unexpected error ({shown})"
        advice = "This is a fault of the import; please report it with this line."
    return Issue("error", "", "", rule, advice)


def _made(
    state: _Import, work: Work, items: list[source.Item], folder: Path, root: Path
) -> Path | None:
    """The folder of the new study, complete; None where there are errors."""
    staged = files.datasets(work, items, state.progress)
    if work.has_errors():
        return None
    _map(state, work, staged)
    study_folder = folder_for(work, root, state.study, list(staged), state.replacing)
    if work.has_errors():
        return None
    state.progress("check and sort", 0, None)
    parameter = _complete(work, list(staged))
    if work.has_errors():
        return None
    made = folder / "study"
    made.mkdir()
    for name, each in staged.items():
        patients = int(work.texts(f"select count(distinct USUBJID) from {name}")[0])
        rows = parquet.dataset(work, name, made, state.progress)
        work.counts.append(Counts(name, sum(file.rows for file in each), rows, patients))
    parquet.rejected(work, made / "rejected.parquet")
    report = state.report()
    documents.write_study_toml(work, report, parameter, made)
    opening.check(work, made)
    if work.has_errors():
        return None
    state.folder = study_folder
    documents.write_manifest(report, made)
    documents.write_report(state.report(), made)
    return made


def _map(state: _Import, work: Work, staged: dict[str, list[Staged]]) -> None:
    """Make the tables of the contract from the staged files: the variable mapping."""
    for name, each in staged.items():
        tables.make(work, name, each)
        check.not_empty(work, name)
        for file in each:
            work.connection.execute(f"drop table {file.table}")
    state.study, others = identity.study_id(work, state.study)
    for name in staged:
        work.connection.execute(
            f"update {name} set STUDYID = {text(state.study)} where STUDYID is null"
        )
        if name != "ADSL" and others:
            listed = ", ".join(text(other) for other in others)
            work.reject(name, f"STUDYID in ({listed})", identity.of_another(state.study))
        check.patients(work, name)


def _complete(work: Work, names: list[str]) -> str:
    """Derive by rule and check against the contract; the PARAMCD of the platelet count, or ""."""
    subjects.complete(work)
    parameter = ""
    for name in names:
        if name == "ADSL":
            continue
        check.duplicate_rows(work, name)
        days.derive(work, name)
        if name == "ADAE":
            events.complete(work)
        elif name == "ADCM":
            therapy.medications(work)
        elif name == "ADEX":
            therapy.administrations(work)
        elif name == "ADLB":
            parameter = laboratory.complete(work)
        days.compare(work, name)
    subjects.baseline_platelets(work, parameter)
    for name in names:
        check.contract(work, name)
    return parameter
