"""Every query file with parameters it can run with: those of the figures, and of the screen."""

from __future__ import annotations

from typing import Any

import pandas as pd

from components.build import figures
from components.options.option import strict
from data.study import Study
from queries.definition import definition_keys
from queries.engine.run import rows
from queries.files import FOLDER

STEMS = tuple(sorted(file.stem for file in FOLDER.glob("*.sql")))
# What the screen asks for without a figure: the events behind a cell.
OF_THE_SCREEN: dict[str, Any] = {"class": None, "term": None, "cell_group": None, "patient": None}


def params(study: Study, **chosen: Any) -> dict[str, Any]:
    """A value for every parameter of every query: the figures' defaults, and what is chosen."""
    found: dict[str, Any] = dict(OF_THE_SCREEN)
    for figure in figures().values():
        options = strict(figure.options, study, {})
        for need in figure.needs(options, study).values():
            found |= dict(need.params)
    return found | {"paramcd": study.parameter} | chosen


def definitions_for(study: Study) -> tuple[str, ...]:
    """The response definitions to run with; any will do where the study has no rule."""
    return definition_keys() if study.response else definition_keys()[:1]


def everything(study: Study, **chosen: Any) -> dict[str, pd.DataFrame]:
    """Stem and definition -> the rows of every query file, for response by every definition."""
    found = {}
    for stem in STEMS:
        for definition in definitions_for(study) if stem.startswith("response") else ("iwg2009",):
            found[f"{stem} {definition}"] = rows(
                study, stem, group="cohort", definition=definition, **params(study, **chosen)
            )
    return found


def n_patients(table: pd.DataFrame) -> int:
    """The patients of all rows together."""
    return int(table["n_patients"].sum())
