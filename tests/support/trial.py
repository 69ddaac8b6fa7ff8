"""A small ADaM trial, and how to deliver it in every format."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

START = date(2024, 3, 1)
FORMATS = ("v5.xpt", "v8.xpt", "csv", "parquet", "json", "ndjson", "dsjc")

Rows = list[dict[str, Any]]


def adsl() -> Rows:
    """Five treated patients in three arms, and a screen failure."""
    arms = [("Placebo", 0), ("10 mg", 1), ("10 mg", 1), ("20 mg", 2), ("20 mg", 2)]
    rows: Rows = [
        {
            "STUDYID": "TRIAL", "USUBJID": f"T-{n}", "SUBJID": str(n), "SITEID": "01",
            "AGE": 30 + n, "SEX": "FM"[n % 2], "RACE": "ASIAN" if n % 2 else "WHITE",
            "ARM": arm, "TRT01P": arm, "TRT01PN": code, "TRT01A": arm, "TRT01AN": code,
            "SAFFL": "Y", "ITTFL": "Y", "TRTSDT": START + timedelta(days=n),
        }
        for n, (arm, code) in enumerate(arms, start=1)
    ]  # fmt: skip
    failure = dict.fromkeys(rows[0]) | {
        "STUDYID": "TRIAL", "USUBJID": "T-9", "SUBJID": "9", "SITEID": "01", "AGE": 61, "SEX": "F",
        "RACE": "WHITE", "ARM": "Screen Failure", "TRT01P": "Screen Failure", "SAFFL": "N",
        "ITTFL": "N",
    }  # fmt: skip
    return [*rows, failure]


def adlb() -> Rows:
    """Platelets and haemoglobin of the five, at baseline and weeks 2 and 12."""
    rows: Rows = []
    for n in range(1, 6):
        for week, day in ((0, 1), (2, 15), (12, 85)):
            shared = {
                "STUDYID": "TRIAL", "USUBJID": f"T-{n}", "AVISIT": f"Week {week}" if week else
                "Baseline", "AVISITN": week, "ADY": day, "ABLFL": "Y" if week == 0 else "",
                "ADT": START + timedelta(days=n + day - 1), "LBSEQ": len(rows) + 1,
            }  # fmt: skip
            rows.append(
                shared
                | {"PARAMCD": "PLAT", "PARAM": "Platelets (10^9/L)", "AVAL": 10.5 * n + week,
                   "BASE": 10.5 * n}
            )  # fmt: skip
            rows.append(
                shared
                | {"PARAMCD": "HGB", "PARAM": "Haemoglobin (g/L)", "AVAL": 120.0 + n + week,
                   "BASE": 120.0 + n, "LBSEQ": len(rows) + 1}
            )  # fmt: skip
    return rows


def adae() -> Rows:
    """Four events; one began before treatment, one has no grade."""
    events = [("T-1", "Headache", 1, 3), ("T-2", "Rash", 2, 8), ("T-2", "Headache", 1, -2),
              ("T-4", "Epistaxis", None, 20)]  # fmt: skip
    classes = {"Headache": "Nervous system disorders", "Rash": "Skin disorders",
               "Epistaxis": "Respiratory disorders"}  # fmt: skip
    return [
        {
            "STUDYID": "TRIAL", "USUBJID": patient, "AESEQ": n, "AETERM": term.lower(),
            "AEDECOD": term, "AEBODSYS": classes[term], "AETOXGR": grade, "AESER": "N",
            "AEREL": "POSSIBLE" if n == 2 else "NONE", "ASTDY": day,
            "TRTEMFL": "Y" if day > 0 else "",
        }
        for n, (patient, term, grade, day) in enumerate(events, start=1)
    ]  # fmt: skip


def trial() -> dict[str, Rows]:
    """The datasets by name."""
    return {"adsl": adsl(), "adlb": adlb(), "adae": adae()}


def deliver(folder: Path, datasets: Mapping[str, Rows], kind: str = "csv") -> Path:
    """Write the datasets into a folder in one format."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in datasets.items():
        write(folder / f"{name}.{kind.split('.')[-1]}", name, rows, kind)
    return folder


def write(path: Path, name: str, rows: Rows, kind: str) -> None:
    """Write one dataset in a format of `FORMATS`."""
    frame = pd.DataFrame(rows).convert_dtypes()
    dates = [str(c) for c in frame if any(isinstance(row.get(str(c)), date) for row in rows)]
    if kind.endswith("xpt"):
        for column in dates:
            days = pd.to_datetime(frame[column]) - pd.Timestamp("1960-01-01")
            frame[column] = days.dt.days.astype("float64")
        for column in map(str, frame):
            if str(frame[column].dtype) in ("Int64", "Float64"):
                frame[column] = frame[column].astype("float64")
            elif column not in dates:
                frame[column] = frame[column].fillna("").astype(object)
        pyreadstat.write_xport(
            frame, path, table_name=name.upper(), file_format_version=5 if "v5" in kind else 8,
            variable_format=dict.fromkeys(dates, "DATE9."),
        )  # fmt: skip
    elif kind == "csv":
        frame.to_csv(path, index=False)
    elif kind == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        _json(path, name, rows, kind)


def _json(path: Path, name: str, rows: Rows, kind: str) -> None:
    columns = [
        {"itemOID": f"IT.{name.upper()}.{c}", "name": c, "label": f"The {c}",
         "dataType": _json_type([row[c] for row in rows])}
        for c in rows[0]
    ]  # fmt: skip
    header = {
        "datasetJSONCreationDateTime": "2024-11-11T15:09:13", "datasetJSONVersion": "1.1.0",
        "records": len(rows), "name": name.upper(), "label": name, "columns": columns,
    }  # fmt: skip
    cells = [[v.isoformat() if isinstance(v, date) else v for v in row.values()] for row in rows]
    if kind == "json":
        path.write_text(json.dumps(header | {"rows": cells}), encoding="utf-8")
        return
    lines = "\n".join(json.dumps(item) for item in [header, *cells]).encode()
    path.write_bytes(zlib.compress(lines) if kind == "dsjc" else lines)


def _json_type(values: list[Any]) -> str:
    held = [value for value in values if value is not None]
    if all(isinstance(value, int) for value in held):
        return "integer"
    if all(isinstance(value, (int, float)) for value in held):
        return "float"
    return "date" if isinstance(held[0], date) else "string"
