"""The variable mapping, and what is derived by rule."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data.folders import folder_name
from data.ingest import Report, ingest
from data.ingest.laboratory.visits import visit_numbers
from data.ingest.recognise import recognise
from data.ingest.units import factor, is_platelets_by_name
from data.study import StudyError, load
from queries.catalogue import open_study
from queries.engine import run as runner
from queries.engine.selection import Selection
from queries.filters import offers
from tests.data.ingest.conftest import Import, study_folder
from tests.support.trial import START, Rows, adae, adlb, adsl, deliver, trial


def table(report: Report, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(study_folder(report) / f"{name}.parquet").to_pylist()
    return rows


def taken(report: Report, dataset: str, variable: str) -> str:
    (decision,) = [d for d in report.decisions if (d.dataset, d.variable) == (dataset, variable)]
    return decision.taken_from


def without(rows: Rows, *names: str) -> Rows:
    return [{k: v for k, v in row.items() if k not in names} for row in rows]


@pytest.mark.parametrize(
    ("name", "variables", "dataset"),
    [
        ("x", "STUDYID USUBJID TRT01P AGE SEX SAFFL", "ADSL"),
        ("adsl", "STUDYID USUBJID", "ADSL"),
        ("x", "USUBJID AEDECOD AEBODSYS ASTDT TRTEMFL", "ADAE"),
        ("x", "USUBJID CMDECOD ASTDT", "ADCM"),
        ("x", "USUBJID EXTRT EXDOSE ASTDT PARAMCD AVAL", "ADEX"),
        ("x", "USUBJID PARAMCD AVAL CNSR ADT", "ADTTE"),
        ("x", "USUBJID PARAMCD AVAL LBSEQ", "ADLB"),
        ("adlbc", "USUBJID PARAMCD AVAL", "ADLB"),
        ("x", "USUBJID PARAMCD AVAL ANRIND A1LO A1HI", "ADLB"),
        ("advs", "USUBJID PARAMCD AVAL ANRIND A1LO A1HI VSSEQ", ""),
        ("x", "USUBJID PARAMCD AVALC RSSEQ", "ADRS"),
        ("ae", "DOMAIN USUBJID AETERM AEDECOD", ""),
        ("adxx", "USUBJID PARAMCD AVAL", ""),
        ("x", "A B C", ""),
    ],
)
def test_recognised_by_variables(name: str, variables: str, dataset: str) -> None:
    assert recognise(name, variables.split()).dataset == dataset


@pytest.mark.parametrize(
    ("unit", "times"),
    [
        ("10^9/L", 1), ("x10E9/L", 1), ("10**9/L", 1), ("GI/L", 1), ("G/L", 1), ("10*9/L", 1),
        ("10^3/uL", 1), ("10^3/µL", 1), ("10^3/μL", 1), ("K/uL", 1), ("THOUS/UL", 1),
        ("K/mm3", 1), ("/uL", 0.001), ("cells/uL", 0.001), ("10^4/uL", 10), ("TI/L", 1000),
        ("/L", 1e-9), ("mg/dL", None), ("", None),
    ],
)  # fmt: skip
def test_units_of_platelets(unit: str, times: float | None) -> None:
    assert factor(unit) == times


@pytest.mark.parametrize(
    "name",
    ["Platelets (10^9/L)", "Platelet Count (GI/L)", "PLATELETS", "Thrombocytes [/uL]", "PLT",
     "Platelets, Blood (K/uL)"],
)  # fmt: skip
def test_names_of_platelets(name: str) -> None:
    assert is_platelets_by_name(name)


@pytest.mark.parametrize(
    "name",
    ["Mean Platelet Volume (fL)", "Platelet Distribution Width (%)", "Plateletcrit (%)",
     "Platelet (GI/L) change from previous visit, relative to normal range",
     "Platelet Aggregation (%)", "Large Platelets", "Platelets Change from Baseline (10^9/L)",
     "Log10 Platelets", "Anti-Platelet Antibody", "Platelet Clumps", "Haemoglobin (g/L)"],
)  # fmt: skip
def test_names_that_only_resemble_platelets(name: str) -> None:
    assert not is_platelets_by_name(name)


def shadowed(code: str, name: str) -> Rows:
    """The laboratory data with the platelets under another code, and two shadows beside them."""
    rows = []
    for row in adlb():
        if row["PARAMCD"] == "PLAT":
            rows.append(row | {"PARAMCD": code, "PARAM": name})
            shadow = "Platelets (10^9/L) change from previous visit, relative to normal range"
            rows.append(row | {"PARAMCD": f"_{code}"[:8], "PARAM": shadow, "AVAL": 0.1})
            rows.append(row | {"PARAMCD": "PLTVOL", "PARAM": "Platelet Volume (fL)", "AVAL": 9.0})
        else:
            rows.append(row)
    return [row | {"LBSEQ": n} for n, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("code", "name"),
    [("PLAT", "Platelet (10^9/L)"), ("PLT", "PLT (10^9/L)"), ("C64796B", "Platelet Count (GI/L)")],
)
def test_the_platelet_count_and_not_its_shadows(imported: Import, code: str, name: str) -> None:
    report = imported(adlb=shadowed(code, name))
    assert taken(report, "ADLB", "platelets") == f"PARAMCD {code}"
    assert load(study_folder(report)).parameter == code


def test_a_study_without_platelets_is_reported(imported: Import) -> None:
    report = imported(adlb=[row for row in adlb() if row["PARAMCD"] == "HGB"])
    assert report.ok
    assert "no platelet count" in [i.rule for i in report.of("warning")]


def test_platelets_are_converted(imported: Import) -> None:
    rows = [
        row | {"AVAL": row["AVAL"] * 1000, "BASE": row["BASE"] * 1000,
               "PARAM": "Platelets (/uL)"} if row["PARAMCD"] == "PLAT" else row
        for row in adlb()
    ]  # fmt: skip
    report = imported(adlb=rows)
    first = next(r for r in table(report, "adlb") if r["PARAMCD"] == "PLAT")
    assert (first["AVAL"], first["BASE"]) == (10.5, 10.5)
    assert (first["AVALU"], first["PARAM"]) == ("10^9/L", "Platelets (10^9/L)")
    haemoglobin = next(r for r in table(report, "adlb") if r["PARAMCD"] == "HGB")
    assert (haemoglobin["AVAL"], haemoglobin["AVALU"]) == (121.0, None)


@pytest.mark.parametrize(
    ("units", "rule"),
    [
        (["10^9/L", "/uL"], "platelet count in several units"),
        (["10^9/L", ""], "7 platelet counts have no unit"),
        (["bushels"], "unknown unit of the platelet count"),
        ([""], "platelet count without a unit"),
    ],
)
def test_mixed_or_unknown_units_are_an_error(imported: Import, units: list[str], rule: str) -> None:
    rows = [
        row | {"PARAM": "Platelets", "AVALU": units[n % len(units)]}
        for n, row in enumerate(r for r in adlb() if r["PARAMCD"] == "PLAT")
    ]
    report = imported(adlb=rows)
    assert not report.ok
    (error,) = report.of("error")
    assert error.rule.startswith(rule)
    assert "10^9/L" in error.advice


def test_the_unit_that_the_map_sets_for_all_rows(imported: Import) -> None:
    rows = [row | {"PARAM": "Platelets"} for row in adlb() if row["PARAMCD"] == "PLAT"]
    report = imported(adlb=rows, map_toml='[map.ADLB]\nAVALU = { value = "10^9/L" }\n')
    assert {r["AVALU"] for r in table(report, "adlb")} == {"10^9/L"}


def test_dose_in_the_words_of_the_treatment(imported: Import) -> None:
    report = imported()
    assert taken(report, "ADSL", "DOSE01A") == "TRT01A"
    doses = [(r["DOSE01A"], r["DOSE01U"]) for r in table(report, "adsl")]
    assert doses == [(0, "mg"), (10, "mg"), (10, "mg"), (20, "mg"), (20, "mg"), (None, None)]


def arms(*named: tuple[str, int]) -> Rows:
    return [
        row | {"TRT01A": named[n % len(named)][0], "TRT01P": named[n % len(named)][0],
               "TRT01AN": named[n % len(named)][1]}
        for n, row in enumerate(adsl()[:5])
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("named", "dose"),
    [
        ([("Placebo", 0), ("Low", 54), ("High", 81)], {0.0, 54.0, 81.0}),
        ([("Placebo", 0), ("Low", 1), ("High", 2)], {None}),
        ([("A", 1), ("B", 2)], {None}),
        ([("Drug 5 mg + Drug 10 mg", 1), ("Placebo", 0)], {None}),
        ([("0.5 x 10^6 cells/kg", 1), ("2 x 10^6 cells/kg", 2)], {0.5, 2.0}),
        ([("Placebo", 0), ("Drug 1 mg/kg", 1), ("Drug 10 mg/kg", 2)], {0.0, 1.0, 10.0}),
    ],
)
def test_dose_of_the_treatment_only_where_it_is_one(
    imported: Import, named: list[tuple[str, int]], dose: set[float | None]
) -> None:
    report = imported(adsl=arms(*named))
    assert {row["DOSE01A"] for row in table(report, "adsl")} == dose


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["Placebo", "Drug 5 mg", "Drug 10 mg"], ["0", "5", "10"]),
        (["0.5 mg", "1 mg", "2 mg"], ["0.5", "1.0", "2.0"]),
    ],
)
def test_doses_are_written_as_whole_numbers_where_all_are(
    imported: Import, words: list[str], shown: list[str]
) -> None:
    report = imported(adsl=arms(*((word, number) for number, word in enumerate(words))))
    study = open_study(study_folder(report))
    chosen = Selection().with_choice("dose", (shown[1],))
    for selection, groups in ((Selection(), shown), (chosen, [shown[1]])):
        sizes = runner.rows(study, "group_sizes", selection, group="dose")
        assert sizes["group_label"].tolist() == groups
    assert [option.value for option in offers(study, Selection())["dose"].options] == shown


@pytest.mark.parametrize("decimals", ["-1", "10", "0.5", '"0"'])
def test_invalid_decimals_are_an_error(imported: Import, decimals: str) -> None:
    report = imported()
    file = study_folder(report) / "study.toml"
    text = file.read_text(encoding="utf-8")
    assert text.count("decimals = 0\n") == 2
    file.write_text(text.replace("decimals = 0\n", f"decimals = {decimals}\n"), encoding="utf-8")
    with pytest.raises(StudyError, match=r"decimals = .* must be an integer from 0 to 9"):
        load(study_folder(report))


def test_phase_only_where_the_map_sets_it(imported: Import) -> None:
    rows = [row | {"APHASE": "Treatment"} for row in adsl()]
    report = imported(adsl=rows)
    assert taken(report, "ADSL", "PHASE") == ""
    assert {row["PHASE"] for row in table(report, "adsl")} == {None}
    phase = '[map.ADSL.PHASE]\nfrom = "TRT01A"\nvalues = { "20 mg" = "Expansion" }\n' + (
        'other = "Escalation"\n'
    )
    report = imported(adsl=rows, map_toml=phase)
    assert [row["PHASE"] for row in table(report, "adsl")][2:5] == [
        "Escalation", "Expansion", "Expansion"
    ]  # fmt: skip
    assert [group.key for group in load(study_folder(report)).groupings] == ["arm", "dose", "phase"]


def test_planned_or_actual_is_reported_with_the_patients_who_differ(imported: Import) -> None:
    rows = adsl()
    rows[2]["TRT01A"], rows[2]["TRT01AN"] = "20 mg", 2
    report = imported(adsl=rows)
    (note,) = [i for i in report.of("note") if i.variable == "TRT01A"]
    assert (note.rows, note.patients) == (1, ("T-3",))
    assert load(study_folder(report)).groupings[0].variable == "TRT01A"
    report = imported(adsl=rows, map_toml='[map]\ntreatment = "planned"\n')
    assert load(study_folder(report)).groupings[0].variable == "TRT01P"


def test_never_treated_patients_are_in_no_denominator(imported: Import) -> None:
    report = imported(adsl=without(adsl(), "SAFFL"))
    assert taken(report, "ADSL", "SAFFL") == "TRTSDT"
    assert [row["SAFFL"] for row in table(report, "adsl")] == ["Y"] * 5 + ["N"]
    study = load(study_folder(report))
    assert study.analysis_sets[0].variable == "SAFFL"
    assert study.flow[0].label == "In the data"


def test_study_days_have_no_day_0(imported: Import) -> None:
    rows = without(adlb(), "ADY")
    rows += [
        rows[0]
        | {"ADT": adsl()[0]["TRTSDT"].replace(day=1), "AVISITN": -1, "ABLFL": "", "LBSEQ": 99}
    ]
    report = imported(adlb=rows)
    assert taken(report, "ADLB", "ADY") == "ADT and ADSL.TRTSDT"
    days = [r["ADY"] for r in table(report, "adlb") if r["USUBJID"] == "T-1"]
    assert sorted(set(days)) == [-1, 1, 15, 85]


def test_baseline_from_its_record(imported: Import) -> None:
    report = imported(adlb=without(adlb(), "BASE"))
    assert taken(report, "ADLB", "BASE") == "AVAL"
    assert [r["BASE"] for r in table(report, "adlb")] == sorted(
        [r["BASE"] for r in adlb()], key=lambda v: (v < 100, v)
    )
    assert [row["BLPLAT"] for row in table(report, "adsl")][:2] == [10.5, 21.0]
    report = imported(adlb=without(adlb(), "BASE", "ABLFL"))
    assert taken(report, "ADLB", "ABLFL") == "ADY"
    assert {r["AVISITN"] for r in table(report, "adlb") if r["ABLFL"] == "Y"} == {0}
    assert len([r for r in table(report, "adlb") if r["ABLFL"] == "Y"]) == 10


def test_visits_in_their_numeric_order(imported: Import) -> None:
    report = imported(adlb=without(adlb(), "AVISITN"))
    assert taken(report, "ADLB", "AVISITN") == "AVISIT"
    assert {(r["AVISIT"], r["AVISITN"]) for r in table(report, "adlb")} == {
        ("Baseline", 0), ("Week 2", 2), ("Week 12", 12)
    }  # fmt: skip
    assert visit_numbers(["Week 1", "Day 3"]) == {}
    assert visit_numbers(["Screening", "Week 1", "Unscheduled 1"]) == {
        "Screening": -1, "Week 1": 1
    }  # fmt: skip


def test_labels_are_trimmed_and_blank_columns_are_text(imported: Import) -> None:
    rows = [row | {"AVISIT": f"  {row['AVISIT']} ", "DTYPE": None, "AVALC": ""} for row in adlb()]
    report = imported("parquet", adlb=rows)
    assert {r["AVISIT"] for r in table(report, "adlb")} == {"Baseline", "Week 2", "Week 12"}
    schema = pq.read_schema(study_folder(report) / "adlb.parquet")
    assert str(schema.field("DTYPE").type) == "string"


def test_grade_and_severity_are_not_derived_from_each_other(imported: Import) -> None:
    report = imported()
    assert [(r["AETOXGR"], r["AESEV"]) for r in table(report, "adae")] == [
        (1, None), (1, None), (2, None), (None, None)
    ]  # fmt: skip
    assert taken(report, "ADAE", "scale") == "AETOXGR"
    severe = [row | {"AESEV": "Severe"} for row in without(adae(), "AETOXGR")]
    report = imported(adae=severe)
    assert {(r["AETOXGR"], r["AESEV"]) for r in table(report, "adae")} == {(None, "SEVERE")}
    assert taken(report, "ADAE", "scale") == "AESEV"
    words = [row | {"AETOXGR": f"Grade {row['AETOXGR'] or 4}"} for row in adae()]
    assert [r["AETOXGR"] for r in table(imported(adae=words), "adae")] == [1, 1, 2, 4]


def test_treatment_emergent_is_derived_and_reported(imported: Import) -> None:
    report = imported(adae=without(adae(), "TRTEMFL"))
    assert [(r["ASTDY"], r["TRTEMFL"]) for r in table(report, "adae")] == [
        (3, "Y"), (-2, "N"), (8, "Y"), (20, "Y")
    ]  # fmt: skip
    assert "TRTEMFL" in [i.variable for i in report.of("warning")]


def test_related_values_are_listed(imported: Import) -> None:
    rows = adae()
    rows[0]["AEREL"] = "PERHAPS"
    report = imported(adae=rows)
    (warning,) = [i for i in report.of("warning") if i.variable == "AEREL"]
    assert warning.values == ("PERHAPS",)
    assert load(study_folder(report)).related == ("POSSIBLE",)


def test_several_laboratory_files_become_one(tmp_path: Path, root: Path) -> None:
    rows = adlb()
    datasets = {
        "adsl": adsl(),
        "adlbh": [row for row in rows if row["PARAMCD"] == "PLAT"],
        "adlbc": [row for row in rows if row["PARAMCD"] == "HGB"],
    }
    report = ingest(deliver(tmp_path / "in", datasets, "v5.xpt"), root)
    assert {c.dataset: (c.rows_in, c.rows_out) for c in report.counts}["ADLB"] == (30, 30)
    assert {f.name: f.dataset for f in report.files} == {
        "adsl.xpt": "ADSL", "adlbh.xpt": "ADLB", "adlbc.xpt": "ADLB"
    }  # fmt: skip


def test_a_dataset_in_two_files(tmp_path: Path, root: Path) -> None:
    folder = deliver(tmp_path / "in", trial())
    deliver(folder, {"adsl": adsl()}, "v5.xpt")
    report = ingest(folder, root)
    assert report.ok, report.text()
    left = [f for f in report.files if not f.dataset]
    assert len(left) == 1
    assert "duplicate of adsl." in left[0].why
    other = adsl()
    other[0]["AGE"] = 77
    deliver(folder, {"adsl": other}, "v5.xpt")
    (error,) = ingest(folder, root).of("error")
    assert error.variable == "AGE"
    assert "with different content" in error.rule


def test_a_duplicate_row_is_kept_once_and_can_be_downloaded(imported: Import) -> None:
    report = imported(adae=[*adae(), adae()[0]])
    (rejected,) = report.rejected
    assert (rejected.dataset, rejected.rows) == ("ADAE", 1)
    (row,) = table(report, "rejected")
    assert (row["file"], row["row"], row["USUBJID"]) == ("adae.csv", 5, "T-1")
    assert '"AEDECOD":"Headache"' in row["record"]


def test_rows_that_differ_in_what_is_not_used_are_two_events(imported: Import) -> None:
    rows = [row | {"AELLT": "a"} for row in adae()]
    assert not imported(adae=[*rows, rows[0] | {"AELLT": "b"}]).rejected


def test_a_record_in_two_laboratory_files_is_kept_once(tmp_path: Path, root: Path) -> None:
    datasets = {"adsl": adsl(), "adlb": adlb(), "adlbh": adlb()[:2]}
    report = ingest(deliver(tmp_path / "in", datasets), root)
    assert [(r.dataset, r.reason, r.rows) for r in report.rejected] == [
        ("ADLB", "duplicate of a record in another file", 2)
    ]


def test_summaries_of_exposure_are_left_out(imported: Import) -> None:
    row = {"STUDYID": "TRIAL", "USUBJID": "T-1", "EXTRT": "DRUG", "EXDOSE": 10, "EXSEQ": 1,
           "ASTDY": 1, "PARAMCD": "DOSE", "AVAL": 10.0}  # fmt: skip
    more = row | {"PARAMCD": "DURATION", "AVAL": 7.0}
    total = row | {"PARAMCD": "TDOSE", "EXSEQ": None, "ASTDY": None, "EXDOSE": None}
    report = imported(adex=[row, more, total])
    assert [(r["EXSEQ"], r["EXDOSE"]) for r in table(report, "adex")] == [(1, 10)]
    assert [r.rows for r in report.rejected] == [2]


def test_terms_are_data_whatever_they_hold(imported: Import) -> None:
    terms = ['<script>alert("x")</script>', '=HYPERLINK("http://x")', "O'Brien's \"rash\"; --",
             "Été\n→ pain"]  # fmt: skip
    rows = [row | {"AEDECOD": term} for row, term in zip(adae(), terms, strict=True)]
    for kind in ("csv", "v8.xpt", "json"):
        report = imported(kind, adae=rows)
        assert {r["AEDECOD"] for r in table(report, "adae")} == set(terms)


def test_several_studies_in_one_file(imported: Import) -> None:
    pooled = [*adsl(), *[row | {"STUDYID": "OTHER", "USUBJID": f"O{row['USUBJID']}"}
                         for row in adsl()]]  # fmt: skip
    (error,) = imported(adsl=pooled).of("error")
    assert error.values == ("OTHER", "TRIAL")
    assert "--study" in error.advice
    report = imported(adsl=pooled, study="TRIAL")
    assert [(r.dataset, r.rows) for r in report.rejected] == [("ADSL", 6)]
    assert len(table(report, "adsl")) == 6


def test_a_study_under_another_name(imported: Import) -> None:
    report = imported(study="ITP 01/b")
    assert study_folder(report).name == folder_name("ITP 01/b")
    assert load(study_folder(report)).id == "ITP 01/b"


def test_settings_of_the_map_go_into_the_study(imported: Import) -> None:
    settings = """
name = "My trial"
[laboratory]
reference_lines = [30, 50]
[[group]]
key = "sex"
label = "Sex"
variable = "SEX"
[map.ADSL]
DOSE01A = ""
[map.ADCM.RESCFL]
from = "CMDECOD"
values = { IVIG = "Y" }
other = "N"
"""
    adcm = [
        {"STUDYID": "TRIAL", "USUBJID": "T-1", "CMSEQ": n, "CMDECOD": drug, "ASTDY": 3}
        for n, drug in enumerate(("IVIG", "PARACETAMOL"))
    ]
    report = imported(map_toml=settings, adcm=adcm)
    study = load(study_folder(report))
    assert (study.name, study.reference_lines, study.parameter) == ("My trial", (30, 50), "PLAT")
    assert [group.key for group in study.groupings] == ["sex"]
    assert {r["CMDECOD"]: r["RESCFL"] for r in table(report, "adcm")} == {
        "IVIG": "Y", "PARACETAMOL": "N"
    }  # fmt: skip
    assert {r["DOSE01A"] for r in table(report, "adsl")} == {None}


def test_values_that_no_result_depends_on_are_set_to_missing(imported: Import) -> None:
    rows = [row | {"EOSSTT": "NOT STARTED"} for row in adsl()]
    report = imported(adsl=rows)
    assert {r["EOSSTT"] for r in table(report, "adsl")} == {None}
    (warning,) = [i for i in report.of("warning") if i.variable == "EOSSTT"]
    assert warning.values == ("NOT STARTED",)
    assert warning.rows == 6


def issues(report: Report, level: str) -> list[str]:
    return [str(issue) for issue in report.issues if issue.level == level]


def test_na_in_a_csv_is_missing_as_r_writes_it(imported: Import) -> None:
    platelets = [row | {"DTYPE": "NA", "AVALC": "NA"} for row in adlb()]
    events = [row | {"AEBODSYS": "NA"} for row in adae()]
    report = imported(adlb=platelets, adae=events)
    assert {row["DTYPE"] for row in table(report, "adlb")} == {None}
    assert {row["AEBODSYS"] for row in table(report, "adae")} == {None}


def test_platelets_that_are_all_derived_are_a_warning(imported: Import) -> None:
    report = imported(adlb=[row | {"DTYPE": "AVERAGE"} for row in adlb()])
    assert any(
        "every platelet count is marked as derived" in text for text in issues(report, "warning")
    )


@pytest.mark.parametrize("variable", ["AVALU", "PARAM"])
def test_another_parameter_in_several_units_is_left_out(imported: Import, variable: str) -> None:
    rows = adlb()
    units = {"AVALU": ("g/dL", "g/L"), "PARAM": ("Haemoglobin (g/dL)", "Haemoglobin (g/L)")}[
        variable
    ]
    for place, row in enumerate(row for row in rows if row["PARAMCD"] == "HGB"):
        row[variable] = units[place % 2]
    report = imported(adlb=rows)
    assert {row["PARAMCD"] for row in table(report, "adlb")} == {"PLAT"}
    assert [(r.reason, r.rows) for r in report.rejected] == [("HGB has several units", 15)]
    assert any("HGB has several units and is left out" in t for t in issues(report, "warning"))


def test_one_unit_in_several_spellings_is_one(imported: Import) -> None:
    rows = adlb()
    for place, row in enumerate(row for row in rows if row["PARAMCD"] == "HGB"):
        row["AVALU"] = ("g/L", "G/L ", " g/l")[place % 3]
    assert not imported(adlb=rows).rejected


def test_the_gravest_severities_are_let_in(imported: Import) -> None:
    rows = [row | {"AESEV": "LIFE THREATENING", "AETOXGR": None} for row in adae()]
    rows[-1]["AESEV"] = "FATAL"
    report = imported(adae=rows)
    assert {row["AESEV"] for row in table(report, "adae")} == {"LIFE THREATENING", "FATAL"}


def test_patients_may_carry_a_domain(imported: Import) -> None:
    assert len(table(imported(adsl=[row | {"DOMAIN": "DM"} for row in adsl()]), "adsl")) == 6


def test_a_date_may_end_in_z(imported: Import) -> None:
    rows = [row | {"ADT": f"{row['ADT']}T00:00:00Z"} for row in adlb()]
    assert {row["ADT"] for row in table(imported(adlb=rows), "adlb")} == {
        row["ADT"] for row in adlb()
    }


def test_summaries_of_exposure_with_a_date_are_left_out_too(imported: Import) -> None:
    given: Rows = [
        {"STUDYID": "TRIAL", "USUBJID": "T-1", "EXSEQ": n, "EXTRT": "DRUG", "EXDOSE": 10.0,
         "PARAMCD": "DOSE", "ASTDT": START + timedelta(days=n)}
        for n in (1, 2)
    ]  # fmt: skip
    report = imported(adex=[*given, given[0] | {"EXSEQ": None, "PARAMCD": "TDOSE"}])
    assert [row["EXSEQ"] for row in table(report, "adex")] == [1, 2]


def test_patients_without_saffl_are_never_treated_and_stand_in_the_flow(imported: Import) -> None:
    rows = adsl()
    rows[-1]["SAFFL"] = None
    report = imported(adsl=rows)
    assert [row["SAFFL"] for row in table(report, "adsl")] == ["Y"] * 5 + ["N"]
    steps = runner.rows(open_study(study_folder(report)), "patient_flow")
    assert dict(zip(steps["step_label"], steps["n_patients"], strict=True)) == {
        "In the data": 6,
        "Never treated": 1,
        "Treated": 5,
    }
