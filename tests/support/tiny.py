"""A study small enough to know every total of it by heart.

Twelve patients: nine treated (Low: T-01 to T-04, High: T-05 to T-09), two screen failures (T-10,
T-11) and one that was assigned to a third cohort, "Top", and never treated (T-12).

| patient | counts after baseline (10^9/L on study day) | IWG 2009 |
| --- | --- | --- |
| T-01 | baseline 10; 40 d8, 40 d15, 35 d22, 30 d29 | response from day 8 |
| T-02 | baseline 10; 40 d8, 40 d14 (six days apart), 12 d22 | none |
| T-03 | baseline 20; 120 d8, 150 d29, 60 at weeks 18, 20, 22 and 24 | complete, from day 8 |
| T-04 | baseline 12; none | not evaluable |
| T-05 | baseline 15; 30 d8, 30 d15, 28 d16 at the same visit: exactly 30 and twice | from day 8 |
| T-06 | baseline 10; 50 d8 with bleeding, 60 d15, 20 d22 | none |
| T-07 | baseline 10; rescued d10 to d12; 80 on d15, d68, d69 (unscheduled) and d76 | from day 69 |
| T-08 | baseline 10; 20 d8, 25 d15, 200 d18 (unscheduled), 200 d22 (derived) | none |
| T-09 | baseline missing; 40 d8, 45 d15, d22 missing | none |
"""

from __future__ import annotations

from typing import Any

from tests.support.writing import Row

HOSTILE_TERM = """O'Neil "rash" <b>&amp;</b>; drop table adae; -- $min_grade %{x}"""
HOSTILE_CLASS = """=cmd()!A0, 'Skin' | "tissue" {*}"""
HOSTILE_SITE = """'; select 1 as x; --"""
TREATED = tuple(f"T-{number:02}" for number in range(1, 10))

TOML = """
STUDYID = "TINY"
name = "Tiny"
title = "Twelve patients known by heart"
simulated = "Made up for tests"

[treatment]
name = "Cells"
dose_unit = "10^6 cells/kg"
given_as = "infusion"
infusion_days = [1, 8]

[[group]]
key = "cohort"
label = "Cohort"
variable = "COHORT"
order = "COHORTN"

[[group]]
key = "dose"
label = "Dose"
variable = "DOSE01A"
unit = "10^6 cells/kg"

[[group]]
key = "phase"
label = "Phase"
variable = "PHASE"
order = "PHASEN"

[[group]]
key = "site"
label = "Site"
variable = "SITEID"

[[filter]]
key = "dose"
label = "Dose"
variable = "DOSE01A"
unit = "10^6 cells/kg"

[[filter]]
key = "phase"
label = "Phase"
variable = "PHASE"
order = "PHASEN"

[[filter]]
key = "sex"
label = "Sex"
variable = "SEX"
values = { F = "Female", M = "Male" }

[[filter]]
key = "age"
label = "Age"
variable = "AGE"
kind = "range"
unit = "years"

[[filter]]
key = "prior-splenectomy"
label = "Prior splenectomy"
variable = "SPLENFL"
values = { Y = "Yes", N = "No" }

[[filter]]
key = "site"
label = "Site"
variable = "SITEID"

[[analysis_set]]
key = "treated"
label = "All treated patients"
variable = "SAFFL"

[[analysis_set]]
key = "full"
label = "Full analysis set"
variable = "FASFL"

[[analysis_set]]
key = "per-protocol"
label = "Per-protocol set"
variable = "PPROTFL"

[laboratory]
reference_lines = [30, 50, 100]
rescue_days = 56

[response]
default = "iwg2009"
first_day = 2
last_day = 199
bleeding = "WHOBLEED"
late_visits = [18, 20, 22, 24, 26, 28]
last_weeks = [17, 28]

[adverse_events]
related = ["POSSIBLE", "PROBABLE"]

[[baseline]]
label = "Age"
variable = "AGE"
kind = "number"

[[baseline]]
label = "Female"
variable = "SEX"
kind = "flag"
value = "F"

[[baseline]]
label = "Site"
variable = "SITEID"
kind = "category"

[[flow]]
label = "Screened"
where = {}

[[flow]]
label = "Not eligible"
where = { SCRNFREA = "Not eligible" }
side = true

[[flow]]
label = "Treated"
where = { SAFFL = "Y" }
"""


def _patient(
    number: int,
    cohort: str | None,
    dose: float | None,
    phase: str | None,
    age: int | None,
    sex: str | None,
    splenectomy: str | None,
    site: str | None,
    **more: Any,
) -> Row:
    return {
        "USUBJID": f"T-{number:02}",
        "COHORT": cohort,
        "COHORTN": {"Low": 2, "High": 10, "Top": 11}.get(str(cohort)),
        "DOSE01A": dose,
        "PHASE": phase,
        "PHASEN": {"Escalation": 1, "Expansion": 2}.get(str(phase)),
        "AGE": age,
        "SEX": sex,
        "SPLENFL": splenectomy,
        "SITEID": site,
        "TRT01A": None if dose is None else "Cells",
        "SAFFL": "Y",
        "FASFL": "Y" if dose or number == 9 else None,
        "SCRNFREA": None,
    } | more


ADSL = [
    _patient(1, "Low", 1.0, "Escalation", 30, "F", "Y", "A, north", PPROTFL="Y"),
    _patient(2, "Low", 1.0, "Escalation", 40, "M", "N", "A, north"),
    _patient(3, "Low", 1.0, "Escalation", None, "F", "N", "B|south"),
    _patient(4, "Low", 1.0, "Expansion", 50, None, "N", "B|south"),
    _patient(5, "High", 2.0, "Escalation", 60, "F", "Y", HOSTILE_SITE, PPROTFL="Y"),
    _patient(6, "High", 2.0, "Escalation", 35, "M", "Y", "A, north"),
    _patient(7, "High", 2.0, "Expansion", 45, "F", "N", "A, north"),
    _patient(8, "High", 2.0, "Expansion", 55, "F", None, "<b>C</b>"),
    _patient(9, "High", None, "Expansion", 65, "M", "N", None, FASFL="N"),
    _patient(10, None, None, None, 70, "F", None, None, SAFFL="N", SCRNFREA="Not eligible"),
    _patient(11, None, None, None, 71, "M", None, None, SAFFL=None, SCRNFREA="Withdrew"),
    _patient(12, "Top", 4.0, "Expansion", 72, "F", "Y", "A, north", SAFFL="N", FASFL="N"),
]

BASELINES = {1: 10, 2: 10, 3: 20, 4: 12, 5: 15, 6: 10, 7: 10, 8: 10, 9: None}
# Patient: (AVISITN, ADY, AVAL), a visit with a fraction is an unscheduled one.
COUNTS: dict[int, list[tuple[float, int, float | None]]] = {
    1: [(1, 8, 40), (2, 15, 40), (3, 22, 35), (4, 29, 30)],
    2: [(1, 8, 40), (2, 14, 40), (3, 22, 12)],
    3: [(1, 8, 120), (4, 29, 150), (18, 127, 60), (20, 141, 60), (22, 155, 60), (24, 169, 60)],
    5: [(1, 8, 30), (2, 15, 30), (2, 16, 28)],
    6: [(1, 8, 50), (2, 15, 60), (3, 22, 20)],
    7: [(1, 8, 10), (2, 15, 80), (10, 68, 80), (10.01, 69, 80), (11, 76, 80)],
    8: [(1, 8, 20), (2, 15, 25), (2.01, 18, 200)],
    9: [(1, 8, 40), (2, 15, 45), (3, 22, None)],
}


def _record(number: int, visit: float, day: int, value: float | None, **more: Any) -> Row:
    base = BASELINES.get(number)
    week = f"Week {visit:g}" if visit > 0 else "Baseline"
    return {
        "USUBJID": f"T-{number:02}",
        "PARAMCD": "PLAT",
        "PARAM": "Platelets (10^9/L)",
        "AVISITN": float(visit),
        "AVISIT": week if visit == int(visit) else f"Unscheduled {visit:g}",
        "ADY": day,
        "AVAL": value,
        "BASE": base,
        "DTYPE": None,
    } | more


ADLB = [
    *(_record(number, 0, -1, base) for number, base in BASELINES.items()),
    *(_record(number, *count) for number, counts in COUNTS.items() for count in counts),
    _record(8, 3, 22, 200, DTYPE="LOCF"),
    _record(10, 0, -7, 25, BASE=None),
    _record(6, 1, 8, 1, PARAMCD="WHOBLEED", PARAM="WHO bleeding grade", BASE=None),
    _record(6, 2, 15, 0, PARAMCD="WHOBLEED", PARAM="WHO bleeding grade", BASE=None),
]


def _event(number: int, sequence: int, term: str, body: str | None, **more: Any) -> Row:
    return {
        "USUBJID": f"T-{number:02}",
        "AESEQ": sequence,
        "AETERM": term.lower(),
        "AEDECOD": term,
        "AEBODSYS": body,
        "AETOXGR": 1,
        "AESER": "N",
        "AEREL": "NOT RELATED",
        "ASTDY": 1,
        "AENDY": None,
        "TRTEMFL": "Y",
    } | more


NERVOUS, GUT, GENERAL = "Nervous system", "Gastrointestinal", "General"
ADAE = [
    _event(1, 1, "Headache", NERVOUS, ASTDY=3, AEREL="POSSIBLE"),
    _event(1, 2, "Headache", NERVOUS, AETOXGR=2, ASTDY=20),
    _event(1, 3, "Nausea", GUT, AETOXGR=None, ASTDY=5, AEREL="POSSIBLE"),
    _event(2, 1, "Headache", NERVOUS, ASTDY=-3, TRTEMFL="N"),
    _event(3, 1, HOSTILE_TERM, HOSTILE_CLASS, AETOXGR=3, ASTDY=8, AEREL="PROBABLE", AESER="Y"),
    _event(5, 1, "Headache", NERVOUS, AETOXGR=3, ASTDY=10, AEREL="POSSIBLE"),
    _event(5, 2, "Nausea", GUT, ASTDY=30),
    _event(6, 1, "Odd", None, ASTDY=50),
    _event(7, 1, "Nausea", GUT, AETOXGR=2, ASTDY=200, AESER="Y"),
    _event(7, 2, "Fever", GENERAL, AETOXGR=4, ASTDY=None, TRTEMFL=None, AEREL=None, AESER=None),
    _event(9, 1, "Headache", GENERAL, ASTDY=7),
    _event(10, 1, "Headache", NERVOUS, AETOXGR=2),
    _event(12, 1, "Nausea", GUT, AETOXGR=5),
]

ADEX = [
    {"USUBJID": patient, "EXSEQ": sequence, "EXTRT": "Cells", "ASTDY": day}
    for patient in TREATED
    for sequence, day in ((1, 1), (2, None if patient == "T-05" else 8))
]

ADCM = [
    {
        "USUBJID": "T-07",
        "CMSEQ": 1,
        "CMDECOD": "IVIG",
        "RESCFL": "Y",
        "ASTDY": 10,
        "AENDY": 12,
    },
    {"USUBJID": "T-01", "CMSEQ": 1, "CMDECOD": "IRON", "RESCFL": "N", "ASTDY": 8, "AENDY": 9},
    {"USUBJID": "T-02", "CMSEQ": 1, "CMDECOD": "IVIG", "RESCFL": "Y", "ASTDY": None},
]

# Records of the bleeding grade, which the response rule of TOML names.
BLEEDING = [row for row in ADLB if row["PARAMCD"] == "WHOBLEED"]

DATASETS = {"adsl": ADSL, "adlb": ADLB, "adae": ADAE, "adex": ADEX, "adcm": ADCM}

# A study.toml with the least it can hold.
MINIMAL = """
STUDYID = "MIN"
name = "Minimal"
title = "What docs/data.md calls the least"

[[analysis_set]]
key = "all"
label = "Treated"
variable = "SAFFL"
"""
