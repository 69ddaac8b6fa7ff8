"""The versions of a study: how an import takes the place of the one before, and how to go back.

A study is a plain folder, `<studies>/<STUDYID>`: it can be copied, packed, deleted or put under
version control like any other. The standard library replaces a file in one step, but not a folder
that holds files. A link to a folder per version could be replaced in one step; but people who copy
a study would copy the link, `.gitignore` rules and Windows treat links differently, and a study
that was put there by hand is no link. So two folders are renamed, and the moment between the two
renames is given a meaning:

    .versions/<STUDYID>/next      the new version, whole, on its way
    .versions/<STUDYID>/previous  the version before the present one, kept

    1. the new version, complete and on the disk, is renamed to `next`
    2. `previous` is set aside as `outdated`
    3. the present version is renamed to `previous`
    4. `next` is renamed to the study's folder
    5. `outdated` is removed

Whoever looks for a study (`data.study.studies`) takes `next` where the study's folder is
missing, which is so between steps 3 and 4 only. Killed at any moment, an import leaves the old
version or the new one, whole; the next import tidies up (`_settle`).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from data.ingest.report import failure
from data.storage import sync
from data.study import VERSIONS


def folder_name(study: str) -> str:
    """A study's identifier as the name of its folder."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", study).lstrip(".-") or "study"


@contextmanager
def workshop(root: Path) -> Iterator[Path]:
    """A private, empty folder below `root` to put a study together in; gone afterwards.

    Holds the lock of `root` meanwhile, and first tidies up after an import that was killed.

    Raises:
        IngestError: another import into `root` is running.
    """
    store = root / VERSIONS
    store.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(store / ".lock", blocking=False).acquire()
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

    Only within `workshop`. A study's folder that is a link is replaced, and what it points at is
    left alone.
    """
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


def restore(root: Path, name: str) -> Path:
    """Bring the previous version of a study back; the present one becomes its previous version.

    name: of the study's folder. Returns the folder.

    Raises:
        IngestError: no earlier version is kept, or an import is running.
    """
    with workshop(root) as work:
        previous, made = root / VERSIONS / name / "previous", work / "study"
        if not (previous / "study.toml").is_file():
            raise failure(f"no earlier version of {name} is kept", "Import it again.")
        # A copy goes the way of an import: the version itself stays until that has succeeded.
        shutil.copytree(previous, made)
        for file in made.iterdir():
            sync(file)
        put_in_place(made, root / name)
    return root / name


def _exists(path: Path) -> bool:
    """Whether anything has that name, a link that leads nowhere included."""
    return path.exists() or path.is_symlink()


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)
