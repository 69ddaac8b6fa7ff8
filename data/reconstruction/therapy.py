"""Infusions of the study treatment, rescue therapy and other therapies: ADEX and ADCM.

The infusions follow the published schedule. Who received rescue therapy, when and which, is
invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from data.reconstruction.patients import LEAVES_EARLY, PATIENTS, Patient
from data.reconstruction.study import DOSE_UNIT, PRODUCT, STUDYID, calendar, stream, yes_no

SCHEDULE: Final = (1, 8, 15, 22)
LATE_INFUSIONS: Final = {(5, 15): 16, (16, 22): 23}
"""Infusions given a day late: (order of enrolment, planned day) to the day."""

RESCUE, CONCOMITANT = "RESCUE THERAPY", "CONCOMITANT THERAPY"
WINDOW: Final = 56
"""Days after the end of rescue therapy during which counts are not evaluated."""


@dataclass(frozen=True)
class Therapy:
    """A course of a therapy other than the study treatment; last_day None while it lasts."""

    reported: str
    name: str
    first_day: int
    last_day: int | None
    rescue: bool = False


def _rescue(reported: str, name: str, first_day: int, last_day: int) -> Therapy:
    return Therapy(reported, name, first_day, last_day, rescue=True)


IVIG: Final = ("IVIG", "IMMUNOGLOBULIN")
TRANSFUSION: Final = ("Platelet transfusion", "PLATELETS")
DEXAMETHASONE: Final = ("High-dose dexamethasone", "DEXAMETHASONE")

RESCUES: Final[dict[int, tuple[Therapy, ...]]] = {
    3: (_rescue(*TRANSFUSION, 68, 68), _rescue(*IVIG, 68, 70)),
    4: (_rescue(*DEXAMETHASONE, 127, 130),),
    11: (_rescue(*TRANSFUSION, 97, 98), _rescue(*IVIG, 97, 99)),
    12: (_rescue(*TRANSFUSION, 2, 2),),
    14: (_rescue(*IVIG, 5, 9),),
    18: (_rescue(*DEXAMETHASONE, 148, 151),),
}
"""Rescue therapy by order of enrolment."""


def infusion_days(patient: Patient) -> tuple[int, ...]:
    """The study days of a patient's infusions; only two for a patient who leaves early."""
    planned = SCHEDULE[:2] if patient.number in LEAVES_EARLY else SCHEDULE
    return tuple(LATE_INFUSIONS.get((patient.number, day), day) for day in planned)


def rescue_start(number: int) -> int | None:
    """The first day of rescue therapy; None for a patient who received none."""
    return min((therapy.first_day for therapy in RESCUES.get(number, ())), default=None)


def within_rescue_window(number: int, day: int) -> bool:
    """Whether a study day lies from the start of rescue therapy to `WINDOW` days after its end."""
    return any(
        therapy.first_day <= day <= (therapy.last_day or therapy.first_day) + WINDOW
        for therapy in RESCUES.get(number, ())
    )


def exposure() -> list[dict[str, Any]]:
    """The rows of ADEX."""
    return [
        {
            "STUDYID": STUDYID,
            "USUBJID": patient.usubjid,
            "EXSEQ": sequence + 1,
            "EXTRT": PRODUCT,
            "EXDOSE": patient.cohort.dose,
            "EXDOSU": DOSE_UNIT,
            "AVISIT": f"Week {sequence}" if sequence else "Baseline",
            "AVISITN": float(sequence),
            "ASTDY": day,
            "AENDY": day,
            "ASTDT": calendar(patient.start, day),
        }
        for patient in PATIENTS
        for sequence, day in enumerate(infusion_days(patient))
    ]


def other_therapies(
    last_days: dict[int, int], fevers: dict[int, list[tuple[int, int]]]
) -> list[dict[str, Any]]:
    """The rows of ADCM. last_days: the last day of each patient; fevers: their first, last day."""
    rows = []
    for patient in PATIENTS:
        therapies = [
            *RESCUES.get(patient.number, ()),
            *_concomitant(patient, last_days[patient.number]),
            *(Therapy("Paracetamol", "PARACETAMOL", *days) for days in fevers[patient.number]),
        ]
        therapies.sort(key=lambda therapy: (therapy.first_day, therapy.name))
        for sequence, therapy in enumerate(therapies, start=1):
            rows.append(_row(patient, sequence, therapy))
    return rows


def _concomitant(patient: Patient, end: int) -> Iterator[Therapy]:
    """Therapies of a patient at a stable dose, and short ones that begin during the study."""
    draw = stream("therapy", patient.number)
    before = -int(draw.integers(30, 300))
    if draw.random() < 0.3:
        yield Therapy("Eltrombopag 50 mg, stable dose", "ELTROMBOPAG", before, None)
    if draw.random() < 0.35:
        yield Therapy("Prednisone 5 mg, stable dose", "PREDNISONE", before, None)
        yield Therapy("Calcium carbonate", "CALCIUM CARBONATE", before, None)
    if draw.random() < 0.5:
        first = int(draw.integers(2, max(3, end - 20)))
        yield Therapy("Tranexamic acid", "TRANEXAMIC ACID", first, first + int(draw.integers(2, 7)))
    if patient.sex == "F" and draw.random() < 0.4:
        yield Therapy("Ferrous succinate", "FERROUS SUCCINATE", before + 20, None)
    if draw.random() < 0.25:
        first = int(draw.integers(5, max(6, end - 25)))
        yield Therapy("Omeprazole", "OMEPRAZOLE", first, first + 13)


def _row(patient: Patient, sequence: int, therapy: Therapy) -> dict[str, Any]:
    return {
        "STUDYID": STUDYID,
        "USUBJID": patient.usubjid,
        "CMSEQ": sequence,
        "CMTRT": therapy.reported,
        "CMDECOD": therapy.name,
        "CMCAT": RESCUE if therapy.rescue else CONCOMITANT,
        "RESCFL": yes_no(therapy.rescue),
        "ASTDY": therapy.first_day,
        "AENDY": therapy.last_day,
        "ASTDT": calendar(patient.start, therapy.first_day),
        "AENDT": calendar(patient.start, therapy.last_day),
    }
