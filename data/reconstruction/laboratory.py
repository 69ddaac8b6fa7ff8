"""All laboratory records: platelets and bleeding grades, blood counts and immune markers (ADLB).

Platelet counts and bleeding grades come from `platelets`. White cells, haemoglobin and the immune
markers are drawn here. Which markers the trial measured is not public: these are invented, without
any effect of dose or response.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from data.reconstruction.patients import PATIENTS, Patient
from data.reconstruction.platelets import LIMIT, SERIOUS_BLEEDING, readings
from data.reconstruction.study import STUDYID, calendar, only_yes, stream
from data.reconstruction.visits import Visit, baseline, visits

BLOOD_WEEKS: Final = (-1, 0, 1, 2, 3, 4, 8, 12, 16, 20, 24, 28)
IMMUNE_WEEKS: Final = (2, 4, 8, 12, 16, 28)

GRADES: Final = ("0 - none", "1 - mild", "2 - moderate", "3 - gross", "4 - debilitating")
GRADE_NOT_RECORDED: Final = {(1, 19.0), (6, 17.0), (17, 22.0)}
"""Visits whose bleeding grade was not recorded: (order of enrolment, AVISITN)."""


@dataclass(frozen=True)
class Parameter:
    """A laboratory parameter; unit as in AVALU."""

    number: int
    code: str
    name: str
    category: str
    unit: str | None

    @property
    def label(self) -> str:
        """The name with its unit in parentheses."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


HAEMATOLOGY, BLEEDING, IMMUNOLOGY = "HAEMATOLOGY", "BLEEDING", "IMMUNOLOGY"
PLAT: Final = Parameter(1, "PLAT", "Platelets", HAEMATOLOGY, "10^9/L")
WBC: Final = Parameter(2, "WBC", "White blood cells", HAEMATOLOGY, "10^9/L")
HGB: Final = Parameter(3, "HGB", "Haemoglobin", HAEMATOLOGY, "g/L")
WHOBLEED: Final = Parameter(4, "WHOBLEED", "WHO bleeding grade", BLEEDING, None)


@dataclass(frozen=True)
class Marker:
    """An immune marker: its median over patients, and how patients and visits vary around it.

    between, within: standard deviations of the logarithm. limit: of quantification.
    """

    parameter: Parameter
    median: float
    between: float
    within: float
    digits: int
    limit: float = 0.0


MARKERS: Final = (
    Marker(Parameter(5, "TREG", "Regulatory T cells", IMMUNOLOGY, "% of CD4+"), 4.8, 0.30, 0.16, 1),
    Marker(
        Parameter(6, "BREG", "Regulatory B cells", IMMUNOLOGY, "% of CD19+"), 2.6, 0.40, 0.22, 1
    ),
    Marker(Parameter(7, "TH1TH2", "Th1/Th2 cells", IMMUNOLOGY, "ratio"), 9.5, 0.45, 0.22, 1),
    Marker(Parameter(8, "TH17", "Th17 cells", IMMUNOLOGY, "% of CD4+"), 1.9, 0.40, 0.22, 1),
    Marker(Parameter(9, "IL10", "Interleukin-10", IMMUNOLOGY, "pg/mL"), 2.6, 0.65, 0.35, 1, 1.0),
)


@dataclass(frozen=True)
class Result:
    """One value at a visit; text: as reported, where that is more than the number."""

    visit: Visit
    value: float
    text: str | None = None
    below: bool = False


def laboratory() -> list[dict[str, Any]]:
    """The rows of ADLB."""
    rows = []
    for patient in PATIENTS:
        rows += _rows(patient, PLAT, _platelets(patient))
        rows += _rows(patient, WHOBLEED, _bleeding(patient))
        rows += _rows(patient, WBC, _blood(patient, WBC, _white_cells(patient)))
        rows += _rows(patient, HGB, _blood(patient, HGB, _haemoglobin(patient)))
        for marker in MARKERS:
            rows += _rows(patient, marker.parameter, _immune(patient, marker))
    return rows


def _platelets(patient: Patient) -> list[Result]:
    return [
        Result(r.visit, float(r.platelets), f"<{LIMIT}" if r.below else None, r.below)
        for r in readings(patient)
    ]


def _bleeding(patient: Patient) -> list[Result]:
    return [
        Result(r.visit, float(r.bleeding), GRADES[r.bleeding])
        for r in readings(patient)
        if (patient.number, r.visit.number) not in GRADE_NOT_RECORDED
    ]


Draw = Callable[[np.random.Generator, Visit], float]


def _blood(patient: Patient, parameter: Parameter, value: Draw) -> list[Result]:
    draw = stream(parameter.code, patient.number)
    planned = [v for v in visits(patient) if v.number in BLOOD_WEEKS]
    return [Result(visit, value(draw, visit)) for visit in planned]


def _white_cells(patient: Patient) -> Draw:
    usual = 6.2 * np.exp(0.2 * stream("usual white cells", patient.number).standard_normal())
    return lambda draw, visit: round(float(usual * np.exp(0.15 * draw.standard_normal())), 1)


def _haemoglobin(patient: Patient) -> Draw:
    """Haemoglobin, which is lower after serious bleeding and recovers within eight weeks."""
    usual = (132 if patient.sex == "M" else 118) + 9 * stream(
        "usual haemoglobin", patient.number
    ).standard_normal()
    bled = SERIOUS_BLEEDING.get(patient.number, (10_000, 0))[0]

    def value(draw: np.random.Generator, visit: Visit) -> float:
        since = visit.day - bled
        loss = 32 * np.exp(-since / 25) if since >= 0 else 0.0
        return float(round(usual - loss + 4 * draw.standard_normal()))

    return value


def _immune(patient: Patient, marker: Marker) -> list[Result]:
    """A marker on day -1 and at its weeks; successive values are correlated."""
    draw = stream(marker.parameter.code, patient.number)
    usual = marker.median * np.exp(marker.between * draw.standard_normal())
    planned = [v for v in visits(patient) if v.number in IMMUNE_WEEKS]
    results, deviation = [], 0.0
    for visit in (Visit("Baseline", 0.0, -1), *planned):
        deviation = 0.6 * deviation + 0.8 * marker.within * draw.standard_normal()
        value = round(float(usual * np.exp(deviation)), marker.digits)
        below = value < marker.limit
        text = f"<{marker.limit:.{marker.digits}f}" if below else None
        results.append(Result(visit, max(value, marker.limit), text, below))
    return results


def _rows(patient: Patient, parameter: Parameter, results: list[Result]) -> list[dict[str, Any]]:
    """The ADLB rows of one patient and parameter."""
    base = baseline(results)
    return [
        {
            "STUDYID": STUDYID,
            "USUBJID": patient.usubjid,
            "PARAMCD": parameter.code,
            "PARAM": parameter.label,
            "PARAMN": parameter.number,
            "PARCAT1": parameter.category,
            "AVAL": r.value,
            "AVALC": r.text,
            "AVALU": parameter.unit,
            "LLOQFL": only_yes(r.below),
            "BASE": base.value,
            "CHG": round(r.value - base.value, 4) if r.visit.day >= base.visit.day else None,
            "AVISIT": r.visit.label,
            "AVISITN": r.visit.number,
            "ADY": r.visit.day,
            "ADT": calendar(patient.start, r.visit.day),
            "ABLFL": only_yes(r is base),
            "ANL01FL": only_yes(r.visit.scheduled and r.visit.number >= 0),
        }
        for r in results
    ]
