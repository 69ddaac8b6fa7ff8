"""Which file of a source is which dataset: opened, recognised, and staged in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from data.ingest import duplicates, recognise
from data.ingest.findings import files as findings
from data.ingest.mapping.candidates import used
from data.ingest.readers import Opened, reader
from data.ingest.report import IngestError, SourceFile
from data.ingest.source import Item
from data.ingest.stage import Progress, Staged, stage
from data.ingest.work import Work

ORDER = ("ADSL", "ADEX", "ADCM", "ADAE", "ADLB", "ADTTE", "ADRS")
"""The datasets in the order in which they are read and written."""

UNREADABLE = "cannot be read"
"""Why a file with errors is not used."""


@dataclass(frozen=True)
class DatasetFile:
    """A file that is recognised and opened, and not yet read; why: how it was recognised."""

    item: Item
    opened: Opened
    dataset: str
    why: str


def datasets(work: Work, items: Iterable[Item], progress: Progress) -> dict[str, list[Staged]]:
    """The staged files of every dataset; a dataset that is there twice is used once.

    Files that cannot be read become errors of `work`, all of them at once.

    Raises:
        IngestError: no file is ADSL.
    """
    items = list(items)
    opened: dict[str, list[DatasetFile]] = defaultdict(list)
    known = {name for item in items for name in (item.name, PurePosixPath(item.name).name)}
    for name in work.settings.files:
        if name not in known:
            work.add(findings.no_such_file(name, sorted(known), work.settings.name))
    for item in items:
        try:
            if file := _opened(work, item):
                opened[file.dataset].append(file)
        except IngestError as error:
            _unreadable(work, item, error)
    if work.has_errors():
        return {}
    if not opened["ADSL"]:
        raise IngestError(findings.no_patients(work.source))
    return {name: _staged(work, name, opened[name], progress) for name in ORDER if opened[name]}


def _opened(work: Work, item: Item) -> DatasetFile | None:
    """A file that is one of the app's datasets; others are noted with the reason."""
    if _mapped(work, item) == "":
        _leave_out(work, item, "", 0, f"set in {work.settings.name}")
        return None
    read = reader(item.name)
    if read is None:
        _leave_out(work, item, "", 0, "not a data format")
        return None
    try:
        opened = read(item.path, item.name, work.settings.encoding)
    except IngestError:
        if item.name.lower().endswith(".json"):
            _leave_out(work, item, "JSON", 0, "not Dataset-JSON 1.1")
            if not PurePosixPath(item.name).name.lower().startswith("ad"):
                return None
        raise
    dataset, why = _recognised(work, item, opened)
    if not dataset:
        variables = tuple(column.name for column in opened.columns)
        _leave_out(work, item, opened.format, opened.rows or 0, why, variables)
        return None
    return DatasetFile(item, opened, dataset, why)


def _recognised(work: Work, item: Item, opened: Opened) -> tuple[str, str]:
    """The dataset of a file and why: as the map sets it, else by its variables and names."""
    file_name = PurePosixPath(item.name).name
    if mapped := _mapped(work, item):
        return mapped, f"set in {work.settings.name}"
    variables = [column.name for column in opened.columns]
    known = recognise.recognise(opened.name or file_name, variables)
    if not known.dataset and opened.name != file_name:
        known = recognise.recognise(file_name, variables)
    return known.dataset, known.why


def _mapped(work: Work, item: Item) -> str | None:
    """The dataset that the map sets for a file, "" to leave it out; None where it sets none."""
    names = (PurePosixPath(item.name).name, item.name)
    return next((work.settings.files[name] for name in names if name in work.settings.files), None)


def _leave_out(
    work: Work, item: Item, kind: str, rows: int, why: str, variables: tuple[str, ...] = ()
) -> None:
    work.files.append(
        SourceFile(item.name, item.size, item.sha256(), kind, "", rows, why, variables)
    )


def _unreadable(work: Work, item: Item, error: IngestError) -> None:
    """Add the reasons, and note the file unless that is done."""
    work.add(*error.issues)
    if not any(file.name == item.name for file in work.files):
        _leave_out(work, item, "", 0, UNREADABLE)


def _staged(work: Work, name: str, files: list[DatasetFile], progress: Progress) -> list[Staged]:
    """The files of a dataset, read and without duplicates; noted as files of the source."""
    read: list[tuple[DatasetFile, Staged]] = []
    for file in files:
        try:
            read.append((file, _read(work, file, progress)))
        except IngestError as error:
            _unreadable(work, file.item, error)
    chosen: list[Staged] = []
    for copies in _copies(name, read):
        best = max(range(len(copies)), key=lambda n: duplicates.completeness(name, copies[n][1]))
        for n, (file, staged) in enumerate(copies):
            dataset, why = name, file.why
            if n != best:
                original = copies[best][0].item.name
                dataset = ""
                why = f"duplicate of {original}, equal in all shared variables; that file is used"
                if difference := duplicates.difference(work, copies[best][1], staged):
                    work.add(
                        findings.conflicting_copies(name, difference, original, file.item.name)
                    )
            elif len(copies) > 1:
                why += "; chosen, as it fills most of the variables that the app reads"
            item, kind = file.item, file.opened.format
            size, checksum = item.size, item.sha256()
            variables = tuple(column.name for column in file.opened.columns)
            work.files.append(
                SourceFile(item.name, size, checksum, kind, dataset, staged.rows, why, variables)
            )
        chosen.append(copies[best][1])
    return chosen


def _copies(
    name: str, read: list[tuple[DatasetFile, Staged]]
) -> list[list[tuple[DatasetFile, Staged]]]:
    """Files of the same content: laboratory data may be in several files, other datasets in one."""
    groups: dict[str, list[tuple[DatasetFile, Staged]]] = defaultdict(list)
    for file, staged in read:
        groups[file.opened.name.upper() if name == "ADLB" else name].append((file, staged))
    return list(groups.values())


def _read(work: Work, file: DatasetFile, progress: Progress) -> Staged:
    variables = [column.name.strip().upper() for column in file.opened.columns]
    wanted = used(file.dataset, variables, work.settings)
    # Laboratory data are long: only the variables that are used are read.
    columns = wanted if file.dataset == "ADLB" else variables
    number = len(work.rows("select 1 from duckdb_tables()"))
    name = file.item.name
    staged = stage(work.connection, file.opened, name, f"raw_{number}", columns, progress)
    if unused := [variable for variable in variables if variable not in wanted]:
        work.add(findings.unused_variables(file.dataset, unused, name))
    return staged
