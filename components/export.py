r"""Figures without a browser session: `python -m components.export FIGURE --out FILE`.

    python -m components.export platelet_time_course --study NCT04014166 \
        --select dose=2.0 --option statistic=median --out course.png
    python -m components.export --all pictures

The ending of the file chooses the format: .png and .svg hold the picture, .csv the data table,
.json the figure with its table, texts and queries. An unknown study, figure, filter or option is
named, with those that exist, and the exit status is 2; it is 1 if a file could not be made.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from components.build import Built, FigureError, build, figures, reason_against
from components.escape import csv_text
from components.options.option import OptionError
from components.render import RenderError, picture
from components.view import ViewError, selection_from_texts
from data.folders import studies
from data.study import StudyError
from queries.catalogue import find_study

KINDS = ("png", "svg", "csv", "json")
_ENDINGS = ", ".join(f".{kind}" for kind in KINDS)


def content(built: Built, kind: str) -> bytes:
    """A built figure as the bytes of a file; kind: its format, one of `KINDS`.

    Raises:
        RenderError: a picture could not be made.
        ValueError: an unknown format; the message lists the known ones.
    """
    if kind in {"png", "svg"}:
        return picture(built.figure, kind)
    if kind == "csv":
        return csv_text(built.table).encode("utf-8-sig")
    if kind == "json":
        return json.dumps(_described(built), ensure_ascii=False, indent=1).encode()
    raise ValueError(f"unknown format .{kind}; the formats are {_ENDINGS}")


def _described(built: Built) -> dict[str, Any]:
    table = json.loads(built.table.to_json(orient="records", date_format="iso"))
    return {
        "figure": built.name,
        "title": built.title,
        "subtitle": built.subtitle,
        "footnote": list(built.footnote),
        "alt": built.alt,
        "n": built.n,
        "N": built.n_all,
        "method": built.method,
        "table": table,
        "queries": [{"name": name, "sql": sql} for name, sql in built.sql],
        "plotly": json.loads(built.figure.to_json()),
    }


def write(data: bytes, file: Path) -> None:
    """Write a file, or leave the one that is there: never a part of one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _pairs(texts: Sequence[str], what: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise ViewError(f"--{what} {text!r} is not of the form NAME=VALUE")
        pairs[name.strip()] = value.strip()
    return pairs


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m components.export", description="Build a figure as PNG, SVG, CSV or JSON."
    )
    parser.add_argument("figure", nargs="?", help=f"one of: {', '.join(figures())}")
    parser.add_argument("--study", help="STUDYID; needed if there is more than one study")
    parser.add_argument("--root", type=Path, help="folder of the studies; default: ITP_STUDIES")
    parser.add_argument(
        "--select",
        action="append",
        default=[],
        metavar="NAME=VALUE[,VALUE]",
        help="a filter or analysis-set; may be repeated",
    )
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an option of the figure; may be repeated",
    )
    parser.add_argument("--out", type=Path, help=f"the file to write, ending in one of {_ENDINGS}")
    parser.add_argument(
        "--all", type=Path, metavar="DIR", help="export every figure into this folder"
    )
    parser.add_argument(
        "--kind", choices=KINDS, default="png", help="with --all: the format; png by default"
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        return _export(asked, parser)
    except (ViewError, FigureError, OptionError, StudyError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except (RenderError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _export(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    names = studies(asked.root)
    name = asked.study or (next(iter(names)) if len(names) == 1 else None)
    if name is None:
        raise StudyError(
            f"choose one with --study: {', '.join(names)}" if names else "there is no study"
        )
    study = find_study(name, asked.root)
    selection = selection_from_texts(study, _pairs(asked.select, "select"))
    options = _pairs(asked.option, "option")
    if asked.all:
        if asked.figure or asked.out:
            parser.error("--all exports every figure; it cannot be combined with FIGURE or --out")
        if options:
            raise OptionError("--option belongs to one figure; it cannot be combined with --all")
        for figure in figures():
            if reason := reason_against(study, figure):
                print(f"{figure}: skipped. {reason}")
                continue
            built = build(study, figure, selection)
            file = asked.all / f"{built.file_name}.{asked.kind}"
            write(content(built, asked.kind), file)
            print(file)
        return 0
    if not asked.figure or not asked.out:
        parser.error("give a FIGURE and --out FILE, or --all DIR")
    kind = asked.out.suffix.lstrip(".").lower()
    if kind not in KINDS:
        raise ValueError(
            f"--out {asked.out.name} does not end in a known format; the formats are {_ENDINGS}"
        )
    write(content(build(study, asked.figure, selection, options), kind), asked.out)
    print(asked.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
