"""ADSL: the patients, one row each."""

from __future__ import annotations

from data.contract.shape import Dataset, Variable
from data.contract.variables import STUDYID, USUBJID, day, flag

ADSL = Dataset(
    name="ADSL",
    label="Subject-Level Analysis Dataset",
    structure="one row per patient screened",
    key=("USUBJID",),
    order=("USUBJID",),
    one_of=(("TRT01A", "TRT01P", "ARM"),),
    variables=(
        STUDYID,
        USUBJID,
        Variable("SUBJID", "Subject Identifier for the Study", description="Screening number."),
        Variable("SITEID", "Study Site Identifier"),
        Variable("AGE", "Age", "integer", unit="years", condition="AGE between 0 and 130"),
        Variable("AGEU", "Age Units"),
        Variable("SEX", "Sex", allowed=("F", "M", "U", "UNDIFFERENTIATED")),
        Variable("RACE", "Race"),
        Variable("ETHNIC", "Ethnicity"),
        Variable("COUNTRY", "Country"),
        Variable("HEIGHTBL", "Baseline Height", "number", unit="cm"),
        Variable("WEIGHTBL", "Baseline Weight", "number", unit="kg"),
        Variable("BMIBL", "Baseline Body Mass Index", "number", unit="kg/m^2"),
        Variable("ARM", "Description of Planned Arm"),
        Variable("TRT01P", "Planned Treatment for Period 01"),
        Variable("TRT01PN", "Planned Treatment for Period 01 (N)", "integer"),
        Variable(
            "TRT01A",
            "Actual Treatment for Period 01",
            description="Missing for patients never treated.",
        ),
        Variable(
            "TRT01AN",
            "Actual Treatment for Period 01 (N)",
            "integer",
            description="The order in which treatments are shown.",
        ),
        Variable("DOSE01P", "Planned Treatment Dose for Period 01", "number", unit="DOSE01U"),
        Variable("DOSE01A", "Actual Treatment Dose for Period 01", "number", unit="DOSE01U"),
        Variable("DOSE01U", "Units for Dose for Period 01"),
        Variable(
            "COHORT", "Cohort", description="Dose level within the part of the study; not in ADaM."
        ),
        Variable(
            "COHORTN",
            "Cohort (N)",
            "integer",
            description="The order in which cohorts were opened and are shown.",
        ),
        Variable(
            "PHASE",
            "Part of the Study",
            description="Dose escalation or dose expansion; not in ADaM. Not APHASE, which is a "
            "period of a patient's own course.",
        ),
        Variable("PHASEN", "Part of the Study (N)", "integer"),
        flag("ENRLFL", "Enrolled Population Flag"),
        flag("RANDFL", "Randomized Population Flag"),
        flag("SAFFL", "Safety Population Flag", "Received at least one dose."),
        flag("ITTFL", "Intent-To-Treat Population Flag"),
        flag("FASFL", "Full Analysis Set Population Flag"),
        flag("EFFFL", "Efficacy Population Flag", "Not in ADaM, and common."),
        flag("PPROTFL", "Per-Protocol Population Flag"),
        Variable("SCRNFREA", "Reason Not Enrolled", description="Missing for patients enrolled."),
        Variable("ENRLNO", "Order of Enrolment", "integer", description="1 for the first patient."),
        Variable("TRTSDT", "Date of First Exposure to Treatment", "date"),
        Variable("TRTEDT", "Date of Last Exposure to Treatment", "date"),
        flag("CHRONFL", "Chronic ITP Flag", "ITP for more than 12 months."),
        Variable("ITPDUR", "Duration of ITP", "number", unit="months", condition="ITPDUR >= 0"),
        Variable("NPRIOR", "Number of Unique Prior ITP Therapies", "integer"),
        flag("PRIOR5FL", "Five or More Prior Therapies Flag"),
        flag("SPLENFL", "Prior Splenectomy Flag"),
        flag("RITUXFL", "Prior Rituximab Flag"),
        Variable(
            "ANTIBODY",
            "Platelet Glycoprotein Autoantibody",
            description="Glycoproteins the patient's autoantibodies bind, or None detected.",
        ),
        flag("ANTIBFL", "Platelet Glycoprotein Autoantibody Flag"),
        Variable(
            "BLPLAT",
            "Baseline Platelets",
            "number",
            unit="10^9/L",
            description="The ADLB record with PARAMCD PLAT and ABLFL Y.",
        ),
        Variable("BLBLEED", "Baseline WHO Bleeding Grade", "integer", allowed=(0, 1, 2, 3, 4)),
        flag(
            "DLTFL",
            "Dose-Limiting Toxicity Flag",
            "Missing for patients not assessed for dose-limiting toxicity.",
        ),
        Variable("EOSSTT", "End of Study Status", allowed=("COMPLETED", "DISCONTINUED", "ONGOING")),
        Variable("DCSREAS", "Reason for Discontinuation from Study"),
        day("EOSDY", "End of Study Relative Day"),
    ),
)
