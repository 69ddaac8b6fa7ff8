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
