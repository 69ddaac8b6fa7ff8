"""Types and values in words: the same for the problems of a file and for its documentation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from msgspec import inspect

from data.study_file.words import Words

LONGEST: Final = 60
_NUMBERS: Final = {2: "two", 3: "three"}


def kind(hint: Any) -> str:
    """The type of a field in words, in the singular: "integer", "list of numbers"."""
    return _kind(inspect.type_info(hint))


def allowed(hint: Any) -> str:
    """The range of a field in words, "from 0 to 9"; nothing where every value will do."""
    return _allowed(inspect.type_info(hint))


def wanted(hint: Any) -> str:
    """What a value must be, with its article: "an integer from 0 to 9"."""
    words = kind(hint)
    if not words.startswith(("text", '"', "true")):
        words = f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
    return f"{words} {allowed(hint)}".strip().replace("text not empty", "text that is not empty")


def shown(value: Any) -> str:
    """A value as TOML writes it, shortened."""
    text = _written(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def named(value: Any) -> str:
    """The TOML type of a value, with its article."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "text" if value else "empty"
    for python, words in (
        (int, "an integer"), (float, "a number"), (list, "a list"), (dict, "a table")
    ):  # fmt: skip
        if isinstance(value, python):
            return words
    return "a date or time"


def _bare(info: inspect.Type) -> inspect.Type:
    """Without metadata, and without the None of a key that may be left out."""
    while True:
        if isinstance(info, inspect.Metadata):
            info = info.type
        elif isinstance(info, inspect.UnionType):
            rest = [item for item in info.types if not isinstance(item, inspect.NoneType)]
            if len(rest) != 1:
                return inspect.UnionType(tuple(rest))
            info = rest[0]
        else:
            return info


def _kind(info: inspect.Type) -> str:
    match bare := _bare(info):
        case inspect.StrType():
            return "text"
        case inspect.IntType():
            return "integer"
        case inspect.FloatType():
            return "number"
        case inspect.BoolType():
            return "true or false"
        case inspect.LiteralType():
            return _either([json.dumps(value) for value in bare.values])
        case inspect.VarTupleType():
            return f"list of {_plural(bare.item_type)}"
        case inspect.TupleType():
            count = len(bare.item_types)
            return f"list of {_NUMBERS[count]} {_plural(bare.item_types[0])}"
        case inspect.UnionType():
            return _either([_kind(item) for item in bare.types])
        case inspect.CustomType() if bare.cls is Words:
            return "table of texts"
        case _:
            return "table"


def _plural(info: inspect.Type) -> str:
    return "texts" if _kind(info) == "text" else f"{_kind(info)}s"


def _either(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _allowed(info: inspect.Type) -> str:
    match bare := _bare(info):
        case inspect.StrType(pattern=str()):
            return f"without =, at most {bare.max_length} characters"
        case inspect.StrType(min_length=int()):
            return "not empty"
        case inspect.IntType() | inspect.FloatType():
            if bare.ge is not None and bare.le is not None:
                return f"from {bare.ge:g} to {bare.le:g}"
            if bare.ge is not None:
                return f"from {bare.ge:g} on"
            return f"above {bare.gt:g}" if bare.gt is not None else ""
        case inspect.VarTupleType():
            return "" if _kind(bare.item_type) == "text" else _allowed(bare.item_type)
        case _:
            return ""


def _written(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value[: LONGEST + 1], ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(_written(item) for item in value[:LONGEST])}]"
    if isinstance(value, Mapping):
        pairs = [f"{key} = {_written(item)}" for key, item in list(value.items())[:LONGEST]]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    return str(value)
