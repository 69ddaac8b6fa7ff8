"""What an import gathers on its way: its database, its settings, and the report so far."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from data.ingest.report import Concerned, Counts, Decision, Issue, Rejected, SourceFile
from data.ingest.settings import Settings
from data.ingest.stage import quoted, text

_REJECTED = """create table rejected (
    dataset varchar, reason varchar, file varchar, row bigint, USUBJID varchar, record varchar
)"""


@dataclass
class Work:
    """An import at work. Datasets are tables of `connection` under their own names.

    `source`: what the report calls what is imported. `extras`: columns beyond the contract that are
    kept, with type and label, by dataset.
    """

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    source: str
    files: list[SourceFile] = field(default_factory=list)
    counts: list[Counts] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    extras: dict[str, tuple[tuple[str, str, str], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection.execute(_REJECTED)

    def decide(self, dataset: str, variable: str, taken_from: str, why: str) -> None:
        """Note where a variable comes from; the same decision for another file is noted once."""
        decision = Decision(dataset, variable, taken_from, why)
        if decision not in self.decisions:
            self.decisions.append(decision)

    def redecide(self, dataset: str, variable: str, taken_from: str, why: str) -> None:
        """Note it in place of the decision so far: a rule gave what the name alone did not."""
        self.decisions = [
            d for d in self.decisions if (d.dataset, d.variable) != (dataset, variable)
        ]
        self.decide(dataset, variable, taken_from, why)

    def add(self, *issues: Issue) -> None:
        """Add issues to the report, each once."""
        self.issues += [issue for issue in issues if issue not in self.issues]

    def has_errors(self) -> bool:
        """Whether there is an error among the issues."""
        return any(issue.level == "error" for issue in self.issues)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """All rows of a query."""
        rows: list[tuple[object, ...]] = self.connection.execute(sql).fetchall()
        return rows

    def texts(self, sql: str) -> list[str]:
        """The first column of a query, as text."""
        return [str(row[0]) for row in self.rows(sql)]

    def count(self, table: str, where: str = "true") -> int:
        """Rows of a table."""
        return int(str(self.rows(f"select count(*) from {table} where {where}")[0][0]))

    def first(self, table: str, where: str, column: str = "USUBJID") -> tuple[str, ...]:
        """The first three values of a column in the rows concerned."""
        return tuple(
            self.texts(
                f"select distinct cast({quoted(column)} as varchar) as v from {table} "
                f"where ({where}) and {quoted(column)} is not null order by v limit 3"
            )
        )

    def concerned(self, table: str, where: str, column: str = "") -> Concerned:
        """The rows that meet a condition, with the first patients, and first values of a column."""
        rows = self.count(table, where)
        if not rows:
            return Concerned()
        values = self.first(table, where, column) if column else ()
        return Concerned(rows, self.first(table, where), values)

    def has(self, dataset: str, variable: str) -> bool:
        """Whether a dataset is there and the variable holds a value in any row."""
        return self.exists(dataset) and self.count(dataset, f"{quoted(variable)} is not null") > 0

    def exists(self, dataset: str) -> bool:
        """Whether a dataset is there."""
        return bool(
            self.rows(f"select 1 from duckdb_tables() where table_name = {text(dataset)} limit 1")
        )

    def is_mapped(self, dataset: str, variable: str) -> bool:
        """Whether the map decides on a variable: then no rule derives it."""
        return (dataset, variable) in self.settings.given

    def reject(self, dataset: str, where: str, reason: str) -> Concerned:
        """Leave rows out of a dataset, and keep them with their reason; which rows they were."""
        concerned = self.concerned(dataset, where)
        if concerned:
            self.connection.execute(
                f"insert into rejected select {text(dataset)}, {text(reason)}, _file, _row, "
                f"USUBJID, cast(to_json({dataset}) as varchar) from {dataset} where {where}"
            )
            self.connection.execute(f"delete from {dataset} where {where}")
            self.rejected.append(Rejected(dataset, reason, concerned.rows))
        return concerned

    def files_of(self, dataset: str) -> str:
        """The names of the files a dataset comes from."""
        return ", ".join(self.texts(f"select distinct _file from {dataset} order by _file"))
