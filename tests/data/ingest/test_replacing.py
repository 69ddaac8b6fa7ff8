"""What an import may do to a study that is there: its identity, its datasets, people's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.folders import folder_name, studies
from data.ingest import Report, ingest, versions
from data.ingest.__main__ import main
from data.ingest.replacing import Replacing
from data.study import VERSIONS, load
from tests.support.trial import Rows, deliver, trial

AGREED = Replacing(agreed=True)


def named(study: str) -> dict[str, Rows]:
    """The trial under another STUDYID."""
    return {name: [row | {"STUDYID": study} for row in rows] for name, rows in trial().items()}


def delivered(folder: Path, study: str, *left_out: str) -> Path:
    kept = {name: rows for name, rows in named(study).items() if name not in left_out}
    return deliver(folder / f"{folder_name(study)}-without-{'-'.join(left_out)}", kept)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but for the lock of the versions."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def refused(report: Report) -> list[str]:
    assert not report.ok
    return [error.rule for error in report.of("error")]


@pytest.mark.parametrize(
    ("one", "other"), [("ABC/01", "ABC 01"), ("日本試験", "Исследование"), ("ABC-01", "ABC/01")]
)
def test_studies_with_like_names_stand_side_by_side(
    tmp_path: Path, root: Path, one: str, other: str
) -> None:
    for study in (one, other):
        assert ingest(delivered(tmp_path, study), root).ok
    assert set(studies(root)) == {one, other}
    for study, (folder,) in studies(root).items():
        assert load(folder).id == study


def test_a_study_that_is_there_is_replaced_only_if_one_says_so(
    tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = delivered(tmp_path, "ABC/01")
    assert main([str(source), "--root", str(root), "--quiet"]) == 0
    before = contents(root)
    assert main([str(source), "--root", str(root), "--quiet"]) == 1
    assert "study ABC/01 exists already. Confirm that it is to be replaced: --replace" in (
        capsys.readouterr().out
    )
    assert contents(root) == before
    assert main([str(source), "--root", str(root), "--quiet", "--replace"]) == 0
    assert main(["--restore", "ABC/01", "--root", str(root)]) == 0
    assert list(studies(root)) == ["ABC/01"]


def test_a_study_is_replaced_where_it_is_whatever_its_folder_is_called(
    tmp_path: Path, root: Path
) -> None:
    first = ingest(delivered(tmp_path, "ABC/01"), root)
    assert first.folder
    first.folder.rename(root / "renamed")
    second = ingest(delivered(tmp_path, "ABC/01"), root, replacing=AGREED)
    assert second.folder == root / "renamed"
    assert studies(root) == {"ABC/01": (root / "renamed",)}
    assert versions.restore(root, "ABC/01") == root / "renamed"


def test_a_folder_that_holds_another_study_is_not_overwritten(tmp_path: Path, root: Path) -> None:
    assert ingest(delivered(tmp_path, "OTHER 1"), root).ok
    (root / folder_name("OTHER 1")).rename(root / "ABC")
    before = contents(root)
    report = ingest(delivered(tmp_path, "ABC"), root, replacing=AGREED)
    assert refused(report) == ["folder ABC is needed for study ABC, and holds study OTHER 1"]
    assert folder_name("OTHER 1") in report.of("error")[0].advice
    assert contents(root) == before
    # What is proposed is enough.
    (root / "ABC").rename(root / folder_name("OTHER 1"))
    assert ingest(delivered(tmp_path, "ABC"), root).ok
    assert list(studies(root)) == ["ABC", "OTHER 1"]


@pytest.mark.parametrize("content", ["not TOML =", None])
def test_a_folder_of_something_else_is_not_overwritten(
    tmp_path: Path, root: Path, content: str | None
) -> None:
    (root / "ABC").mkdir(parents=True)
    (root / "ABC" / "notes.txt").write_text("mine")
    if content:
        (root / "ABC" / "study.toml").write_text(content)
    (rule,) = refused(ingest(delivered(tmp_path, "ABC"), root, replacing=AGREED))
    assert rule == "folder ABC is needed for study ABC, and holds no study.toml that can be read"
    assert (root / "ABC" / "notes.txt").read_text() == "mine"


def test_a_study_in_two_folders_is_not_replaced(tmp_path: Path, root: Path) -> None:
    assert ingest(delivered(tmp_path, "ABC"), root).ok
    (root / "copy").mkdir()
    for name, content in contents(root / "ABC").items():
        (root / "copy" / name).write_bytes(content)
    report = ingest(delivered(tmp_path, "ABC"), root, replacing=AGREED)
    assert refused(report) == ["study ABC is in 2 folders"]
    assert report.of("error")[0].values == ("ABC", "copy")


def test_what_people_wrote_is_kept(tmp_path: Path, root: Path) -> None:
    assert ingest(delivered(tmp_path, "ABC"), root).ok
    (root / "ABC" / "facts.toml").write_text('[[fact]]\nid = "a"')
    (root / "ABC" / "sets").mkdir()
    (root / "ABC" / "sets" / "mine.toml").write_text("patients = []")
    report = ingest(delivered(tmp_path, "ABC"), root, replacing=AGREED)
    assert report.ok
    (kept,) = [note for note in report.of("note") if "are kept from the version" in note.rule]
    assert kept.values == ("facts.toml", "sets")
    (root / "ABC" / "notes.txt").write_text("later")
    versions.restore(root, "ABC")
    for _ in range(2):
        assert (root / "ABC" / "facts.toml").read_text() == '[[fact]]\nid = "a"'
        assert (root / "ABC" / "sets" / "mine.toml").read_text() == "patients = []"
        assert (root / "ABC" / "notes.txt").read_text() == "later"
        versions.restore(root, "ABC")


def test_a_dataset_is_not_lost_unless_one_says_so(
    tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ingest(delivered(tmp_path, "ABC"), root).ok
    before = contents(root)
    lacking = delivered(tmp_path, "ABC", "adae", "adlb")
    report = ingest(lacking, root, replacing=AGREED)
    assert {error.dataset for error in report.of("error")} == {"ADAE", "ADLB"}
    assert contents(root) == before
    arguments = [str(lacking), "--root", str(root), "--quiet", "--replace"]
    assert main([*arguments, "--drop-dataset", "adae"]) == 1
    assert contents(root) == before
    assert main([*arguments, "--drop-dataset", "adae", "--drop-dataset", "ADLB"]) == 0
    assert not (root / "ABC" / "adae.parquet").exists()
    assert "warning: ADAE: dataset dropped" in capsys.readouterr().out
    versions.restore(root, "ABC")
    assert (root / "ABC" / "adae.parquet").exists()


def test_every_reason_against_replacing_is_named_at_once(tmp_path: Path, root: Path) -> None:
    assert ingest(delivered(tmp_path, "ABC"), root).ok
    report = ingest(delivered(tmp_path, "ABC", "adae"), root)
    assert refused(report) == [
        "study ABC exists already",
        "dataset is in the study that would be replaced, and not in the source",
    ]


def test_a_protected_study_is_never_replaced(tmp_path: Path, root: Path) -> None:
    assert ingest(delivered(tmp_path, "ABC"), root).ok
    before = contents(root)
    allowed = Replacing(agreed=True, protected=frozenset({"ABC"}))
    report = ingest(delivered(tmp_path, "ABC"), root, replacing=allowed)
    assert refused(report) == ["study ABC comes with the app and is not replaced by an upload"]
    assert contents(root) == before


def test_a_study_that_was_deleted_can_be_brought_back(tmp_path: Path, root: Path) -> None:
    first = ingest(delivered(tmp_path, "ABC/01"), root)
    assert ingest(delivered(tmp_path, "ABC/01"), root, replacing=AGREED).ok
    assert first.folder
    first.folder.rename(tmp_path / "deleted")
    assert studies(root) == {}
    assert versions.restore(root, "ABC/01") == first.folder
    assert list(studies(root)) == ["ABC/01"]


def test_a_version_of_another_study_is_not_brought_back(tmp_path: Path, root: Path) -> None:
    assert ingest(delivered(tmp_path, "ABC"), root).ok
    assert ingest(delivered(tmp_path, "ABC"), root, replacing=AGREED).ok
    toml = root / VERSIONS / "ABC" / "previous" / "study.toml"
    toml.write_text(toml.read_text().replace('"ABC"', '"XYZ"'))
    assert main(["--restore", "ABC", "--root", str(root)]) == 1
    assert main(["--restore", "../ABC", "--root", str(root)]) == 1
    assert list(studies(root)) == ["ABC"]
