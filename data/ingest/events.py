"""ADAE and the other occurrence data: numbering, coding, treatment-emergent, related, rescue."""

from __future__ import annotations

from data.ingest.mapping import Work
from data.ingest.report import Issue

NOT_CODED = "(not coded)"

RELATED = {
    "Y", "YES", "RELATED", "POSSIBLE", "PROBABLE", "DEFINITE", "CERTAIN", "LIKELY", "VERY LIKELY",
    "POSSIBLY RELATED", "PROBABLY RELATED", "DEFINITELY RELATED", "POSSIBLY", "PROBABLY",
    "DEFINITELY", "PROBABLE/LIKELY", "REASONABLE POSSIBILITY", "SUSPECTED", "TREATMENT RELATED",
}  # fmt: skip
"""Values of AEREL that count as related to treatment."""

NOT_RELATED = {
    "N", "NO", "NONE", "NOT RELATED", "UNRELATED", "UNLIKELY", "UNLIKELY RELATED", "REMOTE",
    "NOT LIKELY", "DOUBTFUL", "NO REASONABLE POSSIBILITY", "NOT SUSPECTED", "NOT APPLICABLE",
}  # fmt: skip
"""Values of AEREL that do not."""


def complete(work: Work) -> None:
    """Fill in what the app needs of ADAE and can be known by rule."""
    number(work, "ADAE", "AESEQ", "ASTDY, AEDECOD, _row")
    _coded(work)
    _emergent(work)
    _scale(work)
    related(work)


def number(work: Work, dataset: str, sequence: str, order: str) -> None:
    """Number a patient's records where the file does not."""
    if work.has(dataset, sequence):
        return
    work.connection.execute(
        f"update {dataset} set {sequence} = n.place from (select rowid as nth, row_number() over "
        f"(partition by USUBJID order by {order}) as place from {dataset}) as n "
        f"where n.nth = {dataset}.rowid"
    )
    work.redecide(dataset, sequence, "", f"{sequence} not found; counted in the order of the days")


def _coded(work: Work) -> None:
    where = "AEDECOD is null"
    if rows := work.count("ADAE", where):
        patients = work.first("ADAE", where)
        work.connection.execute(f"update ADAE set AEDECOD = '{NOT_CODED}' where {where}")
        work.issue(
            Issue(
                "warning",
                "ADAE",
                "AEDECOD",
                "events without a dictionary term",
                f"They are kept and shown as {NOT_CODED}.",
                rows=rows,
                patients=patients,
            )
        )


def _emergent(work: Work) -> None:
    """TRTEMFL as delivered, else Y where the event began on or after the first treatment."""
    if work.has("ADAE", "TRTEMFL") or ("ADAE", "TRTEMFL") in work.settings.given:
        return
    if work.has("ADAE", "ASTDY"):
        work.connection.execute(
            "update ADAE set TRTEMFL = case when ASTDY >= 1 then 'Y' when ASTDY < 0 then 'N' end"
        )
        work.redecide(
            "ADAE",
            "TRTEMFL",
            "ASTDY",
            "TRTEMFL not found; Y from the day of the first treatment on, with no last day",
        )
        work.issue(
            Issue(
                "warning",
                "ADAE",
                "TRTEMFL",
                "treatment-emergent is derived: events that began on day 1 or later",
                "Deliver TRTEMFL if the protocol says it otherwise, for instance with a last day.",
                rows=work.count("ADAE", "TRTEMFL = 'Y'"),
            )
        )
    unknown = "TRTEMFL is null"
    if rows := work.count("ADAE", unknown):
        work.issue(
            Issue(
                "warning",
                "ADAE",
                "TRTEMFL",
                "not known whether the event is treatment-emergent: its first day is missing",
                "Such events are not counted as treatment-emergent. Fill TRTEMFL or ASTDY.",
                rows=rows,
                patients=work.first("ADAE", unknown),
            )
        )


def scale(work: Work) -> str:
    """Which of the two the study has: "grade" (AETOXGR) or "severity" (AESEV)."""
    return "severity" if not work.has("ADAE", "AETOXGR") and work.has("ADAE", "AESEV") else "grade"


def _scale(work: Work) -> None:
    grade, severity = work.has("ADAE", "AETOXGR"), work.has("ADAE", "AESEV")
    if not work.count("ADAE"):
        return  # said already
    if not grade and not severity:
        work.issue(
            Issue(
                "warning",
                "ADAE",
                "AETOXGR or AESEV",
                "events have neither a CTCAE grade nor a severity",
                "They are shown without. Add AETOXGR or AESEV.",
            )
        )
        return
    variable = "AETOXGR" if grade else "AESEV"
    if grade:
        why = "the study grades by CTCAE"
    else:
        why = "no CTCAE grade; severity is shown as severity, and no grade is made from it"
    work.decide("ADAE", "scale", variable, why)
    if rows := work.count("ADAE", f"{variable} is null"):
        work.issue(
            Issue(
                "note",
                "ADAE",
                variable,
                f"events without a {'grade' if grade else 'severity'}",
                "They are shown as missing.",
                rows=rows,
                patients=work.first("ADAE", f"{variable} is null"),
            )
        )


def related(work: Work) -> tuple[str, ...]:
    """The values of AEREL in the data that count as related."""
    values = [str(v) for (v,) in work.rows(
        "select distinct AEREL from ADAE where AEREL is not null order by AEREL"
    )]  # fmt: skip
    if not values:
        return ()
    counted = tuple(v for v in values if v.upper() in RELATED)
    rest = [v for v in values if v.upper() in NOT_RELATED]
    unclear = tuple(v for v in values if v.upper() not in RELATED | NOT_RELATED)
    said = work.settings.toml.get("adverse_events", {})
    if isinstance(said, dict) and "related" in said:
        work.decide("ADAE", "related", "AEREL", f"{work.settings.name} lists the values")
        return counted
    why = f"counted as related: {', '.join(counted) or 'none'}; not: {', '.join(rest) or 'none'}"
    work.decide("ADAE", "related", "AEREL", why)
    if unclear:
        work.issue(
            Issue(
                "warning",
                "ADAE",
                "AEREL",
                "it is not known whether these mean related; they count as not related",
                "List those that do: related = [...] under [adverse_events] in the file given with "
                "--map.",
                values=unclear[:5],
            )
        )
    return counted


def therapies(work: Work) -> None:
    """ADCM: numbering, and rescue only where it is said."""
    number(work, "ADCM", "CMSEQ", "ASTDY, CMDECOD, _row")
    if not work.has("ADCM", "RESCFL"):
        work.redecide(
            "ADCM",
            "RESCFL",
            "",
            "which therapy is a rescue is the trial's own definition; say it under [map.ADCM]",
        )


def exposure(work: Work) -> None:
    """ADEX: one row per administration; summary parameters are left out."""
    number(work, "ADEX", "EXSEQ", "ASTDY, _row")
    work.reject(
        "ADEX",
        "_row in (select _row from (select _row, row_number() over (partition by USUBJID, EXSEQ "
        "order by _row) as place from ADEX where EXSEQ is not null) where place > 1) "
        "or EXSEQ is null",  # it was numbered above unless other rows have it
        "another parameter of the same administration, or a summary of several",
    )
