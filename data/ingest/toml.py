"""Plain values as TOML, in the order in which they stand. The standard library only reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def written(value: Mapping[str, Any]) -> str:
    """A document of plain values, tables and lists of tables."""
    return "\n".join(_table(value, ())).strip("\n") + "\n"


def _table(table: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    lines: list[str] = []
    later: list[tuple[str, Any]] = []
    for key, value in table.items():
        if _is_table(value) or _is_tables(value):
            later.append((key, value))
        else:
            lines.append(f"{_key(key)} = {_value(value)}")
    for key, value in later:
        name = ".".join(_key(part) for part in (*path, key))
        if _is_tables(value):
            for item in value:
                lines += ["", f"[[{name}]]", *_table(_inline(item), (*path, key))]
        else:
            lines += ["", f"[{name}]", *_table(value, (*path, key))]
    return lines


class _Inline(dict[str, Any]):
    """A table that is written in one line."""


def _inline(item: Mapping[str, Any]) -> dict[str, Any]:
    return {k: _Inline(v) if isinstance(v, Mapping) else v for k, v in item.items()}


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) and not isinstance(value, _Inline)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _key(key: str) -> str:
    plain = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if plain and key else _text(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    return str(value)  # dates and times are written as they are in TOML


def _text(value: str) -> str:
    """A basic string; JSON's escapes are TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
