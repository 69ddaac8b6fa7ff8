"""From the variables of a file to those of the contract, each by a stated rule.

A variable is taken from what the file given with --map names, or else from the first of
`CANDIDATES` that holds a value. The value is read as the declared type; what cannot be read so is
an error that names file, variable, value and row. Rules that need more than one variable are in
`subjects`, `laboratory`, `events` and `days`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import duckdb

from data.contract import DATASETS, DUCKDB, FLAG, Dataset, Variable
from data.ingest.report import Decision, Issue, Rejected
from data.ingest.settings import Given, Settings
from data.ingest.stage import Staged, quoted, text

CANDIDATES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "ADSL": {
        "SUBJID": ("SUBJID", "SUBJECT"),
        "SITEID": ("SITEID", "SITE"),
        "AGE": ("AGE", "AAGE"),
        "ARM": ("ARM", "ACTARM"),
        "EFFFL": ("EFFFL", "EFFICFL"),
        "PPROTFL": ("PPROTFL", "PPFL", "PERPROTFL"),
        "DCSREAS": ("DCSREAS", "DCREASCD", "DCSREASP"),
    },
    "ADLB": {
        "PARAMCD": ("PARAMCD", "LBTESTCD"),
        "PARAM": ("PARAM", "LBTEST"),
        "AVAL": ("AVAL", "LBSTRESN"),
        "AVALU": ("AVALU", "LBSTRESU"),
        "AVISIT": ("AVISIT", "VISIT"),
        "AVISITN": ("AVISITN", "VISITNUM"),
        "ADY": ("ADY", "LBDY"),
        "ADT": ("ADT", "LBDT", "LBDTC"),
        "ABLFL": ("ABLFL", "LBBLFL"),
        "ANRIND": ("ANRIND", "LBNRIND"),
    },
    "ADAE": {
        "AESEQ": ("AESEQ", "ASEQ"),
        "AEBODSYS": ("AEBODSYS", "AESOC"),
        "AETOXGR": ("AETOXGR", "AETOXGRN", "ATOXGR", "ATOXGRN"),
        "AESEV": ("AESEV", "ASEV"),
        "AEREL": ("AEREL", "AREL"),
        "TRTEMFL": ("TRTEMFL", "AETRTEM"),
        "ASTDY": ("ASTDY", "AESTDY"),
        "AENDY": ("AENDY", "AEENDY"),
        "ASTDT": ("ASTDT", "AESTDTC"),
        "AENDT": ("AENDT", "AEENDTC"),
    },
    "ADEX": {
        "EXSEQ": ("EXSEQ", "ASEQ"),
        "ASTDY": ("ASTDY", "EXSTDY", "ADY"),
        "AENDY": ("AENDY", "EXENDY"),
        "ASTDT": ("ASTDT", "EXSTDTC", "ADT"),
        "AVISIT": ("AVISIT", "VISIT"),
        "AVISITN": ("AVISITN", "VISITNUM"),
    },
    "ADCM": {
        "CMSEQ": ("CMSEQ", "ASEQ"),
        "CMDECOD": ("CMDECOD", "CMTRT"),
        "ASTDY": ("ASTDY", "CMSTDY"),
        "AENDY": ("AENDY", "CMENDY"),
        "ASTDT": ("ASTDT", "CMSTDTC"),
        "AENDT": ("AENDT", "CMENDTC"),
    },
    "ADRS": {"AVISIT": ("AVISIT", "VISIT"), "AVISITN": ("AVISITN", "VISITNUM")},
}
"""Where a variable may come from, in the order of preference; by itself where nothing is said."""

ALSO_READ: Final[Mapping[str, tuple[str, ...]]] = {
    "ADLB": (
        "TRTSDT",
        "ADTM",
        "ATM",
        "LBDTC",
        "LBREFID",
        "LBSPID",
        "LBGRPID",
        "LBSPEC",
        "LBMETHOD",
        "LBFAST",
        "LBCAT",
        "LBSCAT",
        "ATPTN",
        "SRCDOM",
        "SRCSEQ",
        "CRIT1",
        "APERIOD",
    ),
    "ADAE": ("TRTSDT", "TRTEDT", "APERIOD"),
    "ADEX": ("TRTSDT", "PARAMCD", "AVAL"),
    "ADCM": ("TRTSDT",),
    "ADRS": ("TRTSDT",),
}
"""Variables that are read besides the candidates: for a rule, or to tell records apart."""

SPELLINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "flag": {"YES": "Y", "NO": "N", "TRUE": "Y", "FALSE": "N", "1": "Y", "0": "N"},
    "SEX": {"FEMALE": "F", "MALE": "M", "UNKNOWN": "U"},
    "EOSSTT": {"COMPLETE": "COMPLETED", "DISCONTINUE": "DISCONTINUED"},
}
"""Other spellings of allowed values; capitals or not makes no difference."""

SOFT: Final = (
    "SEX", "EOSSTT", "EOSDY", "BLBLEED", "ITPDUR", "CHRONFL", "PRIOR5FL", "SPLENFL", "RITUXFL",
    "ANTIBFL", "DLTFL", "ENRLFL", "RANDFL", "LLOQFL", "ANL01FL", "ANL02FL", "ANL03FL", "AOCCFL",
    "AOCCPFL", "AENDY", "AGE",
)  # fmt: skip
"""Variables no result hangs on: a value that is not allowed is set to missing, with a warning."""

_DATE_FORMS = (
    "['%Y-%m-%d', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%dT%H:%M:%SZ', '%Y-%m-%dT%H:%M', "
    "'%Y-%m-%d %H:%M:%S', '%d%b%Y']"
)
_NO_VALUE = "('', '.', 'NA', 'N/A', 'NULL', 'NaN')"
_ANY_FLAG = re.compile(r"[A-Z0-9]{1,6}FL")


@dataclass
class Work:
    """What an import gathers on its way: the database, the settings, and what is said so far."""

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    decisions: list[Decision] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    extras: dict[str, tuple[tuple[str, str, str], ...]] = field(default_factory=dict)

    def decide(self, dataset: str, variable: str, taken_from: str, why: str) -> None:
        """Say where a variable comes from; the same decision for another file is said once."""
        decision = Decision(dataset, variable, taken_from, why)
        if decision not in self.decisions:
            self.decisions.append(decision)

    def redecide(self, dataset: str, variable: str, taken_from: str, why: str) -> None:
        """Say it in place of what was said before: a rule found what the name alone did not."""
        self.decisions = [
            d for d in self.decisions if (d.dataset, d.variable) != (dataset, variable)
        ]
        self.decide(dataset, variable, taken_from, why)

    def issue(self, issue: Issue) -> None:
        """Add an issue once."""
        if issue not in self.issues:
            self.issues.append(issue)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """All rows of a query."""
        found: list[tuple[object, ...]] = self.connection.execute(sql).fetchall()
        return found

    def count(self, table: str, where: str = "true") -> int:
        """Rows of a table."""
        return int(str(self.rows(f"select count(*) from {table} where {where}")[0][0]))

    def first(self, table: str, where: str, column: str = "USUBJID") -> tuple[str, ...]:
        """The first three values of a column in the rows concerned."""
        found = self.rows(
            f"select distinct cast({quoted(column)} as varchar) as v from {table} "
            f"where ({where}) and {quoted(column)} is not null order by v limit 3"
        )
        return tuple(str(value) for (value,) in found)

    def has(self, dataset: str, variable: str) -> bool:
        """Whether a dataset is there and the variable holds a value in any row."""
        if not self.exists(dataset):
            return False
        return self.count(dataset, f"{quoted(variable)} is not null") > 0

    def exists(self, dataset: str) -> bool:
        """Whether a dataset was found."""
        found = self.rows(
            f"select 1 from duckdb_tables() where table_name = {text(dataset)} limit 1"
        )
        return bool(found)

    def reject(self, dataset: str, where: str, reason: str) -> int:
        """Take rows out of a dataset, and keep them with their reason; how many there were."""
        rows = self.count(dataset, where)
        if rows:
            self.connection.execute(
                f"insert into rejected select {text(dataset)}, {text(reason)}, _file, _row, "
                f"USUBJID, cast(to_json({dataset}) as varchar) from {dataset} where {where}"
            )
            self.connection.execute(f"delete from {dataset} where {where}")
            self.rejected.append(Rejected(dataset, reason, rows))
        return rows


def candidates(dataset: str, variable: str) -> tuple[str, ...]:
    """The source variables a variable may come from, in the order of preference."""
    return CANDIDATES.get(dataset, {}).get(variable, (variable,))


def wanted(dataset: str, available: Iterable[str], settings: Settings) -> list[str]:
    """The columns of a file that there is use for: all of ADSL; of others what a rule names."""
    if dataset == "ADSL":
        return list(available)
    declared = {name for v in DATASETS[dataset].variables for name in candidates(dataset, v.name)}
    known = declared | settings.columns(dataset) | set(ALSO_READ.get(dataset, ()))
    return [name for name in available if name in known or _ANY_FLAG.fullmatch(name)]


def make(work: Work, name: str, files: list[Staged]) -> None:
    """Make the table of a dataset, of the contract's columns, from the staged files.

    Columns that the contract does not declare are kept at its end: all of ADSL, flags of others.
    """
    dataset = DATASETS[name]
    extras = _extras(dataset, files)
    work.extras[name] = tuple((column, kind, label) for column, kind, label in extras)
    columns = [f"{v.name} {DUCKDB[v.type]}" for v in dataset.variables]
    columns += [f"{quoted(column)} {kind}" for column, kind, _ in extras]
    work.connection.execute(
        f"create table {name} ({', '.join(columns)}, _file varchar, _row bigint, _same ubigint)"
    )
    for staged in files:
        values = [_taken(work, dataset, v, staged) for v in dataset.variables]
        values += [_as_is(staged, column, kind) for column, kind, _ in extras]
        same = f"hash({', '.join(quoted(column) for column in staged.types)})"
        work.connection.execute(
            f"insert into {name} select {', '.join(values)}, {text(staged.file)}, _row, "
            f"{same} from {staged.table}"
        )


def _extras(dataset: Dataset, files: list[Staged]) -> list[tuple[str, str, str]]:
    """Columns beyond the contract that are kept: name, type and label."""
    declared = {v.name for v in dataset.variables}
    found: dict[str, tuple[str, str]] = {}
    for staged in files:
        for column, held in staged.types.items():
            is_kept = dataset.name == "ADSL" or _ANY_FLAG.fullmatch(column)
            if column in declared or not is_kept or not column.isidentifier():
                continue
            kind = "DATE" if held == "TIMESTAMP" else held
            before = found.get(column, (kind, ""))[0]
            found[column] = (
                kind if kind == before else "VARCHAR",
                staged.labels.get(column, "") or column,
            )
    return [(column, kind, label) for column, (kind, label) in found.items()]


def _as_is(staged: Staged, column: str, kind: str) -> str:
    if column not in staged.types:
        return f"cast(null as {kind})"
    return cast_sql(quoted(column), staged.types[column], kind)


def _taken(work: Work, dataset: Dataset, variable: Variable, staged: Staged) -> str:
    """The SQL of a variable's value in a staged file; says where it comes from."""
    name = dataset.name
    missing = f"cast(null as {DUCKDB[variable.type]})"
    given = work.settings.given.get((name, variable.name))
    if given is not None:
        return _given(work, dataset, variable, staged, given) or missing
    for place, column in enumerate(candidates(name, variable.name)):
        if staged.has(column):
            why = (
                "the variable of that name"
                if column == variable.name
                else f"{', '.join(candidates(name, variable.name)[:place])} not found or empty; "
                "this one comes next"
            )
            work.decide(name, variable.name, column, why)
            return _converted(work, dataset, variable, staged, column)
    there = variable.name in staged.types
    work.decide(name, variable.name, "", "no row holds a value" if there else "no such variable")
    return missing


def _given(
    work: Work, dataset: Dataset, variable: Variable, staged: Staged, given: Given
) -> str | None:
    """The SQL of a variable as the file given with --map says; None where it is not taken."""
    name, source = dataset.name, work.settings.name
    if given.nothing:
        work.decide(name, variable.name, "", f"{source} says that it is not to be taken")
        return None
    if given.value is not None:
        work.decide(name, variable.name, f"{given.value}", f"{source} gives it to every row")
        return cast_sql(text(str(given.value)), "VARCHAR", DUCKDB[variable.type])
    column = given.column.upper()
    if column not in staged.types:
        work.issue(
            Issue(
                "error",
                name,
                variable.name,
                f"{source} takes it from {given.column}, which is not there",
                "Correct the name, or take the line out.",
                file=staged.file,
            )
        )
        return None
    work.decide(name, variable.name, column, f"{source} says so")
    if not given.values and given.other is None:
        return _converted(work, dataset, variable, staged, column)
    plain = cast_sql(quoted(column), staged.types[column], "VARCHAR")
    cases = " ".join(f"when {text(k.strip())} then {text(v)}" for k, v in given.values)
    other = plain if given.other is None else f"nullif({text(given.other)}, '')"
    sql = f"case {plain} {cases} else {other} end" if cases else other
    return cast_sql(sql, "VARCHAR", DUCKDB[variable.type])


def _converted(
    work: Work, dataset: Dataset, variable: Variable, staged: Staged, column: str
) -> str:
    """The SQL of a column's value as the declared type; what is none is an error."""
    held, kind = quoted(column), staged.types[column]
    target = DUCKDB[variable.type]
    if variable.type == "date" and kind == "DOUBLE" and staged.unformatted_dates:
        work.issue(
            Issue(
                "note",
                dataset.name,
                variable.name,
                "a number without a date format is read as a SAS date, days since 1960-01-01",
                "Give the variable a date format such as DATE9.",
                file=staged.file,
            )
        )
        return f"date '1960-01-01' + cast({held} as integer)"
    if variable.name == "AETOXGR" and kind == "VARCHAR":
        held = f"regexp_replace(trim({held}), '^(?i:(ctcae )?grade )\\s*', '')"
    if variable.type == "text" and variable.allowed:
        return _spelled(variable, cast_sql(held, kind, "VARCHAR"))
    sql = cast_sql(held, kind, target)
    if variable.name == "AGE" and kind != "VARCHAR":
        sql = f"cast(floor({held}) as integer)"
    if kind != target and variable.type != "text":
        _check_cast(work, dataset, variable, staged, column, f"({sql}) is null", held)
    return sql


def _check_cast(
    work: Work,
    dataset: Dataset,
    variable: Variable,
    staged: Staged,
    column: str,
    failed: str,
    held: str,
) -> None:
    """An error where a value is there that the declared type cannot hold."""
    plain = f"trim(cast({held} as varchar))"
    where = f"{failed} and {held} is not null and {plain} not in {_NO_VALUE}"
    partial = variable.type == "date" and column.endswith("DTC")
    if partial:
        # A partial date of SDTM is no mistake; it only cannot be placed.
        where += f" and not regexp_matches({plain}, '^[0-9]{{4}}(-[0-9-]{{1,5}})?(T.*)?$')"
    found = work.rows(
        f"select _row, {plain} from {staged.table} where {where} order by _row limit 3"
    )
    if not found:
        return
    what = {
        "date": "this is no date",
        "integer": "this is no whole number",
        "number": "this is no number",
    }[variable.type]
    forms = "YYYY-MM-DD" if variable.type == "date" else "a number, with a point for decimals"
    rows = ", ".join(f"{int(str(row)):,}" for row, _ in found)
    patients = work.first(staged.table, where) if "USUBJID" in staged.types else ()
    work.issue(
        Issue(
            "error",
            dataset.name,
            variable.name,
            f"{what} (row {rows})",
            f"Write {forms}, or leave it blank.",
            file=f"{staged.file} {column}" if column != variable.name else staged.file,
            rows=work.count(staged.table, where),
            patients=patients,
            values=tuple(str(value) for _, value in found),
        )
    )


def _spelled(variable: Variable, sql: str) -> str:
    """A text of which only some values are allowed, in the spelling that is allowed."""
    known = SPELLINGS["flag" if variable.allowed == FLAG else variable.name] if (
        variable.allowed == FLAG or variable.name in SPELLINGS
    ) else {}  # fmt: skip
    pairs = {str(value).upper(): str(value) for value in variable.allowed} | dict(known)
    cases = " ".join(f"when {text(k)} then {text(v)}" for k, v in pairs.items())
    missing = "" if "NA" in pairs else " when 'NA' then null"
    return f"case upper({sql}) {cases}{missing} else {sql} end"


def cast_sql(held: str, kind: str, target: str) -> str:
    """SQL that reads a value of one type as another; null where that cannot be done."""
    if kind == "VARCHAR":
        held = f"nullif(trim({held}), '')"
        if target == "DATE":
            return f"cast(try_strptime({held}, {_DATE_FORMS}) as date)"
        if target == "INTEGER":
            number = f"try_cast({held} as double)"
            return f"case when {number} = round({number}) then try_cast({number} as integer) end"
        if target == "DOUBLE":
            return f"try_cast({held} as double)"
        return held
    if kind == "DOUBLE":
        if target == "DOUBLE":
            return held
        if target == "INTEGER":
            return f"case when {held} = round({held}) then try_cast({held} as integer) end"
        if target == "VARCHAR":
            return (
                f"case when {held} = round({held}) "
                f"then cast(try_cast({held} as bigint) as varchar) else cast({held} as varchar) end"
            )
        return "cast(null as date)"
    if target == "VARCHAR":
        return f"strftime({held}, '%Y-%m-%d')"
    return f"cast({held} as date)" if target == "DATE" else f"cast(null as {target})"
