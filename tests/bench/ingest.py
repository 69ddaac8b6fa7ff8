"""How long a laboratory file of ten million rows takes to import, and how much memory.

`python -m tests.bench.ingest [--rows N] [csv parquet ndjson]`. The import runs in a separate
process, so that the peak memory is that of the import.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ROWS = 10_000_000
_ADSL = """
select
    'BIG' as STUDYID, format('B-{:05d}', i) as USUBJID,
    if(i % 2 = 0, 'Placebo', '10 mg') as TRT01A, i % 2 as TRT01AN, 'Y' as SAFFL,
    20 + i % 60 as AGE, if(i % 3 = 0, 'M', 'F') as SEX,
    date '2024-01-01' + cast(i % 300 as integer) as TRTSDT
from range($patients) as r(i)
"""

_ADLB = """
with cell as (
    select
        i, i % $patients as patient, i // $patients % 20 as parameter,
        i // ($patients * 20) as visit, cast(200 + hash(i) % 2000 as double) / 10 as AVAL,
        ['PLAT', 'ALT', 'AST', 'BILI', 'CREAT', 'GLUC', 'HCT', 'HGB', 'K', 'LYM', 'MCV', 'MONO',
         'NEUT', 'RBC', 'SODIUM', 'UREA', 'URATE', 'WBC', 'ALB', 'ALP'][1 + parameter] as PARAMCD
    from range($rows) as r(i)
)

select
    'BIG' as STUDYID, format('B-{:05d}', patient) as USUBJID, PARAMCD,
    if(PARAMCD = 'PLAT', 'Platelets (10^9/L)', concat(PARAMCD, ' (unit)')) as PARAM,
    'LABORATORY' as PARCAT1, AVAL, cast(100 as double) as BASE, AVAL - 100 as CHG,
    visit as AVISITN, if(visit = 0, 'Baseline', concat('Week ', visit)) as AVISIT,
    7 * visit + 1 as ADY,
    date '2024-01-01' + cast(patient % 300 + 7 * visit as integer) as ADT,
    if(visit = 0, 'Y', '') as ABLFL, 'Y' as ANL01FL, i as LBSEQ,
    cast(20 as double) as A1LO, cast(200 as double) as A1HI, 'NORMAL' as ANRIND,
    'VENOUS BLOOD' as LBSPEC, 'ANALYSER' as LBMETHOD
from cell
"""


def deliver(folder: Path, kind: str, rows: int) -> Path:
    """Write the trial: its patients as CSV, its laboratory data in the format asked for."""
    folder.mkdir()
    patients = min(10_000, max(10, rows // 1000))
    with duckdb.connect() as connection:
        connection.execute("set memory_limit = '2GB'")
        bound = _ADSL.replace("$patients", str(patients))
        connection.execute(f"copy ({bound}) to '{folder}/adsl.csv' (header)")
        lab = _ADLB.replace("$patients", str(patients)).replace("$rows", str(rows))
        if kind == "csv":
            connection.execute(f"copy ({lab}) to '{folder}/adlb.csv' (header)")
        elif kind == "parquet":
            connection.execute(f"copy ({lab}) to '{folder}/adlb.parquet'")
        else:
            _ndjson(connection, lab, folder / "adlb.ndjson", rows)
    return folder


def _ndjson(connection: duckdb.DuckDBPyConnection, lab: str, path: Path, rows: int) -> None:
    columns = connection.sql(f"{lab} limit 0")
    types = {"VARCHAR": "string", "DATE": "date", "DOUBLE": "double"}
    declared = ", ".join(
        f'{{"itemOID":"{name}","name":"{name}","label":"{name}",'
        f'"dataType":"{types.get(str(kind), "integer")}"}}'
        for name, kind in zip(columns.columns, columns.types, strict=True)
    )
    header = (
        f'{{"datasetJSONVersion":"1.1.0","records":{rows},"name":"ADLB","columns":[{declared}]}}'
    )
    path.write_text(header + "\n", encoding="utf-8")
    cells = ", ".join(f"to_json({name})" for name in columns.columns)
    plain = path.with_suffix(".rows")
    connection.execute(
        f"copy (select cast(json_array({cells}) as varchar) from ({lab})) to '{plain}' "
        "(format csv, header false, quote '', escape '', delimiter '\x01')"
    )
    with path.open("ab") as end, plain.open("rb") as begin:
        while block := begin.read(1 << 24):
            end.write(block)
    plain.unlink()


def measure(kind: str, rows: int = ROWS) -> tuple[float, float, float]:
    """Seconds, peak memory in GB, and size of the file in GB."""
    with tempfile.TemporaryDirectory() as name:
        folder = deliver(Path(name) / "in", kind, rows)
        size = sum(file.stat().st_size for file in folder.iterdir())
        command = [
            sys.executable, "-m", "data.ingest", str(folder), "--root", f"{name}/studies", "--quiet"
        ]  # fmt: skip
        output = Path(name) / "output.txt"
        began = time.perf_counter()
        with output.open("w", encoding="utf-8") as file:
            process = subprocess.Popen(command, stdout=file)
            peak = 0.0
            while process.poll() is None:
                peak = max(peak, _peak(process.pid))
                time.sleep(0.05)
        seconds = time.perf_counter() - began
        text = output.read_text(encoding="utf-8")
        if process.returncode:
            raise SystemExit(text)
        if f"ADLB     {rows:,}" not in text:
            raise SystemExit(f"not all rows arrived:\n{text}")
    return seconds, peak, size / 1e9


def _peak(process: int) -> float:
    """The peak memory of a process so far, in GB; 0 once it has ended.

    `ru_maxrss` would include the memory of the process that started it.
    """
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    highest = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(highest[1]) * 1024 / 1e9 if highest else 0.0


def main(arguments: list[str] | None = None) -> None:
    """Print one line per format."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ingest", description=__doc__)
    parser.add_argument("kinds", nargs="*", default=[])
    parser.add_argument("--rows", type=int, default=ROWS)
    asked = parser.parse_args(arguments)
    print(f"\nImport of a laboratory file of {asked.rows:,} rows (load {os.getloadavg()[0]:.1f})")
    for kind in asked.kinds or ["parquet", "csv"]:
        seconds, peak, size = measure(kind, asked.rows)
        print(f"  {kind:8}  {size:5.2f} GB  {seconds:6.0f} s  peak memory {peak:5.2f} GB")


if __name__ == "__main__":
    main()
