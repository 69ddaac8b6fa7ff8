"""Adverse events (ADAE).

The four serious events, each of grade 3, are published and set by hand. Nearly all others are
drawn: mild or moderate, in MedDRA preferred terms and system organ classes, more of them while
cells are infused, and bleeding only where the WHO grade shows it. Which patients have none, and
everything about single events, is invented.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from data.reconstruction.patients import PATIENTS, Patient
from data.reconstruction.platelets import SERIOUS_BLEEDING, readings
from data.reconstruction.study import STUDYID, calendar, only_yes, stream, yes_no
from data.reconstruction.therapy import SCHEDULE, infusion_days

NO_EVENT: Final = frozenset({2, 6, 10, 13, 16})
"""Patients without a treatment-emergent event, by order of enrolment."""

RESOLVED, ONGOING, BETTER = (
    "RECOVERED/RESOLVED",
    "NOT RECOVERED/NOT RESOLVED",
    "RECOVERING/RESOLVING",
)


@dataclass(frozen=True)
class Term:
    """An event that may occur: reported and preferred term, system organ class, and its course.

    weight: how often it is drawn; moderate: the probability of grade 2; days: its usual duration;
    early: whether it mostly begins within days of an infusion; bleeding: whether it begins only at
    a visit with a WHO grade of bleeding.
    """

    reported: str
    preferred: str
    body_system: str
    weight: float
    moderate: float = 0.2
    days: int = 5
    early: bool = False
    bleeding: bool = False


GENERAL: Final = "General disorders and administration site conditions"
INFECTIONS: Final = "Infections and infestations"
NERVOUS: Final = "Nervous system disorders"
SKIN: Final = "Skin and subcutaneous tissue disorders"
GASTROINTESTINAL: Final = "Gastrointestinal disorders"
INVESTIGATIONS: Final = "Investigations"
RESPIRATORY: Final = "Respiratory, thoracic and mediastinal disorders"
METABOLISM: Final = "Metabolism and nutrition disorders"
MUSCULOSKELETAL: Final = "Musculoskeletal and connective tissue disorders"
RENAL: Final = "Renal and urinary disorders"
REPRODUCTIVE: Final = "Reproductive system and breast disorders"
CARDIAC: Final = "Cardiac disorders"

TERMS: Final = (
    Term("Fever", "Pyrexia", GENERAL, 9, 0.3, 2, early=True),
    Term("Chills", "Chills", GENERAL, 3, 0.1, 1, early=True),
    Term("Tiredness", "Fatigue", GENERAL, 6, 0.2, 10, early=True),
    Term(
        "Upper respiratory infection", "Upper respiratory tract infection", INFECTIONS, 9, 0.45, 7
    ),
    Term("Urinary infection", "Urinary tract infection", INFECTIONS, 2, 0.8, 7),
    Term("Headache", "Headache", NERVOUS, 7, 0.2, 2, early=True),
    Term("Dizziness", "Dizziness", NERVOUS, 3, 0.1, 3),
    Term("Petechiae of the legs", "Petechiae", SKIN, 7, 0.15, 10, bleeding=True),
    Term("Bruising", "Ecchymosis", SKIN, 4, 0.2, 9, bleeding=True),
    Term("Rash", "Rash", SKIN, 2, 0.3, 6),
    Term("Gum bleeding", "Gingival bleeding", GASTROINTESTINAL, 6, 0.3, 4, bleeding=True),
    Term("Nausea", "Nausea", GASTROINTESTINAL, 3, 0.2, 2, early=True),
    Term("Diarrhoea", "Diarrhoea", GASTROINTESTINAL, 3, 0.2, 3),
    Term("ALT raised", "Alanine aminotransferase increased", INVESTIGATIONS, 5, 0.2, 18),
    Term("AST raised", "Aspartate aminotransferase increased", INVESTIGATIONS, 3, 0.1, 15),
    Term("Nose bleed", "Epistaxis", RESPIRATORY, 6, 0.3, 1, bleeding=True),
    Term("Cough", "Cough", RESPIRATORY, 3, 0.1, 9),
    Term("Low potassium", "Hypokalaemia", METABOLISM, 2, 0.2, 7),
    Term("Joint pain", "Arthralgia", MUSCULOSKELETAL, 2, 0.3, 12),
    Term("Blood in urine", "Haematuria", RENAL, 2, 0.3, 4, bleeding=True),
)


CAUSALITY: Final = {"NOT RELATED": 0.6, "UNLIKELY": 0.3, "POSSIBLE": 0.1}
CAUSALITY_EARLY: Final = {"UNLIKELY": 0.2, "POSSIBLE": 0.5, "PROBABLE": 0.3}
"""Probability of each causality: in general, and of early events while cells are infused."""


@dataclass(frozen=True)
class Event:
    """An adverse event of a patient; last_day None while it lasts, grade None where missing."""

    reported: str
    preferred: str
    body_system: str
    grade: int | None
    first_day: int
    last_day: int | None
    serious: bool = False
    related: str = "NOT RELATED"
    outcome: str = RESOLVED


SERIOUS: Final = {
    3: Event(
        "Bleeding from the gut",
        "Gastrointestinal haemorrhage",
        GASTROINTESTINAL,
        3,
        *SERIOUS_BLEEDING[3],
        True,
    ),
    8: Event(
        "Heart attack", "Acute myocardial infarction", CARDIAC, 3, 25, 46, True, "POSSIBLE", BETTER
    ),
    11: Event(
        "Black stools, bleeding from the gut",
        "Gastrointestinal haemorrhage",
        GASTROINTESTINAL,
        3,
        *SERIOUS_BLEEDING[11],
        True,
        "UNLIKELY",
    ),
    14: Event("Profuse menstruation", "Menorrhagia", REPRODUCTIVE, 3, *SERIOUS_BLEEDING[14], True),
}
"""The serious events, by order of enrolment."""

BEFORE_TREATMENT: Final = {
    5: Event("Nose bleed", "Epistaxis", RESPIRATORY, 1, -6, -5),
    10: Event("Gum bleeding", "Gingival bleeding", GASTROINTESTINAL, 1, -9, -4),
    16: Event("Petechiae of the legs", "Petechiae", SKIN, 2, -12, -2),
}
"""Events that began before the first infusion, by order of enrolment."""

RECURRING: Final = {
    4: (
        Event("Fever", "Pyrexia", GENERAL, 1, 1, 2, related="PROBABLE"),
        Event("Fever", "Pyrexia", GENERAL, 2, 8, 9, related="PROBABLE"),
        Event("Fever after infusion", "Pyrexia", GENERAL, 1, 15, 15, related="DEFINITE"),
    ),
    9: (
        Event("Gum bleeding", "Gingival bleeding", GASTROINTESTINAL, 2, 30, 36),
        Event("Gum bleeding", "Gingival bleeding", GASTROINTESTINAL, 1, 71, 73),
    ),
    17: (Event("ALT raised", "Alanine aminotransferase increased", INVESTIGATIONS, None, 57, 71),),
}
"""Events that recur with another grade, and one whose grade is missing; by order of enrolment."""


def events(last_days: dict[int, int]) -> dict[int, list[Event]]:
    """The events of every patient, in the order of days, by order of enrolment.

    last_days: the last day each patient was seen.
    """
    return {patient.number: _events(patient, last_days[patient.number]) for patient in PATIENTS}


def _events(patient: Patient, end: int) -> list[Event]:
    number = patient.number
    occurred = [table[number] for table in (SERIOUS, BEFORE_TREATMENT) if number in table]
    occurred += RECURRING.get(number, ())
    if number not in NO_EVENT:
        occurred += _drawn(patient, end)
    return sorted(occurred, key=lambda e: (e.first_day, e.preferred))


def _drawn(patient: Patient, end: int) -> list[Event]:
    draw = stream("events", patient.number)
    weights = np.array([term.weight for term in TERMS])
    bleeds = [r.visit.day for r in readings(patient) if 1 < r.visit.day < end and r.bleeding]
    chosen = draw.choice(len(TERMS), size=int(draw.integers(2, 8)), p=weights / weights.sum())
    terms = [TERMS[int(i)] for i in chosen]
    return [
        _event(term, _first_day(term, patient, bleeds, end, draw), end, draw)
        for term in terms
        if bleeds or not term.bleeding
    ]


def _first_day(
    term: Term, patient: Patient, bleeds: list[int], end: int, draw: np.random.Generator
) -> int:
    if term.bleeding:
        return int(draw.choice(bleeds))
    if term.early and draw.random() < 0.8:
        return int(draw.choice(infusion_days(patient))) + int(draw.integers(0, 3))
    return int(draw.integers(3, end - 5))


def _event(term: Term, first: int, end: int, draw: np.random.Generator) -> Event:
    last = first + max(0, round(float(term.days * np.exp(0.5 * draw.standard_normal()))) - 1)
    lasts = last > end or (term.days >= 9 and draw.random() < 0.15)
    chances = CAUSALITY_EARLY if term.early and first <= SCHEDULE[-1] + 2 else CAUSALITY
    return Event(
        term.reported,
        term.preferred,
        term.body_system,
        2 if draw.random() < term.moderate else 1,
        first,
        None if lasts else last,
        related=str(draw.choice(list(chances), p=list(chances.values()))),
        outcome=ONGOING if lasts else RESOLVED,
    )


def adverse_events(by_patient: dict[int, list[Event]]) -> list[dict[str, Any]]:
    """The rows of ADAE. The occurrence flags mark the first of the treatment-emergent events."""
    rows = []
    for patient in PATIENTS:
        seen: set[str] = set()
        for sequence, event in enumerate(by_patient[patient.number], start=1):
            emergent = event.first_day >= 1
            rows.append(
                _row(patient, sequence, event)
                | {
                    "TRTEMFL": yes_no(emergent),
                    "AOCCFL": only_yes(emergent and not seen),
                    "AOCCPFL": only_yes(emergent and event.preferred not in seen),
                }
            )
            if emergent:
                seen.add(event.preferred)
    return rows


def _row(patient: Patient, sequence: int, event: Event) -> dict[str, Any]:
    infusing = event.first_day <= infusion_days(patient)[-1]
    return {
        "STUDYID": STUDYID,
        "USUBJID": patient.usubjid,
        "AESEQ": sequence,
        "AETERM": event.reported,
        "AEDECOD": event.preferred,
        "AEBODSYS": event.body_system,
        "AETOXGR": event.grade,
        "AESER": yes_no(event.serious),
        "AEREL": event.related,
        "AEACN": "DOSE NOT CHANGED" if infusing and event.first_day > 0 else "NOT APPLICABLE",
        "AEOUT": event.outcome,
        "ASTDY": event.first_day,
        "AENDY": event.last_day,
        "ASTDT": calendar(patient.start, event.first_day),
        "AENDT": calendar(patient.start, event.last_day),
    }
