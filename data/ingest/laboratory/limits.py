"""Values reported beyond a limit of quantification ("<10", ">1000"): taken with the limit."""

from __future__ import annotations

from data.ingest.findings import laboratory as findings
from data.ingest.mapping.casts import limit_sql, sign_sql
from data.ingest.work import Work

_LIMIT, _SIGN = limit_sql("AVALC"), sign_sql("AVALC")


def complete(work: Work) -> None:
    """AVAL is the limit where it is missing and AVALC states one; LLOQFL and ULOQFL say which.

    A value that the sponsor set for such a record stays as delivered, and is not flagged.
    """
    taken = f"AVAL is null and {_LIMIT} is not null"
    work.connection.execute(f"update ADLB set AVAL = {_LIMIT} where {taken}")
    for flag, sign in (("LLOQFL", "<"), ("ULOQFL", ">")):
        if not work.is_mapped("ADLB", flag):
            work.connection.execute(
                f"update ADLB set {flag} = 'Y' where {flag} is null and {_SIGN} = '{sign}' "
                f"and AVAL = {_LIMIT}"
            )
    if rows := work.concerned("ADLB", f"AVAL = {_LIMIT} and {_SIGN} is not null", "AVALC"):
        work.add(findings.at_a_limit(rows))
    if rows := work.concerned("ADLB", f"AVAL <> {_LIMIT} and {_SIGN} is not null", "AVALC"):
        work.add(findings.set_by_sponsor(rows))
    if work.has("ADLB", "BASE"):
        _base(work)


def _base(work: Work) -> None:
    """BASE where it is missing only because the baseline value is beyond a limit."""
    work.connection.execute(
        "update ADLB set BASE = b.value from (select USUBJID, PARAMCD, "
        "coalesce(BASETYPE, '') as kind, any_value(AVAL) as value from ADLB where ABLFL = 'Y' "
        f"and AVAL = {_LIMIT} and {_SIGN} is not null group by all) as b "
        "where b.USUBJID = ADLB.USUBJID and b.PARAMCD = ADLB.PARAMCD "
        "and b.kind = coalesce(ADLB.BASETYPE, '') and ADLB.BASE is null"
    )
