"""Findings about the study that is there already: which it is, and what would be lost."""

from __future__ import annotations

from collections.abc import Sequence

from data.ingest.report import Concerned, Issue, error, note, warning


def several_folders(study: str, folders: Sequence[str]) -> Issue:
    return error(
        "",
        f"study {study} is in {len(folders)} folders",
        "Remove all but one of them, or correct the STUDYID in the study.toml of the others.",
        Concerned(values=tuple(folders)),
    )


def folder_of_another(study: str, folder: str, held: str, proposal: str) -> Issue:
    """held: the STUDYID in the folder, or "" where it has none that can be read."""
    what = f"holds study {held}" if held else "holds no study.toml that can be read"
    return error(
        "",
        f"folder {folder} is needed for study {study}, and {what}",
        f"Rename that folder, for instance to {proposal} (a study is known by its STUDYID, "
        "whatever its folder is called), and import again.",
    )


def is_there(study: str) -> Issue:
    return error(
        "",
        f"study {study} exists already",
        "Confirm that it is to be replaced: --replace, or the box on the Data page. The version "
        "that is there now is kept, and can be restored.",
    )


def protected(study: str) -> Issue:
    return error(
        "",
        f"study {study} comes with the app and is not replaced by an upload",
        "Give your study a STUDYID of its own.",
    )


def missing_dataset(dataset: str) -> Issue:
    return error(
        dataset,
        "dataset is in the study that would be replaced, and not in the source",
        "Add its file, or confirm that it is to be dropped: "
        f"--drop-dataset {dataset.lower()}, or the box on the Data page.",
    )


def dropped_dataset(dataset: str) -> Issue:
    return warning(
        dataset, "dataset dropped", "It was in the version before, which is kept (--restore)."
    )


def kept_files(names: Sequence[str]) -> Issue:
    return note(
        "",
        "files that the import does not write are kept from the version before",
        "Check that they are right for the new data.",
        Concerned(values=tuple(names)),
    )
