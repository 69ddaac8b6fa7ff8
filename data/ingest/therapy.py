"""ADEX and ADCM: numbering, administrations, and rescue only where the study defines it."""

from __future__ import annotations

from data.ingest.work import Work


def number(work: Work, dataset: str, sequence: str, order: str) -> None:
    """Number a patient's records where the file does not."""
    if work.has(dataset, sequence):
        return
    work.connection.execute(
        f"update {dataset} set {sequence} = n.place from (select rowid as nth, row_number() over "
        f"(partition by USUBJID order by {order}) as place from {dataset}) as n "
        f"where n.nth = {dataset}.rowid"
    )
    work.redecide(dataset, sequence, "", f"{sequence} missing; numbered in the order of the days")


def medications(work: Work) -> None:
    """ADCM: numbered; which of them are rescue, no rule derives."""
    number(work, "ADCM", "CMSEQ", "ASTDY, CMDECOD, _row")
    if not work.has("ADCM", "RESCFL"):
        why = "the trial's own protocol defines rescue; set it under [map.ADCM]"
        work.redecide("ADCM", "RESCFL", "", why)


def administrations(work: Work) -> None:
    """ADEX: one row per administration; summary parameters are left out."""
    number(work, "ADEX", "EXSEQ", "ASTDY, _row")
    work.reject(
        "ADEX",
        "_row in (select _row from (select _row, row_number() over (partition by USUBJID, EXSEQ "
        "order by _row) as place from ADEX where EXSEQ is not null) where place > 1) "
        "or EXSEQ is null",  # it was numbered above unless other rows have a number
        "another parameter of the same administration, or a summary of several",
    )
