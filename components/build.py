"""The one way to make a figure: `build(study, figure, selection, options)`.

The page, the picture, the command line, the benchmark and the tests all call it. It fetches the
rows a figure needs, lets the figure's module draw them, and puts title, selection, numbers,
definition, method, analysis set, data cut, source and "simulated" into the picture. No Streamlit
here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from types import ModuleType
from typing import Any

import pandas as pd
import plotly.graph_objects as go

import components.figures
from components.drawing.text import width
from components.drawing.theme import WIDTH, calm, finish, set_template
from components.escape import file_name, plotly_text
from components.figure import Drawing, Frame, levels
from components.options import option
from components.wording import count_text, unit_text
from data.study import Study
from queries.engine import run as runner
from queries.engine.compose import Query
from queries.engine.selection import Selection, words


class FigureError(ValueError):
    """A figure that does not exist, or cannot be drawn for this study; the message says why."""


@dataclass(frozen=True)
class Built:
    """A finished figure and all that is said about it.

    `figure` has title and footnote inside; `table` is its table twin; `footnote` the same lines as
    in the picture; `alt` the text alternative; `sql` the complete queries with their parameters.
    """

    name: str
    figure: go.Figure
    title: str
    subtitle: str
    footnote: tuple[str, ...]
    alt: str
    table: pd.DataFrame
    method: str
    sql: tuple[tuple[str, str], ...]
    file_name: str
    n: int
    n_all: int

    @property
    def is_empty(self) -> bool:
        """True where the selection leaves nobody."""
        return self.n == 0


@lru_cache(maxsize=1)
def figures() -> dict[str, ModuleType]:
    """Every figure by name, in order: the modules of `components.figures` that have a TITLE."""
    modules = {
        info.name: importlib.import_module(f"components.figures.{info.name}")
        for info in pkgutil.iter_modules(components.figures.__path__)
    }
    found = {name: module for name, module in modules.items() if hasattr(module, "TITLE")}
    return dict(sorted(found.items(), key=lambda item: item[1].ORDER))


def module(name: str) -> ModuleType:
    """The module of a figure.

    Raises:
        FigureError: there is no such figure; the message lists those there are.
    """
    stem = name.replace("-", "_")
    if stem not in figures():
        raise FigureError(f"no figure {name!r}; there are: {', '.join(figures())}")
    return figures()[stem]


def reason_against(study: Study, name: str) -> str:
    """Why a figure does not apply to a study, in words; empty where it does."""
    check = getattr(module(name), "reason_against", None)
    return str(check(study)) if check else ""


def frame_of(study: Study, selection: Selection, options: Any) -> Frame:
    """The groups of a figure with their patients, before and after the filters."""
    key = getattr(options, "group", "all")
    everybody = Selection(analysis_set=selection.analysis_set)
    return Frame(
        study,
        selection,
        study.grouping(key),
        levels(
            runner.rows(study, "group_sizes", everybody, group=key),
            runner.rows(study, "group_sizes", selection, group=key),
            together=study.grouping(key) is None,
        ),
    )


def requests(
    study: Study, name: str, selection: Selection, options: Any
) -> dict[str, tuple[str, Query]]:
    """What a figure asks of the data: name -> stem of the query file and complete query."""
    return {
        key: (
            need.stem,
            runner.query(
                study,
                need.stem,
                Selection() if need.everybody else selection,
                group=getattr(options, "group", "all"),
                definition=need.definition,
                **dict(need.params),
            ),
        )
        for key, need in module(name).needs(options, study).items()
    }


@lru_cache(maxsize=256)
def _built(study: Study, name: str, selection: Selection, options: Any) -> Built:
    figure = module(name)
    if reason := reason_against(study, name):
        raise FigureError(reason)
    frame = frame_of(study, selection, options)
    queries = requests(study, name, selection, options)
    set_template()
    if frame.n == 0 and not getattr(figure, "WHOLE_STUDY", False):
        drawing = _nobody(figure.TITLE, study, selection)
    else:
        drawing = figure.draw(
            {key: runner.run(study, query) for key, (_, query) in queries.items()}, options, frame
        )
    footnote = (*drawing.notes, *_about(frame, filtered=drawing.filtered))
    subtitle = _with_selection(drawing.subtitle, frame) if drawing.filtered else drawing.subtitle
    finished = finish(
        drawing.figure,
        plotly_text(drawing.title),
        plotly_text(subtitle),
        tuple(plotly_text(line) for line in footnote),
        top=drawing.top,
        bottom=drawing.bottom,
        legend=drawing.legend,
    )
    return Built(
        name=name.replace("-", "_"),
        figure=finished,
        title=drawing.title,
        subtitle=subtitle,
        footnote=footnote,
        alt=_alternative(drawing, frame),
        table=drawing.table,
        method=drawing.method,
        sql=tuple((stem, query.text) for stem, query in queries.values()),
        file_name=_file_name(study, name, selection, options),
        n=frame.n,
        n_all=frame.n_all,
    )


def build(
    study: Study, name: str, selection: Selection | None = None, options: Any = None
) -> Built:
    """A finished figure for a study, a selection and options.

    Args:
        name: a figure's name, the stem of its module.
        selection: which patients; everybody in the study's first analysis set by default.
        options: an instance of the figure's `Options`; the study's defaults otherwise. Mappings of
            text values are parsed strictly.

    Raises:
        FigureError: no such figure, or it does not apply to this study.
        options.OptionError: an option that does not exist or a value it does not take.

    Equal arguments give the same object, built once: do not change its figure or its table.
    """
    kind = module(name).Options
    if options is None or isinstance(options, Mapping):
        options = option.strict(kind, study, options or {})
    key = (study, name.replace("-", "_"), selection or Selection(), options)
    with _lock(key):
        return _built(*key)


def forget() -> None:
    """Empty the cache of figures."""
    _built.cache_clear()


@lru_cache(maxsize=1024)
def _lock(_key: tuple[Study, str, Selection, Any]) -> Lock:
    """One lock per figure: sessions that ask for the same figure at once have it built once."""
    return Lock()


def _alternative(drawing: Drawing, frame: Frame) -> str:
    """The text alternative: title, what the figure says, and of how many patients."""
    said = f"{drawing.title}. {drawing.alt.rstrip('.')}."
    return f"{said} {_selected(frame)}." if drawing.filtered else said


def _selected(frame: Frame) -> str:
    """ "12 of 18 patients" """
    return f"{frame.n} of {frame.n_all} patients"


def _with_selection(subtitle: str, frame: Frame) -> str:
    chosen = [unit_text(part) for part in words(frame.study, frame.selection)]
    group = frame.group
    # The heads of dose columns are bare numbers.
    by = f"by {group.label.lower()}" if group and (group.unit or group.key == "dose") else ""
    by += f" ({unit_text(group.unit)})" if group and group.unit else ""
    parts = [part for part in (subtitle, by, _selected(frame)) if part]
    whole = " · ".join([*parts, "; ".join(chosen)] if chosen else parts)
    # What does not fit on the line is named in the footnote, which is as long as it has to be.
    if width(whole, 13) > WIDTH - 40:
        whole = " · ".join([*parts, f"{count_text(len(chosen), 'filter')}, named below"])
    return whole


def _about(frame: Frame, *, filtered: bool) -> tuple[str, ...]:
    """The lines that stand under every figure: selection, analysis set, data cut, source."""
    study = frame.study
    chosen = "; ".join(unit_text(part) for part in words(study, frame.selection)) or "none"
    analysis_set = study.analysis_set(frame.selection.analysis_set)
    note = f", {analysis_set.note}" if analysis_set.note else ""
    source = "Simulated from the published totals of" if study.simulated else "Source:"
    source += f" {study.id}" + (f"; {study.citation}" if study.citation else "")
    acting = (
        f"Filters: {chosen}. {_selected(frame)}. Analysis set: {analysis_set.label} "
        f"({analysis_set.variable} = Y{note})."
    )
    lines = [acting] if filtered else []
    lines.append(f"{source}. Data cut: {study.data_cut or 'not stated'}.")
    if study.simulated:
        lines.append(f"{study.simulated}.")
    return tuple(lines)


def _nobody(title: str, study: Study, selection: Selection) -> Drawing:
    """What is shown where the filters leave nobody: which they are, and no error."""
    chosen = "; ".join(unit_text(part) for part in words(study, selection)) or "the analysis set"
    text = (
        f"No patient passes these filters together: {chosen}. Lift one of them to see the figure."
    )
    return Drawing(calm(plotly_text(text)), title, "", (), text, pd.DataFrame({"note": [text]}))


def _file_name(study: Study, name: str, selection: Selection, options: Any) -> str:
    """Study, figure and selection as a file name, without an ending."""
    chosen = [f"{key}-{'-'.join(values)}" for key, values in selection.choices]
    ranges = [f"{key}-{low:g}-{high:g}" for key, (low, high) in selection.ranges]
    picked = [f"{key}-{value}" for key, value in option.unparse(options, study).items()]
    set_name = [selection.analysis_set] if selection.analysis_set else []
    return file_name(study.id, name.replace("_", "-"), *set_name, *chosen, *ranges, *picked)
