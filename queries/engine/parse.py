"""What a SQL text names, as DuckDB itself reads it: its tables by the parser, its `$parameters` and
its leading `with` by the tokenizer. Comments, text literals and quoted names cannot mislead it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

import duckdb

from queries.engine.database import cursor


@lru_cache(maxsize=1024)
def tables(sql: str) -> frozenset[str]:
    """The tables that a select reads, in lower case, without its own common table expressions.

    Raises:
        duckdb.ParserException: the text is not exactly one select.
    """
    row = cursor().execute("select json_serialize_sql($sql::varchar)", {"sql": sql}).fetchone()
    tree = json.loads(row[0]) if row else {}
    if tree.get("error"):
        raise duckdb.ParserException(tree["error_message"])
    if len(tree["statements"]) != 1:
        raise duckdb.ParserException(f"expected one select, not {len(tree['statements'])}")
    return frozenset(_tables(tree["statements"][0], frozenset()))


def _tables(node: Any, known: frozenset[str]) -> Iterator[str]:
    """The tables of a part of the parsed tree; `known`: the common table expressions it can see."""
    if isinstance(node, list):
        for item in node:
            yield from _tables(item, known)
    elif isinstance(node, dict):
        for expression in node.get("cte_map", {}).get("map", ()):
            known |= {expression["key"].lower()}
            yield from _tables(expression["value"], known)
        if node.get("type") == "BASE_TABLE" and not node["schema_name"]:
            name = node["table_name"].lower()
            if name not in known:
                yield name
        for key, value in node.items():
            if key != "cte_map":
                yield from _tables(value, known)


def _tokens(sql: str) -> Iterator[tuple[int, str, bool]]:
    """Start (in bytes of UTF-8), text and whether it is a comment, of every token."""
    encoded = sql.encode()
    starts = [*duckdb.tokenize(sql), (len(encoded), None)]
    for (start, kind), (end, _) in pairwise(starts):
        yield start, encoded[start:end].decode(), kind == duckdb.token_type.comment


def _parameters(sql: str) -> Iterator[tuple[str, int, int]]:
    """Name, start and end (in bytes of UTF-8, `$` included) of every parameter, in order."""
    for (start, dollar, _), (_, name, _) in pairwise(_tokens(sql)):
        if dollar == "$":
            yield name.rstrip(), start, start + 1 + len(name.rstrip().encode())


@lru_cache(maxsize=1024)
def parameters(sql: str) -> frozenset[str]:
    """The names of the `$parameters` that a text binds."""
    return frozenset(name for name, _, _ in _parameters(sql))


def with_values(sql: str, literals: Mapping[str, str]) -> str:
    """The text with each parameter replaced by its literal."""
    encoded, done, parts = sql.encode(), 0, []
    for name, start, end in _parameters(sql):
        parts += [encoded[done:start].decode(), literals[name]]
        done = end
    return "".join([*parts, encoded[done:].decode()])


def with_steps(steps: Mapping[str, str], sql: str) -> str:
    """The select with named steps before it; its own `with` goes on where theirs ends."""
    if not steps:
        return sql
    named = ",\n\n".join(f"{name} as (\n{body}\n)" for name, body in steps.items())
    code = [(start, word.strip().lower()) for start, word, comment in _tokens(sql) if not comment]
    if not code or code[0][1] != "with":
        return f"with {named}\n\n{sql}"
    recursive = " recursive" if code[1][1] == "recursive" else ""
    start = code[0][0]
    end = code[1][0] + len(recursive[1:]) if recursive else start + len("with")
    before, after = sql.encode()[:start].decode(), sql.encode()[end:].decode()
    return f"with{recursive} {named}\n\n{before},{after}"
