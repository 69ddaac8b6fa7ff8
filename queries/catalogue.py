"""The studies there are, opened: what `study.toml` says and what only the data can say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from data import opening
from data.folders import duplicate, studies, study_folder
from data.parameter_name import labelled
from data.study import DATASETS, Study, StudyError, fingerprint, load
from data.study_file import Problem, shown
from queries.definition import definitions
from queries.engine.compose import compose
from queries.engine.database import cursor
from queries.engine.datasets import columns
from queries.engine.records import records
from queries.engine.run import rows


@dataclass(frozen=True)
class Entry:
    """A study as a list of studies shows it: opened, or with what is wrong with it.

    name: its STUDYID, which is what links and commands call it. folders: one, or all that hold it.
    """

    name: str
    folders: tuple[Path, ...]
    study: Study | None
    problems: tuple[str, ...] = ()


def entries(root: Path | None = None) -> Iterator[Entry]:
    """Every study below a folder, one after the other; each is opened when it is asked for.

    One that cannot be opened is listed with its problems.
    """
    return (_entry(name, folders) for name, folders in studies(root).items())


def _entry(name: str, folders: tuple[Path, ...]) -> Entry:
    if len(folders) > 1:
        return Entry(name, folders, None, (duplicate(name, folders),))
    try:
        return Entry(name, folders, open_study(folders[0]))
    except StudyError as error:
        return Entry(name, folders, None, error.problems)


def open_study(folder: Path) -> Study:
    """A study with its laboratory parameters, platelets first, and its system organ classes.

    It is opened anew when a file changed.

    Raises:
        data.study.StudyError: the study cannot be read, or its data do not hold what its
            `study.toml` names; each problem is a line of the message.
    """
    return _opened(folder, fingerprint(folder))


def find_study(name: str, root: Path | None = None) -> Study:
    """The study with that STUDYID, whatever its folder is called.

    Raises:
        data.study.StudyError: there is none, several folders hold it, or it cannot be read.
    """
    return open_study(study_folder(name, root))


@lru_cache(maxsize=64)
def _opened(folder: Path, _fingerprint: str) -> Study:
    study = load(folder)
    if unreadable := list(_unreadable(study)):
        raise StudyError("\n".join(unreadable))
    try:
        problems = list(_problems(study))
        parameters = [
            (str(row.PARAMCD), labelled(str(row.PARAM), "" if pd.isna(row.AVALU) else row.AVALU))
            for row in records(rows(study, "lab_parameters"))
        ]
        kinds = _baseline_types(study)
        times = tuple(str(name) for name in rows(study, "lab_time_points")["ATPT"])
        value_axis = study.value_axis or _value_axis(study)
        classes = tuple(str(name) for name in rows(study, "event_classes")["AEBODSYS"])
        first = study.groupings[0].key if study.groupings and not problems else ""
        rows(study, "group_sizes", group=first)
    except (duckdb.Error, OSError) as error:
        raise StudyError(
            f"a data file of study {folder.name} cannot be used: {_reason(error, folder)}"
        ) from error
    if problems:
        raise StudyError("\n".join(map(str, problems)))
    parameters.sort(key=lambda item: (item[0] != study.parameter, item[0]))
    return replace(
        study,
        parameters=tuple(parameters),
        baseline_types=kinds,
        time_points=times,
        event_classes=classes,
        value_axis=value_axis,
    )


def _baseline_types(study: Study) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """PARAMCD and its kinds of baseline (BASETYPE), the one of most patients first."""
    table = rows(study, "lab_baseline_types")
    return tuple(
        (str(code), tuple(map(str, kinds["BASETYPE"])))
        for code, kinds in table.groupby("PARAMCD", sort=True)
    )


LOW_COUNTS = 100
"""10^9/L: the definition of thrombocytopenia (Rodeghiero et al., Blood 2009;113:2386)."""


def _value_axis(study: Study) -> str:
    """ "log" for a study of low counts, where a doubling matters wherever it is; else "linear"."""
    level = rows(study, "platelet_level").iloc[0]
    count = level["level"] if pd.isna(level["baseline"]) else level["baseline"]
    return "linear" if not pd.isna(count) and count >= LOW_COUNTS else "log"


def _unreadable(study: Study) -> Iterator[str]:
    """A sentence for each data file that is not a Parquet file."""
    for dataset in DATASETS:
        try:
            columns(study, dataset)
        except (duckdb.Error, OSError) as error:
            yield (
                f"{study.folder.name}/{dataset}.parquet cannot be read: "
                f"{_reason(error, study.folder)}. Write or import it again."
            )


def _reason(error: Exception, folder: Path) -> str:
    """The first line of a database error, without the path of this machine."""
    return str(error).replace(str(folder), folder.name).splitlines()[0].rstrip(".")


def _problems(study: Study) -> Iterator[Problem]:
    """What `study.toml` names and neither the data nor the definitions have."""
    file = f"{study.folder.name}/study.toml"
    known = definitions(study)
    if study.response is not None and study.response.default not in known:
        yield Problem(
            file,
            f"[response] default = {shown(study.response.default)}",
            "is not a response definition",
            f"Known are {', '.join(known)}.",
        )
    yield from opening.problems(study, _ask(study), columns(study, "adsl"), file)


def _ask(study: Study) -> opening.Ask:
    """The rows of a query over the study's files."""

    def ask(_dataset: str, sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        query = compose(study, sql, params=dict(params))
        return cursor().execute(query.sql, query.bound).fetchall()

    return ask
