"""What a person corrects in the variable mapping of an import, as settings of the map.

Each correction is a value; `corrected` gives the content of the map (`--map`) with it. So a page, a
script and a text editor come to the same file, and the import knows one way only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final, Protocol

import tomlkit

Content = dict[str, Any]
HEAD: Final = "# The map of an import: for --map on the command line, or to upload with the files."


class Correction(Protocol):
    """One thing that a person changed."""

    def apply(self, content: Content) -> None:
        """Put it into the content of a map."""


@dataclass(frozen=True)
class FileDataset:
    """The dataset that a file is imported as; "" leaves the file out."""

    file: str
    dataset: str

    def apply(self, content: Content) -> None:
        """Put it under [map.files]."""
        _table(content, "map", "files")[self.file] = self.dataset


@dataclass(frozen=True)
class Source:
    """Where a variable comes from: a column, or one value for every row; neither excludes it."""

    dataset: str
    variable: str
    column: str = ""
    value: str = ""

    def apply(self, content: Content) -> None:
        """Put it under [map.<dataset>]."""
        taken = {"value": self.value} if self.value else self.column
        _table(content, "map", self.dataset)[self.variable] = taken


@dataclass(frozen=True)
class ByValue:
    """A variable made from the values of a column; all other values become `other`."""

    dataset: str
    variable: str
    column: str
    values: tuple[tuple[str, str], ...]
    other: str = ""

    def apply(self, content: Content) -> None:
        """Put it under [map.<dataset>]."""
        _table(content, "map", self.dataset)[self.variable] = {
            "from": self.column,
            "values": dict(self.values),
            "other": self.other,
        }


@dataclass(frozen=True)
class Setting:
    """A key of the study's own settings: `path` ("laboratory", "parameter"); None removes it."""

    path: tuple[str, ...]
    value: Any

    def apply(self, content: Content) -> None:
        """Put it where `study.toml` has it."""
        table = _table(content, *self.path[:-1])
        if self.value is None:
            table.pop(self.path[-1], None)
        else:
            table[self.path[-1]] = self.value


def arms(
    column: str, order: str, places: Mapping[str, float], doses: Mapping[str, float], unit: str
) -> list[Correction]:
    """The order and the doses of the arms, as ADSL is to hold them.

    column: the variable of the arms. order: the one that numbers them; that of the planned
    treatment where ADSL has none. places, doses: by arm; empty leaves them as they are.
    """
    made: list[Correction] = []
    if places:
        if order in {"", column}:
            made.append(Source("ADSL", "TRT01P", column))
            order = "TRT01PN"
        made.append(ByValue("ADSL", order, column, _texts(places)))
    if doses:
        made.append(ByValue("ADSL", "DOSE01A", column, _texts(doses)))
        if unit:
            made.append(Source("ADSL", "DOSE01U", value=unit))
    return made


def _texts(values: Mapping[str, float]) -> tuple[tuple[str, str], ...]:
    return tuple((name, f"{value:g}") for name, value in values.items())


def corrected(content: Mapping[str, Any], corrections: Sequence[Correction]) -> Content:
    """The content of a map with the corrections; the given one stays as it is."""
    result: Content = deepcopy(dict(content))
    for correction in corrections:
        correction.apply(result)
    return result


def map_text(content: Mapping[str, Any]) -> str:
    """The map as TOML, to be given with `--map`."""
    return f"{HEAD}\n{tomlkit.dumps(_without_empty(content))}"


def _without_empty(table: Mapping[str, Any]) -> Content:
    """The table without tables that hold nothing."""
    kept: Content = {}
    for key, value in table.items():
        inner = _without_empty(value) if isinstance(value, Mapping) else value
        if not (isinstance(value, Mapping) and not inner and key not in {"values", "where"}):
            kept[key] = inner
    return kept


def _table(content: Content, *path: str) -> Content:
    """The table of that path, made where it is missing."""
    for key in path:
        inner = content.setdefault(key, {})
        if not isinstance(inner, dict):
            inner = content[key] = {}
        content = inner
    return content
