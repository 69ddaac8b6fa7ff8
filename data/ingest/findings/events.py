"""Findings about adverse events (ADAE), and about study days of any dataset."""

from __future__ import annotations

from collections.abc import Sequence

from data.ingest.report import Concerned, Issue, note, warning

DAY_RULE = "first treatment is day 1, the day before is day -1, and there is no day 0"


def no_event(rows: Concerned) -> Issue:
    return note(
        "ADAE",
        "records with neither a term nor a date stand for patients without events",
        "They are left out; these patients are in every denominator.",
        rows,
    )


def no_preferred_term(shown_as: str, rows: Concerned) -> Issue:
    return warning(
        "ADAE.AEDECOD",
        "events without a preferred term",
        f"They are kept and shown as {shown_as}.",
        rows,
    )


def emergence_derived(rows: Concerned) -> Issue:
    return warning(
        "ADAE.TRTEMFL",
        "treatment-emergent is derived: events that started on day 1 or later",
        "Add TRTEMFL if the protocol defines it otherwise, for example with a last day.",
        rows,
    )


def emergence_unknown(rows: Concerned) -> Issue:
    return warning(
        "ADAE.TRTEMFL",
        "unknown whether treatment-emergent: start day missing",
        "These events do not count as treatment-emergent. Fill in TRTEMFL or ASTDY.",
        rows,
    )


def neither_grade_nor_severity() -> Issue:
    return warning(
        "ADAE.AETOXGR or AESEV",
        "events have neither a CTCAE grade nor a severity",
        "They are shown without. Add AETOXGR or AESEV.",
    )


def grade_missing(variable: str, scale: str, rows: Concerned) -> Issue:
    """scale: "grade" or "severity"."""
    return note(f"ADAE.{variable}", f"events without a {scale}", "They are shown as missing.", rows)


def relationship_unclear(values: Sequence[str]) -> Issue:
    return warning(
        "ADAE.AEREL",
        "unclear whether these mean related; they count as not related",
        "List those that do: related = [...] under [adverse_events] in the map (--map).",
        Concerned(values=tuple(values)),
    )


def day_zero(dataset: str, day: str, rows: Concerned) -> Issue:
    return warning(
        f"{dataset}.{day}",
        "study day 0",
        f"It is derived from the date where that is known, and else set to missing; {DAY_RULE}.",
        rows,
    )


def days_derived(dataset: str, day: str, date: str, rows: int) -> Issue:
    return note(
        f"{dataset}.{day}",
        f"derived from {date} and TRTSDT of ADSL where it was missing",
        f"Nothing to do; {DAY_RULE}.",
        Concerned(rows),
    )


def days_differ(dataset: str, day: str, date: str, rows: Concerned) -> Issue:
    return warning(
        f"{dataset}.{day}",
        f"study day differs from the one that {date} and TRTSDT of ADSL give",
        "The study day is used as delivered. If both files are right, dates may have been shifted "
        "to protect patients' identities.",
        rows,
    )
