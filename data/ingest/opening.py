"""Whether the study that was made will open: its `study.toml`, and what that names in the data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data import opening
from data.contract import ADSL
from data.ingest.settings import issue
from data.ingest.work import Work
from data.study import load
from data.study_file import check as check_file


def check(work: Work, made: Path) -> None:
    """Add an issue for everything that would keep the study from being opened.

    The import makes nothing of the kind by itself: it comes from the map, which is named.
    """
    name = work.settings.name or "study.toml"
    text = (made / "study.toml").read_text(encoding="utf-8")
    problems = check_file(text, name)
    if not problems:
        variables = [variable.name for variable in ADSL.variables]
        variables += [column for column, _, _ in work.extras.get("ADSL", ())]
        problems = list(opening.problems(load(made), _ask(work), variables, name))
    work.add(*map(issue, problems))


def _ask(work: Work) -> opening.Ask:
    """The rows of a query over the tables of the import."""

    def ask(dataset: str, sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        if not work.exists(dataset):
            return []
        return work.connection.execute(sql, dict(params)).fetchall()

    return ask
