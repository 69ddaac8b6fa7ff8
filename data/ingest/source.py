"""The files of a source: a folder, one file, or a zip archive unpacked within limits."""

from __future__ import annotations

import hashlib
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from data.ingest.report import failure

UNPACKED_LIMIT = 20 * 1024**3
"""Bytes an archive may unpack to."""

ENTRIES_LIMIT = 1_000
"""Files an archive may hold."""

_BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Item:
    """A file of the source: its path, and the name that the report uses."""

    path: Path
    name: str

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size

    def sha256(self) -> str:
        """The checksum of the file as delivered."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def gather(
    source: Path,
    unpacked: Path,
    *,
    limit: int = UNPACKED_LIMIT,
    entries: int = ENTRIES_LIMIT,
) -> list[Item]:
    """Every file of the source by name, hidden ones left out.

    unpacked: an empty folder for the files of an archive. limit: bytes an archive may unpack to.

    Raises:
        IngestError: there is no such source, it is empty, or an archive breaks a limit, is damaged,
            or holds a path that leads out of the folder.
    """
    if source.is_dir():
        items = [
            Item(path, path.relative_to(source).as_posix())
            for path in sorted(source.rglob("*"))
            if path.is_file() and not _hidden(path.relative_to(source).parts)
        ]
        archives = [item for item in items if item.path.suffix.lower() == ".zip"]
        for number, archive in enumerate(archives):
            inner = _unzip(archive.path, unpacked / str(number), limit, entries)
            items += [Item(item.path, f"{archive.name}/{item.name}") for item in inner]
        items = [item for item in items if item not in archives]
    elif source.is_file():
        zipped = source.suffix.lower() == ".zip"
        items = _unzip(source, unpacked, limit, entries) if zipped else [Item(source, source.name)]
    else:
        raise failure("no such file or folder", "Check the path.", file=source.name)
    if not items:
        raise failure("folder is empty", "Name a folder that holds the datasets.", file=source.name)
    return items


def _hidden(parts: tuple[str, ...]) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in parts)


def _unzip(archive: Path, folder: Path, limit: int, entries: int) -> list[Item]:
    """The files of an archive, unpacked into `folder`; counts what really comes out."""
    name = archive.name
    items: list[Item] = []
    total = 0
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [member for member in opened.infolist() if not member.is_dir()]
            if len(members) > entries:
                raise failure(
                    f"archive holds {len(members):,} files, more than {entries:,}",
                    "Pack only the datasets.",
                    file=name,
                )
            for number, member in enumerate(members):
                inside = _safe(member, name)
                if _hidden(inside.parts):
                    continue
                target = folder / f"{number:04d}{inside.suffix}"
                with opened.open(member) as packed, target.open("wb") as file:
                    while block := packed.read(_BLOCK):
                        total += len(block)
                        if total > limit:
                            raise failure(
                                f"archive unpacks to more than {limit:,} bytes",
                                "Import the files unpacked.",
                                file=name,
                                values=(member.filename,),
                            )
                        file.write(block)
                items.append(Item(target, inside.as_posix()))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise failure(
            f"archive cannot be read ({error})", "Pack it again, without a password.", file=name
        ) from error
    return items


def _safe(member: zipfile.ZipInfo, archive: str) -> PurePosixPath:
    """The name of a member, if it stays in the folder and is a plain file."""
    written = member.filename.replace("\\", "/")
    path = PurePosixPath(written)
    climbs = path.is_absolute() or ".." in path.parts or ":" in written or "\0" in written
    if climbs or stat.S_ISLNK(member.external_attr >> 16):
        raise failure(
            "archive holds a path that leads out of its folder",
            "Do not trust this archive; pack it again from the files themselves.",
            file=archive,
            values=(member.filename,),
        )
    return path
