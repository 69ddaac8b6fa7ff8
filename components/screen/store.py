"""What the pages ask of the data: studies, offers, figures and lists of events.

Everything here is cached below it, by SQL text, parameters and the fingerprint of the data, for all
sessions together; a changed file is seen at the next run of a page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from components.build import Built, build, figure, figures, reason_against
from components.drawing.mark import Mark
from components.export import content
from components.options.events import event_params
from components.options.option import parse
from components.view import View
from data.folders import studies
from data.study import EMBEDDED, Study, checksums, fingerprint
from queries import facts
from queries.catalogue import Entry, entries, find_study
from queries.engine.datasets import row_count
from queries.engine.run import rows
from queries.engine.selection import Selection
from queries.facts import Reconciliation
from queries.filters import Offer, offers

__all__ = ["figure", "figures", "reason_against"]


def study_names() -> tuple[str, ...]:
    """The STUDYID of every study."""
    return tuple(studies())


def usual_study() -> str:
    """The study that a link opens if it names none; "" where the reader has to choose.

    That is the embedded study, or the only one. So an old link goes on opening the same study after
    another was imported, or asks.
    """
    names = study_names()
    if EMBEDDED in names:
        return EMBEDDED
    return names[0] if len(names) == 1 else ""


def study(name: str) -> Study:
    """A study, as its files are now.

    Raises:
        StudyError: there is none with that STUDYID, or it cannot be opened.
    """
    return find_study(name)


def fingerprint_now(item: Study) -> str:
    """The fingerprint of a study's files as they are now."""
    return fingerprint(item.folder)


def offered(item: Study, selection: Selection) -> Mapping[str, Offer]:
    """What each filter offers under the others."""
    return offers(item, selection)


@lru_cache(maxsize=256)
def patient_counts(item: Study, selection: Selection) -> tuple[int, int]:
    """Patients of the selection and of its analysis set."""
    everybody = Selection(analysis_set=selection.analysis_set)
    n = int(rows(item, "group_sizes", selection)["n_patients"].sum())
    return n, int(rows(item, "group_sizes", everybody)["n_patients"].sum())


def options(item: Study, name: str, view: View) -> Any:
    """A figure's options as the view has them."""
    chosen, _ = parse(figure(name).options, item, dict(view.options))
    return chosen


def built(item: Study, name: str, view: View) -> Built:
    """A figure as the view asks for it.

    Raises:
        components.build.FigureError: it does not apply to the study.
    """
    return build(item, name, view.selection, options(item, name, view))


@lru_cache(maxsize=16)
def reconciliation(item: Study) -> Reconciliation | None:
    """Every published number of a study beside what its files say now."""
    return facts.reconciliation(item)


@dataclass(frozen=True)
class DataFile:
    """A file of a study: its rows (None: not a table), bytes, time (s) and SHA-256."""

    name: str
    rows: int | None
    size: int
    written: float
    checksum: str


@lru_cache(maxsize=16)
def data_files(item: Study) -> tuple[DataFile, ...]:
    """The files a study is made of, as they are now."""
    files = []
    for name, checksum in checksums(item.folder).items():
        path = item.folder / name
        state = path.stat()
        files.append(DataFile(name, row_count(path), state.st_size, state.st_mtime, checksum))
    return tuple(files)


def file(item: Study, name: str, view: View, kind: str) -> bytes:
    """A figure as the bytes of a PNG, SVG or CSV file."""
    return content(built(item, name, view), kind)


def events(item: Study, view: View, name: str, mark: Mark) -> pd.DataFrame:
    """The events behind a mark of an adverse-event figure: the same filters, the same patients."""
    chosen = options(item, name, view)
    narrowed = {
        "class": mark.AEBODSYS,
        "term": mark.AEDECOD,
        "cell_group": mark.group,
        "patient": mark.USUBJID,
    }
    return rows(
        item,
        "adverse_event_list",
        view.selection,
        group=chosen.group,
        **event_params(chosen) | narrowed,
    )


def study_rows() -> list[dict[str, Any]]:
    """A row per study for the Data page: name, patients, what it is, where it came from."""
    return [_study_row(entry) for entry in entries()]


def _study_row(entry: Entry) -> dict[str, Any]:
    item = entry.study
    if item is None:
        return {"study": entry.name, "problem": "\n".join(entry.problems)}
    report = import_report(item)
    return {
        "study": entry.name,
        "title": item.title,
        "patients": patient_counts(item, Selection())[1],
        "simulated": "yes" if item.simulated else "no",
        "source": report["source"] if report else "",
        "imported": report["imported"] if report else "",
        "problem": "",
    }


def import_report(item: Study) -> dict[str, Any] | None:
    """A study's import report; None where it was not imported or the report is unreadable."""
    try:
        report = json.loads((item.folder / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return report if isinstance(report, dict) else None


def rejected_rows(item: Study) -> Path | None:
    """The file of the rows that an import left out; None where there are none."""
    return next(iter(sorted(item.folder.glob("rejected.*"))), None)
