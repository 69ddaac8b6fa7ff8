"""The tables of keys in `docs/data.md`, made from the structures."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args, get_origin

import msgspec
from msgspec import Struct, structs

from data.study_file.facts import FactsFile
from data.study_file.shape import StudyFile
from data.study_file.strict import keys_of, structure_in, without_none
from data.study_file.wording import allowed, kind

FILES: Final[Mapping[str, type[Struct]]] = {"study.toml": StudyFile, "facts.toml": FactsFile}
LEFT_OUT: Final = ("map",)
"""Tables that another document describes."""


def tables(name: str) -> str:
    """The tables of keys of a file, in Markdown: its own keys, then one table after another."""
    return "\n\n".join(_sections(FILES[name]))


def with_tables(text: str) -> str:
    """The text with every block `<!-- keys: FILE -->` ... `<!-- end -->` made anew."""

    def block(match: re.Match[str]) -> str:
        return f"<!-- keys: {match['name']} -->\n{tables(match['name'])}\n<!-- end -->"

    return re.sub(r"<!-- keys: (?P<name>\S+) -->\n.*?<!-- end -->", block, text, flags=re.DOTALL)


def _sections(shape: type[Struct]) -> Iterator[str]:
    inner: list[tuple[str, type[Struct]]] = []
    plain = []
    for field, hint in zip(structs.fields(shape), keys_of(shape).values(), strict=True):
        bare = without_none(hint)
        is_list = get_origin(bare) is tuple
        table = structure_in(get_args(bare)[0] if is_list else hint)
        if table is None:
            plain.append(_line(field, hint))
        elif field.name not in LEFT_OUT:
            inner.append((f"[[{field.name}]]" if is_list else f"[{field.name}]", table))
    yield _table("Key at the top of the file", plain)
    for name, table in inner:
        hints = keys_of(table)
        lines = [_line(field, hints[field.encode_name]) for field in structs.fields(table)]
        yield f"`{name}`: {_sentence(table)}\n\n{_table('Key', lines)}"


def _sentence(shape: type[Struct]) -> str:
    sentence = (inspect.getdoc(shape) or "").split("\n\n")[0].replace("\n", " ")
    return f"{sentence[0].lower()}{sentence[1:]}"


def _table(first: str, lines: list[str]) -> str:
    header = f"| {first} | Type | Range | Default | What it says |"
    return "\n".join([header, "| --- | --- | --- | --- | --- |", *lines])


def _line(field: structs.FieldInfo, hint: Any) -> str:
    words = next((m.description for m in getattr(hint, "__metadata__", ()) if m.description), "")
    cells = (f"`{field.encode_name}`", kind(hint), allowed(hint), _default(field), words)
    return f"| {' | '.join(cells)} |".replace("  |", " |").replace("||", "| |")


def _default(field: structs.FieldInfo) -> str:
    if field.required:
        return "**required**"
    if field.default is msgspec.NODEFAULT or field.default in (None, "", (), (0.0, 0.0)):
        return ""
    return f"`{json.dumps(field.default)}`"
