"""Names and doses of the trial, its days and flags, and the streams of random numbers."""

import zlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from data.study import EMBEDDED

STUDYID: Final = EMBEDDED
SITEID: Final = "01"
DOSE_UNIT: Final = "10^6 cells/kg"
PRODUCT: Final = "Human umbilical cord-derived mesenchymal stem cells"
SENTENCE: Final = (
    "Simulated patients, built to agree with the published totals of NCT04014166; not patient data"
)
SEED: Final = 4014166


@dataclass(frozen=True)
class Cohort:
    """A dose level within a part of the study. dose: 10^6 cells/kg."""

    number: int
    label: str
    phase: str
    phase_number: int
    dose: float
    treatment_number: int

    @property
    def treatment(self) -> str:
        """The treatment as ADSL names it."""
        return f"UC-MSC {self.dose:.1f} x{DOSE_UNIT}"


ESCALATION, EXPANSION = "Dose escalation", "Dose expansion"
COHORTS: Final = {
    cohort.number: cohort
    for cohort in (
        Cohort(1, "0.5 escalation", ESCALATION, 1, 0.5, 1),
        Cohort(2, "1.0 escalation", ESCALATION, 1, 1.0, 2),
        Cohort(3, "2.0 escalation", ESCALATION, 1, 2.0, 3),
        Cohort(4, "2.0 expansion", EXPANSION, 2, 2.0, 3),
    )
}


def usubjid(subject: str) -> str:
    """The identifier of a patient over all studies, from the screening number."""
    return f"{STUDYID}-{subject}"


def yes_no(value: bool) -> str:
    """A flag that is "Y" or "N"."""
    return "Y" if value else "N"


def only_yes(value: bool) -> str | None:
    """A flag that is "Y" or missing."""
    return "Y" if value else None


def calendar(start: date, day: int | None) -> date | None:
    """The date of a study day, None for none; day 1 is `start`, day -1 the day before it."""
    if day is None:
        return None
    return start + timedelta(days=day - 1 if day > 0 else day)


def stream(topic: str, number: int) -> np.random.Generator:
    """The random numbers of one topic and one patient, the same on every run.

    The streams are independent, so that a change in one leaves the others as they were.
    """
    return np.random.default_rng([SEED, zlib.crc32(topic.encode()), number])
