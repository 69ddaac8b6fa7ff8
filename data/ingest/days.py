"""Study days from dates where they were not delivered: day 1 is the first treatment, no day 0."""

from __future__ import annotations

from data.ingest.mapping import Work
from data.ingest.report import Issue

_PAIRS = {
    "ADLB": (("ADY", "ADT"),),
    "ADAE": (("ASTDY", "ASTDT"), ("AENDY", "AENDT")),
    "ADEX": (("ASTDY", "ASTDT"),),
    "ADCM": (("ASTDY", "ASTDT"), ("AENDY", "AENDT")),
    "ADRS": (("ADY", "ADT"),),
}


def derive(work: Work, dataset: str) -> None:
    """Fill the study days of a dataset where they are missing and their date is known."""
    for day, date in _PAIRS.get(dataset, ()):
        if (dataset, day) in work.settings.given and not work.settings.given[dataset, day].nothing:
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
        if not filled:
            continue
        rule = "the day of the first treatment is 1, the day before -1, none is 0"
        if every:
            work.redecide(dataset, day, f"{date} and ADSL.TRTSDT", f"counted; {rule}")
        else:
            work.issue(
                Issue(
                    "note",
                    dataset,
                    day,
                    f"counted from {date} and TRTSDT of ADSL where it was missing",
                    f"Nothing to do; {rule}.",
                    rows=filled,
                )
            )


def compare(work: Work, dataset: str) -> None:
    """Warn where study days that were delivered disagree with the dates of the same row."""
    for day, date in _PAIRS.get(dataset, ()):
        where = (
            f"{day} is not null and {date} is not null and exists (select 1 from ADSL as s where "
            f"s.USUBJID = {dataset}.USUBJID and s.TRTSDT is not null and {day} <> "
            f"date_diff('day', s.TRTSDT, {date}) + if({date} >= s.TRTSDT, 1, 0))"
        )
        if rows := work.count(dataset, where):
            work.issue(
                Issue(
                    "warning",
                    dataset,
                    day,
                    f"the study day is not the one that {date} and TRTSDT of ADSL give",
                    "The study day is taken as delivered. Where both files are right, their dates "
                    "may have been shifted apart to hide the patients.",
                    rows=rows,
                    patients=work.first(dataset, where),
                )
            )
