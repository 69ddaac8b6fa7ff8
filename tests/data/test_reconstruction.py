"""The embedded study: repeatable, sound, and in agreement with every published fact.

The facts are recounted here in pandas, from the Parquet files alone.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.contract import DATASETS, violations
from data.reconstruction.build import tables
from data.reconstruction.study import SENTENCE
from data.reconstruction.writing import ContractError, table, write

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "data" / "studies" / "NCT04014166"
NAMES = ("adsl", "adlb", "adae", "adex", "adcm")
FACTS: dict[str, dict[str, Any]] = {
    fact["id"]: fact for fact in tomllib.loads((STUDY / "facts.toml").read_text())["fact"]
}
ANY_TWO, UNBROKEN = "any two counts", "no failing count between"


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    return {name: pd.read_parquet(STUDY / f"{name}.parquet") for name in NAMES}


@pytest.fixture(scope="module")
def treated(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return frames["adsl"].query("SAFFL == 'Y'")


@pytest.fixture(scope="module")
def counts(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Platelet counts after baseline, whether each is valid, and whether each qualifies."""
    adlb, adcm = frames["adlb"], frames["adcm"]
    bleeding = adlb.query("PARAMCD == 'WHOBLEED'")[["USUBJID", "ADY", "AVAL"]]
    bleeding = bleeding.rename(columns={"AVAL": "GRADE"})
    platelets = adlb.query("PARAMCD == 'PLAT' and 1 < ADY <= 199")
    merged = platelets.merge(bleeding, on=["USUBJID", "ADY"], how="left")
    window = adcm.query("RESCFL == 'Y'")[["USUBJID", "ASTDY", "AENDY"]]
    hit = merged[["USUBJID", "ADY"]].merge(window, on="USUBJID")
    hit = hit[hit["ADY"].between(hit["ASTDY"], hit["AENDY"] + 56)][["USUBJID", "ADY"]]
    rescued = hit.drop_duplicates().assign(RESCUED=True)
    merged = merged.merge(rescued, on=["USUBJID", "ADY"], how="left")
    merged["valid"] = merged["RESCUED"].isna()
    dry = merged["GRADE"].isna() | (merged["GRADE"] == 0)
    merged["high"] = (merged["AVAL"] >= 30) & (merged["AVAL"] >= 2 * merged["BASE"])
    merged["responds"] = merged["high"] & dry
    merged["complete"] = (merged["AVAL"] >= 100) & dry
    return merged.sort_values(["USUBJID", "ADY"])


def confirmed(days: pd.Series, passed: pd.Series, reading: str) -> bool:
    """Whether two counts that pass lie at least 7 days apart."""
    failed = (~passed).cumsum()
    runs = failed * 0 if reading == ANY_TWO else failed
    good = days[passed].groupby(runs[passed])
    return bool((good.max() - good.min() >= 7).any())


def responders(counts: pd.DataFrame, passes: str, reading: str) -> set[str]:
    valid = counts[counts["valid"]]
    return {
        str(patient)
        for patient, of_patient in valid.groupby("USUBJID")
        if confirmed(of_patient["ADY"], of_patient[passes].astype(bool), reading)
    }


# --- repeatable and sound --------------------------------------------------------------------


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    for run in ("one", "two"):
        command = [sys.executable, "-m", "data.reconstruction", "--out", str(tmp_path / run)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    for name in NAMES:
        file = f"{name}.parquet"
        one = (tmp_path / "one" / file).read_bytes()
        assert one == (tmp_path / "two" / file).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_files_are_what_the_script_makes(name: str) -> None:
    committed = pq.read_table(STUDY / f"{name}.parquet")
    assert committed.equals(tables()[name.upper()], check_metadata=True)


@pytest.mark.parametrize("name", NAMES)
def test_the_files_meet_the_contract(name: str) -> None:
    others: dict[str, Any] = {"ADSL": STUDY / "adsl.parquet"}
    assert violations(DATASETS[name.upper()], STUDY / f"{name}.parquet", others) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_files_say_that_they_are_simulated_and_are_sorted(name: str) -> None:
    file = pq.ParquetFile(STUDY / f"{name}.parquet")
    dataset = DATASETS[name.upper()]
    metadata = file.schema_arrow.metadata or {}
    assert metadata[b"note"].decode() == SENTENCE
    assert metadata[b"label"].decode() == dataset.label
    group = file.metadata.row_group(0)
    assert group.column(0).compression == "ZSTD"
    sorted_by = [file.schema_arrow.names[column.column_index] for column in group.sorting_columns]
    assert tuple(sorted_by) == dataset.order
    order = list(dataset.order)
    frame = file.read().to_pandas()
    pd.testing.assert_frame_equal(frame, frame.sort_values(order, kind="stable"))


def test_all_files_are_written_or_none(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    good = tables()
    write(good, folder)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    bad = good["ADAE"].to_pylist()
    bad[0]["USUBJID"] = "nobody"
    with pytest.raises(ContractError, match=r"ADAE.USUBJID: not in ADSL, 1 row \(nobody\)"):
        write({**good, "ADAE": table(DATASETS["ADAE"], bad)}, folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert [file.name for file in tmp_path.iterdir()] == ["study"]


def test_a_column_that_is_not_declared_is_refused() -> None:
    with pytest.raises(ValueError, match="ADEX declares no NOPE"):
        table(DATASETS["ADEX"], [{"USUBJID": "S-1", "NOPE": 1}])


# --- the published facts, recounted -------------------------------------------------------------

Counted = Callable[[dict[str, pd.DataFrame], pd.DataFrame], object]


def having(condition: str) -> Counted:
    return lambda frames, treated: len(treated.query(condition))


def with_event(condition: str = "AEDECOD == AEDECOD") -> Counted:
    def patients(frames: dict[str, pd.DataFrame], treated: pd.DataFrame) -> int:
        events = frames["adae"].query("TRTEMFL == 'Y'").query(condition)
        return int(treated["USUBJID"].isin(events["USUBJID"]).sum())

    return patients


def span(variable: str) -> Counted:
    return lambda frames, treated: [treated[variable].min(), treated[variable].max()]


def worst_is_three(frames: dict[str, pd.DataFrame], treated: pd.DataFrame) -> int:
    events = frames["adae"].query("TRTEMFL == 'Y'")
    return int((events.groupby("USUBJID")["AETOXGR"].max() == 3).sum())


def limiting_toxicity(frames: dict[str, pd.DataFrame], treated: pd.DataFrame) -> int:
    first = treated.query("COHORTN == 3").nsmallest(3, "ENRLNO")
    return int((first["DLTFL"] == "Y").sum())


COUNTED: dict[str, Counted] = {
    "screened": lambda frames, treated: len(frames["adsl"]),
    "ineligible": lambda frames, treated: int((frames["adsl"]["SCRNFREA"] == "Not eligible").sum()),
    "withdrew": lambda frames, treated: int(
        (frames["adsl"]["SCRNFREA"] == "Withdrew consent").sum()
    ),
    "enrolled": having("ENRLFL == 'Y'"),
    "n_escalation": having("COHORTN <= 3"),
    "n_expansion": having("COHORTN == 4"),
    "n_0.5": having("COHORTN == 1"),
    "n_1.0": having("COHORTN == 2"),
    "n_2.0_escalation": having("COHORTN == 3"),
    "n_2.0": having("TRT01AN == 3"),
    "age_median": lambda frames, treated: treated["AGE"].median(),
    "age_range": span("AGE"),
    "female": having("SEX == 'F'"),
    "chronic": having("ITPDUR > 12"),
    "duration_median": lambda frames, treated: treated["ITPDUR"].median(),
    "duration_range": span("ITPDUR"),
    "prior_5": having("NPRIOR >= 5"),
    "splenectomy": having("SPLENFL == 'Y'"),
    "rituximab": having("RITUXFL == 'Y'"),
    "antibody_any": having("ANTIBODY != 'None detected'"),
    "antibody_Ib_IX": having("ANTIBODY == 'GPIb/IX'"),
    "antibody_IIb_IIIa": having("ANTIBODY == 'GPIIb/IIIa'"),
    "antibody_IIb_IIIa_Ia_IIa": having("ANTIBODY == 'GPIIb/IIIa and GPIa/IIa'"),
    "baseline_below_30": having("BLPLAT < 30 and BLBLEED >= 1"),
    "teae_any": with_event(),
    "sae_any": with_event("AESER == 'Y'"),
    "sae_gi_haemorrhage": with_event("AESER == 'Y' and AEDECOD.str.startswith('Gastro')"),
    "sae_menorrhagia": with_event("AESER == 'Y' and AEDECOD == 'Menorrhagia'"),
    "sae_mi": with_event("AESER == 'Y' and AEDECOD.str.contains('infarction')"),
    "grade_3": worst_is_three,
    "dlt": limiting_toxicity,
}

COHORTS = {
    "response_overall": (1, 2, 3, 4),
    "response_escalation": (1, 2, 3),
    "response_expansion": (4,),
    "response_0.5": (1,),
    "response_1.0": (2,),
    "response_2.0_escalation": (3,),
}


def test_every_fact_is_counted() -> None:
    assert set(COUNTED) | set(COHORTS) == set(FACTS)


@pytest.mark.parametrize("fact", COUNTED)
def test_fact(fact: str, frames: dict[str, pd.DataFrame], treated: pd.DataFrame) -> None:
    assert COUNTED[fact](frames, treated) == FACTS[fact]["value"]
    assert len(treated) == 18


@pytest.mark.parametrize("reading", [ANY_TWO, UNBROKEN])
@pytest.mark.parametrize("fact", COHORTS)
def test_response_fact(
    fact: str, reading: str, counts: pd.DataFrame, treated: pd.DataFrame
) -> None:
    responding = responders(counts, "responds", reading)
    cohort = treated[treated["COHORTN"].isin(COHORTS[fact])]
    assert cohort["USUBJID"].isin(responding).sum() == FACTS[fact]["value"]
    assert len(cohort) == FACTS[fact]["n"]


@pytest.mark.parametrize("fact", [fact for fact in FACTS.values() if "percent" in fact])
def test_percentages_follow_from_the_counts(fact: dict[str, Any]) -> None:
    assert round(100 * fact["value"] / fact["n"], 1) == fact["percent"]


@pytest.fixture(scope="module")
def connection(counts: pd.DataFrame, treated: pd.DataFrame) -> Iterator[duckdb.DuckDBPyConnection]:
    """The names that the facts' SQL reads."""
    responding = responders(counts, "responds", ANY_TWO)
    complete = responders(counts, "complete", ANY_TWO)
    ids = treated["USUBJID"].tolist()
    response = {
        "USUBJID": ids,
        "responder": [patient in responding for patient in ids],
        "complete": [patient in complete for patient in ids],
    }
    with duckdb.connect() as connection:
        connection.register("response", pa.table(response))
        for name in NAMES:
            connection.from_parquet(str(STUDY / f"{name}.parquet")).create_view(name)
        yield connection


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_the_sql_of_a_fact_returns_it(
    fact: dict[str, Any], connection: duckdb.DuckDBPyConnection
) -> None:
    cursor = connection.execute(fact["sql"])
    assert cursor.description is not None
    names = [column[0] for column in cursor.description]
    (row,) = cursor.fetchall()
    returned = dict(zip(names, row, strict=True))
    assert returned == {key: fact[key] for key in ("value", "n") if key in fact}


# --- cases that a careless count would get wrong ----------------------------------------------


def test_a_single_high_count_is_not_a_response(counts: pd.DataFrame) -> None:
    responding = responders(counts, "responds", ANY_TWO)
    others = counts[counts["valid"] & ~counts["USUBJID"].isin(responding)]
    spikes = others[others["responds"]].groupby("USUBJID").size()
    assert (spikes == 1).sum() >= 2
    # Two within a week confirm nothing either.
    assert (spikes == 2).sum() == 1
    assert (others.groupby("USUBJID")["AVAL"].max() >= 50).sum() == 2


def test_bleeding_doubling_and_rescue_each_decide_for_a_patient(counts: pd.DataFrame) -> None:
    """Who would respond in addition if a part of the definition were ignored."""
    responding = responders(counts, "responds", ANY_TWO)
    without_bleeding = responders(counts, "high", ANY_TWO)
    assert without_bleeding - responding == {"NCT04014166-008"}
    above = counts.assign(above=(counts["AVAL"] >= 30) & (counts["GRADE"].fillna(0) == 0))
    without_doubling = responders(above, "above", ANY_TWO)
    assert without_doubling - responding == {"NCT04014166-013"}
    without_rescue = responders(counts.assign(valid=True), "responds", ANY_TWO)
    rescued = {"NCT04014166-003", "NCT04014166-017", "NCT04014166-022"}
    assert without_rescue - responding == rescued


def test_rescue_is_followed_by_a_short_rise(
    counts: pd.DataFrame, frames: dict[str, pd.DataFrame]
) -> None:
    rescue = frames["adcm"].query("RESCFL == 'Y'").groupby("USUBJID")["ASTDY"].min()
    assert len(rescue) == 6
    for patient, start in zip(rescue.index, rescue.tolist(), strict=True):
        of_patient = counts[counts["USUBJID"] == patient]
        rise = of_patient.loc[of_patient["ADY"].between(start + 2, start + 10), "AVAL"]
        assert 50 <= rise.max() <= 150
        later = of_patient.loc[of_patient["ADY"].between(start + 21, start + 28), "AVAL"]
        assert later.max() < 30


def test_complete_responders(counts: pd.DataFrame) -> None:
    complete = responders(counts, "complete", UNBROKEN)
    assert len(complete) == 4
    assert complete == responders(counts, "complete", ANY_TWO)
    assert complete < responders(counts, "responds", ANY_TWO)


def test_responses_begin_in_different_weeks_and_some_are_lost(counts: pd.DataFrame) -> None:
    responding = responders(counts, "responds", ANY_TWO)
    good = counts[counts["valid"] & counts["responds"] & counts["USUBJID"].isin(responding)]
    onset = good.groupby("USUBJID")["ADY"].min()
    assert onset.min() <= 9
    assert onset.max() == 59
    assert ((onset - 1) // 7).nunique() >= 6
    # Four responses go on to the end; of one of them the very last count alone falls short.
    assert (good.groupby("USUBJID")["ADY"].max() >= 190).sum() == 4


def test_one_patient_is_not_evaluable(counts: pd.DataFrame, treated: pd.DataFrame) -> None:
    (patient,) = treated.query("EOSSTT == 'DISCONTINUED'").to_dict("records")
    of_patient = counts[counts["USUBJID"] == patient["USUBJID"]]
    assert len(of_patient) >= 5
    assert not of_patient["valid"].any()
    assert patient["PPROTFL"] == "N"
    assert patient["EOSDY"] == 41
    assert patient["COHORTN"] in (3, 4)


def test_visits_are_missed_moved_and_added(frames: dict[str, pd.DataFrame]) -> None:
    platelets = frames["adlb"].query("PARAMCD == 'PLAT'")
    weekly = platelets[platelets["AVISIT"].str.startswith("Week")]
    completed = weekly[weekly["USUBJID"] != "NCT04014166-017"]
    assert 10 <= 17 * 28 - len(completed) <= 35
    off = weekly["ADY"] - (7 * weekly["AVISITN"] + 1)
    assert off.abs().max() == 2
    assert (off != 0).sum() > 50
    added = platelets[platelets["AVISIT"].str.startswith("Unscheduled")]
    assert len(added) >= 8
    assert (added["AVISITN"] % 1 > 0).all()
    assert added["ANL01FL"].isna().all()


def test_counts_are_integers_skewed_and_some_below_the_limit(
    frames: dict[str, pd.DataFrame], treated: pd.DataFrame
) -> None:
    platelets = frames["adlb"].query("PARAMCD == 'PLAT'")
    assert (platelets["AVAL"] % 1 == 0).all()
    assert platelets["AVAL"].min() == 2
    assert platelets["AVAL"].between(401, 450).any()
    assert platelets["AVAL"].max() <= 450
    assert platelets["AVAL"].mean() > 2 * platelets["AVAL"].median()
    below = platelets[platelets["LLOQFL"] == "Y"]
    assert len(below) >= 3
    assert set(below["AVALC"]) == {"<2"}
    assert set(below["AVAL"]) == {2.0}
    entry = platelets.query("ADY <= 1")
    assert (entry["AVAL"] < 30).all()
    first = platelets.query("ABLFL == 'Y'").set_index("USUBJID")["AVAL"]
    assert first.to_dict() == treated.set_index("USUBJID")["BLPLAT"].to_dict()


def test_baseline_and_change(frames: dict[str, pd.DataFrame]) -> None:
    adlb = frames["adlb"]
    key = ["USUBJID", "PARAMCD"]
    assert (adlb.query("ABLFL == 'Y'").groupby(key).size() == 1).all()
    last = adlb[adlb["ADY"] <= 1].groupby(key)["ADY"].max()
    assert adlb.query("ABLFL == 'Y'").set_index(key)["ADY"].sort_index().equals(last.sort_index())
    after = adlb[adlb["ADY"] > 1]
    assert (after["CHG"] - (after["AVAL"] - after["BASE"])).abs().max() < 1e-9
    assert adlb.query("AVISIT == 'Screening'")["CHG"].isna().all()
    immune = adlb.query("PARCAT1 == 'IMMUNOLOGY' and ABLFL == 'Y'")
    assert (immune["ADY"] == -1).all()


def test_events_include_the_cases_that_a_count_may_get_wrong(
    frames: dict[str, pd.DataFrame], treated: pd.DataFrame
) -> None:
    adae = frames["adae"]
    assert 50 <= len(adae) <= 75
    assert adae["AEDECOD"].nunique() >= 18
    assert adae["AEBODSYS"].nunique() >= 9
    assert adae["AETOXGR"].isna().sum() == 1
    assert adae["AENDY"].isna().sum() >= 2
    assert (adae["ASTDY"] < 1).sum() == (adae["TRTEMFL"] == "N").sum() == 3
    emergent = adae.query("TRTEMFL == 'Y'")
    # One patient had an event before treatment and none after.
    assert set(adae["USUBJID"]) - set(emergent["USUBJID"])
    grades = emergent.groupby(["USUBJID", "AEDECOD"])["AETOXGR"]
    assert (grades.min() < grades.max()).any()
    assert (grades.size() > 1).sum() >= 3
    assert emergent["AOCCFL"].eq("Y").sum() == emergent["USUBJID"].nunique()
    assert emergent["AOCCPFL"].eq("Y").sum() == grades.ngroups
    serious = adae.query("AESER == 'Y'")
    assert set(serious["AETOXGR"]) == {3}
    assert set(adae.query("AETOXGR == 3")["AESER"]) == {"Y"}
    menorrhagia = treated.merge(adae.query("AEDECOD == 'Menorrhagia'"), on="USUBJID")
    assert set(menorrhagia["SEX"]) == {"F"}
    limited = treated.query("DLTFL == 'Y'")["USUBJID"]
    assert limited.isin(serious["USUBJID"]).all()
    assert treated.query("COHORTN == 4")["DLTFL"].isna().all()


def test_infusions(frames: dict[str, pd.DataFrame], treated: pd.DataFrame) -> None:
    given = frames["adex"].groupby("USUBJID").size()
    assert given.value_counts().to_dict() == {4: 17, 2: 1}
    planned = 7 * frames["adex"]["AVISITN"] + 1
    late = frames["adex"]["ASTDY"] - planned
    assert late.max() == 1
    assert (late == 0).mean() > 0.9
    dose = frames["adex"].merge(treated, on="USUBJID")
    assert (dose["EXDOSE"] == dose["DOSE01A"]).all()


def test_screen_failures_have_no_treatment(frames: dict[str, pd.DataFrame]) -> None:
    failed = frames["adsl"].query("SAFFL == 'N'")
    assert len(failed) == 4
    empty = ["TRT01A", "DOSE01A", "COHORT", "PHASE", "TRTSDT", "BLPLAT", "ENRLNO"]
    assert failed[empty].isna().all(axis=None)
    for name in ("adlb", "adae", "adex", "adcm"):
        assert not frames[name]["USUBJID"].isin(failed["USUBJID"]).any()


def test_dates_agree_with_study_days(
    frames: dict[str, pd.DataFrame], treated: pd.DataFrame
) -> None:
    start = treated.set_index("USUBJID")["TRTSDT"]
    for name, day, when in (("adlb", "ADY", "ADT"), ("adae", "ASTDY", "ASTDT")):
        frame = frames[name]
        passed = pd.to_datetime(frame[when]) - pd.to_datetime(frame["USUBJID"].map(start))
        expected = frame[day] - (frame[day] > 0).astype(int)
        assert (passed.dt.days == expected).all()
    assert str(start.min()) >= "2019-11"
    assert str(start.max()) < "2022-03"
