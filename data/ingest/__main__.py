"""`python -m data.ingest SOURCE`: import a study and say what was taken, left out and why.

Exit status: 0 imported, 1 refused (nothing was changed), 2 wrong use, 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from data.ingest import ingest
from data.study import STUDIES


class _Bar:
    """A progress bar that starts anew with every step."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self.what = ""
        self.bar: Any = None

    def __call__(self, what: str, done: int, total: int | None) -> None:
        if self.bar is None or what != self.what:
            self.close()
            self.what = what
            self.bar = tqdm(
                total=total, desc=what, unit=" rows", unit_scale=True, disable=self.quiet or None,
                file=sys.stderr,
            )  # fmt: skip
        self.bar.update(done - self.bar.n)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()


def main(arguments: list[str] | None = None) -> int:
    """Run the import; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m data.ingest",
        description="Import a study: CDISC ADaM files in, checked Parquet out.",
        epilog="docs/ingest.md says which formats and rules there are.",
    )
    parser.add_argument("source", type=Path, help="a folder, a file or a zip archive")
    parser.add_argument("--study", metavar="ID", help="keep it under this name")
    parser.add_argument("--map", type=Path, metavar="FILE", help="a study.toml with what you say")
    parser.add_argument("--root", type=Path, default=STUDIES, help="the folder of studies")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report there as JSON")
    parser.add_argument(
        "--rejected", type=Path, metavar="FILE", help="write the rows left out there as Parquet"
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress bar")
    given = parser.parse_args(arguments)
    bar = _Bar(given.quiet)
    try:
        report = ingest(
            given.source, given.root, given.study, given.map, bar, rejected_to=given.rejected
        )
    except KeyboardInterrupt:
        print("Interrupted: nothing was changed.", file=sys.stderr)
        return 130
    finally:
        bar.close()
    if given.json:
        given.json.write_text(
            json.dumps(report.as_dict(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    print(report.text())
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
