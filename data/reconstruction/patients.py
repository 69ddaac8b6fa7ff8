"""Who takes part: eighteen treated patients and four who were screened and not enrolled.

Ages, sex, duration of ITP, prior therapies and autoantibodies are set by hand so that their
totals, medians and ranges are the published ones; which patient has which value is invented.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from data.reconstruction.study import (
    COHORTS,
    DOSE_UNIT,
    SITEID,
    STUDYID,
    Cohort,
    calendar,
    usubjid,
    yes_no,
)

NONE, IB_IX, IIB_IIIA, BOTH = "None detected", "GPIb/IX", "GPIIb/IIIa", "GPIIb/IIIa and GPIa/IIa"


@dataclass(frozen=True)
class Patient:
    """A treated patient. number: order of enrolment; months: duration of ITP."""

    number: int
    subject: str
    cohort: Cohort
    start: date
    age: int
    sex: str
    months: int
    prior: int
    splenectomy: bool
    rituximab: bool
    antibody: str

    @property
    def usubjid(self) -> str:
        """The identifier over all studies."""
        return usubjid(self.subject)


@dataclass(frozen=True)
class ScreenFailure:
    """A patient who was screened and not enrolled."""

    subject: str
    age: int
    sex: str
    reason: str


@dataclass(frozen=True)
class Entry:
    """A patient's baseline in ADLB, and the last day the patient was seen."""

    platelets: float
    bleeding: int
    last_day: int


def _patient(
    number: int,
    subject: str,
    cohort: int,
    start: str,
    age: int,
    sex: str,
    months: int,
    prior: int,
    flags: str,
    antibody: str,
) -> Patient:
    """A patient; flags holds S for a prior splenectomy and R for prior rituximab."""
    return Patient(
        number,
        subject,
        COHORTS[cohort],
        date.fromisoformat(start),
        age,
        sex,
        months,
        prior,
        "S" in flags,
        "R" in flags,
        antibody,
    )


PATIENTS: Final = (
    _patient(1, "001", 1, "2019-11-18", 44, "F", 88, 6, "SR", IIB_IIIA),
    _patient(2, "002", 1, "2019-12-09", 36, "M", 34, 5, "R", NONE),
    _patient(3, "003", 1, "2020-01-06", 49, "F", 204, 8, "SR", BOTH),
    _patient(4, "004", 2, "2020-05-11", 41, "F", 56, 5, "R", IIB_IIIA),
    _patient(5, "006", 2, "2020-06-01", 46, "F", 120, 7, "SR", IB_IX),
    _patient(6, "007", 2, "2020-06-29", 33, "F", 28, 4, "", NONE),
    _patient(7, "008", 3, "2020-08-17", 45, "F", 102, 6, "SR", NONE),
    _patient(8, "009", 3, "2020-09-07", 50, "M", 144, 7, "S", IIB_IIIA),
    _patient(9, "010", 3, "2020-10-12", 38, "F", 41, 5, "R", BOTH),
    _patient(10, "012", 3, "2020-12-07", 30, "F", 15, 3, "", NONE),
    _patient(11, "013", 3, "2021-01-11", 47, "F", 252, 9, "SR", IIB_IIIA),
    _patient(12, "014", 3, "2021-02-22", 44, "F", 74, 5, "R", NONE),
    _patient(13, "015", 4, "2021-05-10", 35, "F", 48, 5, "S", IIB_IIIA),
    _patient(14, "017", 4, "2021-06-21", 43, "F", 64, 6, "R", NONE),
    _patient(15, "018", 4, "2021-08-09", 46, "M", 168, 8, "SR", BOTH),
    _patient(16, "019", 4, "2021-10-11", 50, "F", 360, 10, "SR", IB_IX),
    _patient(17, "020", 4, "2021-12-06", 40, "F", 22, 4, "", IIB_IIIA),
    _patient(18, "022", 4, "2022-01-24", 48, "F", 72, 6, "SR", NONE),
)

SCREEN_FAILURES: Final = (
    ScreenFailure("005", 58, "F", "Not eligible"),
    ScreenFailure("011", 27, "F", "Withdrew consent"),
    ScreenFailure("016", 52, "M", "Not eligible"),
    ScreenFailure("021", 39, "F", "Not eligible"),
)

LEAVES_EARLY: Final = {14: "Withdrawal by subject"}
"""Who leaves the study before week 28, by order of enrolment, and why."""

DOSE_LIMITING_TOXICITY: Final = 8
"""Whose event was dose-limiting, by order of enrolment. Published are the cohort, and that it was
one of its first three patients; which of them it was is invented."""


def subject_level(
    entries: dict[int, Entry], infusions: dict[int, tuple[int, ...]]
) -> list[dict[str, Any]]:
    """The rows of ADSL. entries, infusions (days): by order of enrolment."""
    treated = [_treated(p, entries[p.number], infusions[p.number]) for p in PATIENTS]
    return treated + [_not_enrolled(failure) for failure in SCREEN_FAILURES]


def _treated(patient: Patient, entry: Entry, infusions: tuple[int, ...]) -> dict[str, Any]:
    cohort = patient.cohort
    leaves = LEAVES_EARLY.get(patient.number)
    return {
        "STUDYID": STUDYID,
        "USUBJID": patient.usubjid,
        "SUBJID": patient.subject,
        "SITEID": SITEID,
        "AGE": patient.age,
        "AGEU": "YEARS",
        "SEX": patient.sex,
        "ARM": cohort.treatment,
        "TRT01P": cohort.treatment,
        "TRT01PN": cohort.treatment_number,
        "TRT01A": cohort.treatment,
        "TRT01AN": cohort.treatment_number,
        "DOSE01P": cohort.dose,
        "DOSE01A": cohort.dose,
        "DOSE01U": DOSE_UNIT,
        "COHORT": cohort.label,
        "COHORTN": cohort.number,
        "PHASE": cohort.phase,
        "PHASEN": cohort.phase_number,
        "ENRLFL": "Y",
        "SAFFL": "Y",
        "FASFL": "Y",
        "PPROTFL": yes_no(leaves is None),
        "ENRLNO": patient.number,
        "TRTSDT": calendar(patient.start, infusions[0]),
        "TRTEDT": calendar(patient.start, infusions[-1]),
        "CHRONFL": yes_no(patient.months > 12),
        "ITPDUR": float(patient.months),
        "NPRIOR": patient.prior,
        "PRIOR5FL": yes_no(patient.prior >= 5),
        "SPLENFL": yes_no(patient.splenectomy),
        "RITUXFL": yes_no(patient.rituximab),
        "ANTIBODY": patient.antibody,
        "ANTIBFL": yes_no(patient.antibody != NONE),
        "BLPLAT": entry.platelets,
        "BLBLEED": entry.bleeding,
        "DLTFL": yes_no(patient.number == DOSE_LIMITING_TOXICITY)
        if cohort.phase_number == 1
        else None,
        "EOSSTT": "DISCONTINUED" if leaves else "COMPLETED",
        "DCSREAS": leaves,
        "EOSDY": entry.last_day,
    }


def _not_enrolled(failure: ScreenFailure) -> dict[str, Any]:
    return {
        "STUDYID": STUDYID,
        "USUBJID": usubjid(failure.subject),
        "SUBJID": failure.subject,
        "SITEID": SITEID,
        "AGE": failure.age,
        "AGEU": "YEARS",
        "SEX": failure.sex,
        "ARM": "Screen Failure",
        "ENRLFL": "N",
        "SAFFL": "N",
        "FASFL": "N",
        "PPROTFL": "N",
        "SCRNFREA": failure.reason,
    }
