"""ADSL: which study it is, who was treated, with what, at which dose, in which cohort and phase."""

from __future__ import annotations

from data.ingest.stage import quoted, text
from data.ingest.subjects import arms, doses, treated
from data.ingest.work import Work


def complete(work: Work) -> None:
    """Fill in by rule what the app needs of ADSL."""
    treated.complete(work)
    arms.complete(work)
    doses.complete(work)
    arms.number(work, "COHORT", "COHORTN")
    arms.number(work, "PHASE", "PHASEN")
    _end_of_study(work)
    if not work.has("ADSL", "PHASE"):
        work.redecide(
            "ADSL",
            "PHASE",
            "",
            "PHASE missing, and no rule derives it (APHASE is a period of a patient's own course); "
            "set it under [map.ADSL]",
        )


def _end_of_study(work: Work) -> None:
    """EOSSTT and DCSREAS, else from the standardised disposition term."""
    if work.has("ADSL", "EOSSTT") or work.is_mapped("ADSL", "EOSSTT"):
        return
    extras = {name for name, _, _ in work.extras["ADSL"]}
    if "DCDECOD" not in extras or not work.has("ADSL", "DCDECOD"):
        return
    term = quoted("DCDECOD")
    work.connection.execute(
        f"update ADSL set EOSSTT = case when upper({term}) = 'COMPLETED' then 'COMPLETED' "
        f"when {term} is not null then 'DISCONTINUED' end, "
        f"DCSREAS = coalesce(DCSREAS, case when upper({term}) <> 'COMPLETED' then {term} end)"
    )
    why = "EOSSTT missing; COMPLETED where the disposition is, DISCONTINUED otherwise"
    work.redecide("ADSL", "EOSSTT", "DCDECOD", why)


def baseline_platelets(work: Work, parameter: str) -> None:
    """BLPLAT from the baseline record of the platelet count, where ADSL does not hold it."""
    if not parameter or work.has("ADSL", "BLPLAT") or work.is_mapped("ADSL", "BLPLAT"):
        return
    work.connection.execute(
        "update ADSL set BLPLAT = b.value from (select USUBJID, any_value(AVAL) as value from ADLB "
        f"where PARAMCD = {text(parameter)} and ABLFL = 'Y' and AVAL is not null group by USUBJID "
        "having count(distinct AVAL) = 1) as b where b.USUBJID = ADSL.USUBJID"
    )
    if work.has("ADSL", "BLPLAT"):
        work.redecide("ADSL", "BLPLAT", "ADLB", f"AVAL of {parameter} where ABLFL is Y")
