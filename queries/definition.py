"""The response definitions: each is one file in `queries/definitions/`, its words in its header.

The header is the comment a file begins with. Its first paragraph says what comes out; then follows
TOML:

    order = 60                      # its place among the definitions
    label = "Cumulative weeks"      # a short name
    words = "..."                   # the definition as it stands under a figure
    evaluable = "..."               # what makes a patient evaluable
    measure = "..."                 # what the column `measure` holds

    [parameter.weeks]               # `$weeks`, a value that the reader can choose beside the figure
    label = "Weeks needed"
    default = 4
    low = 1
    high = 28

`$parameters` in the words are replaced by their values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from string import Template
from typing import Any

import msgspec

from data.study import Study
from queries.files import FOLDER, text
from queries.parameters import study_parameters


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number that a definition leaves to the reader, from `low` to `high`, both included."""

    label: str
    default: float
    low: float
    high: float
    step: float = 1
    help: str = ""


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a definition's file says of itself, with `$parameters` in its texts."""

    order: int
    label: str
    words: str
    evaluable: str
    measure: str
    parameter: dict[str, Parameter] = {}


@dataclass(frozen=True)
class Definition:
    """A response definition in words."""

    key: str
    label: str
    words: str
    evaluable: str
    measure: str


def definition_text(key: str) -> str:
    """The SQL of a definition."""
    return text(FOLDER / "definitions" / f"{key}.sql")


def header(key: str) -> Header:
    """The header of a definition, read again only when its file changed.

    Raises:
        ValueError: a key is missing, unknown or of another type; the message says which, and where.
    """
    try:
        return _header(definition_text(key))
    except msgspec.MsgspecError as error:
        raise ValueError(f"queries/definitions/{key}.sql: {error}") from error


@lru_cache(maxsize=64)
def _header(sql: str) -> Header:
    lines = takewhile(lambda line: line.startswith("--"), sql.splitlines())
    _, _, toml = "\n".join(line[2:].strip() for line in lines).partition("\n\n")
    return msgspec.toml.decode(toml, type=Header)


def definition_keys() -> tuple[str, ...]:
    """The keys of all definitions, in their order."""
    keys = (file.stem for file in (FOLDER / "definitions").glob("*.sql"))
    return tuple(sorted(keys, key=lambda key: (header(key).order, key)))


def defaults(key: str) -> dict[str, float]:
    """The values of a definition's own parameters unless others are chosen; none without a key."""
    return {name: item.default for name, item in header(key).parameter.items()} if key else {}


def definitions(study: Study) -> dict[str, Definition]:
    """The definitions that apply to a study, its default first; none without a response rule."""
    if study.response is None:
        return {}
    default = study.response.default
    keys = sorted(definition_keys(), key=lambda key: key != default)
    return {key: definition(study, key) for key in keys}


def definition(study: Study, key: str, parameters: Mapping[str, float] | None = None) -> Definition:
    """One definition in words, with the study's windows and its own parameters in them."""
    values = study_parameters(study) | defaults(key) | dict(parameters or {})
    head = header(key)
    return Definition(
        key,
        label=_substituted(head.label, values),
        words=_substituted(head.words, values),
        evaluable=_substituted(head.evaluable, values),
        measure=_substituted(head.measure, values),
    )


def _substituted(words: str, values: Mapping[str, Any]) -> str:
    """The words on one line, with the values of their `$parameters`."""
    template = Template(" ".join(words.split()))
    return template.substitute({name: _value(values[name]) for name in template.get_identifiers()})


def _value(value: Any) -> str:
    """A number, or a list of weeks, as it reads in a sentence."""
    if isinstance(value, list):
        return ", ".join(f"week {item:g}" for item in value)
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)
