"""What an import would make of the files, as far as a person may want to correct it.

It is read from the study that a dry run has made, by the same queries and figures as any study.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.build import figures, reason_against
from data.study import ResponseRule, Study, read_text
from data.study_file import plain
from queries.definition import definition_keys, header
from queries.engine.records import records
from queries.engine.run import rows

ARM = "arm"
LABELLED = {"group": "Group", "filter": "Filter", "baseline": "Baseline table"}
"""The lists of `study.toml` whose labels readers see, and what a person calls an entry."""


@dataclass(frozen=True)
class Arm:
    """An arm: its place in the order (a number, or the arm itself), patients, and dose."""

    name: str
    place: float | None
    patients: int
    dose: float | None


@dataclass(frozen=True)
class Medication:
    """A concomitant medication, patients who had it, and whether it counts as rescue therapy."""

    name: str
    patients: int
    is_rescue: bool


@dataclass(frozen=True)
class Proposal:
    """The study as it would be imported.

    arm_variable, arm_order: the ADSL variables of the arms and of their order, "" without arms.
    parameters: PARAMCD and PARAM. definitions: key and label of every response definition.
    settings: the content of its `study.toml`. figures: title -> why it is not shown, "" if it is.
    """

    name: str
    title: str
    dose_unit: str
    arm_variable: str
    arm_order: str
    arms: tuple[Arm, ...]
    parameters: tuple[tuple[str, str], ...]
    parameter: str
    reference_lines: tuple[float, ...]
    definitions: tuple[tuple[str, str], ...]
    response: ResponseRule | None
    medications: tuple[Medication, ...]
    rescue_days: int
    settings: Mapping[str, Any]
    figures: tuple[tuple[str, str], ...]


def proposal(study: Study) -> Proposal:
    """What there is to correct in a study, and which figures it has."""
    arm = study.grouping(ARM)
    return Proposal(
        name=study.name,
        title=study.title,
        dose_unit=study.dose_unit,
        arm_variable=arm.variable if arm else "",
        arm_order=arm.order if arm else "",
        arms=_arms(study) if arm else (),
        parameters=study.parameters,
        parameter=study.parameter,
        reference_lines=study.reference_lines,
        definitions=tuple((key, header(key).label) for key in definition_keys()),
        response=study.response,
        medications=_medications(study),
        rescue_days=study.rescue_days,
        settings=plain(read_text(study.folder, "study.toml"), "study.toml"),
        figures=tuple(
            (figure.title, reason_against(study, name)) for name, figure in figures().items()
        ),
    )


def _arms(study: Study) -> tuple[Arm, ...]:
    return tuple(
        Arm(
            str(row.group_label),
            _number(row.group_order),
            int(row.n_patients),
            _number(row.DOSE01A),
        )
        for row in records(rows(study, "arm_doses", group=ARM))
    )


def _medications(study: Study) -> tuple[Medication, ...]:
    return tuple(
        Medication(str(row.CMDECOD), int(row.n_patients), bool(row.is_rescue))
        for row in records(rows(study, "medications"))
    )


def _number(value: object) -> float | None:
    """The value as a number; None where it is missing or text."""
    try:
        number = float(str(value))
    except ValueError:
        return None
    return None if number != number else number
