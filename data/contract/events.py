"""ADAE: the adverse events."""

from __future__ import annotations

from typing import Final

from data.contract.shape import Dataset, Variable
from data.contract.variables import IN_ADSL, STUDYID, USUBJID, day, flag

# AESEV from the mildest; the last two are not in CDISC's list, and sponsors use them.
SEVERITIES: Final = ("MILD", "MODERATE", "SEVERE", "LIFE THREATENING", "FATAL")

ADAE = Dataset(
    name="ADAE",
    label="Adverse Events Analysis Dataset",
    structure="one row per patient and adverse event",
    key=("USUBJID", "AESEQ"),
    order=("USUBJID", "ASTDY", "AESEQ"),
    references=IN_ADSL,
    one_of=(("AETOXGR", "AESEV"), ("ASTDY", "ASTDT")),
    variables=(
        STUDYID,
        USUBJID,
        Variable("AESEQ", "Sequence Number", "integer"),
        Variable("AETERM", "Reported Term for the Adverse Event"),
        Variable("AEDECOD", "Dictionary-Derived Term", required=True, filled=True),
        Variable("AEBODSYS", "Body System or Organ Class", required=True),
        Variable(
            "AETOXGR",
            "Analysis Toxicity Grade",
            "integer",
            allowed=(1, 2, 3, 4, 5),
            description="CTCAE grade.",
        ),
        Variable("AESEV", "Severity/Intensity", allowed=SEVERITIES),
        flag("AESER", "Serious Event"),
        Variable("AEREL", "Causality", description="In the sponsor's own terms."),
        Variable("AEACN", "Action Taken with Study Treatment"),
        Variable("AEOUT", "Outcome of Adverse Event"),
        day("ASTDY", "Analysis Start Relative Day"),
        day("AENDY", "Analysis End Relative Day", description="Missing while the event lasts."),
        Variable("ASTDT", "Analysis Start Date", "date"),
        Variable("AENDT", "Analysis End Date", "date"),
        flag("TRTEMFL", "Treatment Emergent Analysis Flag"),
        flag(
            "AOCCFL",
            "1st Occurrence within Subject Flag",
            "Y on a patient's first treatment-emergent event.",
        ),
        flag(
            "AOCCPFL",
            "1st Occurrence of Preferred Term Flag",
            "Y on a patient's first treatment-emergent event of each AEDECOD.",
        ),
    ),
)
