"""ADLB: counts, grades and markers by visit."""

from __future__ import annotations

from data.contract.shape import Dataset, Variable
from data.contract.variables import IN_ADSL, STUDYID, USUBJID, day, flag

ADLB = Dataset(
    name="ADLB",
    label="Laboratory Analysis Dataset",
    structure="one row per patient, parameter and visit",
    key=("USUBJID", "PARAMCD", "AVISITN", "ADY"),
    order=("PARAMCD", "USUBJID", "ADY", "AVISITN"),
    references=IN_ADSL,
    key_where_present=("BASETYPE", "DTYPE", "ATPT", "LBSEQ", "ASEQ"),
    variables=(
        STUDYID,
        USUBJID,
        Variable(
            "PARAMCD",
            "Parameter Code",
            required=True,
            filled=True,
            description="PLAT is the platelet count, WHOBLEED the WHO bleeding grade.",
        ),
        Variable("PARAM", "Parameter", description="With the unit in parentheses."),
        Variable("PARAMN", "Parameter (N)", "integer"),
        Variable("PARCAT1", "Parameter Category 1"),
        Variable(
            "AVAL",
            "Analysis Value",
            "number",
            unit="AVALU",
            required=True,
            condition="isfinite(AVAL)",
            description="Where LLOQFL or ULOQFL is Y, the limit of quantification itself.",
        ),
        Variable(
            "AVALC",
            "Analysis Value (C)",
            description="As reported, where that is more than the number: <2, >1000, or 1 - mild.",
        ),
        Variable("AVALU", "Analysis Value Unit"),
        flag("LLOQFL", "Below Limit of Quantification Flag"),
        flag("ULOQFL", "Above Limit of Quantification Flag", "Not in ADaM."),
        Variable("BASE", "Baseline Value", "number", unit="AVALU"),
        Variable(
            "CHG",
            "Change from Baseline",
            "number",
            unit="AVALU",
            description="AVAL - BASE, after baseline.",
        ),
        Variable("AVISIT", "Analysis Visit"),
        Variable(
            "AVISITN",
            "Analysis Visit (N)",
            "number",
            required=True,
            description="The order of visits: -1 screening, 0 baseline, then the week; 5.01 is "
            "the first unscheduled visit after week 5.",
        ),
        day("ADY", "Analysis Relative Day", required=True),
        Variable("ADT", "Analysis Date", "date"),
        flag("ABLFL", "Baseline Record Flag", "The last value on or before day 1."),
        flag(
            "ANL01FL",
            "Analysis Flag 01",
            "What it marks is the sponsor's choice; here, scheduled visits from baseline on.",
        ),
        flag("ANL02FL", "Analysis Flag 02"),
        flag("ANL03FL", "Analysis Flag 03"),
        Variable("DTYPE", "Derivation Type", description="Missing where the value was observed."),
        Variable("BASETYPE", "Baseline Type", description="Where a patient has several baselines."),
        Variable("VISIT", "Visit Name", description="As planned or recorded, before windowing."),
        Variable("VISITNUM", "Visit Number", "number"),
        Variable("ATPT", "Analysis Timepoint"),
        Variable("ATPTN", "Analysis Timepoint (N)", "number", description="Their order."),
        Variable("LBSEQ", "Sequence Number", "integer", description="Of the record in SDTM LB."),
        Variable("ASEQ", "Analysis Sequence Number", "integer"),
        Variable("A1LO", "Analysis Range 1 Lower Limit", "number", unit="AVALU"),
        Variable("A1HI", "Analysis Range 1 Upper Limit", "number", unit="AVALU"),
        Variable("ANRIND", "Analysis Reference Range Indicator"),
        Variable("ATOXGR", "Analysis Toxicity Grade", description="As delivered, with its sign."),
    ),
)
