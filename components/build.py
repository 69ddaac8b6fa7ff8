"""The one way to make a figure: `build(study, figure, selection, options)`.

The page, the picture, the command line, the benchmark and the tests all call it. It fetches the
rows that a figure needs, has them summarised and drawn, and puts title, selection, numbers,
definition, method, analysis set, data cut-off, source and "simulated" into the picture. No
Streamlit here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from threading import Lock

import pandas as pd
import plotly.graph_objects as go

from components import caption
from components.drawing.canvas import Settings
from components.drawing.finish import finished
from components.drawing.theme import set_template
from components.escape import file_name, plotly_text
from components.figure import AnyFigure
from components.figures import figures
from components.options import option
from components.options.option import Options
from components.population import Population, groups
from data.study import Study
from queries.engine import run as runner
from queries.engine.compose import Query
from queries.engine.selection import Selection

__all__ = [
    "Built",
    "FigureError",
    "build",
    "figure",
    "figures",
    "forget",
    "population",
    "reason_against",
    "requests",
]


class FigureError(ValueError):
    """A figure that does not exist, or cannot be drawn for this study; the message says why."""


@dataclass(frozen=True)
class Built:
    """A finished figure and all that is told about it.

    `plotly` is the figure as Plotly's JSON has it (data and layout, without the template), with
    title and footnote inside; `table` its data table; `footnote` the same lines as in the picture;
    `alt` the text alternative; `sql` the complete queries with their parameters.
    """

    name: str
    plotly: Settings
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

    @cached_property
    def figure(self) -> go.Figure:
        """The same figure as Plotly's own type, checked by it and with the template."""
        set_template()
        return go.Figure(self.plotly)

    @property
    def is_empty(self) -> bool:
        """True where the selection leaves nobody."""
        return self.n == 0


def stem(name: str) -> str:
    """A figure's name as its file has it: "dose-grid" is "dose_grid"."""
    return name.replace("-", "_")


def figure(name: str) -> AnyFigure:
    """The figure of a name.

    Raises:
        FigureError: there is no such figure; the message lists those there are.
    """
    if stem(name) not in figures():
        raise FigureError(f"no figure {name!r}; there are: {', '.join(figures())}")
    return figures()[stem(name)]


def reason_against(study: Study, name: str) -> str:
    """Why a figure does not apply to a study, in words; empty where it does."""
    return figure(name).reason_against(study)


def population(study: Study, selection: Selection, options: Options) -> Population:
    """The groups of a figure with their patients, before and after the filters."""
    key = options.grouping
    everybody = Selection(analysis_set=selection.analysis_set)
    grouping = study.grouping(key)
    return Population(
        study,
        selection,
        grouping,
        groups(
            runner.rows(study, "group_sizes", everybody, group=key),
            runner.rows(study, "group_sizes", selection, group=key),
            together=grouping is None,
        ),
    )


def requests(
    study: Study, name: str, selection: Selection, options: Options
) -> dict[str, tuple[str, Query]]:
    """What a figure asks of the data: name -> stem of the query file and complete query."""
    return {
        key: (
            need.stem,
            runner.query(
                study,
                need.stem,
                Selection() if need.everybody else selection,
                group=options.grouping,
                definition=need.definition,
                **dict(need.params),
            ),
        )
        for key, need in figure(name).needs(options, study).items()
    }


@lru_cache(maxsize=256)
def _built(study: Study, name: str, selection: Selection, options: Options) -> Built:
    if reason := reason_against(study, name):
        raise FigureError(reason)
    chosen = figure(name)
    patients = population(study, selection, options)
    queries = requests(study, name, selection, options)
    if patients.n == 0 and not chosen.whole_study:
        summary = caption.nobody(chosen.title, study, selection)
    else:
        rows = {key: runner.run(study, query) for key, (_, query) in queries.items()}
        summary = chosen.summarise(rows, options, patients)
    drawing = caption.sentence(summary) if summary.nothing else chosen.draw(summary)
    subtitle, footnote = caption.subtitle(summary, patients), caption.footnote(summary, patients)
    plotly = finished(
        drawing.canvas,
        plotly_text(summary.title),
        plotly_text(subtitle),
        tuple(plotly_text(line) for line in footnote),
        top=drawing.top,
        bottom=drawing.bottom,
        legend=drawing.legend,
    )
    return Built(
        name=name,
        plotly=plotly,
        title=summary.title,
        subtitle=subtitle,
        footnote=footnote,
        alt=caption.alternative(summary, patients),
        table=summary.table,
        method=summary.method,
        sql=tuple((stem, query.text) for stem, query in queries.values()),
        file_name=_file_name(study, name, selection, options),
        n=patients.n,
        n_all=patients.n_all,
    )


def build(
    study: Study,
    name: str,
    selection: Selection | None = None,
    options: Options | Mapping[str, str] | None = None,
) -> Built:
    """A finished figure for a study, a selection and options.

    Args:
        study: an opened study.
        name: a figure's name, the stem of its file or folder.
        selection: which patients; everybody in the study's first analysis set by default.
        options: the figure's options; the study's defaults otherwise. Mappings of text values are
            parsed strictly.

    Raises:
        FigureError: no such figure, or it does not apply to this study.
        option.OptionError: an option that does not exist or a value it does not take.

    Equal arguments give the same object, built once: do not change its figure or its table.
    """
    kind = figure(name).options
    if options is None or isinstance(options, Mapping):
        options = option.strict(kind, study, options or {})
    key = (study, stem(name), selection or Selection(), options)
    with _lock(key):
        return _built(*key)


def forget() -> None:
    """Empty the cache of figures."""
    _built.cache_clear()


@lru_cache(maxsize=1024)
def _lock(_key: tuple[Study, str, Selection, Options]) -> Lock:
    """One lock per figure: sessions that ask for the same figure at once have it built once."""
    return Lock()


def _file_name(study: Study, name: str, selection: Selection, options: Options) -> str:
    """Study, figure and selection as a file name, without an ending."""
    chosen = [f"{key}-{'-'.join(values)}" for key, values in selection.choices]
    ranges = [f"{key}-{low:g}-{high:g}" for key, (low, high) in selection.ranges]
    picked = [f"{key}-{value}" for key, value in option.unparse(options, study).items()]
    analysis_set = [selection.analysis_set] if selection.analysis_set else []
    return file_name(study.id, name.replace("_", "-"), *analysis_set, *chosen, *ranges, *picked)
