"""Which study the patients belong to."""

from __future__ import annotations

from data.ingest.findings import subjects as findings
from data.ingest.report import IngestError
from data.ingest.stage import text
from data.ingest.work import Work


def study_id(work: Work, wanted: str) -> tuple[str, list[str]]:
    """The identifier of the study, and those of other studies whose patients were left out.

    It is that of ADSL, unless `wanted` names another.

    Raises:
        IngestError: ADSL holds several studies and none was chosen, or it holds no identifier.
    """
    held = work.texts(
        "select distinct STUDYID from ADSL where STUDYID is not null order by STUDYID"
    )
    others: list[str] = []
    if wanted and wanted in held and len(held) > 1:
        others = [other for other in held if other != wanted]
        work.reject("ADSL", f"STUDYID is distinct from {text(wanted)}", of_another(wanted))
    elif len(held) > 1:
        raise IngestError(findings.several_studies(held[:5]))
    chosen = wanted or (held[0] if held else "")
    if not chosen:
        raise IngestError(findings.no_study_identifier())
    if not held:
        work.connection.execute(f"update ADSL set STUDYID = {text(chosen)}")
        work.redecide("ADSL", "STUDYID", "--study", "ADSL has none")
    elif chosen not in held:
        work.decide(
            "", "study", "--study", f"imported as {chosen}; STUDYID in the data is {held[0]}"
        )
    return chosen, others


def of_another(study: str) -> str:
    """The reason for leaving out rows of another study than this."""
    return f"belongs to a study other than {study}"
