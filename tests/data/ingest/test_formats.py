"""Every format gives the same study."""

from __future__ import annotations

import gzip
import json
import zipfile
import zlib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data.contract import DATASETS, arrow_schema, violations
from data.folders import studies
from data.ingest import ingest
from data.study import load
from tests.data.ingest.conftest import Import, study_folder
from tests.support.trial import FORMATS, adsl, deliver, trial

FILES = Path(__file__).parent / "files"


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_same_study(kind: str, tmp_path: Path) -> None:
    reference = ingest(deliver(tmp_path / "csv", trial()), tmp_path / "reference")
    report = ingest(deliver(tmp_path / "in", trial(), kind), tmp_path / "studies")
    for name in ("adsl", "adlb", "adae"):
        made = pq.read_table(study_folder(report) / f"{name}.parquet")
        expected = pq.read_table(study_folder(reference) / f"{name}.parquet")
        assert made.equals(expected), (name, made.to_pylist()[:2], expected.to_pylist()[:2])


def test_a_sas7bdat_file(root: Path) -> None:
    report = ingest(FILES / "adsl.sas7bdat", root)
    assert report.ok, report.text()
    rows = pq.read_table(root / "SAS7" / "adsl.parquet").to_pylist()
    assert [(r["USUBJID"], r["DOSE01A"], r["AGE"]) for r in rows][:3] == [
        ("S-1", 0.0, 40),
        ("S-2", 10.0, 41),
        ("S-3", 20.0, 42),
    ]
    assert rows[0]["TRTSDT"].isoformat() == "2014-10-04"
    assert rows[5]["TRTSDT"] is None


def test_a_zip_archive_with_folders(tmp_path: Path, root: Path) -> None:
    folder = deliver(tmp_path / "in", trial(), "v5.xpt")
    archive = tmp_path / "delivery.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for file in folder.iterdir():
            opened.write(file, f"m5/datasets/{file.name}")
        opened.writestr("__MACOSX/._adsl.xpt", b"junk")
    report = ingest(archive, root)
    assert report.ok, report.text()
    assert {f.name for f in report.files} == {f"m5/datasets/{n}.xpt" for n in trial()}


def test_the_files_keep_one_schema_with_labels_and_units(imported: Import) -> None:
    report = imported("v8.xpt")
    others = {"ADSL": study_folder(report) / "adsl.parquet"}
    for name in ("ADSL", "ADLB", "ADAE"):
        path = study_folder(report) / f"{name.lower()}.parquet"
        declared = arrow_schema(DATASETS[name])
        schema = pq.read_schema(path)
        assert schema.names[: len(declared.names)] == declared.names
        assert all(schema.field(f.name).equals(f, check_metadata=True) for f in declared)
        assert violations(DATASETS[name], path, others) == []
        group = pq.ParquetFile(path).metadata.row_group(0)
        keys = tuple(schema.names[column.column_index] for column in group.sorting_columns)
        assert keys == DATASETS[name].order
    assert studies(study_folder(report).parent) == {"TRIAL": (study_folder(report),)}
    assert load(study_folder(report)).id == "TRIAL"


def test_the_manifest_and_the_report_lie_beside_the_data(imported: Import) -> None:
    report = imported()
    manifest = json.loads((study_folder(report) / "manifest.json").read_text())
    assert [f["dataset"] for f in manifest["files"]] == ["ADSL", "ADAE", "ADLB"]
    assert all(len(f["sha256"]) == 64 for f in manifest["files"])
    written = json.loads((study_folder(report) / "report.json").read_text())
    assert written["status"] == "imported"
    assert written["study"] == "TRIAL"
    rows = {c["dataset"]: (c["rows_in"], c["rows_out"], c["patients"]) for c in written["counts"]}
    assert rows == {"ADSL": (6, 6, 6), "ADAE": (4, 4, 3), "ADLB": (30, 30, 5)}


def test_gzip_streams_that_were_joined(tmp_path: Path, root: Path) -> None:
    folder = deliver(tmp_path / "in", trial(), "ndjson")
    lines = (folder / "adlb.ndjson").read_bytes().splitlines(keepends=True)
    pieces = [gzip.compress(b"".join(part)) for part in (lines[:11], lines[11:])]
    (folder / "adlb.dsjc").write_bytes(b"".join(pieces) + b"\0" * 512)
    (folder / "adlb.ndjson").unlink()
    report = ingest(folder, root)
    assert report.ok, report.text()
    assert {c.dataset: c.rows_out for c in report.counts}["ADLB"] == 30


def test_a_document_with_a_byte_order_mark(tmp_path: Path, root: Path) -> None:
    folder = deliver(tmp_path / "in", {"adsl": adsl()}, "json")
    path = folder / "adsl.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    report = ingest(folder, root)
    assert report.ok, report.text()
    assert report.counts[0].rows_out == 6


def test_a_gzip_stream_and_rows_before_columns(tmp_path: Path, root: Path) -> None:
    folder = deliver(tmp_path / "in", {"adlb": trial()["adlb"]}, "ndjson")
    packed = zlib.compressobj(wbits=31)
    plain = (folder / "adlb.ndjson").read_bytes()
    (folder / "adlb.dsjc").write_bytes(packed.compress(plain) + packed.flush())
    (folder / "adlb.ndjson").unlink()
    deliver(folder, {"adsl": adsl()}, "json")
    document = json.loads((folder / "adsl.json").read_text())
    turned = {"rows": document.pop("rows"), **document}
    (folder / "adsl.json").write_text(json.dumps(turned, indent=2))
    report = ingest(folder, root)
    assert report.ok, report.text()
    assert {c.dataset: c.rows_out for c in report.counts} == {"ADSL": 6, "ADLB": 30}


def test_a_long_json_document_is_read_in_pieces(tmp_path: Path, root: Path) -> None:
    many = adsl()[:1] * 20_000
    rows = [{**row, "USUBJID": f"T-{n:05d}", "NOTE": "é" * 40} for n, row in enumerate(many)]
    report = ingest(deliver(tmp_path / "in", {"adsl": rows}, "json"), root)
    assert report.ok, report.text()
    assert report.counts[0].rows_out == 20_000


def test_csv_dialects(tmp_path: Path, root: Path) -> None:
    folder = deliver(tmp_path / "in", trial())
    text = (folder / "adsl.csv").read_text()
    (folder / "adsl.csv").write_bytes(
        b"\xef\xbb\xbf" + text.replace(",", ";").replace("\n", "\r\n").encode()
    )
    header, rows = (folder / "adae.csv").read_text().split("\n", 1)
    (folder / "adae.csv").write_text(f"{header.lower()}\n{rows}".replace(",", "\t"))
    report = ingest(folder, root)
    assert report.ok, report.text()
    assert {c.dataset: c.rows_out for c in report.counts} == {"ADSL": 6, "ADAE": 4, "ADLB": 30}


def test_an_encoding_that_is_named(tmp_path: Path, root: Path) -> None:
    rows = [{**row, "RACE": "Übrige"} for row in adsl()]
    folder = deliver(tmp_path / "in", {"adsl": rows})
    text = (folder / "adsl.csv").read_text(encoding="utf-8")
    (folder / "adsl.csv").write_bytes(text.encode("windows-1252"))
    map_file = tmp_path / "map.toml"
    map_file.write_text('[map]\nencoding = "windows-1252"\n')
    report = ingest(folder, root, None, map_file)
    assert report.ok, report.text()
    held = pq.read_table(root / "TRIAL" / "adsl.parquet").column("RACE").to_pylist()
    assert set(held) == {"Übrige"}


def test_transport_files_of_many_slices(tmp_path: Path, root: Path) -> None:
    rows = [{"STUDYID": "T", "USUBJID": f"{n:06d}", "ARM": "A", "SAFFL": "Y", "AGE": n % 90}
            for n in range(120_001)]  # fmt: skip
    report = ingest(deliver(tmp_path / "in", {"adsl": rows}, "v5.xpt"), root)
    assert report.ok, report.text()
    table = pq.read_table(root / "T" / "adsl.parquet")
    assert table.num_rows == 120_001
    assert table.column("AGE").to_pylist() == [row["AGE"] for row in rows]


def test_the_report_in_words(imported: Import) -> None:
    text = imported().text()
    assert text.startswith("Study TRIAL from delivery")
    assert "Imported in" in text
