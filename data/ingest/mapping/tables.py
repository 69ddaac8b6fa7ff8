"""The table of a dataset, with the columns of its contract, from the files staged for it."""

from __future__ import annotations

from dataclasses import dataclass

from data.contract import DATASETS, DUCKDB, Dataset, Variable
from data.ingest.check import SOFT
from data.ingest.findings import files as findings
from data.ingest.mapping.candidates import candidates, is_flag
from data.ingest.mapping.casts import NO_VALUE, cast_sql, limit_sql, spelled
from data.ingest.report import Concerned
from data.ingest.settings import Given
from data.ingest.stage import Staged, quoted, text
from data.ingest.work import Work

_WITH_LIMITS = {("ADLB", "AVAL"), ("ADLB", "BASE")}
"""Numbers that may be reported as a limit: "<10"."""


def make(work: Work, name: str, files: list[Staged]) -> None:
    """Make the table of a dataset from its staged files.

    Columns that the contract does not declare are kept at its end: all of ADSL, flags of others.
    """
    dataset = DATASETS[name]
    extras = _extras(dataset, files)
    work.extras[name] = extras
    columns = [f"{v.name} {DUCKDB[v.type]}" for v in dataset.variables]
    columns += [f"{quoted(column)} {kind}" for column, kind, _ in extras]
    work.connection.execute(
        f"create table {name} ({', '.join(columns)}, _file varchar, _row bigint, _same ubigint)"
    )
    for staged in files:
        values = [_value(work, dataset, v, staged) for v in dataset.variables]
        values += [_as_is(staged, column, kind) for column, kind, _ in extras]
        same = f"hash({', '.join(quoted(column) for column in staged.types)})"
        work.connection.execute(
            f"insert into {name} select {', '.join(values)}, {text(staged.file)}, _row, "
            f"{same} from {staged.table}"
        )
    _leave_out_infinite(work, dataset)


def _leave_out_infinite(work: Work, dataset: Dataset) -> None:
    """Set numbers that are not finite to missing, but for the value that is analysed."""
    numbers = [v.name for v in dataset.variables if v.type == "number" and v.name != "AVAL"]
    if not numbers:
        return
    counts = ", ".join(f"count(*) filter (where isinf({name}))" for name in numbers)
    for name, n in zip(numbers, work.rows(f"select {counts} from {dataset.name}")[0], strict=True):
        if n:
            rows = work.concerned(dataset.name, f"isinf({name})", name)
            work.add(findings.not_finite(dataset.name, name, rows))
            work.connection.execute(f"update {dataset.name} set {name} = null where isinf({name})")


def _value(work: Work, dataset: Dataset, variable: Variable, staged: Staged) -> str:
    """The SQL of a variable's value; AVALC is what AVAL states where that is a limit ("<10")."""
    sql = _Source(work, dataset, variable, staged).sql()
    if (dataset.name, variable.name) != ("ADLB", "AVALC"):
        return sql
    column = _Source(work, dataset, dataset["AVAL"], staged).column()
    if staged.types.get(column) != "VARCHAR":
        return sql
    reported = f"case when {limit_sql(quoted(column))} is not null then trim({quoted(column)}) end"
    return f"coalesce({reported}, {sql})"


def _extras(dataset: Dataset, files: list[Staged]) -> tuple[tuple[str, str, str], ...]:
    """Columns beyond the contract that are kept: name, type and label."""
    declared = {v.name for v in dataset.variables}
    extras: dict[str, tuple[str, str]] = {}
    for staged in files:
        for column, held in staged.types.items():
            is_kept = dataset.name == "ADSL" or is_flag(column)
            if column in declared or not is_kept or not column.isidentifier():
                continue
            kind = "DATE" if held == "TIMESTAMP" else held
            before = extras.get(column, (kind, ""))[0]
            label = staged.labels.get(column, "") or column
            extras[column] = (kind if kind == before else "VARCHAR", label)
    return tuple((column, kind, label) for column, (kind, label) in extras.items())


def _as_is(staged: Staged, column: str, kind: str) -> str:
    if column not in staged.types:
        return f"cast(null as {kind})"
    return cast_sql(quoted(column), staged.types[column], kind)


@dataclass(frozen=True)
class _Source:
    """Where a variable comes from in one staged file."""

    work: Work
    dataset: Dataset
    variable: Variable
    staged: Staged

    def column(self) -> str:
        """The column that it comes from; "" where it comes from none."""
        given = self.work.settings.given.get((self.dataset.name, self.variable.name))
        if given is not None:
            return given.column.upper()
        known = candidates(self.dataset.name, self.variable.name)
        return next((column for column in known if self.staged.has(column)), "")

    def sql(self) -> str:
        """The SQL of its value; notes the decision."""
        name, variable = self.dataset.name, self.variable.name
        missing = f"cast(null as {DUCKDB[self.variable.type]})"
        given = self.work.settings.given.get((name, variable))
        if given is not None:
            return self._as_mapped(given) or missing
        known = candidates(name, variable)
        for place, column in enumerate(known):
            if self.staged.has(column):
                is_same = column == variable
                before = f"{', '.join(known[:place])} missing or empty; next in order"
                self._decide(column, "variable of the same name" if is_same else before)
                return self._converted(column)
        is_empty = variable in self.staged.types
        self._decide("", "no row holds a value" if is_empty else "no such variable")
        return missing

    def _decide(self, taken_from: str, why: str) -> None:
        self.work.decide(self.dataset.name, self.variable.name, taken_from, why)

    def _as_mapped(self, given: Given) -> str | None:
        """The SQL of its value as the map sets it; None where the map excludes it."""
        settings, target = self.work.settings.name, DUCKDB[self.variable.type]
        if given.nothing:
            self._decide("", f"{settings} excludes it")
            return None
        if given.value is not None:
            self._decide(f"{given.value}", f"{settings} sets it for every row")
            return cast_sql(text(str(given.value)), "VARCHAR", target)
        column = given.column.upper()
        if column not in self.staged.types:
            name, variable, file = self.dataset.name, self.variable.name, self.staged.file
            self.work.add(findings.no_such_column(name, variable, given.column, settings, file))
            return None
        self._decide(column, f"{settings} maps it")
        if not given.values and given.other is None:
            return self._converted(column)
        plain = cast_sql(quoted(column), self.staged.types[column], "VARCHAR")
        cases = " ".join(f"when {text(k.strip())} then {text(v)}" for k, v in given.values)
        other = plain if given.other is None else f"nullif({text(given.other)}, '')"
        sql = f"case {plain} {cases} else {other} end" if cases else other
        return cast_sql(sql, "VARCHAR", target)

    def _converted(self, column: str) -> str:
        """The SQL of a column's values as the declared type; an error for those that are not."""
        variable, staged = self.variable, self.staged
        held, kind = quoted(column), staged.types[column]
        target = DUCKDB[variable.type]
        if variable.type == "date" and kind == "DOUBLE" and staged.unformatted_dates:
            self.work.add(
                findings.date_without_format(self.dataset.name, variable.name, staged.file)
            )
            return f"date '1960-01-01' + cast({held} as integer)"
        if variable.name == "AETOXGR" and kind == "VARCHAR":
            held = f"regexp_replace(trim({held}), '^(?i:(ctcae )?grade )\\s*', '')"
        if variable.type == "text" and variable.allowed:
            return spelled(variable, cast_sql(held, kind, "VARCHAR"))
        sql = cast_sql(held, kind, target)
        if variable.name == "AGE":
            sql = f"cast(floor({cast_sql(held, kind, 'DOUBLE')}) as integer)"
        if (self.dataset.name, variable.name) in _WITH_LIMITS and kind == "VARCHAR":
            sql = f"coalesce({sql}, {limit_sql(held)})"
        if kind != target and variable.type != "text":
            self._check(column, f"({sql}) is null", held)
        return sql

    def _check(self, column: str, failed: str, held: str) -> None:
        """An error where a value is there that the declared type cannot hold."""
        variable, staged = self.variable, self.staged
        plain = f"trim(cast({held} as varchar))"
        where = f"{failed} and {held} is not null and {plain} not in {NO_VALUE}"
        if variable.type == "date" and column.endswith("DTC"):
            # A partial date of SDTM is no mistake; it only cannot be placed.
            where += f" and not regexp_matches({plain}, '^[0-9]{{4}}(-[0-9-]{{1,5}})?(T.*)?$')"
        rows = self.work.rows(
            f"select _row, {plain} from {staged.table} where {where} order by _row limit 3"
        )
        if not rows:
            return
        concerned = Concerned(
            self.work.count(staged.table, where),
            self.work.first(staged.table, where) if "USUBJID" in staged.types else (),
            tuple(str(value) for _, value in rows),
        )
        at = ", ".join(f"{int(str(row)):,}" for row, _ in rows)
        file = f"{staged.file} {column}" if column != variable.name else staged.file
        is_soft = variable.name in SOFT
        self.work.add(
            findings.wrong_values(self.dataset.name, variable, at, concerned, file, is_soft=is_soft)
        )
