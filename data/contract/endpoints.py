"""ADTTE and ADRS: times to events, and responses as the sponsor derived them."""

from __future__ import annotations

from data.contract.shape import Dataset, Variable
from data.contract.variables import IN_ADSL, STUDYID, USUBJID, day, flag

ADTTE = Dataset(
    name="ADTTE",
    label="Time to Event Analysis Dataset",
    structure="one row per patient and parameter",
    key=("USUBJID", "PARAMCD"),
    order=("PARAMCD", "USUBJID"),
    references=IN_ADSL,
    variables=(
        STUDYID,
        USUBJID,
        Variable("PARAMCD", "Parameter Code", required=True, filled=True),
        Variable("PARAM", "Parameter"),
        Variable("AVAL", "Analysis Value", "number", required=True, condition="isfinite(AVAL)"),
        Variable("AVALU", "Analysis Value Unit", description="DAYS where it is missing."),
        Variable(
            "CNSR",
            "Censor",
            "integer",
            required=True,
            condition="CNSR >= 0",
            description="0 is the event; every other number a reason for censoring.",
        ),
        Variable("EVNTDESC", "Event or Censoring Description"),
        Variable("STARTDT", "Time to Event Origin Date for Subject", "date"),
        Variable("ADT", "Analysis Date", "date"),
    ),
)

ADRS = Dataset(
    name="ADRS",
    label="Response Analysis Dataset",
    structure="one row per patient, parameter and visit",
    key=("USUBJID", "PARAMCD", "AVISITN", "ADY"),
    order=("PARAMCD", "USUBJID", "ADY", "AVISITN"),
    references=IN_ADSL,
    key_where_present=("ASEQ", "RSSEQ"),
    variables=(
        STUDYID,
        USUBJID,
        Variable("PARAMCD", "Parameter Code", required=True, filled=True),
        Variable("PARAM", "Parameter"),
        Variable("AVAL", "Analysis Value", "number", condition="isfinite(AVAL)"),
        Variable("AVALC", "Analysis Value (C)"),
        Variable("AVISIT", "Analysis Visit"),
        Variable("AVISITN", "Analysis Visit (N)", "number"),
        day("ADY", "Analysis Relative Day"),
        Variable("ADT", "Analysis Date", "date"),
        flag("ANL01FL", "Analysis Flag 01"),
        Variable("ASEQ", "Analysis Sequence Number", "integer"),
    ),
)
