"""The versions of a study: how an import takes the place of the one before, and how to go back.

A study is a plain folder below the studies: it can be copied, packed, deleted or put under
version control like any other. The standard library replaces a file in one step, but not a folder
that holds files. A link to a folder per version could be replaced in one step; but people who copy
a study would copy the link, `.gitignore` rules and Windows treat links differently, and a study
that was put there by hand is no link. So two folders are renamed, and the moment between the two
renames is given a meaning:

    .versions/<folder>/next      the new version, whole, on its way
    .versions/<folder>/previous  the version before the present one, kept

    1. the new version, complete and on the disk, is renamed to `next`; it holds a copy of what
       people wrote beside the present one (`data.ingest.kept`)
    2. `previous` is set aside as `outdated`
    3. the present version is renamed to `previous`
    4. `next` is renamed to the study's folder
    5. `outdated` is removed

Whoever looks for a study (`data.folders.studies`) takes `next` where the study's folder is
missing, which is so between steps 3 and 4 only. Killed at any moment, an import leaves the old
version or the new one, whole; the next import tidies up (`_settle`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from data.folders import studies, study_in
from data.ingest import kept
from data.ingest.report import failure
from data.storage import sync
from data.study import VERSIONS


@contextmanager
def workshop(root: Path, wait: float = 0) -> Iterator[Path]:
    """A private, empty folder below `root` to put a study together in; gone afterwards.

    Holds the lock of `root` meanwhile, and first tidies up after an import that was killed. wait:
    for how many seconds another import is waited for.

    Raises:
        IngestError: another import into `root` is running.
    """
    store = root / VERSIONS
    store.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(store / ".lock").acquire(timeout=wait)
    except Timeout:
        raise failure("another import is running", "Wait until it has finished.") from None
    with lock:
        work = store / ".work"
        _settle(root, work)
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            _settle(root, work)


def _settle(root: Path, work: Path) -> None:
    """Finish or undo what an import left half done, and throw away what it left in `work`."""
    for store in (root / VERSIONS).iterdir():
        if store.name.startswith(".") or not store.is_dir():
            continue
        study = root / store.name
        upcoming, previous, outdated = (store / n for n in ("next", "previous", "outdated"))
        if upcoming.exists() and not _exists(study):
            upcoming.rename(study)
        elif upcoming.exists():
            # Renamed first: half removed, it must not be mistaken for a version.
            work.mkdir(exist_ok=True)
            upcoming.rename(work / f"abandoned-{store.name}")
        if _exists(outdated) and not _exists(previous):
            outdated.rename(previous)
        _remove(outdated)
        if previous.is_symlink():
            previous.unlink()
    _remove(work)


def put_in_place(made: Path, study: Path) -> None:
    """Make the folder `made` the study's folder, and the present one its previous version.

    What people wrote in the present one is copied. Only within `workshop`. A study's folder that is
    a link is replaced, and what it points at is left alone.
    """
    kept.keep(study, made)
    sync(made)
    if not _exists(study):
        made.rename(study)
        sync(study.parent)
        return
    store = study.parent / VERSIONS / study.name
    store.mkdir(exist_ok=True)
    upcoming, previous = store / "next", store / "previous"
    made.rename(upcoming)
    sync(store)
    if _exists(previous):
        previous.rename(store / "outdated")
    study.rename(previous)
    upcoming.rename(study)
    sync(store)
    sync(study.parent)
    _remove(store / "outdated")


def restore(root: Path, study: str) -> Path:
    """Bring the previous version of a study back; the present one becomes its previous version.

    What people wrote beside the present one stays. study: STUDYID. Returns the folder.

    Raises:
        IngestError: no earlier version is kept, or an import is running.
    """
    with workshop(root) as work:
        previous, made = previous_version(root, study), work / "study"
        if previous is None:
            raise failure(f"no earlier version of {study} is kept", "Import it again.")
        # A copy goes the way of an import: the version itself stays until that has succeeded.
        shutil.copytree(previous, made)
        for file in made.rglob("*"):
            sync(file)
        folder = root / previous.parent.name
        put_in_place(made, folder)
    return folder


def previous_version(root: Path, study: str) -> Path | None:
    """The folder of the version before the present one of a study; None where none is kept.

    study: STUDYID. It is that of the study's folder; if the study is gone, the one kept of it.
    """
    folders = studies(root).get(study, ())
    if len(folders) > 1 or not (root / VERSIONS).is_dir():
        return None
    for store in sorted((root / VERSIONS).iterdir()):
        if not folders or store.name == folders[0].name:
            with suppress(FileNotFoundError):
                if study_in(store / "previous") == study:
                    return store / "previous"
    return None


def _exists(path: Path) -> bool:
    """Whether anything has that name, a link that leads nowhere included."""
    return path.exists() or path.is_symlink()


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)
