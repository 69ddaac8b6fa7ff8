"""What the Data page asks of the import: to check uploaded files, to import them, to go back.

It is the import of the command line. A check is a dry run; what a person corrects becomes a map.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import Any

from components.screen.proposal import Proposal, proposal
from data.folders import studies
from data.ingest import Report, ingest, versions
from data.ingest.corrections import map_text
from data.ingest.replacing import Replacing, lost
from data.ingest.report import IngestError, Issue
from data.ingest.stage import Progress
from data.study import DATASETS, EMBEDDED, StudyError, studies_root
from data.study_file import MalformedError, plain
from queries.catalogue import open_study

UNPACKED_LIMIT = 4 * 1024**3
"""Bytes that an uploaded archive may unpack to; the command has a limit of its own."""
WAIT = 600
"""Seconds for which the import of somebody else is waited for."""
MAP = "study.toml"
PROTECTED = frozenset({EMBEDDED})


@dataclass(frozen=True)
class Upload:
    """A file that a reader has sent."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Checked:
    """What a check or an import of uploaded files came to.

    report: as `report.json` has it. content: the map it was done with. study: the STUDYID that the
    person gave, or "". proposal: the study that would be imported, None where there are errors.
    exists: a study of that STUDYID is there. dropped: its datasets that the files lack.
    rejected: the rows left out, as Parquet.
    """

    report: Mapping[str, Any]
    content: Mapping[str, Any]
    study: str = ""
    proposal: Proposal | None = None
    exists: bool = False
    dropped: tuple[str, ...] = ()
    rejected: bytes = b""

    @property
    def has_errors(self) -> bool:
        """Whether anything stands against the import."""
        return any(issue["level"] == "error" for issue in self.report["issues"])


def uploaded_map(uploads: Sequence[Upload]) -> bytes | None:
    """The map among the uploaded files: a `study.toml`."""
    return next((upload.content for upload in uploads if upload.name == MAP), None)


def checked(
    uploads: Sequence[Upload], content: Mapping[str, Any] | None, study: str, progress: Progress
) -> Checked:
    """What the import would make of the files; nothing is written among the studies.

    content: that of the map; None takes the uploaded `study.toml`. study: a STUDYID, or "".
    """
    with _delivered(uploads, content) as (source, map_file, folder):
        report = ingest(
            source,
            studies_root(),
            study or None,
            map_file,
            progress,
            source_name=_named(uploads),
            limit=UNPACKED_LIMIT,
            rejected_to=folder / "rejected.parquet",
            replacing=Replacing(True, frozenset(map(str.upper, DATASETS)), PROTECTED),
            dry_run=True,
            made_to=folder / "made",
        )
        made = folder / "made"
        return _checked(
            report, _content(content, map_file), study, folder, made if made.is_dir() else None
        )


def imported(
    uploads: Sequence[Upload],
    content: Mapping[str, Any],
    study: str,
    allowed: Replacing,
    progress: Progress,
) -> Checked:
    """Import the files beside the other studies, with that map."""
    with _delivered(uploads, content) as (source, map_file, folder):
        report = ingest(
            source,
            studies_root(),
            study or None,
            map_file,
            progress,
            source_name=_named(uploads),
            limit=UNPACKED_LIMIT,
            rejected_to=folder / "rejected.parquet",
            replacing=Replacing(allowed.agreed, allowed.drop, PROTECTED),
            wait=WAIT,
        )
        return _checked(report, content, study, folder, None)


def _checked(
    report: Report, content: Mapping[str, Any], study: str, folder: Path, made: Path | None
) -> Checked:
    values = report.as_dict()
    proposed = None
    if made is not None:
        try:
            proposed = proposal(open_study(made))
        except StudyError as error:
            issues = [asdict(Issue("error", "", "", each, "", MAP)) for each in error.problems]
            values["issues"] = [*values["issues"], *issues]
    folders = studies().get(report.study, ())
    datasets = [counts.dataset for counts in report.counts]
    rejected = folder / "rejected.parquet"
    return Checked(
        values,
        content,
        study,
        proposed,
        exists=bool(folders),
        dropped=tuple(lost(folders[0], datasets)) if folders else (),
        rejected=rejected.read_bytes() if rejected.is_file() else b"",
    )


@contextmanager
def _delivered(
    uploads: Sequence[Upload], content: Mapping[str, Any] | None
) -> Iterator[tuple[Path, Path | None, Path]]:
    """The files in a private folder, the map beside it, and a folder for what comes out."""
    with tempfile.TemporaryDirectory(prefix="itp-upload-") as name:
        folder = Path(name)
        source = folder / "in"
        source.mkdir()
        for number, upload in enumerate(uploads):
            if upload.name == MAP:
                continue
            file = source / _safe(upload.name)
            if file.exists():
                file = source / str(number) / file.name
                file.parent.mkdir()
            file.write_bytes(upload.content)
        given = uploaded_map(uploads) if content is None else map_text(content).encode()
        map_file = folder / MAP if given else None
        if map_file is not None and given is not None:
            map_file.write_bytes(given)
        yield source, map_file, folder


def _safe(name: str) -> str:
    """The last part of a file's name, which is text from outside, as any disk takes it."""
    last = "".join(letter for letter in PurePath(name).name if letter.isprintable())
    return last[-60:].lstrip(".") or "file"


def _content(content: Mapping[str, Any] | None, map_file: Path | None) -> Mapping[str, Any]:
    """The content of the map that was used; empty where it cannot be read, which is reported."""
    if content is not None or map_file is None:
        return content or {}
    try:
        return plain(map_file.read_text(encoding="utf-8"), MAP)
    except (MalformedError, UnicodeDecodeError):
        return {}


def _named(uploads: Sequence[Upload]) -> str:
    """What the report calls the source."""
    first = next((upload.name for upload in uploads if upload.name != MAP), MAP)
    more = len(uploads) - 1
    return f"upload of {first}{f' and {more} more' if more else ''}"


def has_previous(study: str) -> bool:
    """Whether a study can be brought back to the version before its last import by a reader."""
    return study not in PROTECTED and versions.previous_version(studies_root(), study) is not None


def restored(study: str) -> str:
    """Bring the previous version of a study back; why that was not possible, or ""."""
    try:
        versions.restore(studies_root(), study)
    except (IngestError, OSError) as error:
        return str(error)
    return ""
