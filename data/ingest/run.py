"""An import from beginning to end: gather, recognise, stage, map, check, write, swap in."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import tomlkit

from data.contract import DATASETS
from data.ingest import (
    check,
    days,
    events,
    laboratory,
    recognise,
    settings,
    source,
    study_toml,
    subjects,
    versions,
    write,
)
from data.ingest.mapping import Work, make, wanted
from data.ingest.readers import Opened, reader
from data.ingest.report import Counts, IngestError, Issue, Report, SourceFile, failure
from data.ingest.stage import Progress, Staged, database, quoted, stage, text
from data.study import studies_root

ORDER = ("ADSL", "ADEX", "ADCM", "ADAE", "ADLB", "ADTTE", "ADRS")


def _silent(_what: str, _done: int, _total: int | None) -> None:
    pass


@dataclass
class _Import:
    """What was asked of an import, and what is known of it while it runs."""

    source: str
    imported: str
    root: Path
    asked: str
    progress: Progress
    began: float = field(default_factory=time.monotonic)
    study: str = ""
    folder: Path | None = None
    files: list[SourceFile] = field(default_factory=list)
    counts: list[Counts] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    work: Work | None = None

    def report(self) -> Report:
        work = self.work
        return Report(
            study=self.study,
            source=self.source,
            folder=self.folder,
            imported=self.imported,
            seconds=time.monotonic() - self.began,
            files=tuple(self.files),
            counts=tuple(self.counts),
            decisions=tuple(work.decisions) if work else (),
            issues=(*self.issues, *(work.issues if work else ())),
            rejected=tuple(work.rejected) if work else (),
            versions=library_versions(),
        )


def library_versions() -> tuple[tuple[str, str], ...]:
    """The versions of Python and of the libraries that read and write."""
    names = ("duckdb", "pyarrow", "pyreadstat")
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
) -> Report:
    """Import a study into `root`/<STUDYID>, or say why not.

    root: the folder of the studies, else that of the app. source_path: a folder, a file or a zip
    archive. study: the name to keep it under, and which one to take where the data hold several.
    map_file: a `study.toml` with what a person says. progress: called with what is done, rows so
    far, and rows in all where known. source_name: what to call the source in the report. limit:
    bytes an archive may unpack to. rejected_to: a Parquet file for the rows left out, written even
    if the import is refused.

    Never raises for what is wrong with the data, the disk or the settings: the report says it, and
    then `report.folder` is None and nothing in `root` has changed.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    name = source_name or source_path.name or str(source_path)
    root = root or studies_root()
    state = _Import(name, now, root, study or "", progress)
    try:
        said = settings.read(map_file)
        with versions.workshop(root) as folder:
            _run(state, source_path, said, folder, limit, rejected_to)
    except IngestError as error:
        state.folder = None
        state.issues.append(error.issue)
    except (OSError, duckdb.Error) as error:
        state.folder = None  # it may have been named before it was made
        state.issues.append(_machine(error))
    return state.report()


def _machine(error: Exception) -> Issue:
    """What the machine could not do, or the program did not foresee, as an issue."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    shown = (said.splitlines() or [type(error).__name__])[0]
    if isinstance(error, (OSError, duckdb.IOException, duckdb.OutOfMemoryException)):
        rule = f"the machine could not do it ({shown})"
        advice = "Check that there is room on the disk and that the folder may be written to."
    else:
        rule = f"the import met something it does not know ({shown})"
        advice = "This is a fault of the import; please report it with this line."
    return Issue("error", "", "", rule, advice)


def _run(
    state: _Import,
    source_path: Path,
    said: settings.Settings,
    folder: Path,
    limit: int,
    rejected_to: Path | None,
) -> None:
    unpacked = folder / "unpacked"
    items = source.gather(source_path, unpacked, limit=limit)
    with database(folder) as connection:
        work = state.work = Work(connection, said)
        connection.execute(
            "create table rejected (dataset varchar, reason varchar, file varchar, row bigint, "
            "USUBJID varchar, record varchar)"
        )
        try:
            made = _make(state, work, items, folder)
        finally:
            if rejected_to is not None:
                write.rejected(work, rejected_to)
    if made is None or state.folder is None:
        return
    versions.put_in_place(made, state.folder)


def _make(state: _Import, work: Work, items: list[source.Item], folder: Path) -> Path | None:
    """The new study's folder, complete, beside the old one; None where there are errors."""
    staged = _stage(state, work, items)
    if _has_errors(state):
        return None
    _build(state, work, staged)
    if _has_errors(state):
        return None
    state.progress("check and sort", 0, None)
    parameter = _check(work, [name for name in ORDER if name in staged])
    if _has_errors(state):
        return None
    made = folder / "study"
    made.mkdir()
    _write(state, work, staged, parameter, made)
    state.folder = state.root / versions.folder_name(state.study)
    report = json.dumps(state.report().as_dict(), indent=1, ensure_ascii=False)
    write.text_file(made / "report.json", report + "\n")
    return made


def _has_errors(state: _Import) -> bool:
    found = [*state.issues, *(state.work.issues if state.work else ())]
    return any(issue.level == "error" for issue in found)


@dataclass(frozen=True)
class _Candidate:
    """A file that is recognised, opened and not yet read."""

    item: source.Item
    opened: Opened
    dataset: str
    why: str


def _stage(state: _Import, work: Work, items: list[source.Item]) -> dict[str, list[Staged]]:
    """Open, recognise and stage every file; the same dataset twice is taken once."""
    found: dict[str, list[_Candidate]] = defaultdict(list)
    for item in items:
        try:
            if candidate := _open(state, work, item):
                found[candidate.dataset].append(candidate)
        except IngestError as error:
            state.issues.append(error.issue)
    if _has_errors(state):
        return {}
    if not found["ADSL"]:
        raise failure(
            "no file is the subject-level dataset (ADSL)",
            "Add it: one row per patient, with USUBJID and the treatment (TRT01A, TRT01P or ARM).",
            file=state.source,
        )
    staged: dict[str, list[Staged]] = {}
    for name in ORDER:
        if found[name]:
            files: list[tuple[_Candidate, Staged]] = []
            for candidate in found[name]:
                try:
                    files.append((candidate, _read(work, candidate, state.progress)))
                except IngestError as error:
                    state.issues.append(error.issue)
            staged[name] = _once(state, work, name, files)
    return staged


def _open(state: _Import, work: Work, item: source.Item) -> _Candidate | None:
    """A file that the app has use for; others are noted with the reason."""
    read = reader(item.name)
    if read is None:
        _noted(state, item, "", "", 0, "no format of data")
        return None
    try:
        opened = read(item.path, item.name, work.settings.encoding)
    except IngestError:
        if item.name.lower().endswith(".json"):
            _noted(state, item, "JSON", "", 0, "no Dataset-JSON 1.1")
            if not item.name.rsplit("/", 1)[-1].lower().startswith("ad"):
                return None
        raise
    names = [column.name for column in opened.columns]
    stem = item.name.rsplit("/", 1)[-1]
    known = recognise.recognise(opened.name or stem, names)
    if not known.dataset and opened.name != stem:
        known = recognise.recognise(stem, names)
    dataset, why = known.dataset, known.why
    for name in (item.name, stem):
        if name in work.settings.files:
            dataset, why = work.settings.files[name], f"{work.settings.name} says so"
    if not dataset:
        _noted(state, item, opened.format, "", opened.rows or 0, why)
        return None
    return _Candidate(item, opened, dataset, why)


def _noted(state: _Import, item: source.Item, kind: str, dataset: str, rows: int, why: str) -> None:
    state.files.append(SourceFile(item.name, item.size, item.sha256(), kind, dataset, rows, why))


def _read(work: Work, candidate: _Candidate, progress: Progress) -> Staged:
    opened, item = candidate.opened, candidate.item
    upper = [column.name.strip().upper() for column in opened.columns]
    used = wanted(candidate.dataset, upper, work.settings)
    # Laboratory data are long: of them only what is used is read.
    columns = used if candidate.dataset == "ADLB" else upper
    number = len(work.rows("select 1 from duckdb_tables()"))
    staged = stage(work.connection, opened, item.name, f"raw_{number}", columns, progress)
    left = [name for name in upper if name not in used]
    if left:
        work.issue(
            Issue(
                "note",
                candidate.dataset,
                "",
                f"the app has no use for {len(left)} of its variables; they are left out",
                f"They are {', '.join(left)}.",
                file=item.name,
            )
        )
    return staged


def _once(
    state: _Import, work: Work, name: str, files: list[tuple[_Candidate, Staged]]
) -> list[Staged]:
    """The files to take: laboratory data may lie in several, any other dataset in one.

    The same dataset in several files is taken once if they agree in all they share, patient by
    patient and value by value; it is an error if they do not.
    """
    groups: dict[str, list[tuple[_Candidate, Staged]]] = defaultdict(list)
    for candidate, staged in files:
        key = candidate.opened.name.upper() if name == "ADLB" else name
        groups[key].append((candidate, staged))
    taken = []
    for group in groups.values():
        best = max(group, key=lambda pair: _holds(name, pair[1]))
        for candidate, staged in group:
            why = candidate.why
            dataset = name
            if staged is not best[1]:
                dataset = ""
                if difference := _difference(work, best[1], staged):
                    state.issues.append(
                        Issue(
                            "error",
                            name,
                            difference,
                            f"the same dataset is also in {best[0].item.name}, with other content",
                            "Take one of them out of the source, or say under [map.files] which "
                            f'is not to be taken: "{candidate.item.name}" = "".',
                            file=candidate.item.name,
                        )
                    )
                why = f"the same {name} as {best[0].item.name} in all they share; that one is taken"
            elif len(group) > 1:
                why += "; it holds the most of what the app reads"
            rows = staged.rows
            _noted(state, candidate.item, candidate.opened.format, dataset, rows, why)
        taken.append(best[1])
    return taken


def _holds(name: str, staged: Staged) -> tuple[int, int]:
    """How many declared variables a file fills, and how many columns it has."""
    return sum(staged.has(v.name) for v in DATASETS[name].variables), len(staged.types)


def _difference(work: Work, one: Staged, other: Staged) -> str:
    """What two files of the same dataset do not agree in, or nothing."""
    if one.rows != other.rows:
        return f"{one.rows:,} and {other.rows:,} rows"
    shared = [column for column in one.types if column in other.types]

    def plain(staged: Staged, column: str) -> str:
        held, kind = quoted(column), staged.types[column]
        date = f"try_cast(left(cast({held} as varchar), 10) as date)"
        number = f"try_cast({held} as double)" if kind in ("VARCHAR", "DOUBLE") else "null::double"
        words = f"nullif(trim(cast({held} as varchar)), '')"
        return f"coalesce(cast({number} as varchar), cast({date} as varchar), {words})"

    def rows(staged: Staged, columns: list[str]) -> str:
        return f"select {', '.join(plain(staged, c) for c in columns)} from {staged.table}"

    def differ(columns: list[str]) -> bool:
        a, b = rows(one, columns), rows(other, columns)
        return bool(
            work.rows(f"(({a}) except all ({b})) union all (({b}) except all ({a})) limit 1")
        )

    if not shared:
        return "no variable in common"
    if not differ(shared):
        return ""
    return next((column for column in shared if differ([column])), "the order of the values")


def _build(state: _Import, work: Work, staged: dict[str, list[Staged]]) -> None:
    """Make the tables of the contract from the staged files."""
    for name in ORDER:
        if name in staged:
            make(work, name, staged[name])
            check.something(work, name)
            for file in staged[name]:
                work.connection.execute(f"drop table {file.table}")
    state.study, others = subjects.study_id(work, state.asked)
    for name in staged:
        work.connection.execute(
            f"update {name} set STUDYID = {text(state.study)} where STUDYID is null"
        )
        if name != "ADSL" and others:
            listed = ", ".join(text(other) for other in others)
            work.reject(name, f"STUDYID in ({listed})", f"of another study than {state.study}")
        check.keys(work, name)


def _check(work: Work, names: list[str]) -> str:
    """Fill in by rule, hold against the contract; returns the platelet count's PARAMCD."""
    subjects.complete(work)
    parameter = ""
    for name in names:
        if name == "ADSL":
            continue
        check.repeated_rows(work, name)
        days.derive(work, name)
        if name == "ADAE":
            events.complete(work)
        elif name == "ADCM":
            events.therapies(work)
        elif name == "ADEX":
            events.exposure(work)
        elif name == "ADLB":
            parameter = laboratory.complete(work)
        days.compare(work, name)
    subjects.baseline_platelets(work, parameter)
    for name in names:
        check.contract(work, name)
    return parameter


def _write(
    state: _Import,
    work: Work,
    staged: dict[str, list[Staged]],
    parameter: str,
    made: Path,
) -> None:
    for name in ORDER:
        if name not in staged:
            continue
        patients = int(str(work.rows(f"select count(distinct USUBJID) from {name}")[0][0]))
        rows = write.parquet(work, name, made, state.progress)
        state.counts.append(Counts(name, sum(file.rows for file in staged[name]), rows, patients))
    write.rejected(work, made / "rejected.parquet")
    content = study_toml.made(work, state.study, parameter, state.imported, state.source)
    content["STUDYID"] = state.study
    write.text_file(
        made / "study.toml",
        "# Made by the import. To change it for good, say it in a file and import with --map.\n"
        + tomlkit.dumps(content),
    )
    manifest = {
        "study": state.study,
        "source": state.source,
        "imported": state.imported,
        "files": [
            {"name": f.name, "bytes": f.size, "sha256": f.sha256, "format": f.format,
             "dataset": f.dataset, "rows": f.rows}
            for f in state.files
        ],
        "datasets": [
            {"dataset": c.dataset, "file": f"{c.dataset.lower()}.parquet", "rows_in": c.rows_in,
             "rows_out": c.rows_out, "patients": c.patients}
            for c in state.counts
        ],
        "rules": [
            {"dataset": d.dataset, "variable": d.variable, "taken_from": d.taken_from,
             "why": d.why}
            for d in work.decisions
        ],
        "rejected": [
            {"dataset": r.dataset, "reason": r.reason, "rows": r.rows} for r in work.rejected
        ],
        "versions": dict(library_versions()),
    }  # fmt: skip
    write.text_file(
        made / "manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    )
