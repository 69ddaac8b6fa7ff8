"""The tables of an import against the contract, and the rows that must be left out."""

from __future__ import annotations

from typing import Final

from data.contract import DATASETS, Finding, Variable, violations_in
from data.ingest import events
from data.ingest.findings import files as findings
from data.ingest.report import Concerned, IngestError, Issue
from data.ingest.work import Work

SOFT: Final = (
    "SEX", "EOSSTT", "EOSDY", "BLBLEED", "ITPDUR", "CHRONFL", "PRIOR5FL", "SPLENFL", "RITUXFL",
    "ANTIBFL", "DLTFL", "ENRLFL", "RANDFL", "LLOQFL", "ANL01FL", "ANL02FL", "ANL03FL", "AOCCFL",
    "AOCCPFL", "AENDY", "AGE", "ULOQFL", "AENDT", "TRTEDT", "HEIGHTBL", "WEIGHTBL", "BMIBL",
    "A1LO", "A1HI", "CHG", "PARAMN", "ENRLNO",
)  # fmt: skip
"""Variables that no result depends on: a value not allowed is set to missing, with a warning."""


def soft(work: Work, name: str) -> frozenset[str]:
    """`SOFT`, and of grade and severity the one that the study is not graded by."""
    if name != "ADAE":
        return frozenset(SOFT)
    return frozenset({*SOFT, "AESEV" if events.scale(work) == "grade" else "AETOXGR"})


def not_empty(work: Work, name: str) -> None:
    """A dataset must hold rows.

    Raises:
        IngestError: ADSL is empty.
    """
    if work.count(name):
        return
    if name == "ADSL":
        raise IngestError(findings.empty(name))
    work.add(findings.empty(name))


def patients(work: Work, name: str) -> None:
    """Every row must name its patient, who must be in ADSL.

    Rows of unknown patients are an error, or are left out if the map asks for it.
    """
    _identifiers(work, name)
    if name == "ADSL" or work.count("ADSL", "USUBJID is null"):
        return  # without identifiers in ADSL nobody is known
    unknown = (
        "USUBJID is not null and not exists "
        f"(select 1 from ADSL as s where s.USUBJID = {name}.USUBJID)"
    )
    if work.settings.unknown_patients:
        work.reject(name, unknown, findings.NOT_IN_ADSL)
    elif rows := work.concerned(name, unknown, "USUBJID"):
        work.add(findings.unknown_patients(name, rows, work.files_of(name)))


def _identifiers(work: Work, name: str) -> None:
    rows = work.count(name, "USUBJID is null")
    if rows and rows == work.count(name):
        work.add(findings.no_identifiers(name, Concerned(rows), work.files_of(name)))
    elif rows:
        first = work.rows(f"select _row from {name} where USUBJID is null order by _row limit 3")
        at = ", ".join(f"{int(str(row)):,}" for (row,) in first)
        work.add(findings.missing_identifiers(name, at, Concerned(rows), work.files_of(name)))


def duplicate_rows(work: Work, name: str) -> None:
    """Leave out duplicate rows of a file, and records that are also in another file (not ADSL)."""
    within = (
        "rowid in (select nth from (select rowid as nth, row_number() over (partition by _file, "
        f"_same order by _row) as place from {name} where _same in (select _same from {name} "
        "group by _file, _same having count(*) > 1)) where place > 1)"
    )
    duplicates = f"select 1 from {name} group by _file, _same having count(*) > 1 limit 1"
    if work.rows(duplicates):
        _leave_out(work, name, within, "duplicate of another row of the file")
    if int(work.texts(f"select count(distinct _file) from {name}")[0]) > 1:
        columns = ", ".join(v.name for v in DATASETS[name].variables)
        across = (
            f"exists (select 1 from (select hash({columns}) as h, min(_file) as first from {name} "
            f"group by h having count(distinct _file) > 1) where h = hash({columns}) "
            "and first <> _file)"
        )
        _leave_out(work, name, across, "duplicate of a record in another file")


def _leave_out(work: Work, name: str, where: str, reason: str) -> None:
    files = work.files_of(name)
    if rows := work.reject(name, where, reason):
        work.add(findings.duplicate_rows(name, reason, rows, files))


def contract(work: Work, name: str) -> None:
    """Hold a table against its contract; what no result depends on is set to missing."""
    names = soft(work, name)
    for finding in violations_in(work.connection, DATASETS[name], name):
        work.add(_issue(work, name, finding, is_soft=finding.variable in names))
    for variable in DATASETS[name].variables:
        if variable.name not in names or not (variable.allowed or variable.condition):
            continue
        wrong = f"{variable.name} is not null and {_not_allowed(variable)}"
        if work.count(name, wrong):
            work.connection.execute(f"update {name} set {variable.name} = null where {wrong}")


def _not_allowed(variable: Variable) -> str:
    """The SQL condition of values that the contract does not allow."""
    if not variable.allowed:
        return f"not ({variable.condition})"
    values = ", ".join(f"'{a}'" if isinstance(a, str) else str(a) for a in variable.allowed)
    return f"{variable.name} not in ({values})"


def _issue(work: Work, name: str, finding: Finding, *, is_soft: bool) -> Issue:
    """A finding of the contract as an issue, with the files it is in."""
    is_error, advice, rule = True, finding.advice, finding.rule
    if rule == "value not allowed" and is_soft:
        is_error, advice = False, f"They are set to missing. {advice}"
    elif (
        rule == "value not allowed" and finding.values == ("0",) and finding.variable.endswith("DY")
    ):
        advice = findings.counted_from_zero(name, finding.variable)
    elif rule == "duplicate key" and name != "ADSL":
        is_error = False
        advice = (
            "All of them are kept. Check whether they are duplicates; LBSEQ or ASEQ tells records "
            "apart."
        )
    elif rule == "duplicate key":
        rule, advice = "duplicate patient", "Keep one row for each patient."
    return Issue(
        "error" if is_error else "warning",
        name,
        finding.variable,
        rule,
        advice,
        work.files_of(name),
        finding.rows,
        finding.patients,
        finding.values,
    )
