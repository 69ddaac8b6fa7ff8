"""SAFFL: who was treated."""

from __future__ import annotations

from data.ingest.findings import subjects as findings
from data.ingest.report import IngestError
from data.ingest.work import Work

_NOT_TREATED = (
    "regexp_matches(upper({0}), "
    "'^(SCREEN.*FAIL.*|NOT (ASSIGNED|TREATED).*|NOTASSGN|SCRNFAIL|NOTTRT)$')"
)


def complete(work: Work) -> None:
    """SAFFL as delivered, else from the date of first treatment, exposure or actual treatment.

    Raises:
        IngestError: no variable tells who was treated, or nobody was.
    """
    if work.has("ADSL", "SAFFL"):
        _delivered(work)
    else:
        _derived(work)
    if never := work.count("ADSL", "SAFFL = 'N'"):
        patients = work.first("ADSL", "SAFFL is distinct from 'Y'")
        work.add(findings.never_treated(never, work.count("ADSL"), patients))
    if not work.count("ADSL", "SAFFL = 'Y'"):
        raise IngestError(findings.nobody_treated())


def _delivered(work: Work) -> None:
    undated = work.concerned("ADSL", "SAFFL = 'Y' and TRTSDT is null")
    if undated and work.has("ADSL", "TRTSDT"):
        work.add(findings.no_first_treatment(undated))
    if missing := work.concerned("ADSL", "SAFFL is null"):
        work.connection.execute("update ADSL set SAFFL = 'N' where SAFFL is null")
        work.add(findings.safety_flag_missing(missing))


def _derived(work: Work) -> None:
    if work.has("ADSL", "TRTSDT"):
        rule, source = "TRTSDT is not null", "TRTSDT"
    elif work.has("ADEX", "ASTDY") or work.has("ADEX", "ASTDT"):
        rule = "USUBJID in (select x.USUBJID from ADEX as x where coalesce(x.EXDOSE, 1) > 0)"
        source = "ADEX"
    elif work.has("ADSL", "TRT01A"):
        rule = f"TRT01A is not null and not {_NOT_TREATED.format('TRT01A')}"
        source = "TRT01A"
    else:
        raise IngestError(findings.treatment_unknown())
    work.connection.execute(f"update ADSL set SAFFL = if({rule}, 'Y', 'N')")
    work.redecide("ADSL", "SAFFL", source, "SAFFL missing; Y where there was a treatment")
