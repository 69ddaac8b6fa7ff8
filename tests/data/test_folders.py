"""A study is known by its STUDYID, whatever its folder is called."""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path

import pytest

from data.folders import folder_name, studies, study_folder
from data.study import StudyError

# Pairs of these shared a folder: all that is not a letter or digit became a hyphen.
DIFFERENT = [
    "ABC/01", "ABC 01", "ABC-01", "ABC_01", "ABC.01", "ABC:01", "ABC-01 ", " ABC-01", "ABC-01.",
    "日本試験", "Исследование", "study", "..", ".", ".versions", "-ABC", "A" * 300, "A" * 301,
    "é", "e\u0301", "a/../b", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), list(combinations(DIFFERENT, 2)))
def test_different_studies_have_different_folders(one: str, other: str) -> None:
    assert folder_name(one).casefold() != folder_name(other).casefold()


@pytest.mark.parametrize("study", DIFFERENT)
def test_the_name_of_a_folder_is_safe_everywhere(study: str) -> None:
    name = folder_name(study)
    assert name.isascii()
    assert len(name) <= 80
    assert not set(name) & set('/\\:*?"<>| ')
    assert name[0] not in ".-"
    assert name[-1] not in ". "


def test_an_ordinary_studyid_is_the_name_of_its_folder() -> None:
    assert folder_name("NCT04014166") == "NCT04014166"
    assert folder_name("CDISC-PILOT_01.2") == "CDISC-PILOT_01.2"
    assert folder_name("ABC/01") == "ABC-01-ae7789ec"


def declared(root: Path, folder: str, toml: str) -> Path:
    (root / folder).mkdir(parents=True)
    (root / folder / "study.toml").write_text(toml, encoding="utf-8")
    return root / folder


def test_a_study_is_listed_by_its_studyid(tmp_path: Path) -> None:
    one = declared(tmp_path, "one", 'STUDYID = "ZED 1/2"')
    two = declared(tmp_path, "two", 'STUDYID = "ABC"\nrescue_dayss = 1')
    unreadable = declared(tmp_path, "three", "not TOML =")
    assert studies(tmp_path) == {"ABC": (two,), "ZED 1/2": (one,), "three": (unreadable,)}
    assert study_folder("ZED 1/2", tmp_path) == one
    with pytest.raises(StudyError, match=r"no study 'one' \(the folder one holds 'ZED 1/2'\)"):
        study_folder("one", tmp_path)


def test_a_study_that_cannot_be_read_takes_nobodys_name(tmp_path: Path) -> None:
    whole = declared(tmp_path, "one", 'STUDYID = "two"')
    broken = declared(tmp_path, "two", "STUDYID = 5")
    assert studies(tmp_path) == {"two": (whole,), "folder two": (broken,)}
    assert study_folder("two", tmp_path) == whole
    assert study_folder("folder two", tmp_path) == broken


def test_two_folders_of_one_study_are_named(tmp_path: Path) -> None:
    folders = tuple(declared(tmp_path, name, 'STUDYID = "ABC"') for name in ("one", "two"))
    assert studies(tmp_path) == {"ABC": folders}
    with pytest.raises(StudyError, match="Study 'ABC' is in 2 folders, one and two"):
        study_folder("ABC", tmp_path)


def test_a_studyid_that_was_corrected_is_seen(tmp_path: Path) -> None:
    folder = declared(tmp_path, "one", 'STUDYID = "ABC"')
    assert list(studies(tmp_path)) == ["ABC"]
    (folder / "study.toml").write_text('STUDYID = "XYZ"', encoding="utf-8")
    os.utime(folder / "study.toml", ns=(1, 1))
    assert list(studies(tmp_path)) == ["XYZ"]
