"""The studies there are, opened: what `study.toml` says and what only the data can say."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import duckdb

from data.study import Study, StudyError, fingerprint, load, studies
from queries.definition import definitions
from queries.engine.records import records
from queries.engine.run import rows


@lru_cache(maxsize=64)
def _opened(folder: Path, _fingerprint: str) -> Study:
    study = load(folder)
    known = definitions(study)
    if study.response is not None and study.response.default not in known:
        raise StudyError(
            f"{folder.name}/study.toml: the response default {study.response.default!r} is none of "
            f"{', '.join(known)}"
        )
    try:
        found = rows(study, "lab_parameters")
        classes = tuple(str(name) for name in rows(study, "event_classes")["AEBODSYS"])
        rows(study, "group_sizes", group=study.groupings[0].key if study.groupings else "")
    except duckdb.Error as error:
        said = str(error).replace(str(folder), folder.name).splitlines()[0]
        raise StudyError(f"a data file of study {folder.name} cannot be used: {said}") from error
    parameters = [(str(row.PARAMCD), str(row.PARAM)) for row in records(found)]
    parameters.sort(key=lambda item: (item[0] != study.parameter, item[0]))
    return replace(study, parameters=tuple(parameters), event_classes=classes)


def open_study(folder: Path) -> Study:
    """A study with its laboratory parameters, platelets first, and its classes of events.

    It is opened anew when a file changed.

    Raises:
        data.study.StudyError: the study cannot be read.
    """
    return _opened(folder, fingerprint(folder))


def find_study(name: str, root: Path | None = None) -> Study:
    """The study of that STUDYID.

    Raises:
        data.study.StudyError: there is none of that name, or it cannot be read.
    """
    found = studies(root)
    if name not in found:
        raise StudyError(f"no study {name!r}; there are: {', '.join(found) or 'none'}")
    return open_study(found[name])
