"""What people wrote beside a study's data: it stays when an import replaces the study."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from data.storage import sync
from data.study import DATASETS

WRITTEN: Final = (
    *(f"{dataset}.parquet" for dataset in DATASETS),
    "study.toml",
    "manifest.json",
    "report.json",
    "rejected.parquet",
)
"""What an import writes; everything else in a study's folder belongs to people."""


def of_people(folder: Path) -> list[Path]:
    """The files and folders that no import wrote, such as `facts.toml` and notes."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.name not in WRITTEN)


def keep(present: Path, made: Path) -> None:
    """Copy what people wrote into the version that takes the place of the present one."""
    for path in of_people(present):
        target = made / path.name
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, target, symlinks=True, dirs_exist_ok=True)
        else:
            target.unlink(missing_ok=True)
            shutil.copy2(path, target, follow_symlinks=False)
        for copied in (target, *target.rglob("*")):
            if not copied.is_symlink():
                sync(copied)
