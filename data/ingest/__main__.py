"""`python -m data.ingest SOURCE`: import a study, and report what was used or left out, and why.

`--replace` lets it take the place of the study that is there. `--restore STUDYID` brings the
version before the last import back.

Exit status: 0 imported, 1 refused (nothing was changed), 2 wrong use, 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from data.ingest import ingest, versions
from data.ingest.replacing import Replacing
from data.ingest.report import IngestError
from data.study import DATASETS, studies_root


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


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m data.ingest",
        description="Import a study: CDISC ADaM files in, checked Parquet out.",
        epilog="docs/ingest.md explains the formats and the rules.",
    )
    parser.add_argument("source", type=Path, nargs="?", help="a folder, a file or a zip archive")
    parser.add_argument("--study", metavar="ID", help="import it under this name")
    parser.add_argument("--map", type=Path, metavar="FILE", help="a study.toml with your settings")
    parser.add_argument(
        "--root", type=Path, help="the folder of the studies (ITP_STUDIES, or else data/studies)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the report as JSON")
    parser.add_argument(
        "--rejected", type=Path, metavar="FILE", help="also write the rows left out, as Parquet"
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress bar")
    parser.add_argument(
        "--dry-run", action="store_true", help="report what would be imported; change nothing"
    )
    parser.add_argument(
        "--replace", action="store_true", help="replace the study of this STUDYID if it is there"
    )
    parser.add_argument(
        "--drop-dataset", action="append", default=[], metavar="NAME", type=str.lower,
        choices=DATASETS,
        help="with --replace: a dataset that the new version need not have; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--restore", metavar="STUDYID", help="bring the version before the last import back"
    )
    asked = parser.parse_args(given)
    if (asked.source is None) == (asked.restore is None):
        parser.error("give either a source to import or --restore STUDYID")
    return asked


def _restored(asked: argparse.Namespace) -> int:
    try:
        folder = versions.restore(asked.root or studies_root(), asked.restore)
    except (IngestError, OSError) as error:
        print(f"Nothing was changed: {error}", file=sys.stderr)
        return 1
    print(f"The previous version is back: {folder}")
    return 0


def _imported(asked: argparse.Namespace) -> int:
    bar = _Bar(asked.quiet)
    try:
        report = ingest(
            asked.source,
            asked.root,
            asked.study,
            asked.map,
            bar,
            rejected_to=asked.rejected,
            replacing=Replacing(asked.replace, frozenset(map(str.upper, asked.drop_dataset))),
            dry_run=asked.dry_run,
        )
    except KeyboardInterrupt:
        print("Interrupted: nothing was changed.", file=sys.stderr)
        return 130
    finally:
        bar.close()
    if asked.json:
        asked.json.write_text(
            json.dumps(report.as_dict(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    print(report.text())
    return 1 if report.of("error") else 0


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    asked = _arguments(arguments)
    return _restored(asked) if asked.restore else _imported(asked)


if __name__ == "__main__":
    sys.exit(main())
