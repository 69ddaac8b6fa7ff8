"""A study is opened anew when one of its files changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data.study import StudyError, fingerprint
from queries.catalogue import entries, find_study, open_study
from queries.engine.run import rows
from tests.support.requests import n_patients, params
from tests.support.tiny import ADSL, DATASETS, TOML
from tests.support.writing import write_study


def test_changed_file_is_seen(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "TINY", TOML, DATASETS)
    before = find_study("TINY", tmp_path)
    assert n_patients(rows(before, "group_sizes")) == 9
    assert find_study("TINY", tmp_path) is before
    changed = [row | {"SAFFL": "Y"} if row["USUBJID"] == "T-12" else row for row in ADSL]
    size = (folder / "adsl.parquet").stat().st_size
    write_study(folder, TOML, {"adsl": changed})
    after = find_study("TINY", tmp_path)
    assert after.fingerprint != before.fingerprint
    assert abs((folder / "adsl.parquet").stat().st_size - size) < 64
    assert n_patients(rows(after, "group_sizes")) == 10
    assert after.event_classes == before.event_classes


def test_file_that_comes_and_goes_is_seen(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "TINY", TOML, DATASETS)
    given = {"only_emergent": False}
    assert len(rows(open_study(folder), "event_classes")) == 5
    (folder / "adae.parquet").rename(tmp_path / "away")
    study = open_study(folder)
    assert rows(study, "event_classes").empty
    assert rows(study, "adverse_event_list", **params(study, **given)).empty
    (tmp_path / "away").rename(folder / "adae.parquet")
    assert len(rows(open_study(folder), "event_classes")) == 5


def test_fingerprint_follows_name_size_and_time(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "TINY", TOML, DATASETS)
    seen = {fingerprint(folder)}
    os.utime(folder / "adsl.parquet", ns=(1, 1))
    seen.add(fingerprint(folder))
    with (folder / "study.toml").open("a") as file:
        file.write("\n")
    seen.add(fingerprint(folder))
    (folder / "adcm.parquet").rename(folder / "adrs.parquet")
    seen.add(fingerprint(folder))
    assert len(seen) == 4
    (folder / "notes.txt").write_text("not part of the study")
    assert fingerprint(folder) in seen


def test_unknown_study_is_named_with_those_there_are(tmp_path: Path) -> None:
    write_study(tmp_path / "TINY", TOML, DATASETS)
    with pytest.raises(StudyError, match="no study 'NOPE'; there are: TINY"):
        find_study("NOPE", tmp_path)


def test_each_study_is_listed_with_its_problems_and_harms_no_other(tmp_path: Path) -> None:
    def toml(study: str) -> str:
        return TOML.replace("TINY", study)

    write_study(tmp_path / "WHOLE", toml("WHOLE"), DATASETS)
    misspelt = toml("MISSPELT").replace("rescue_days", "rescue_dayss").replace('"COHORTN"', "5")
    write_study(tmp_path / "MISSPELT", misspelt, DATASETS)
    write_study(tmp_path / "LACKING", toml("LACKING").replace('"COHORTN"', '"COHORTNO"'), DATASETS)
    write_study(tmp_path / "EMPTY", toml("EMPTY"), {})
    broken = write_study(tmp_path / "BROKEN", toml("BROKEN"), DATASETS)
    for dataset in ("adae", "adcm"):
        (broken / f"{dataset}.parquet").write_text("not Parquet")
    (tmp_path / "FOLDER" / "study.toml").mkdir(parents=True)
    (tmp_path / "LINK").mkdir()
    (tmp_path / "LINK" / "study.toml").symlink_to(tmp_path / "nowhere")
    listed = {entry.name: entry for entry in entries(tmp_path)}
    assert listed["WHOLE"].study is not None
    assert listed["WHOLE"].problems == ()
    counts = {name: len(entry.problems) for name, entry in listed.items() if entry.study is None}
    counts.pop("LINK", None)  # whether a link that leads nowhere is listed depends on Python
    assert counts == {"MISSPELT": 2, "LACKING": 1, "EMPTY": 1, "BROKEN": 2, "FOLDER": 1}
    assert [problem.split()[0] for problem in listed["BROKEN"].problems] == [
        "BROKEN/adae.parquet",
        "BROKEN/adcm.parquet",
    ]
    assert not any(str(tmp_path) in text for entry in listed.values() for text in entry.problems)
