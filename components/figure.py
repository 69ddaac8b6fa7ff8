"""What a figure is: a value of one frozen type, known by lying in `components/figures`.

    FIGURE = Figure(
        title="Response rate", help="...", order=20, options=Options,
        needs=needs, summarise=summarise, draw=draw,
    )

`needs` names the rows, `summarise` turns them into a summary (every number and every word), and
`draw` only draws it. So a figure is tested without drawing, and drawn from a summary made by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import pandas as pd

from components.drawing.canvas import Canvas
from components.options.option import Options
from components.population import Population
from data.study import Study

Rows: TypeAlias = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Request:
    """Rows that a figure needs: the stem of a query file, its parameters, the response definition.

    everybody: the whole analysis set, whatever is selected.
    """

    stem: str
    params: tuple[tuple[str, Any], ...] = ()
    definition: str = ""
    everybody: bool = False

    @staticmethod
    def of(stem: str, *, definition: str = "", everybody: bool = False, **params: Any) -> Request:
        """A request with its parameters by name."""
        return Request(stem, tuple(sorted(params.items())), definition, everybody)


@dataclass(frozen=True, eq=False, kw_only=True)
class Summary:
    """What a figure says, before it is drawn. A figure with more to draw has a kind of its own.

    title, subtitle, notes: plain text; the build makes it safe for where it goes.
    alt: the figure in words, for whoever does not see it.
    table: the data table: every number of the figure, with n, N, percent and interval as columns.
    method: how the numbers are computed.
    nothing: the sentence that stands in place of a drawing where there is nothing to draw.
    filtered: false where the selection does not act on the figure.
    """

    title: str
    subtitle: str
    alt: str
    table: pd.DataFrame
    notes: tuple[str, ...] = ()
    method: str = ""
    nothing: str = ""
    filtered: bool = True


@dataclass(frozen=True)
class Drawing:
    """A drawn figure without its title and footnote.

    top, bottom: the room that the plot needs around it, in pixels; legend: the rows of its legend.
    """

    canvas: Canvas
    top: int = 8
    bottom: int = 46
    legend: int = 0


def applies(_study: Study) -> str:
    """The reason against a figure that every study can have: none."""
    return ""


O_ = TypeVar("O_", bound=Options)
S_ = TypeVar("S_", bound=Summary)


@dataclass(frozen=True, kw_only=True)
class Figure(Generic[O_, S_]):
    """A figure.

    title, help: what it is called in the app and what it answers. order: its place among figures.
    options: what a reader can choose. needs: the rows it is made of, by name.
    summarise: rows, options and population to a summary. draw: a summary to a drawing.
    reason_against: why it does not apply to a study, in words; empty where it does.
    whole_study: filters do not act on it, so no filter can leave it empty.
    """

    title: str
    help: str
    order: int
    options: type[O_]
    needs: Callable[[O_, Study], Mapping[str, Request]]
    summarise: Callable[[Rows, O_, Population], S_]
    draw: Callable[[S_], Drawing]
    reason_against: Callable[[Study], str] = applies
    whole_study: bool = False


# A figure of whatever options and summary, for those who handle all of them alike.
AnyFigure: TypeAlias = Figure[Any, Any]
