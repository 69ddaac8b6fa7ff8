"""The baseline: ABLFL and BASE."""

from __future__ import annotations

from data.ingest.findings import laboratory as findings
from data.ingest.work import Work


def complete(work: Work) -> None:
    """ABLFL, else the last value on or before day 1; BASE, else the value where ABLFL is Y."""
    if not work.has("ADLB", "ABLFL") and not work.is_mapped("ADLB", "ABLFL"):
        work.connection.execute(
            "update ADLB set ABLFL = 'Y' where rowid in (select arg_max(rowid, "
            "(ADY, coalesce(AVISITN, -1e9), _row)) from ADLB where ADY <= 1 and AVAL is not null "
            "and DTYPE is null group by USUBJID, PARAMCD)"
        )
        if work.has("ADLB", "ABLFL"):
            why = "ABLFL missing; the last value on or before day 1"
            work.redecide("ADLB", "ABLFL", "ADY", why)
    if not work.has("ADLB", "BASE") and not work.is_mapped("ADLB", "BASE"):
        _base(work)
    several = work.texts(
        "select USUBJID from ADLB where ABLFL = 'Y' and AVAL is not null and DTYPE is null "
        "group by USUBJID, PARAMCD, BASETYPE having count(*) > 1 order by all limit 3"
    )
    if several:
        work.add(findings.several_baselines(several))


def _base(work: Work) -> None:
    """BASE from the baseline record, if it has one value, of the same kind of baseline."""
    work.connection.execute(
        "update ADLB set BASE = b.value from (select USUBJID, PARAMCD, "
        "coalesce(BASETYPE, '') as kind, any_value(AVAL) as value from ADLB where ABLFL = 'Y' "
        "and AVAL is not null group by all having count(distinct AVAL) = 1) as b "
        "where b.USUBJID = ADLB.USUBJID and b.PARAMCD = ADLB.PARAMCD "
        "and b.kind = coalesce(ADLB.BASETYPE, '')"
    )
    if work.has("ADLB", "BASE"):
        why = "BASE missing; AVAL of the same parameter where ABLFL is Y"
        work.redecide("ADLB", "BASE", "AVAL", why)
    else:
        work.add(findings.no_baseline())
