"""The tables of an import against the contract, and the rows that cannot stay."""

from __future__ import annotations

from data.contract import DATASETS, Finding, violations_in
from data.ingest.mapping import SOFT, Work
from data.ingest.report import Issue, failure


def keys(work: Work, name: str) -> None:
    """Patients must be named in every row, and known to ADSL.

    Raises nothing: what is wrong becomes an issue; rows of unknown patients are taken out if the
    settings say so.
    """
    files = _files(work, name)
    if rows := work.count(name, "USUBJID is null"):
        at = ", ".join(
            f"{int(str(row)):,}"
            for (row,) in work.rows(
                f"select _row from {name} where USUBJID is null order by _row limit 3"
            )
        )
        everywhere = rows == work.count(name)
        work.issue(
            Issue(
                "error",
                name,
                "USUBJID",
                "the key is missing" + ("" if everywhere else f" (row {at})"),
                "Add the variable USUBJID, or name the one that identifies a patient: "
                f'USUBJID = "..." under [map.{name}].'
                if everywhere
                else "Say which patient the rows belong to, or take them out.",
                file=files,
                rows=rows,
            )
        )
    if name == "ADSL" or work.count("ADSL", "USUBJID is null"):
        return  # who is unknown, cannot be said without the patients
    unknown = (
        "USUBJID is not null and not exists "
        f"(select 1 from ADSL as s where s.USUBJID = {name}.USUBJID)"
    )
    if work.settings.unknown_patients:
        work.reject(name, unknown, "the patient is not in ADSL")
    elif rows := work.count(name, unknown):
        patients = work.first(name, unknown)
        work.issue(
            Issue(
                "error",
                name,
                "USUBJID",
                "the patient is not in ADSL",
                "Add the patients to ADSL, correct the identifiers, or leave the rows out: "
                'unknown_patients = "leave out" under [map].',
                file=files,
                rows=rows,
                patients=patients,
                values=patients,
            )
        )


def repeated_rows(work: Work, name: str) -> None:
    """Take out rows that stand in a file twice, or in two files (not in ADSL)."""
    within = (
        "rowid in (select nth from (select rowid as nth, row_number() over (partition by _file, "
        f"_same order by _row) as place from {name} where _same in (select _same from {name} "
        "group by _file, _same having count(*) > 1)) where place > 1)"
    )
    twice = f"select 1 from {name} group by _file, _same having count(*) > 1 limit 1"
    if work.rows(twice):
        _take_out(work, name, within, "the same as another row of the file in every variable read")
    if int(str(work.rows(f"select count(distinct _file) from {name}")[0][0])) > 1:
        columns = ", ".join(v.name for v in DATASETS[name].variables)
        across = (
            f"exists (select 1 from (select hash({columns}) as h, min(_file) as first from {name} "
            f"group by h having count(distinct _file) > 1) where h = hash({columns}) "
            "and first <> _file)"
        )
        _take_out(work, name, across, "the same record is in another file")


def _take_out(work: Work, name: str, where: str, reason: str) -> None:
    files = _files(work, name)
    patients = work.first(name, where)
    if rows := work.reject(name, where, reason):
        work.issue(
            Issue(
                "warning",
                name,
                "",
                reason,
                "One of each is kept; rejected.parquet holds the others.",
                file=files,
                rows=rows,
                patients=patients,
            )
        )


def contract(work: Work, name: str) -> None:
    """Hold a table against its contract; what no result hangs on is set to missing."""
    for finding in violations_in(work.connection, DATASETS[name], name):
        work.issue(_issue(work, name, finding))
    variables = [v for v in DATASETS[name].variables if v.name in SOFT]
    for variable in variables:
        if variable.allowed:
            values = ", ".join(f"'{a}'" if isinstance(a, str) else str(a) for a in variable.allowed)
            wrong = f"{variable.name} not in ({values})"
        else:
            wrong = f"not ({variable.condition})"
        if work.count(name, f"{variable.name} is not null and {wrong}"):
            work.connection.execute(
                f"update {name} set {variable.name} = null where {variable.name} is not null "
                f"and {wrong}"
            )


def _issue(work: Work, name: str, finding: Finding) -> Issue:
    """A finding of the contract as an issue, with the file it is in."""
    level, advice, rule = "error", finding.advice, finding.rule
    if rule == "value not allowed" and finding.variable in SOFT:
        level = "warning"
        advice = f"They are set to missing. {advice}"
    elif rule == "duplicate key" and name != "ADSL":
        level = "warning"
        advice = (
            "All of them are kept. Check whether they are the same record twice; "
            "LBSEQ or ASEQ tells records apart."
        )
    elif rule == "duplicate key":
        rule = "the patient is there more than once"
        advice = "Keep one row for each patient."
    elif rule == "required value missing" and finding.variable == "USUBJID":
        advice = "See above."
    return Issue(
        "error" if level == "error" else "warning",
        name,
        finding.variable,
        rule,
        advice,
        file=_files(work, name),
        rows=finding.rows,
        patients=finding.patients,
        values=finding.values,
    )


def _files(work: Work, name: str) -> str:
    found = work.rows(f"select distinct _file from {name} order by _file")
    return ", ".join(str(file) for (file,) in found)


def something(work: Work, name: str) -> None:
    """A dataset must hold rows.

    Raises:
        IngestError: ADSL is empty.
    """
    if work.count(name):
        return
    if name == "ADSL":
        raise failure("it has no row", "Every study needs its patients.", dataset=name)
    work.issue(
        Issue("warning", name, "", "it has no row", "What it serves is left out of the app.")
    )
