"""ADAE: numbering, coding, treatment-emergent, grade or severity, and related."""

from __future__ import annotations

from data.ingest import therapy
from data.ingest.findings import events as findings
from data.ingest.report import Concerned
from data.ingest.work import Work

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

_NO_EVENT = (
    "AEDECOD is null and AETERM is null and AEBODSYS is null and ASTDY is null and ASTDT is null"
)
"""Some sponsors send one such record for each patient without events."""


def complete(work: Work) -> None:
    """Fill in by rule what the app needs of ADAE."""
    if none := work.reject("ADAE", _NO_EVENT, "neither a term nor a date: no event"):
        work.add(findings.no_event(none))
    therapy.number(work, "ADAE", "AESEQ", "ASTDY, AEDECOD, _row")
    _code(work)
    _derive_emergent(work)
    _choose_scale(work)
    related(work)


def _code(work: Work) -> None:
    if uncoded := work.concerned("ADAE", "AEDECOD is null"):
        work.connection.execute(f"update ADAE set AEDECOD = '{NOT_CODED}' where AEDECOD is null")
        work.add(findings.no_preferred_term(NOT_CODED, uncoded))


def _derive_emergent(work: Work) -> None:
    """TRTEMFL as delivered, else Y where the event started on or after the first treatment."""
    if work.has("ADAE", "TRTEMFL") or work.is_mapped("ADAE", "TRTEMFL"):
        return
    if work.has("ADAE", "ASTDY"):
        work.connection.execute(
            "update ADAE set TRTEMFL = case when ASTDY >= 1 then 'Y' when ASTDY < 0 then 'N' end"
        )
        why = "TRTEMFL missing; Y from the day of first treatment on, with no last day"
        work.redecide("ADAE", "TRTEMFL", "ASTDY", why)
        emergent = Concerned(work.count("ADAE", "TRTEMFL = 'Y'"))
        work.add(findings.emergence_derived(emergent))
    if unknown := work.concerned("ADAE", "TRTEMFL is null"):
        work.add(findings.emergence_unknown(unknown))


def scale(work: Work) -> str:
    """Which of the two is used: as the map sets it, else "grade" (AETOXGR) if the study has it, or
    "severity" (AESEV)."""
    settings = work.settings.toml.get("adverse_events", {})
    if isinstance(settings, dict) and settings.get("scale") in {"grade", "severity"}:
        return str(settings["scale"])
    return "severity" if not work.has("ADAE", "AETOXGR") and work.has("ADAE", "AESEV") else "grade"


def _choose_scale(work: Work) -> None:
    if not work.count("ADAE"):
        return  # an issue already
    if not work.has("ADAE", "AETOXGR") and not work.has("ADAE", "AESEV"):
        work.add(findings.neither_grade_nor_severity())
        return
    variable, why = {
        "grade": ("AETOXGR", "the study grades by CTCAE"),
        "severity": (
            "AESEV",
            "no CTCAE grade; severity is shown as severity, and no grade is derived from it",
        ),
    }[scale(work)]
    work.decide("ADAE", "scale", variable, why)
    if missing := work.concerned("ADAE", f"{variable} is null"):
        work.add(findings.grade_missing(variable, scale(work), missing))


def related(work: Work) -> tuple[str, ...]:
    """The values of AEREL in the data that count as related."""
    values = work.texts("select distinct AEREL from ADAE where AEREL is not null order by AEREL")
    if not values:
        return ()
    counted = tuple(v for v in values if v.upper() in RELATED)
    others = [v for v in values if v.upper() in NOT_RELATED]
    unclear = [v for v in values if v.upper() not in RELATED | NOT_RELATED]
    settings = work.settings.toml.get("adverse_events", {})
    if isinstance(settings, dict) and "related" in settings:
        work.decide("ADAE", "related", "AEREL", f"{work.settings.name} lists the values")
        return counted
    why = f"counted as related: {', '.join(counted) or 'none'}; not: {', '.join(others) or 'none'}"
    work.decide("ADAE", "related", "AEREL", why)
    if unclear:
        work.add(findings.relationship_unclear(unclear[:5]))
    return counted
