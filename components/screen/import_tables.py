"""What an import understood, as tables that a person can correct; the corrections are values.

Widgets keep nothing: their keys hold the number of the check, so that each check shows its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import pandas as pd
import streamlit as st

from components.escape import markdown_text
from components.screen import import_settings
from components.screen.editing import UnusableError, cell_text, edited
from components.screen.imports import Checked
from components.screen.proposal import Proposal
from data.contract import DATASETS
from data.ingest.corrections import Correction, FileDataset, Source
from data.ingest.files import UNREADABLE

LEFT_OUT, UNREAD = "(leave out)", "(cannot be read)"
Corrections = Iterator[Correction]


def corrections(checked: Checked, number: int) -> tuple[list[Correction], list[str]]:
    """Every table is drawn; what was changed in them, and a sentence for each that cannot be used.

    number: of the check. Only within a form.
    """
    made: list[Correction] = []
    problems: list[str] = []
    for title, table in _tables(checked).items():
        with st.expander(title, key=f"correct-{number}-{title}"):
            try:
                made += table(f"{number}-{title}")
            except UnusableError as problem:
                problems += str(problem).splitlines()
    return made, problems


def _tables(checked: Checked) -> dict[str, Callable[[str], Corrections]]:
    """Title -> what draws the table; those of the study only where it could be imported."""
    tables: dict[str, Callable[[str], Corrections]] = {
        "Files and datasets": lambda key: _files(checked.report["files"], key),
    }
    if checked.report["decisions"]:
        tables["Variables"] = lambda key: _variables(checked.report, key)
    if (study := checked.proposal) is None:
        return tables
    tables["Names"] = lambda key: import_settings.names_table(study, key)
    if study.arms:
        tables["Arms and doses"] = lambda key: import_settings.arms_table(study, key)
    if study.parameters:
        tables["Laboratory"] = lambda key: import_settings.laboratory_table(study, key)
        tables["Response"] = lambda key: import_settings.response_table(study, key)
    if study.medications:
        tables["Rescue therapy"] = lambda key: import_settings.rescue_table(study, key)
    tables["Labels and units"] = lambda key: import_settings.labels_table(study, key)
    return tables


def _files(files: Sequence[Mapping[str, Any]], key: str) -> Corrections:
    st.caption("Which dataset each file is. Choose another one, or leave the file out.")
    rows = pd.DataFrame(
        {
            "File": [file["name"] for file in files],
            "Dataset": [file["dataset"] or _unused(file["why"]) for file in files],
            "Rows": [file["rows"] for file in files],
            "Why": [file["why"] for file in files],
        }
    )
    choices = [LEFT_OUT, *DATASETS, *({UNREAD} & set(rows["Dataset"]))]
    choice = st.column_config.SelectboxColumn(options=choices, required=True)
    names = [PurePosixPath(name).name for name in rows["File"]]
    for old, new in edited(rows, key, "Files and datasets", Dataset=choice):
        last = PurePosixPath(old["File"]).name
        name = last if names.count(last) == 1 else old["File"]
        yield FileDataset(name, "" if new["Dataset"] in {LEFT_OUT, UNREAD} else new["Dataset"])


def _unused(why: str) -> str:
    return UNREAD if why == UNREADABLE else LEFT_OUT


def _variables(report: Mapping[str, Any], key: str) -> Corrections:
    st.caption(
        "The variable of your files from which each variable of the app comes. Choose another one, "
        "empty it to exclude the variable, or give one value for all rows (for instance a unit)."
    )
    columns = {
        name: sorted({v.upper() for f in report["files"] if f["dataset"] == name for v in f[_HELD]})
        for name in DATASETS
    }
    rows = pd.DataFrame(_variable_rows(report["decisions"], columns))
    every = sorted({column for held in columns.values() for column in held})
    edits = edited(
        rows,
        key,
        "Variables",
        **{
            _FROM: st.column_config.SelectboxColumn(options=every),
            _VALUE: st.column_config.TextColumn(),
        },
    )
    unusable = []
    for old, new in edits:
        dataset, variable, value = old["Dataset"], old["Variable"], cell_text(new[_VALUE])
        column = cell_text(new[_FROM])
        if value or not column or column in columns[dataset]:
            yield Source(dataset, variable, "" if value else column, value)
        else:
            unusable.append(
                f"{dataset}.{variable}: {column} is not in the files of {dataset}. "
                f"There are: {', '.join(columns[dataset])}."
            )
    if unusable:
        raise UnusableError("\n".join(unusable))


_FROM, _VALUE, _HELD = "From", "Same value for all rows", "variables"


def _variable_rows(
    decisions: Sequence[Mapping[str, Any]], columns: Mapping[str, Sequence[str]]
) -> list[dict[str, str]]:
    """A row for each declared variable of the datasets that are there."""
    made: dict[tuple[str, str], dict[str, str]] = {}
    for decision in decisions:
        dataset, name = decision["dataset"], decision["variable"]
        declared = {v.name: v for v in DATASETS[dataset].variables} if dataset in DATASETS else {}
        if name not in declared or (dataset, name) in made:
            continue
        taken = decision["taken_from"]
        made[dataset, name] = {
            "Dataset": dataset,
            "Variable": name,
            "Label": declared[name].label,
            "Unit": declared[name].unit,
            _FROM: taken if taken in columns[dataset] else "",
            _VALUE: "",
            "Why": decision["why"],
        }
    return list(made.values())


def figures(study: Proposal) -> None:
    """The figures that the study will have, and why it will not have the others."""
    shown = [title for title, reason in study.figures if not reason]
    lines = [f"Shown: {markdown_text(', '.join(shown))}."] if shown else []
    lines += [
        f"Not shown: {markdown_text(title)}. {markdown_text(reason)}"
        for title, reason in study.figures
        if reason
    ]
    st.markdown("\n".join(f"- {line}" for line in lines))
