"""Which folder holds which study: it is known by its STUDYID, whatever its folder is called."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from data.study import VERSIONS, StudyError, studies_root
from data.study_file import MalformedError, study_id

SAFE: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_-])?")
"""A STUDYID that can be the name of a folder on every system."""


def folder_name(study: str) -> str:
    """The name of the folder that an import makes for a STUDYID.

    Whatever a folder cannot be called is replaced; then eight digits of the STUDYID's hash follow,
    so that `ABC/01` and `ABC 01` do not share a folder.

    >>> folder_name("ABC/01")
    'ABC-01-ae7789ec'
    """
    if SAFE.fullmatch(study):
        return study
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", study)[:60].strip(".-") or "study"
    return f"{safe}-{hashlib.sha256(study.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def studies(root: Path | None = None) -> dict[str, tuple[Path, ...]]:
    """STUDYID -> the folders below the root whose `study.toml` holds it; there should be one.

    A study whose `study.toml` cannot be read is listed under the name of its folder.
    """
    known: dict[str, tuple[Path, ...]] = {}
    unreadable: list[tuple[str, Path]] = []
    for name, (folder, study) in _folders(root or studies_root()).items():
        if study:
            known[study] = (*known.get(study, ()), folder)
        else:
            unreadable.append((name, folder))
    for name, folder in unreadable:
        known[f"folder {name}" if name in known else name] = (folder,)
    return dict(sorted(known.items()))


def study_folder(study: str, root: Path | None = None) -> Path:
    """The folder of the study with that STUDYID.

    Raises:
        StudyError: there is no such study, or several folders hold it.
    """
    known = studies(root)
    folders = known.get(study, ())
    if not folders:
        raise StudyError(
            f"no study {study!r}{_namesake(study, known)}; there are: {_listed(known)}"
        )
    if len(folders) > 1:
        raise StudyError(duplicate(study, folders))
    return folders[0]


def duplicate(study: str, folders: tuple[Path, ...]) -> str:
    """What is wrong when several folders hold the same study, and what to do."""
    names = " and ".join(folder.name for folder in folders)
    return (
        f"Study {study!r} is in {len(folders)} folders, {names}. Remove all but one, or correct "
        "the STUDYID in the study.toml of the others."
    )


def _namesake(study: str, known: Mapping[str, tuple[Path, ...]]) -> str:
    """A remark where a folder is called like the study that was asked for, and holds another."""
    for held, folders in known.items():
        if any(folder.name == study for folder in folders):
            return f" (the folder {study} holds {held!r})"
    return ""


def _listed(known: Mapping[str, tuple[Path, ...]]) -> str:
    return ", ".join(known) or "none"


def _folders(root: Path) -> dict[str, tuple[Path, str]]:
    """Name of a folder -> where it is, and the STUDYID in it, "" where that cannot be read.

    A study that an import is just replacing has no folder of that name for a moment: then it is the
    new version, under way. Looked at twice, as a folder may move while one looks elsewhere.
    """
    underway = f"{VERSIONS}/*/next/study.toml"
    folders: dict[str, tuple[Path, str]] = {}
    for pattern in ("*/study.toml", underway, "*/study.toml"):
        for file in sorted(root.glob(pattern)):
            name = file.parents[1].name if pattern == underway else file.parent.name
            try:
                folders[name] = (file.parent, study_in(file.parent))
            except FileNotFoundError:
                continue  # moved since it was listed: the next look finds it
    return folders


def study_in(folder: Path) -> str:
    """The STUDYID that the `study.toml` of a folder holds; "" where it cannot be read.

    Raises:
        FileNotFoundError: there is no `study.toml`.
    """
    file = folder / "study.toml"
    try:
        state = file.stat()
        return _study_in(file, state.st_size, state.st_mtime_ns, state.st_ino)
    except FileNotFoundError:
        raise
    except OSError:
        return ""


@lru_cache(maxsize=1024)
def _study_in(file: Path, _size: int, _time: int, _inode: int) -> str:
    try:
        return study_id(file.read_text(encoding="utf-8"), file.name)
    except (MalformedError, UnicodeDecodeError):
        return ""
