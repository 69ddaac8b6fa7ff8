"""Bad input: each gives one clear message that says where, what and what to do; nothing changes."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data.ingest import Issue, Report, ingest
from data.ingest.__main__ import main
from tests.data.ingest.conftest import Import
from tests.support.trial import Rows, adae, adlb, adsl, deliver, trial, write


def the_error(report: Report) -> Issue:
    """The one error of a report that refused."""
    assert not report.ok
    errors = report.of("error")
    assert len(errors) == 1, [str(error) for error in errors]
    assert errors[0].advice.endswith((".", "?")), errors[0].advice
    return errors[0]


def cut(path: Path, by: int) -> None:
    path.write_bytes(path.read_bytes()[:-by])


@pytest.mark.parametrize("kind", ["v5.xpt", "v8.xpt"])
@pytest.mark.parametrize("by", [1, 40, 80, 800, 2600])
def test_a_truncated_transport_file(tmp_path: Path, root: Path, kind: str, by: int) -> None:
    folder = deliver(tmp_path / "in", trial(), kind)
    cut(folder / "adlb.xpt", by)
    error = the_error(ingest(folder, root))
    assert error.file == "adlb.xpt"
    assert "file is truncated" in error.rule


def test_a_transport_file_cut_within_its_header(tmp_path: Path, root: Path) -> None:
    folder = deliver(tmp_path / "in", trial(), "v5.xpt")
    path = folder / "adae.xpt"
    path.write_bytes(path.read_bytes()[:700])
    assert "file is truncated" in the_error(ingest(folder, root)).rule


def test_a_transport_file_of_several_datasets(tmp_path: Path, root: Path) -> None:
    folder = deliver(tmp_path / "in", trial(), "v5.xpt")
    both = (folder / "adsl.xpt").read_bytes() + (folder / "adae.xpt").read_bytes()[240:]
    (folder / "adsl.xpt").write_bytes(both)
    assert "several datasets" in the_error(ingest(folder, root)).rule


@pytest.mark.parametrize("kind", ["xpt", "sas7bdat", "parquet", "json", "ndjson", "dsjc"])
def test_a_file_that_is_not_what_its_name_says(tmp_path: Path, root: Path, kind: str) -> None:
    folder = deliver(tmp_path / "in", trial())
    (folder / "adae.csv").unlink()
    (folder / f"adae.{kind}").write_text("this is nothing of the kind\n" * 20)
    error = the_error(ingest(folder, root))
    assert error.file == f"adae.{kind}"


@pytest.mark.parametrize("kind", ["parquet", "json", "ndjson", "dsjc"])
def test_a_truncated_file(tmp_path: Path, root: Path, kind: str) -> None:
    folder = deliver(tmp_path / "in", trial(), kind)
    cut(folder / f"adlb.{kind}", 30)
    assert the_error(ingest(folder, root)).file == f"adlb.{kind}"


def test_json_of_another_kind_is_left_out(tmp_path: Path, root: Path) -> None:
    folder = deliver(tmp_path / "in", trial())
    (folder / "settings.json").write_text('{"a": 1}')
    report = ingest(folder, root)
    assert report.ok, report.text()
    assert [f.why for f in report.files if f.name == "settings.json"] == ["not Dataset-JSON 1.1"]


def test_fewer_rows_than_the_file_says(tmp_path: Path, root: Path) -> None:
    folder = deliver(tmp_path / "in", trial(), "ndjson")
    lines = (folder / "adae.ndjson").read_text().splitlines()
    (folder / "adae.ndjson").write_text("\n".join(lines[:-1]))
    assert "file holds 3 rows, its header says 4" in the_error(ingest(folder, root)).rule


def test_a_row_of_the_wrong_length(tmp_path: Path, root: Path) -> None:
    folder = deliver(tmp_path / "in", trial(), "json")
    document = json.loads((folder / "adae.json").read_text())
    document["rows"][2].pop()
    (folder / "adae.json").write_text(json.dumps(document))
    assert "row 3 has 10 values for 11 columns" in the_error(ingest(folder, root)).rule


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("[1]", "neither text nor a number (row 1)"),
        ('{"a": 1}', "neither text nor a number (row 1)"),
        ("[" * 900 + "]" * 900, "neither text nor a number (row 1)"),
        ("[" * 100_000 + "]" * 100_000, "line 2: not valid JSON"),
        ("9" * 5_000, "line 2: not valid JSON"),
        ("NaN", "line 2: not valid JSON"),
        ('"\\ud800"', "line 2: not valid JSON"),
    ],
    ids=["list", "object", "deep", "too deep", "too large", "NaN", "half a character"],
)
def test_invalid_cells_of_lines(tmp_path: Path, root: Path, cell: str, rule: str) -> None:
    folder = deliver(tmp_path / "in", trial(), "ndjson")
    text = (folder / "adae.ndjson").read_text().replace('"headache"', cell, 1)
    (folder / "adae.ndjson").write_text(text)
    assert the_error(ingest(folder, root)).rule.startswith(rule)


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("[1]", "neither text nor a number (row 1)"),
        ("9" * 5_000, "not valid JSON"),
        ("NaN", "not valid JSON"),
        ('"a', "not valid JSON"),
    ],
    ids=["list", "too large", "NaN", "not closed"],
)
def test_invalid_cells_of_a_document(tmp_path: Path, root: Path, cell: str, rule: str) -> None:
    folder = deliver(tmp_path / "in", trial(), "json")
    text = (folder / "adae.json").read_text().replace('"headache"', cell, 1)
    (folder / "adae.json").write_text(text)
    assert the_error(ingest(folder, root)).rule.startswith(rule)


@pytest.mark.parametrize("kind", ["json", "dsjc"])
def test_a_truncated_dataset_json_file_is_called_so(tmp_path: Path, root: Path, kind: str) -> None:
    folder = deliver(tmp_path / "in", trial(), kind)
    cut(folder / f"adlb.{kind}", 30)
    assert the_error(ingest(folder, root)).rule == "file is truncated"


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        ("csv", lambda text: text.replace(b"ASIAN", b"AS\xefAN", 1)),
        ("csv", lambda text: text.decode().encode("utf-16")),
        ("json", lambda text: text.replace(b"ASIAN", b"AS\xefAN", 1)),
        ("ndjson", lambda text: text.replace(b"ASIAN", b"AS\xefAN", 1)),
        ("v5.xpt", lambda text: text.replace(b"ASIAN", b"AS\xefAN", 1)),
    ],
    ids=["csv", "csv in utf-16", "json", "ndjson", "xpt"],
)
def test_the_wrong_encoding(
    tmp_path: Path, root: Path, kind: str, damage: Callable[[bytes], bytes]
) -> None:
    folder = deliver(tmp_path / "in", trial(), kind)
    path = next(folder.glob("adsl.*"))
    path.write_bytes(damage(path.read_bytes()))
    error = the_error(ingest(folder, root))
    assert error.file == path.name
    assert "not in UTF-8" in error.rule


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('TRIAL,T-1,1,"rash,RASH,Skin,1,N,NONE,3,Y\n', "quotation mark"),
        ('TRIAL,T-1,1,"ra"sh",RASH,Skin,1,N,NONE,3,Y\n', "quotation mark"),
        ("TRIAL,T-1,1,rash, red,RASH,Skin,1,N,NONE,3,Y\n", "12 values in line 6 for 11 columns"),
        ("TRIAL,T-1,1\n", "3 values in line 6 for 11 columns"),
    ],
)
def test_a_csv_file_with_a_broken_line(
    tmp_path: Path, root: Path, line: str, expected: str
) -> None:
    folder = deliver(tmp_path / "in", trial())
    path = folder / "adae.csv"
    path.write_text(path.read_text() + line)
    error = the_error(ingest(folder, root))
    assert error.file == "adae.csv"
    assert expected in error.rule, str(error)


def test_an_empty_file(tmp_path: Path, root: Path) -> None:
    folder = deliver(tmp_path / "in", trial())
    (folder / "adae.csv").write_text("")
    assert the_error(ingest(folder, root)).rule == "file is empty"


def test_a_duplicate_column_name(tmp_path: Path, root: Path) -> None:
    folder = deliver(tmp_path / "in", trial())
    text = (folder / "adae.csv").read_text().replace("AETERM", "aedecod", 1)
    (folder / "adae.csv").write_text(text)
    assert the_error(ingest(folder, root)).rule == "duplicate column name"


def test_a_missing_patient_identifier(imported: Import) -> None:
    error = the_error(
        imported(adae=[{k: v for k, v in r.items() if k != "USUBJID"} for r in adae()])
    )
    assert (error.dataset, error.variable, error.file) == ("ADAE", "USUBJID", "adae.csv")
    assert error.rule == "patient identifier missing"
    error = the_error(imported(adae=[adae()[0] | {"USUBJID": " "}, *adae()[1:]]))
    assert error.rule == "patient identifier missing (row 1)"


@pytest.mark.parametrize("change", [{}, {"AGE": 99}])
def test_duplicate_patients(imported: Import, change: dict[str, int]) -> None:
    error = the_error(imported(adsl=[*adsl(), adsl()[1] | change]))
    assert error.rule == "duplicate patient"
    assert (error.rows, error.patients, error.file) == (2, ("T-2",), "adsl.csv")


def test_events_of_patients_who_do_not_exist(imported: Import) -> None:
    rows = [*adae(), adae()[0] | {"USUBJID": "NOBODY", "AESEQ": 9}]
    error = the_error(imported(adae=rows))
    assert (error.dataset, error.rows, error.patients) == ("ADAE", 1, ("NOBODY",))
    assert error.rule == "patient not in ADSL"
    report = imported(adae=rows, map_toml='[map]\nunknown_patients = "leave out"\n')
    assert report.ok
    assert [(r.dataset, r.reason, r.rows) for r in report.rejected] == [
        ("ADAE", "patient not in ADSL", 1)
    ]


def test_rows_left_out_are_written_even_if_the_import_is_refused(
    tmp_path: Path, root: Path
) -> None:
    datasets = trial()
    datasets["adae"] = [*adae(), adae()[0] | {"USUBJID": "NOBODY", "AESEQ": 9}]
    datasets["adlb"] = [adlb()[0] | {"AVAL": "many"}, *adlb()[1:]]
    folder = deliver(tmp_path / "in", datasets)
    map_file, kept = tmp_path / "map.toml", tmp_path / "left-out.parquet"
    map_file.write_text('[map]\nunknown_patients = "leave out"\n', encoding="utf-8")
    command = [str(folder), "--root", str(root), "--map", str(map_file), "--quiet"]
    assert main([*command, "--rejected", str(kept)]) == 1
    assert not [path for path in root.iterdir() if path.name[0] != "."]
    (row,) = pq.read_table(kept).to_pylist()
    assert (row["dataset"], row["USUBJID"]) == ("ADAE", "NOBODY")
    assert row["reason"] == "patient not in ADSL"


@pytest.mark.parametrize("value", ["31/12/2024", "2024-02-30", "yesterday", "2024"])
def test_values_that_are_not_dates(imported: Import, value: str) -> None:
    rows: Rows = [dict(row) for row in adsl()]
    rows[1]["TRTSDT"] = value
    error = the_error(imported(adsl=rows))
    assert (error.variable, error.values, error.patients) == ("TRTSDT", (value,), ("T-2",))
    assert error.rule == "not a date (row 2)"
    assert "YYYY-MM-DD" in error.advice


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_text_in_numbers(imported: Import, kind: str) -> None:
    rows = [row | {"AVAL": str(row["AVAL"])} for row in adlb()]
    rows[4]["AVAL"] = "10,5"
    error = the_error(imported(kind, adlb=rows))
    assert (error.file, error.variable, error.values) == (f"adlb.{kind}", "AVAL", ("10,5",))
    assert error.rule == "not a number (row 5)"


def test_text_in_numbers_of_dataset_json(tmp_path: Path, root: Path) -> None:
    folder = deliver(tmp_path / "in", trial(), "ndjson")
    text = (folder / "adlb.ndjson").read_text().replace(" 10.5, 10.5", ' "many", 10.5', 1)
    (folder / "adlb.ndjson").write_text(text)
    error = the_error(ingest(folder, root))
    assert (error.variable, error.values) == ("AVAL", ("many",))
    assert "row 1" in error.rule


def test_infinite_and_fractional_numbers(imported: Import) -> None:
    rows = [row | {"AVAL": str(row["AVAL"])} for row in adlb()]
    rows[0]["AVAL"] = "inf"
    assert the_error(imported(adlb=rows)).variable == "AVAL"
    events = [row | {"ASTDY": "3.5"} for row in adae()]
    assert the_error(imported(adae=events)).rule.startswith("not an integer")


def test_grades_that_do_not_exist(imported: Import) -> None:
    error = the_error(imported(adae=[row | {"AETOXGR": 7} for row in adae()]))
    assert (error.variable, error.values) == ("AETOXGR", ("7",))


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("../adsl.csv", "leads out of its folder"),
        ("/etc/adsl.csv", "leads out of its folder"),
        ("a/../../adsl.csv", "leads out of its folder"),
        ("..\\adsl.csv", "leads out of its folder"),
        ("C:\\adsl.csv", "leads out of its folder"),
    ],
)
def test_names_that_climb_out_of_the_folder(
    tmp_path: Path, root: Path, name: str, rule: str
) -> None:
    archive = tmp_path / "in.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr(name, "USUBJID,TRT01A\n")
    error = the_error(ingest(archive, root))
    assert rule in error.rule
    assert error.values == (zipfile.ZipFile(archive).namelist()[0],)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.zip", "studies"]


def test_a_link_in_an_archive(tmp_path: Path, root: Path) -> None:
    archive = tmp_path / "in.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        link = zipfile.ZipInfo("adsl.csv")
        link.external_attr = 0o120777 << 16
        opened.writestr(link, "/etc/passwd")
    assert "leads out" in the_error(ingest(archive, root)).rule


def test_an_archive_that_unpacks_to_more_than_its_limit(tmp_path: Path, root: Path) -> None:
    archive = tmp_path / "in.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("adsl.csv", b"0" * 5_000_000)
    error = the_error(ingest(archive, root, limit=1_000_000))
    assert "unpacks to more than 1,000,000 bytes" in error.rule
    with zipfile.ZipFile(archive, "w") as opened:
        for number in range(1_001):
            opened.writestr(f"{number}.csv", "")
    assert "1,001 files" in the_error(ingest(archive, root)).rule


def test_a_damaged_archive(tmp_path: Path, root: Path) -> None:
    archive = tmp_path / "in.zip"
    archive.write_bytes(b"PK\3\4 nothing")
    assert "cannot be read" in the_error(ingest(archive, root)).rule


def test_no_source_and_no_patients(tmp_path: Path, root: Path) -> None:
    assert "no such file" in the_error(ingest(tmp_path / "nothing", root)).rule
    (tmp_path / "empty").mkdir()
    assert "folder is empty" in the_error(ingest(tmp_path / "empty", root)).rule
    folder = deliver(tmp_path / "in", {"adae": adae()})
    assert "ADSL" in the_error(ingest(folder, root)).rule
    deliver(folder, {"adsl": adsl()})
    header = (folder / "adsl.csv").read_text().splitlines()[0]
    (folder / "adsl.csv").write_text(header + "\n")
    assert the_error(ingest(folder, root)).rule == "dataset has no rows"


@pytest.mark.parametrize(
    ("map_toml", "expected"),
    [
        ("[map", "not valid TOML"),
        ("[map]\nsql = 'select 1'", "[map] sql is not a known key"),
        ("map = 5", "[map] must be one table"),
        ("[map.ADSL]\nAGE = 3", "[map] ADSL.AGE = 3 must be"),
        ("[map.ADSL]\nAGE = true", "[map] ADSL.AGE = true says nothing"),
        ("[map.ADSL]\nAGE = { from = 'X', sql = '1' }", "[map.ADSL.AGE] sql is not a known key"),
        ("[map.ADSL]\nAGE = { from = 'X', value = 1 }", "[map.ADSL.AGE] from or value is needed"),
        ("[map.ADSL]\nAGE = { values = { a = 'b' } }", "[map.ADSL.AGE] from or value is needed"),
        ("[map.ADSL]\nAGE = { value = 1, other = 2 }", "and other go with from"),
        ("[map.ADSL]\nAGE = 'YEARS_OLD'", "maps it to YEARS_OLD, which does not exist"),
        ("[map.ADSL]\nCOHROT = 'ARM'", "[map.ADSL] COHROT is not a variable of ADSL"),
        ("[map]\nADSL = 'ARM'", '[map] ADSL = "ARM" must be a table'),
        ("[map.ADXX]\nAGE = 'AGE'", "[map] ADXX is not a known key"),
        ("[map]\nencoding = 'klingon'", "[map] encoding is not a known encoding"),
        ("[map]\ntreatment = 'plan'", '[map] treatment = "plan" must be'),
        ("[map]\nunknown_patients = true", "[map] unknown_patients = true must be"),
        ("[map.files]\n'adlb.csv' = 'ADXX'", '[map] files.adlb.csv = "ADXX" must be'),
        ("[map.files]\n'adlbb.csv' = 'ADLB'", "[map.files] adlbb.csv is not a file of the source"),
        ("[map.ADSL]\nAGE = 'AGE\"; drop table ADSL; --'", "which does not exist"),
        ("[laboratory]\nparameter = 'NOPE'", "names the parameter NOPE"),
        ("[laboratory]\nrescue_dayss = 56", "[laboratory] rescue_dayss is not a known key"),
        ("[laboratory]\nrescue_days = '56'", '[laboratory] rescue_days = "56" must be an integer'),
        ("analysis_set = []", "[[analysis_set]] is missing"),
        ("[[group]]\nkey = 'a'\nlabel = 'A'\nvariable = 5", "[[group]] 1, variable = 5 must be"),
        ("[[group]]\nkey = 'a'\nvariable = 'SEX'", "[[group]] 1, label is missing"),
        # What only the complete study can show: it would not open.
        (
            "[[group]]\nkey = 'a'\nlabel = 'A'\nvariable = 'SEXX'",
            '[[group]] 1, variable = "SEXX" is not a variable of ADSL',
        ),
        (
            "[[flow]]\nlabel = 'Gone'\nwhere = { SEX = 'FEMALE' }",
            '[[flow]] 1, where.SEX = "FEMALE" is a value that no patient has',
        ),
        ("[response]\ndefault = 'iwg2009'\nfirst_day = 2", "[response] last_day is missing"),
        (
            "[response]\ndefault = 'any50'\nfirst_day = 2\nlast_day = 90\nbleeding = 'BLED'",
            '[response] bleeding = "BLED" is not a PARAMCD of ADLB',
        ),
        (
            "[adverse_events]\nrelated = ['Posible']",
            '[adverse_events] related = "Posible" is not a value of AEREL',
        ),
    ],
)
def test_invalid_entries_of_a_map(
    imported: Import, root: Path, map_toml: str, expected: str
) -> None:
    report = imported(map_toml=map_toml)
    assert expected in the_error(report).rule
    assert report.folder is None
    assert not root.exists() or not [path for path in root.iterdir() if path.name[0] != "."]


def test_all_that_is_wrong_in_a_map_is_reported_at_once(imported: Import) -> None:
    report = imported(
        map_toml="[laboratory]\nrescue_dayss = 56\n[map]\nencodin = 'utf-8'\n[map.ADSL]\nAGE = 3\n"
    )
    assert [error.file for error in report.of("error")] == ["map.toml"] * 3
    assert [error.advice for error in report.of("error")][:2] == [
        "Did you mean rescue_days?",
        "Did you mean encoding?",
    ]


def test_text_in_a_map_is_text(imported: Import) -> None:
    report = imported(map_toml='[map.ADSL]\nCOHORT = { value = "x\'; drop table ADSL; --" }\n')
    assert report.ok, report.text()


def test_an_error_leaves_the_present_version_and_is_reported(
    tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = deliver(tmp_path / "in", trial())
    arguments = [str(folder), "--root", str(root), "--quiet", "--json", str(tmp_path / "r.json")]
    arguments += ["--replace"]
    assert main(arguments) == 0
    before = {path.name: path.read_bytes() for path in (root / "TRIAL").iterdir()}
    write(folder / "adae.csv", "adae", [adae()[0] | {"USUBJID": "NOBODY"}], "csv")
    assert main(arguments) == 1
    assert "Import refused: nothing was changed." in capsys.readouterr().out
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["status"] == "refused"
    assert report["issues"][-1]["patients"] == ["NOBODY"]
    assert {path.name: path.read_bytes() for path in (root / "TRIAL").iterdir()} == before
    assert sorted(path.name for path in root.iterdir()) == [".versions", "TRIAL"]
    assert [path.name for path in (root / ".versions").iterdir()] == [".lock"]


def test_a_bomb_in_a_compressed_dataset(tmp_path: Path, root: Path) -> None:
    folder = deliver(tmp_path / "in", trial())
    (folder / "adlb.csv").unlink()
    packer = zlib.compressobj()
    zeros = b"0" * 1_000_000
    packed = b"".join(packer.compress(zeros) for _ in range(100)) + packer.flush()
    (folder / "adlb.dsjc").write_bytes(packed)
    assert "longer than 64 MB" in the_error(ingest(folder, root)).rule


def test_missing_patient_identifiers_are_reported_once(imported: Import) -> None:
    rows: Rows = [dict(row) for row in adsl()]
    rows[1]["USUBJID"] = None
    error = the_error(imported(adsl=rows))
    assert (error.dataset, error.variable, error.rule) == (
        "ADSL",
        "USUBJID",
        "patient identifier missing (row 2)",
    )


def test_several_known_units_of_platelets_cannot_be_set_to_one(imported: Import) -> None:
    rows = [
        row | {"PARAM": "Platelets", "AVALU": ("10^9/L", "/uL")[n % 2]}
        for n, row in enumerate(row for row in adlb() if row["PARAMCD"] == "PLAT")
    ]
    error = the_error(imported(adlb=rows))
    assert error.rule == "platelet count in several units"
    assert error.values == ("/uL in 7 rows", "10^9/L in 8 rows")
    assert "AVALU = {" not in error.advice


def test_rows_left_out_that_cannot_be_written_refuse_the_import(tmp_path: Path, root: Path) -> None:
    datasets = trial()
    datasets["adae"] = [*adae(), adae()[0] | {"USUBJID": "NOBODY", "AESEQ": 9}]
    folder = deliver(tmp_path / "in", datasets)
    map_file = tmp_path / "map.toml"
    map_file.write_text('[map]\nunknown_patients = "leave out"\n', encoding="utf-8")
    nowhere = tmp_path / "no folder" / "left-out.parquet"
    report = ingest(folder, root, map_file=map_file, rejected_to=nowhere)
    assert "the system reports: No such file or directory" in the_error(report).rule
    assert report.folder is None
    assert not [path for path in root.iterdir() if path.name[0] != "."]
