"""ADEX and ADCM: the study treatment as given, and every other therapy."""

from __future__ import annotations

from data.contract.shape import Dataset, Variable
from data.contract.variables import IN_ADSL, STUDYID, USUBJID, day, flag

ADEX = Dataset(
    name="ADEX",
    label="Exposure Analysis Dataset",
    structure="one row per patient and infusion",
    key=("USUBJID", "EXSEQ"),
    order=("USUBJID", "ASTDY", "EXSEQ"),
    references=IN_ADSL,
    variables=(
        STUDYID,
        USUBJID,
        Variable("EXSEQ", "Sequence Number", "integer"),
        Variable("EXTRT", "Name of Treatment"),
        Variable("EXDOSE", "Dose", "number", unit="EXDOSU"),
        Variable("EXDOSU", "Dose Units"),
        Variable("AVISIT", "Analysis Visit"),
        Variable("AVISITN", "Analysis Visit (N)", "number"),
        day("ASTDY", "Analysis Start Relative Day", required=True),
        day("AENDY", "Analysis End Relative Day"),
        Variable("ASTDT", "Analysis Start Date", "date"),
    ),
)

ADCM = Dataset(
    name="ADCM",
    label="Concomitant Medications Analysis Dataset",
    structure="one row per patient and course of another therapy",
    key=("USUBJID", "CMSEQ"),
    order=("USUBJID", "ASTDY", "CMSEQ"),
    references=IN_ADSL,
    variables=(
        STUDYID,
        USUBJID,
        Variable("CMSEQ", "Sequence Number", "integer"),
        Variable("CMTRT", "Reported Name of Drug, Med, or Therapy"),
        Variable("CMDECOD", "Standardized Medication Name", required=True),
        Variable("CMCAT", "Category for Medication"),
        flag(
            "RESCFL",
            "Rescue Therapy Flag",
            "Counts within the window after rescue do not count as response; not in ADaM.",
        ),
        day("ASTDY", "Analysis Start Relative Day", required=True),
        day("AENDY", "Analysis End Relative Day", description="Missing while the therapy lasts."),
        Variable("ASTDT", "Analysis Start Date", "date"),
        Variable("AENDT", "Analysis End Date", "date"),
    ),
)
