"""The documents beside a study's data: study.toml, manifest.json and report.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import tomlkit

from data.ingest import study_toml
from data.ingest.report import Report
from data.ingest.work import Work
from data.storage import sync


def write_study_toml(work: Work, report: Report, parameter: str, folder: Path) -> None:
    """parameter: PARAMCD of the platelet count, or ""."""
    content = study_toml.content(work, report.study, parameter, report.imported, report.source)
    comment = "# Made by the import. To change it for good, change the map and import with --map.\n"
    _write(folder / "study.toml", comment + tomlkit.dumps(content | {"STUDYID": report.study}))


def write_manifest(report: Report, folder: Path) -> None:
    """Where the data come from: files with checksums, rows in and out, rules and versions."""
    manifest = {
        "study": report.study,
        "source": report.source,
        "imported": report.imported,
        "files": [
            {"name": f.name, "bytes": f.size, "sha256": f.sha256, "format": f.format,
             "dataset": f.dataset, "rows": f.rows}
            for f in report.files
        ],
        "datasets": [
            {"dataset": c.dataset, "file": f"{c.dataset.lower()}.parquet", "rows_in": c.rows_in,
             "rows_out": c.rows_out, "patients": c.patients}
            for c in report.counts
        ],
        "rules": [
            {"dataset": d.dataset, "variable": d.variable, "taken_from": d.taken_from,
             "why": d.why}
            for d in report.decisions
        ],
        "rejected": [
            {"dataset": r.dataset, "reason": r.reason, "rows": r.rows} for r in report.rejected
        ],
        "versions": dict(report.versions),
    }  # fmt: skip
    _write(folder / "manifest.json", _json(manifest))


def write_report(report: Report, folder: Path) -> None:
    """The report as the Data page reads it."""
    _write(folder / "report.json", _json(report.as_dict()))


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, indent=1, ensure_ascii=False) + "\n"


def _write(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    sync(path)
