"""The check of a table against its contract, in SQL made from the declaration."""

from __future__ import annotations

import glob
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import duckdb
import pyarrow as pa

from data.contract.finding import Finding
from data.contract.shape import DUCKDB, Dataset, Variable

Source: TypeAlias = pa.Table | str | os.PathLike[str]


def violations(
    dataset: Dataset, source: Source, others: Mapping[str, Source] | None = None
) -> list[Finding]:
    """What is wrong with a table, in the order of the contract; empty if nothing is.

    source: an Arrow table, or the path of a Parquet file (then read as the application reads it).
    others: the datasets that this one refers to, by name; a reference whose dataset is not given
    is not checked. Text of blanks only counts as missing.
    """
    with duckdb.connect() as connection:
        _attach(connection, "source", source)
        for name, other in (others or {}).items():
            _attach(connection, name, other)
        return violations_in(connection, dataset, "source", set(others or ()))


def violations_in(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    table: str,
    known: Collection[str] = (),
) -> list[Finding]:
    """The same of a table or view of a database; `known` are the datasets that lie there by name.

    The caller's connection says how much memory may be used.
    """
    examined = _Table(dataset, connection, table)
    return [
        *examined.missing_columns(),
        *examined.wrong_types(),
        *examined.wrong_values(),
        *examined.duplicates(),
        *examined.orphans(known),
    ]


def _attach(connection: duckdb.DuckDBPyConnection, name: str, source: Source) -> None:
    if isinstance(source, pa.Table):
        connection.register(name, source)
    else:
        connection.from_parquet(glob.escape(os.fspath(source))).create_view(name)


class _Table:
    """A table under examination: a table or view of a connection."""

    def __init__(
        self, dataset: Dataset, connection: duckdb.DuckDBPyConnection, name: str = "source"
    ) -> None:
        self.dataset = dataset
        self.connection = connection
        self.name = name
        source = connection.table(name)
        self.types = {
            name: str(kind) for name, kind in zip(source.columns, source.types, strict=True)
        }

    def readable(self, name: str) -> bool:
        """Whether the column is there and of the declared type, so that its values can be read."""
        return self.types.get(name) == DUCKDB[self.dataset[name].type]

    def finding(
        self, variable: str, rule: str, advice: str, rows: int = 0, where: str = ""
    ) -> Finding:
        patients: tuple[str, ...] = ()
        if where and "USUBJID" in self.types:
            patients = self._first("USUBJID", where)
        values: tuple[str, ...] = ()
        if where and rule == "value not allowed":
            values = self._first(variable, where)
        return Finding(self.dataset.name, variable, rule, rows, patients, advice, values)

    def _first(self, variable: str, where: str) -> tuple[str, ...]:
        """The first few values of a variable in the rows concerned."""
        values = self.connection.execute(
            f"select distinct {variable}::varchar as value from {self.name} where {where} "
            "order by value limit 3"
        ).fetchall()
        return tuple(value for (value,) in values if value)

    def missing_columns(self) -> list[Finding]:
        upper = {name.upper(): name for name in self.types}
        findings = []
        for v in self.dataset.variables:
            if v.name in self.types:
                continue
            if v.name in upper:
                advice = f"Rename the column {upper[v.name]} to {v.name}."
                findings.append(self.finding(v.name, "column name not in capitals", advice))
            elif v.required:
                advice = f"Add the column {v.name} ({v.label}, {v.type})."
                findings.append(self.finding(v.name, "required column missing", advice))
        for names in self.dataset.one_of:
            if not any(name in upper for name in names):
                advice = f"Add at least one of the columns {', '.join(names)}."
                findings.append(self.finding(" or ".join(names), "required column missing", advice))
        return findings

    def wrong_types(self) -> list[Finding]:
        declared = {v.name: DUCKDB[v.type] for v in self.dataset.variables}
        findings = []
        for name, kind in self.types.items():
            wanted = declared.get(name, "DOUBLE" if kind.startswith("DECIMAL") else kind)
            if kind != wanted:
                advice = f"Write it as {wanted}; it is {kind}."
                findings.append(self.finding(name, "wrong type", advice))
        return findings

    def wrong_values(self) -> list[Finding]:
        """Missing values, values not allowed and conditions not met, counted in one scan."""
        rules = [
            rule
            for v in self.dataset.variables
            if self.readable(v.name)
            for rule in _value_rules(v)
        ]
        if not rules:
            return []
        counts = self.connection.execute(
            "select "
            + ", ".join(f"count(*) filter (where {r.where})" for r in rules)
            + f" from {self.name}"
        ).fetchall()[0]
        return [
            self.finding(r.variable, r.rule, r.advice, rows, r.where)
            for r, rows in zip(rules, counts, strict=True)
            if rows
        ]

    def duplicates(self) -> list[Finding]:
        """Rows that share their key with another; missing values of a key count as equal."""
        key = (
            *self.dataset.key,
            *(name for name in self.dataset.key_where_present if name in self.types),
        )
        if not all(name in self.types for name in key):
            return []
        # By hash first: it takes little memory, and a table mostly has no duplicate at all.
        hashed = f"hash({', '.join(key)})"
        suspects = f"select {hashed} as h from {self.name} group by all having count(*) > 1"
        rows, patients = self.connection.execute(
            "select coalesce(sum(n), 0), "
            "list(distinct USUBJID::varchar order by USUBJID::varchar)[:3] from "
            f"(select USUBJID, count(*) as n from {self.name} where {hashed} in ({suspects}) "
            f"group by {', '.join(key)} having n > 1)"
        ).fetchall()[0]
        if not rows:
            return []
        named = tuple(patient for patient in patients if patient)
        advice = "Keep one row for each combination of these variables."
        variable = " + ".join(key)
        return [Finding(self.dataset.name, variable, "duplicate key", int(rows), named, advice)]

    def orphans(self, known: Collection[str]) -> list[Finding]:
        findings = []
        for r in self.dataset.references:
            if r.dataset not in known or r.variable not in self.types:
                continue
            where = (
                f"{r.variable} is not null and not exists (select 1 from {r.dataset} as other "
                f"where other.{r.variable} = {self.name}.{r.variable})"
            )
            if rows := self._count(where):
                advice = f"Add these patients to {r.dataset}, or leave their rows out."
                findings.append(
                    self.finding(r.variable, f"not in {r.dataset}", advice, rows, where)
                )
        return findings

    def _count(self, where: str) -> int:
        row = self.connection.execute(f"select count(*) from {self.name} where {where}").fetchone()
        return int(row[0]) if row else 0


@dataclass(frozen=True)
class _Rule:
    """A rule on the values of one column; `where` is true in the rows that break it."""

    variable: str
    rule: str
    where: str
    advice: str


def _value_rules(v: Variable) -> list[_Rule]:
    value = f"nullif(trim({v.name}), '')" if v.type == "text" else v.name
    rules = []
    if v.filled:
        advice = "Give every row a value, or leave the row out."
        rules.append(_Rule(v.name, "required value missing", f"{value} is null", advice))
    if v.allowed:
        values = ", ".join(f"'{a}'" if isinstance(a, str) else str(a) for a in v.allowed)
        listed = ", ".join(str(a) for a in v.allowed)
        where = f"{value} is not null and {value} not in ({values})"
        advice = f"Use one of {listed}, or leave it missing."
        rules.append(_Rule(v.name, "value not allowed", where, advice))
    if v.condition:
        advice = f"Correct the values so that {v.condition}, or leave them missing."
        rules.append(_Rule(v.name, "value not allowed", f"not ({v.condition})", advice))
    return rules
