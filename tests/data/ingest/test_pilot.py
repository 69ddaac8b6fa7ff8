"""The CDISC pilot study, imported and counted a second time from its own files without SQL."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from data.contract import DATASETS, violations
from data.ingest import Report, ingest
from data.study import load
from tests.data.ingest.conftest import study_folder

PILOT = Path(__file__).parents[4] / "shared" / "cdisc_pilot"
pytestmark = pytest.mark.skipif(
    not (PILOT / "adlbh.dsjc").is_file(), reason="the CDISC pilot is not in ../shared/cdisc_pilot"
)

ARMS = ["Placebo", "Xanomeline Low Dose", "Xanomeline High Dose"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    report = ingest(PILOT, tmp_path_factory.mktemp("studies"))
    assert report.ok, report.text()
    return report


@pytest.fixture(scope="module")
def frames(report: Report) -> dict[str, pd.DataFrame]:
    return {path.stem: pd.read_parquet(path) for path in study_folder(report).glob("ad*.parquet")}


@pytest.fixture(scope="module")
def source() -> dict[str, pd.DataFrame]:
    """The delivered files, read by other means than the import."""
    found = {name: pyreadstat.read_xport(PILOT / f"{name}.xpt")[0] for name in ("adsl", "adae")}
    lines = gzip.decompress((PILOT / "adlbh.dsjc").read_bytes()).splitlines()
    names = [column["name"] for column in json.loads(lines[0])["columns"]]
    found["adlb"] = pd.DataFrame([json.loads(line) for line in lines[1:]], columns=names)
    return found


def test_patients_per_arm(frames: dict[str, pd.DataFrame]) -> None:
    treated = frames["adsl"].query("SAFFL == 'Y'")
    assert treated.groupby("TRT01A").size().reindex(ARMS).tolist() == [86, 84, 84]
    assert treated.groupby("TRT01A")["DOSE01A"].first().reindex(ARMS).tolist() == [0, 54, 81]


def test_what_was_taken_and_left_out(report: Report) -> None:
    assert {f.name: f.dataset for f in report.files} == {
        "README.md": "",
        "adae.xpt": "ADAE",
        "adlbh.dsjc": "ADLB",
        "adsl.json": "ADSL",
        "adsl.xpt": "",
        "adtte.xpt": "ADTTE",
    }
    assert {c.dataset: (c.rows_in, c.rows_out, c.patients) for c in report.counts} == {
        "ADSL": (254, 254, 254),
        "ADAE": (1191, 1191, 225),
        "ADLB": (24966, 24966, 254),
        "ADTTE": (254, 254, 254),
    }
    decided = {(d.dataset, d.variable): d.taken_from for d in report.decisions}
    assert decided["ADLB", "platelets"] == "PARAMCD PLAT"
    assert decided["ADLB", "platelet unit"] == "GI/L"
    assert decided["ADSL", "arm"] == "TRT01A"
    assert decided["ADSL", "DOSE01A"] == "TRT01AN"
    assert decided["ADSL", "PHASE"] == ""
    assert decided["ADAE", "scale"] == "AESEV"
    assert not report.rejected


def test_adverse_events_as_published(frames: dict[str, pd.DataFrame]) -> None:
    """Patients with any treatment-emergent event: 65, 77 and 76 (table 14-5.01 of the report)."""
    events = frames["adae"].query("TRTEMFL == 'Y'").merge(frames["adsl"][["USUBJID", "TRT01A"]])
    patients = events.groupby("TRT01A")["USUBJID"].nunique()
    assert patients.reindex(ARMS).tolist() == [65, 77, 76]


def test_adverse_events_by_class_and_term(
    frames: dict[str, pd.DataFrame], source: dict[str, pd.DataFrame]
) -> None:
    by = ["TRT01A", "AEBODSYS", "AEDECOD"]
    made = frames["adae"].query("TRTEMFL == 'Y'").merge(frames["adsl"][["USUBJID", "TRT01A"]])
    given = source["adae"].query("TRTEMFL == 'Y'").rename(columns={"TRTA": "TRT01A"})
    for keys in (by[:2], by):
        pd.testing.assert_frame_equal(
            made.groupby(keys)["USUBJID"].agg(["nunique", "size"]).astype("int64"),
            given.groupby(keys)["USUBJID"].agg(["nunique", "size"]).astype("int64"),
            check_index_type=False,
        )
    assert frames["adae"]["AETOXGR"].isna().all()
    pd.testing.assert_series_equal(
        frames["adae"]["AESEV"].value_counts(dropna=False).sort_index(),
        source["adae"]["AESEV"].value_counts(dropna=False).sort_index(),
        check_index_type=False,
    )


@pytest.mark.parametrize("parameter", ["PLAT", "HGB", "WBC"])
def test_laboratory_by_visit_and_arm(
    frames: dict[str, pd.DataFrame], source: dict[str, pd.DataFrame], parameter: str
) -> None:
    made = frames["adlb"].query("PARAMCD == @parameter")
    made = made.merge(frames["adsl"][["USUBJID", "TRT01A"]])
    given = source["adlb"].query("PARAMCD == @parameter").assign(
        AVAL=lambda f: f["AVAL"].astype(float)
    )  # fmt: skip
    statistics: list[Any] = ["count", "mean", "std", "median"]
    one = made.groupby(["TRT01A", "AVISITN"])["AVAL"].agg(statistics)
    other = given.groupby(["TRTA", "AVISITN"])["AVAL"].agg(statistics)
    assert len(one) == 33
    pd.testing.assert_frame_equal(
        one, other.rename_axis(one.index.names), check_dtype=False, check_index_type=False
    )


def test_the_study_can_be_opened(report: Report) -> None:
    study = load(study_folder(report))
    assert study.parameter == "PLAT"
    assert study.response is None
    assert [group.key for group in study.groupings] == ["arm", "dose"]
    assert [item.variable for item in study.analysis_sets][:3] == ["SAFFL", "ITTFL", "EFFFL"]
    assert study.related == ("POSSIBLE", "PROBABLE")
    for name in ("adsl", "adae", "adlb", "adtte"):
        others = {"ADSL": study_folder(report) / "adsl.parquet"}
        path = study_folder(report) / f"{name}.parquet"
        assert violations(DATASETS[name.upper()], path, others) == []
