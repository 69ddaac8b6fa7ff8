"""Study days: derived from dates where they are missing, else compared with the dates."""

from __future__ import annotations

from data.ingest.findings import events as findings
from data.ingest.work import Work

_PAIRS = {
    "ADLB": (("ADY", "ADT"),),
    "ADAE": (("ASTDY", "ASTDT"), ("AENDY", "AENDT")),
    "ADEX": (("ASTDY", "ASTDT"),),
    "ADCM": (("ASTDY", "ASTDT"), ("AENDY", "AENDT")),
    "ADRS": (("ADY", "ADT"),),
}


def derive(work: Work, dataset: str) -> None:
    """Fill in the study days of a dataset where they are missing and their date is known."""
    for day, date in _PAIRS.get(dataset, ()):
        given = work.settings.given.get((dataset, day))
        if given is not None and not given.nothing:
            continue
        _set_zero_aside(work, dataset, day, date)
        where = f"{dataset}.{day} is null and {dataset}.{date} is not null"
        missing = work.count(dataset, where)
        if not missing:
            continue
        every = missing == work.count(dataset, f"{date} is not null")
        work.connection.execute(
            f"update {dataset} set {day} = date_diff('day', s.TRTSDT, {dataset}.{date}) "
            f"+ if({dataset}.{date} >= s.TRTSDT, 1, 0) from ADSL as s "
            f"where s.USUBJID = {dataset}.USUBJID and s.TRTSDT is not null and {where}"
        )
        filled = missing - work.count(dataset, where)
        if filled and every:
            why = f"derived; {findings.DAY_RULE}"
            work.redecide(dataset, day, f"{date} and ADSL.TRTSDT", why)
        elif filled:
            work.add(findings.days_derived(dataset, day, date, filled))


def _set_zero_aside(work: Work, dataset: str, day: str, date: str) -> None:
    """A study day 0 becomes missing, so that it is derived from its date where that is known.

    Not if most patients have one, as then all days may count from 0; nor if it decides who is
    counted: then the contract refuses it.
    """
    zero = work.concerned(dataset, f"{day} = 0")
    patients = "select count(distinct USUBJID) {0} from {1}"
    n, n_zero = (
        int(work.texts(patients.format(where, dataset))[0])
        for where in ("", f"filter (where {day} = 0)")
    )
    if not zero or 2 * n_zero > n or _decides(work, dataset, day, date):
        return
    work.connection.execute(f"update {dataset} set {day} = null where {day} = 0")
    work.add(findings.day_zero(dataset, day, zero))


def _decides(work: Work, dataset: str, day: str, date: str) -> bool:
    """Whether a day 0 without a date decides who is counted: an event as treatment-emergent, a
    therapy as rescue."""
    condition = {
        ("ADAE", "ASTDY"): "true" if not work.has("ADAE", "TRTEMFL") else "false",
        ("ADCM", "ASTDY"): "RESCFL = 'Y'",
    }.get((dataset, day), "false")
    undated = (
        f"({date} is null or not exists (select 1 from ADSL as s where "
        f"s.USUBJID = {dataset}.USUBJID and s.TRTSDT is not null))"
    )
    return work.count(dataset, f"{day} = 0 and {condition} and {undated}") > 0


def compare(work: Work, dataset: str) -> None:
    """Warn where study days as delivered disagree with the dates of the same row."""
    for day, date in _PAIRS.get(dataset, ()):
        where = (
            f"{day} is not null and {date} is not null and exists (select 1 from ADSL as s where "
            f"s.USUBJID = {dataset}.USUBJID and s.TRTSDT is not null and {day} <> "
            f"date_diff('day', s.TRTSDT, {date}) + if({date} >= s.TRTSDT, 1, 0))"
        )
        if differing := work.concerned(dataset, where):
            work.add(findings.days_differ(dataset, day, date, differing))
