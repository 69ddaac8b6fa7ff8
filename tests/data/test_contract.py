"""The contract finds each kind of departure, names it, and lets sound tables through."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.contract import (
    ADAE,
    ADEX,
    ADLB,
    ADSL,
    DATASETS,
    Dataset,
    Finding,
    arrow_schema,
    markdown,
    violations,
    with_tables,
)

DOCS = Path(__file__).parents[2] / "docs" / "data.md"


def adsl(**columns: list[object]) -> pa.Table:
    """Two patients with what every study must have, and the columns given."""
    needed: dict[str, list[object]] = {
        "STUDYID": ["S", "S"],
        "USUBJID": ["S-1", "S-2"],
        "TRT01A": ["A", "A"],
    }
    held = needed | columns
    schema = arrow_schema(ADSL, held)
    # Every column may be missing here, so that the contract is what finds it.
    schema = pa.schema([field.with_nullable(True) for field in schema])
    return pa.table(held, schema=schema)


def adlb(**columns: list[object]) -> pa.Table:
    """Two platelet counts with what every study must have, and the columns given."""
    needed: dict[str, list[object]] = {
        "STUDYID": ["S", "S"],
        "USUBJID": ["S-1", "S-2"],
        "PARAMCD": ["PLAT", "PLAT"],
        "AVAL": [12.0, None],
        "AVISITN": [1.0, 1.0],
        "ADY": [8, 9],
    }
    held = needed | columns
    return pa.table(held, schema=arrow_schema(ADLB, held))


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


def test_a_table_with_nothing_but_what_is_required_passes() -> None:
    assert violations(ADSL, adsl()) == []
    assert violations(ADLB, adlb(), {"ADSL": adsl()}) == []


def test_columns_that_are_not_declared_are_let_through() -> None:
    assert violations(ADSL, adsl().append_column("MMSETOT", pa.array([3, 4]))) == []


def test_missing_required_column() -> None:
    finding = only(violations(ADSL, adsl().drop_columns(["STUDYID"])))
    assert (finding.variable, finding.rule, finding.rows) == (
        "STUDYID",
        "required column missing",
        0,
    )
    assert "Add the column STUDYID" in finding.advice


def test_missing_usubjid_is_found_without_naming_patients() -> None:
    table = adsl(SEX=["F", "X"]).drop_columns(["USUBJID"])
    rules = {(f.variable, f.rule, f.patients) for f in violations(ADSL, table)}
    assert rules == {
        ("USUBJID", "required column missing", ()),
        ("SEX", "value not allowed", ()),
    }


def test_one_treatment_variable_is_enough_and_none_is_too_few() -> None:
    table = adsl().rename_columns(["STUDYID", "USUBJID", "ARM"])
    assert violations(ADSL, table) == []
    finding = only(violations(ADSL, table.drop_columns(["ARM"])))
    assert finding.variable == "TRT01A or TRT01P or ARM"


def test_small_letters_in_a_name() -> None:
    finding = only(violations(ADSL, adsl().rename_columns(["STUDYID", "usubjid", "TRT01A"])))
    assert finding.rule == "column name not in capitals"
    assert "usubjid to USUBJID" in finding.advice


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (pa.array([44, 45], pa.int64()), "BIGINT"),
        (pa.array([44.0, 45.0], pa.float64()), "DOUBLE"),
        (pa.array(["44", "45"]), "VARCHAR"),
    ],
)
def test_wrong_type(values: pa.Array[Any], kind: str) -> None:
    finding = only(violations(ADSL, adsl().append_column("AGE", values)))
    assert (finding.variable, finding.rule) == ("AGE", "wrong type")
    assert finding.advice == f"Write it as INTEGER; it is {kind}."


def test_no_column_may_be_decimal_even_if_not_declared() -> None:
    values = pa.array([1, 2], pa.decimal128(9, 2))
    finding = only(violations(ADSL, adsl().append_column("WEIGHTBL", values)))
    assert "DOUBLE" in finding.advice


@pytest.mark.parametrize("missing", [None, "", "  "])
def test_missing_required_value(missing: str | None) -> None:
    finding = only(violations(ADLB, adlb(PARAMCD=["PLAT", missing or ""])))
    assert (finding.variable, finding.rule, finding.rows, finding.patients) == (
        "PARAMCD",
        "required value missing",
        1,
        ("S-2",),
    )


def test_value_not_allowed() -> None:
    finding = only(violations(ADSL, adsl(SAFFL=["Y", "yes"])))
    assert (finding.variable, finding.rows, finding.patients) == ("SAFFL", 1, ("S-2",))
    assert "Use one of Y, N" in str(finding)


def test_missing_and_blank_flags_are_allowed() -> None:
    assert violations(ADSL, adsl(SAFFL=[None, " "])) == []


def test_day_zero_does_not_exist() -> None:
    finding = only(violations(ADLB, adlb(ADY=[0, 1])))
    assert (finding.variable, finding.rule, finding.patients) == (
        "ADY",
        "value not allowed",
        ("S-1",),
    )


def test_values_are_finite() -> None:
    assert only(violations(ADLB, adlb(AVAL=[float("inf"), float("nan")]))).rows == 2


def test_duplicate_key_counts_every_row_of_it() -> None:
    finding = only(violations(ADLB, adlb(USUBJID=["S-1", "S-1"], ADY=[8, 8])))
    assert (finding.rule, finding.rows, finding.patients) == ("duplicate key", 2, ("S-1",))


def test_missing_values_in_a_key_count_as_equal() -> None:
    table = adlb(USUBJID=["S-1", "S-1"], AVISITN=[None, None], ADY=[8, 8])
    assert only(violations(ADLB, table)).rule == "duplicate key"


def test_no_key_is_checked_that_the_table_does_not_hold() -> None:
    table = pa.table(
        {"STUDYID": ["S", "S"], "USUBJID": ["S-1", "S-1"], "ASTDY": pa.array([1, 8], pa.int32())}
    )
    assert violations(ADEX, table) == []


def test_patient_not_in_adsl() -> None:
    table = adlb(USUBJID=["S-1", "S-9"])
    finding = only(violations(ADLB, table, {"ADSL": adsl()}))
    assert (finding.rule, finding.rows, finding.patients) == ("not in ADSL", 1, ("S-9",))
    assert violations(ADLB, table) == []


def test_only_the_first_three_patients_are_named() -> None:
    ids = [f"S-{i}" for i in range(9)]
    table = pa.table(
        {"STUDYID": ["S"] * 9, "USUBJID": ids, "ARM": ["A"] * 9, "SAFFL": ["?"] * 9},
    )
    finding = only(violations(ADSL, table))
    assert (finding.rows, finding.patients) == (9, ("S-0", "S-1", "S-2"))


def test_a_parquet_file_is_examined_like_a_table(tmp_path: Path) -> None:
    file = tmp_path / "it's [one].parquet"
    pq.write_table(adsl(SAFFL=["Y", "yes"]), file)
    assert violations(ADSL, file) == violations(ADSL, adsl(SAFFL=["Y", "yes"]))


def test_severity_may_stand_in_for_the_grade() -> None:
    columns: dict[str, list[object]] = {
        "STUDYID": ["S"],
        "USUBJID": ["S-1"],
        "AEDECOD": ["Headache"],
        "AEBODSYS": [None],
        "AESEV": ["MILD"],
        "ASTDT": [date(2020, 1, 1)],
    }
    assert violations(ADAE, pa.table(columns, schema=arrow_schema(ADAE, columns))) == []


def test_schema_carries_labels_units_and_types() -> None:
    schema = arrow_schema(ADLB)
    assert schema.metadata == {b"dataset": b"ADLB", b"label": b"Laboratory Analysis Dataset"}
    assert schema.names == [variable.name for variable in ADLB.variables]
    day = schema.field("ADY")
    assert day.type == pa.int32()
    assert day.metadata == {b"label": b"Analysis Relative Day", b"unit": b"day"}
    with pytest.raises(KeyError, match="ADLB declares no variable NOPE"):
        arrow_schema(ADLB, ["NOPE"])


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_the_contract_agrees_with_itself(dataset: Dataset) -> None:
    names = [variable.name for variable in dataset.variables]
    assert len(names) == len(set(names))
    assert {*dataset.key, *dataset.order, *(n for group in dataset.one_of for n in group)} <= set(
        names
    )
    # Two patients may not share a row's place: the order holds the key, or comes close to it.
    assert dataset.order[-1] in dataset.key
    assert all(len(variable.label) <= 40 for variable in dataset.variables)


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_the_docs_show_the_contract(dataset: Dataset) -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert f"<!-- contract: {dataset.name} -->\n{markdown(dataset)}\n<!-- end -->" in text
    assert with_tables(text) == text
