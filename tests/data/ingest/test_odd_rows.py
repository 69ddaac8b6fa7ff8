"""One odd row refuses no study: it is set aside and reported, unless it decides who is counted."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pyarrow.parquet as pq
import pytest

from components.build import build
from data.ingest import Report
from queries.catalogue import open_study
from queries.engine import run as runner
from tests.data.ingest.conftest import Import, study_folder
from tests.support.trial import START, Rows, adae, adlb, adsl


def table(report: Report, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(study_folder(report) / f"{name}.parquet").to_pylist()
    return rows


def texts(report: Report, level: str) -> str:
    return "\n".join(str(issue) for issue in report.issues if issue.level == level)


def test_a_record_of_a_patient_without_events_is_no_event(imported: Import) -> None:
    none = dict.fromkeys(adae()[0]) | {"STUDYID": "TRIAL", "TRTEMFL": "Y", "AESER": "N"}
    report = imported(adae=[*adae(), none | {"USUBJID": "T-3"}, none | {"USUBJID": "T-5"}])
    assert [(r.dataset, r.rows) for r in report.rejected] == [("ADAE", 2)]
    assert "stand for patients without events, 2 rows (patients T-3, T-5)" in texts(report, "note")
    study = open_study(study_folder(report))
    any_event = runner.rows(study, "adverse_event_rate").query("is_overall").iloc[0]
    assert (any_event["n_emergent"], any_event["n_patients"]) == (3, 5)


@pytest.mark.parametrize("word", ["LIFE-THREATENING", "Life-threatening", "life threatening"])
def test_severities_in_other_spellings(imported: Import, word: str) -> None:
    rows = [row | {"AETOXGR": None, "AESEV": "MILD"} for row in adae()]
    rows[1]["AESEV"] = word
    report = imported(adae=rows)
    assert [row["AESEV"] for row in table(report, "adae")].count("LIFE THREATENING") == 1


def test_an_odd_severity_where_grades_are_used_is_set_aside(imported: Import) -> None:
    rows = [row | {"AESEV": "MILD"} for row in adae()]
    rows[1]["AESEV"] = "RATHER BAD"
    report = imported(adae=rows)
    assert len(table(report, "adae")) == 4
    assert "ADAE.AESEV: value not allowed: 'RATHER BAD', 1 row (patients T-2)" in texts(
        report, "warning"
    )


def test_an_odd_severity_is_an_error_where_events_are_counted_by_it(imported: Import) -> None:
    rows = [row | {"AETOXGR": None, "AESEV": "MILD"} for row in adae()]
    rows[1]["AESEV"] = "RATHER BAD"
    report = imported(adae=rows)
    assert not report.ok
    assert "'RATHER BAD'" in texts(report, "error")
    # The map decides by which of the two events are graded.
    graded = [row | {"AETOXGR": 7 if row["AESEQ"] == 1 else 1, "AESEV": "MILD"} for row in adae()]
    report = imported(adae=graded, map_toml='[adverse_events]\nscale = "severity"\n')
    assert "ADAE.AETOXGR: value not allowed: '7'" in texts(report, "warning")


def test_a_study_day_0_is_derived_from_its_date_or_missing(imported: Import) -> None:
    rows = adlb()
    rows[0]["ADY"] = 0  # with a date
    rows[2] |= {"ADY": 0, "ADT": None}
    report = imported(adlb=rows)
    days = {row["LBSEQ"]: row["ADY"] for row in table(report, "adlb")}
    assert (days[1], days[3]) == (1, None)
    assert "ADLB.ADY: study day 0, 2 rows" in texts(report, "warning")


def test_days_that_all_count_from_0_are_an_error(imported: Import) -> None:
    rows = [row | {"ADY": row["ADY"] - 1} for row in adlb()]
    report = imported(adlb=rows)
    assert 'set ADY = "" under [map.ADLB]' in texts(report, "error")
    report = imported(adlb=rows, map_toml='[map.ADLB]\nADY = ""\n')
    assert {row["ADY"] for row in table(report, "adlb")} == {1, 15, 85}


def test_a_day_0_that_decides_who_is_counted_is_an_error(imported: Import) -> None:
    rows = [{k: v for k, v in row.items() if k != "TRTEMFL"} for row in adae()]
    rows[0]["ASTDY"] = 0
    report = imported(adae=rows)
    assert "ADAE.ASTDY: value not allowed: '0'" in texts(report, "error")
    rows = adae()
    rows[0]["ASTDY"] = 0
    report = imported(adae=rows)
    assert "ADAE.ASTDY: study day 0" in texts(report, "warning")
    rescue = [{"STUDYID": "TRIAL", "USUBJID": f"T-{n}", "CMSEQ": 1, "CMDECOD": "IVIG",
               "RESCFL": "Y", "ASTDY": n - 1} for n in range(1, 4)]  # fmt: skip
    report = imported(adcm=rescue)
    assert "ADCM.ASTDY: value not allowed: '0'" in texts(report, "error")
    dated = [row | {"ASTDT": START + timedelta(days=1)} for row in rescue]
    assert [row["ASTDY"] for row in table(imported(adcm=dated), "adcm")] == [1, 1, 2]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_an_age_with_a_fraction_is_in_whole_years(imported: Import, kind: str) -> None:
    rows = [row | {"AGE": row["AGE"] + 0.7} for row in adsl()]
    assert [row["AGE"] for row in table(imported(kind, adsl=rows), "adsl")] == [
        31, 32, 33, 34, 35, 61
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), [("csv", "inf"), ("parquet", math.inf)])
def test_a_visit_number_that_is_not_finite(imported: Import, kind: str, value: Any) -> None:
    rows: Rows = [
        row | {"AVISITN": str(row["AVISITN"]) if kind == "csv" else float(row["AVISITN"])}
        for row in adlb()
    ]
    rows[0]["AVISITN"] = value
    report = imported(kind, adlb=rows)
    assert "ADLB.AVISITN: infinite: 'inf', 1 row (patients T-1)" in texts(report, "warning")
    study = open_study(study_folder(report))
    assert build(study, "platelet_time_course").n == 5


def test_nan_is_a_missing_number(imported: Import) -> None:
    rows: Rows = [row | {"AVISITN": float(row["AVISITN"])} for row in adlb()]
    rows[0]["AVAL"] = rows[2]["AVISITN"] = math.nan
    written = {row["LBSEQ"]: row for row in table(imported("parquet", adlb=rows), "adlb")}
    assert (written[1]["AVAL"], written[3]["AVISITN"]) == (None, None)


def test_values_that_no_result_depends_on_may_be_of_another_kind(imported: Import) -> None:
    rows: Rows = [row | {"HEIGHTBL": "170", "TRTEDT": "2024-05-01"} for row in adsl()]
    rows[0] |= {"HEIGHTBL": "tall", "TRTEDT": "2024-UN-UN"}
    report = imported(adsl=rows)
    assert [row["HEIGHTBL"] for row in table(report, "adsl")][:2] == [None, 170]
    warnings = texts(report, "warning")
    assert "ADSL.HEIGHTBL: not a number (row 1): 'tall'" in warnings
    assert "ADSL.TRTEDT: not a date (row 1): '2024-UN-UN'" in warnings


# --- beyond a limit of quantification --------------------------------------------------------


@pytest.mark.parametrize("low", ["<10", "< 10.0", "<=10", "≤10", "＜１０"])
def test_values_beyond_a_limit_are_taken_with_it(imported: Import, low: str) -> None:
    rows: Rows = [row | {"AVAL": str(row["AVAL"])} for row in adlb()]
    rows[0] |= {"AVAL": low, "BASE": low}
    rows[2] |= {"AVAL": ">1000", "BASE": low}
    report = imported(adlb=rows)
    written = {row["LBSEQ"]: row for row in table(report, "adlb")}
    assert [written[1][name] for name in ("AVAL", "BASE", "AVALC", "LLOQFL", "ULOQFL")] == [
        10, 10, low, "Y", None
    ]  # fmt: skip
    assert [written[3][name] for name in ("AVAL", "BASE", "AVALC", "LLOQFL", "ULOQFL")] == [
        1000, 10, ">1000", None, "Y"
    ]  # fmt: skip
    (note,) = [issue for issue in report.of("note") if "limit of quantification" in issue.rule]
    assert (note.rows, note.patients) == (2, ("T-1",))
    built = build(open_study(study_folder(report)), "platelet_time_course")
    assert any("1 below and 1 above, drawn at the limit" in line for line in built.footnote)


def test_numbers_in_characters_of_full_width(imported: Import) -> None:
    rows: Rows = [row | {"AVAL": str(row["AVAL"])} for row in adlb()]
    rows[0]["AVAL"] = "１０．５"
    written = {row["LBSEQ"]: row for row in table(imported(adlb=rows), "adlb")}
    assert (written[1]["AVAL"], written[1]["LLOQFL"]) == (10.5, None)


@pytest.mark.parametrize("kind", ["csv", "v5.xpt", "parquet"])
@pytest.mark.parametrize("text", ["AVALC", "LBSTRESC"])
def test_a_limit_in_words_stands_for_a_missing_number(
    imported: Import, kind: str, text: str
) -> None:
    rows: Rows = [row | {text: f"{row['AVAL']:g}"} for row in adlb()]
    rows[0] |= {"AVAL": None, "BASE": None, text: "<10"}
    rows[2] |= {"BASE": None}
    rows[4] |= {"AVAL": 2.5, text: "<5"}
    report = imported(kind, adlb=rows)
    written = {row["LBSEQ"]: row for row in table(report, "adlb")}
    assert (written[1]["AVAL"], written[1]["LLOQFL"], written[3]["BASE"]) == (10, "Y", 10)
    # A number that the sponsor chose stays.
    assert (written[5]["AVAL"], written[5]["LLOQFL"]) == (2.5, None)
    assert "for which AVAL is another number: '<5', 1 row" in texts(report, "note")


def test_a_limit_is_converted_with_its_unit(imported: Import) -> None:
    rows: Rows = [
        row | {"AVAL": f"{1000 * row['AVAL']:g}", "BASE": 1000 * row["BASE"],
               "PARAM": "Platelets (/uL)"}
        for row in adlb() if row["PARAMCD"] == "PLAT"
    ]  # fmt: skip
    rows[0]["AVAL"] = "<10000"
    written = {row["LBSEQ"]: row for row in table(imported(adlb=rows), "adlb")}
    assert (written[1]["AVAL"], written[1]["AVALC"], written[1]["LLOQFL"]) == (10, "<10", "Y")
