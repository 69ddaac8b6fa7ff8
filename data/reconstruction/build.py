"""The five tables of the embedded study, from the modules that make their rows."""

import pyarrow as pa

from data.contract import DATASETS
from data.reconstruction.events import adverse_events, events
from data.reconstruction.laboratory import laboratory
from data.reconstruction.patients import PATIENTS, Entry, Patient, subject_level
from data.reconstruction.platelets import readings
from data.reconstruction.therapy import exposure, infusion_days, other_therapies
from data.reconstruction.visits import baseline, visits
from data.reconstruction.writing import table


def tables() -> dict[str, pa.Table]:
    """ADSL, ADLB, ADAE, ADEX and ADCM, the same on every call."""
    entries = {patient.number: _entry(patient) for patient in PATIENTS}
    infusions = {patient.number: infusion_days(patient) for patient in PATIENTS}
    last_days = {number: entry.last_day for number, entry in entries.items()}
    adverse = events(last_days)
    fevers = {
        number: [
            (event.first_day, event.last_day or last_days[number])
            for event in of_patient
            if event.preferred == "Pyrexia" and event.first_day > 0
        ]
        for number, of_patient in adverse.items()
    }
    rows = {
        "ADSL": subject_level(entries, infusions),
        "ADLB": laboratory(),
        "ADAE": adverse_events(adverse),
        "ADEX": exposure(),
        "ADCM": other_therapies(last_days, fevers),
    }
    return {name: table(DATASETS[name], of_table) for name, of_table in rows.items()}


def _entry(patient: Patient) -> Entry:
    first = baseline(readings(patient))
    return Entry(float(first.platelets), first.bleeding, visits(patient)[-1].day)
