"""What a person corrects becomes a map, and the import does with it what was meant."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data.ingest import Report, ingest
from data.ingest.__main__ import main
from data.ingest.corrections import (
    ByValue,
    Correction,
    FileDataset,
    Setting,
    Source,
    arms,
    corrected,
    map_text,
)
from data.study import load
from tests.support.trial import adlb, adsl, deliver, trial, write

ARMS = {"Placebo": 3.0, "10 mg": 1.0, "20 mg": 2.0}


def run(tmp_path: Path, *corrections: Correction, **other: Any) -> Report:
    """Deliver the small trial with some datasets replaced, and import it with the corrections."""
    source = deliver(tmp_path / "delivery", trial() | other)
    map_file = tmp_path / "map.toml"
    map_file.write_text(map_text(corrected({}, corrections)), encoding="utf-8")
    return ingest(source, tmp_path / "studies", None, map_file)


def column(report: Report, dataset: str, name: str, **where: str) -> list[Any]:
    """The values of a variable in the order of the file, of the rows that have these values."""
    assert report.folder is not None, report.text()
    rows = pq.read_table(report.folder / f"{dataset}.parquet").to_pylist()
    return [row[name] for row in rows if all(row[key] == text for key, text in where.items())]


def test_a_map_without_corrections_changes_nothing(tmp_path: Path) -> None:
    assert tomllib.loads(map_text({})) == {}
    assert run(tmp_path).ok


def test_a_file_is_left_out_or_is_another_dataset(tmp_path: Path) -> None:
    report = run(tmp_path, FileDataset("adae.csv", ""), FileDataset("adlb.csv", "ADLB"))
    assert {file.name: file.dataset for file in report.files} == {
        "adae.csv": "",
        "adlb.csv": "ADLB",
        "adsl.csv": "ADSL",
    }
    assert report.folder
    assert not (report.folder / "adae.parquet").exists()


def test_a_file_that_cannot_be_read_can_be_left_out(tmp_path: Path) -> None:
    source = deliver(tmp_path / "in", trial())
    (source / "adcm.parquet").write_text("not Parquet")
    refused = ingest(source, tmp_path / "studies")
    assert not refused.ok
    assert [(f.dataset, f.why) for f in refused.files if f.name == "adcm.parquet"] == [
        ("", "cannot be read")
    ]
    map_file = tmp_path / "map.toml"
    map_file.write_text(map_text(corrected({}, [FileDataset("adcm.parquet", "")])))
    assert ingest(source, tmp_path / "studies", None, map_file).ok


def test_a_variable_comes_from_a_column_a_value_or_nowhere(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        Source("ADSL", "COHORT", "TRT01P"),
        Source("ADSL", "COUNTRY", value="CHN"),
        Source("ADSL", "RACE"),
    )
    assert column(report, "adsl", "COHORT", USUBJID="T-1") == ["Placebo"]
    assert set(column(report, "adsl", "COUNTRY")) == {"CHN"}
    assert set(column(report, "adsl", "RACE")) == {None}


def test_the_unit_that_the_data_lack_is_one_value(tmp_path: Path) -> None:
    bare = [row | {"PARAM": row["PARAM"].split(" (")[0]} for row in adlb()]
    assert not run(tmp_path, adlb=bare).ok
    report = run(tmp_path, Source("ADLB", "AVALU", value="10^9/L"), adlb=bare)
    assert report.ok, report.text()


@pytest.mark.parametrize(("variable", "order"), [("TRT01A", "TRT01AN"), ("ARM", "ARM")])
def test_arms_are_put_in_order(tmp_path: Path, variable: str, order: str) -> None:
    lacking = {"TRT01P", "TRT01PN", "TRT01A", "TRT01AN"} if variable == "ARM" else set()
    rows = [{k: v for k, v in row.items() if k not in lacking} for row in adsl()]
    report = run(tmp_path, *arms(variable, order, ARMS, {}, ""), adsl=rows)
    assert report.folder
    grouping = load(report.folder).grouping("arm")
    assert grouping
    pairs = set(
        zip(
            column(report, "adsl", grouping.variable, SAFFL="Y"),
            column(report, "adsl", grouping.order, SAFFL="Y"),
            strict=True,
        )
    )
    assert pairs == set(ARMS.items())


def test_doses_are_given_arm_by_arm(tmp_path: Path) -> None:
    doses = {"Placebo": 0.0, "10 mg": 0.5, "20 mg": 1.25}
    report = run(tmp_path, *arms("TRT01A", "TRT01AN", {}, doses, "mg/kg"))
    for arm, dose in doses.items():
        assert set(column(report, "adsl", "DOSE01A", TRT01A=arm)) == {dose}
    assert report.folder
    assert load(report.folder).dose_unit == "mg/kg"


def test_values_become_others(tmp_path: Path) -> None:
    flags = ByValue("ADSL", "SPLENFL", "SEX", (("F", "Y"),), "N")
    report = run(tmp_path, flags)
    assert set(column(report, "adsl", "SPLENFL", SEX="F")) == {"Y"}
    assert set(column(report, "adsl", "SPLENFL", SEX="M")) == {"N"}


def test_settings_are_set_and_taken_back(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        Setting(("title",), 'A "title"'),
        Setting(("laboratory", "reference_lines"), [30.0, 50.0]),
        Setting(("response", "default"), "any50"),
        Setting(("response", "first_day"), 2),
        Setting(("response", "last_day"), 90),
    )
    assert report.folder
    study = load(report.folder)
    assert (study.title, study.reference_lines) == ('A "title"', (30.0, 50.0))
    assert study.response
    assert study.response.last_day == 90
    content = {"response": {"default": "any50"}, "name": "X"}
    assert corrected(content, [Setting(("response",), None)]) == {"name": "X"}
    assert content == {"response": {"default": "any50"}, "name": "X"}


def test_later_corrections_keep_the_earlier_ones() -> None:
    first = corrected({}, [Source("ADSL", "COHORT", "ARM"), FileDataset("a.csv", "ADLB")])
    both = corrected(first, [Source("ADSL", "PHASE", value="I")])
    assert tomllib.loads(map_text(both)) == {
        "map": {
            "ADSL": {"COHORT": "ARM", "PHASE": {"value": "I"}},
            "files": {"a.csv": "ADLB"},
        }
    }


def test_a_dry_run_says_the_same_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, root = deliver(tmp_path / "in", trial()), tmp_path / "studies"
    dry = ingest(source, root, dry_run=True, made_to=tmp_path / "made")
    assert not dry.ok
    assert dry.as_dict()["status"] == "dry run"
    assert load(tmp_path / "made").id == "TRIAL"
    assert not root.exists()
    assert main([str(source), "--root", str(root), "--quiet", "--dry-run"]) == 0
    assert "Dry run: nothing was changed. The study can be imported." in capsys.readouterr().out
    assert not root.exists()
    real = ingest(source, root)
    assert (dry.issues, dry.decisions, dry.counts) == (real.issues, real.decisions, real.counts)
    assert main([str(source), "--root", str(root), "--quiet", "--dry-run"]) == 1
    write(source / "adae.csv", "adae", [{"STUDYID": "TRIAL", "AEDECOD": "x"}], "csv")
    assert ingest(source, root, dry_run=True).as_dict()["status"] == "refused"
