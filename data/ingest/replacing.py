"""Whether an import may take the place of the study that is there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from data.folders import folder_name, studies, study_in
from data.ingest import kept
from data.ingest.findings import replacing as findings
from data.ingest.work import Work
from data.study import DATASETS


@dataclass(frozen=True)
class Replacing:
    """What an import may do to the study that is there.

    agreed: it may be replaced. drop: datasets, in capitals, that it may lose. protected: STUDYIDs
    that are never replaced.
    """

    agreed: bool = False
    drop: frozenset[str] = frozenset()
    protected: frozenset[str] = frozenset()


NOTHING_REPLACED = Replacing()
"""What an import may do unless somebody agrees to more: only add a study."""


def folder_for(
    work: Work, root: Path, study: str, datasets: Collection[str], allowed: Replacing
) -> Path:
    """The folder in which the study goes: that of its STUDYID, whatever it is called, or a new one.

    Adds an error for everything that forbids it. datasets: those of the source, in capitals.
    """
    folders = studies(root).get(study, ())
    if len(folders) > 1:
        work.add(findings.several_folders(study, [folder.name for folder in folders]))
    folder = folders[0] if folders else root / folder_name(study)
    held = _held(folder)
    if held is not None and held != study:
        proposal = _free(root, held or f"{folder.name}-old")
        work.add(findings.folder_of_another(study, folder.name, held, proposal))
    if folders and study in allowed.protected:
        work.add(findings.protected(study))
    elif folders:
        _compared(work, study, folder, datasets, allowed)
    return folder


def _compared(
    work: Work, study: str, folder: Path, datasets: Collection[str], allowed: Replacing
) -> None:
    if not allowed.agreed:
        work.add(findings.is_there(study))
    for dataset in lost(folder, datasets):
        is_agreed = dataset in allowed.drop
        work.add((findings.dropped_dataset if is_agreed else findings.missing_dataset)(dataset))
    if files := kept.of_people(folder):
        work.add(findings.kept_files([path.name for path in files]))


def lost(folder: Path, datasets: Collection[str]) -> list[str]:
    """The datasets of a study, in capitals, that are not among these."""
    held = [name.upper() for name in DATASETS if (folder / f"{name}.parquet").is_file()]
    return [name for name in held if name not in datasets]


def _held(folder: Path) -> str | None:
    """The STUDYID in a folder, "" where it cannot be read; None where there is no such folder."""
    if not (folder.exists() or folder.is_symlink()):
        return None
    try:
        return study_in(folder)
    except FileNotFoundError:
        # An empty folder, or a link that leads nowhere, is in nobody's way.
        return "" if folder.is_dir() and any(folder.iterdir()) else None


def _free(root: Path, study: str) -> str:
    """A name that no folder has yet, like the STUDYID."""
    name = folder_name(study)
    return name if not (root / name).exists() else folder_name(f"{study} ")
