"""Datasets are read with the columns they lack, and with none where the study has no such file."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.contract import DATASETS as CONTRACT
from data.contract import DUCKDB
from data.study import DATASETS, load
from queries.catalogue import open_study
from queries.engine.datasets import dataset
from queries.engine.run import rows
from queries.engine.selection import Selection
from queries.filters import offers
from tests.support.requests import everything, n_patients
from tests.support.tiny import DATASETS as TINY
from tests.support.tiny import MINIMAL, TOML
from tests.support.writing import write_study


@pytest.mark.parametrize("missing", ["adlb", "adae", "adex", "adcm", "all but adsl"])
def test_study_without_a_dataset_has_no_rows_there(tmp_path: Path, missing: str) -> None:
    kept = {
        name: given
        for name, given in TINY.items()
        if name == "adsl" or missing not in (name, "all but adsl")
    }
    study = open_study(write_study(tmp_path / "S", TOML, kept))
    found = everything(study, only_emergent=False)
    without = {stem.split(" ")[0] for stem, frame in found.items() if frame.empty}
    expected = {
        "adlb": {
            "lab_baseline_types",
            "lab_parameters",
            "platelet_individual",
            "platelet_time_course",
        },
        "adae": {"adverse_event_list", "event_classes"},
        "adex": {"infusion_days"},
        "adcm": {"medications", "rescue_days"},
    }
    expected["all but adsl"] = set().union(*expected.values())
    # The tiny study has one time point a day, so there is none to choose from.
    assert without == expected[missing] | {"lab_time_points"}
    rates = found["response_rate iwg2009"]
    assert int(rates.loc[rates["is_overall"], "n_patients"].iloc[0]) == 9
    cells = found["adverse_events iwg2009"]
    whole = cells[(cells["line"] == "any") & cells["is_overall"]].iloc[0]
    assert (whole["n"], whole["n_patients"]) == ((0, 9) if "adae" not in kept else (7, 9))


def test_lacking_dataset_has_the_declared_columns_and_types(tmp_path: Path) -> None:
    study = load(write_study(tmp_path / "S", MINIMAL, {"adsl": [{"USUBJID": "A", "SAFFL": "Y"}]}))
    with duckdb.connect() as connection:
        for name, declared in CONTRACT.items():
            sql, _ = dataset(study, name.lower())
            given = {"adsl_file": str(study.path("adsl"))} if name == "ADSL" else {}
            described = connection.execute(f"describe {sql}", given).fetchall()
            types = {row[0]: row[1] for row in described}
            assert types == {item.name: DUCKDB[item.type] for item in declared.variables}
        for name in set(DATASETS) - {key.lower() for key in CONTRACT}:
            assert connection.execute(dataset(study, name)[0]).fetchall() == []


def test_least_study_runs_every_query(tmp_path: Path) -> None:
    """No groups, filters, baseline, flow or response; the required columns alone."""
    kept = {
        name: [
            {
                key: value
                for key, value in row.items()
                if key in {"AGE", "SAFFL"}
                or (
                    key in {item.name for item in CONTRACT[name.upper()].variables}
                    and CONTRACT[name.upper()][key].required
                )
            }
            for row in given
        ]
        for name, given in TINY.items()
    }
    study = open_study(write_study(tmp_path / "S", MINIMAL, kept))
    found = everything(study)
    assert found["filter_counts iwg2009"].empty
    assert found["patient_flow iwg2009"].empty
    assert found["baseline_table iwg2009"].empty
    assert offers(study, Selection()) == {}
    assert n_patients(rows(study, "group_sizes")) == 9
    # Without PARAM the code is the name.
    assert study.parameters == (("PLAT", "PLAT"), ("WHOBLEED", "WHOBLEED"))


def test_column_in_small_letters_is_not_added_twice(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "S", TOML, {})
    table = pa.table({"USUBJID": ["A", "B"], "saffl": ["Y", "N"], "SEX": ["F", "M"]})
    pq.write_table(table, folder / "adsl.parquet")
    assert n_patients(rows(load(folder), "group_sizes")) == 1
