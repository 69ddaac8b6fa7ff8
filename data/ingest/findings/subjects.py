"""Findings about patients (ADSL): the study, who was treated, arms and doses."""

from __future__ import annotations

from collections.abc import Sequence

from data.ingest.report import Concerned, Issue, error, note, warning


def several_studies(studies: Sequence[str]) -> Issue:
    return error(
        "ADSL.STUDYID",
        "patients belong to several studies",
        "Choose one with --study.",
        Concerned(values=tuple(studies)),
    )


def no_study_identifier() -> Issue:
    return error(
        "ADSL.STUDYID",
        "study has no identifier",
        "Fill in STUDYID, or name the study with --study.",
    )


def no_first_treatment(rows: Concerned) -> Issue:
    return warning(
        "ADSL.SAFFL",
        "in the safety population, but without a date of first treatment",
        "They count as treated, according to SAFFL. Check TRTSDT.",
        rows,
    )


def safety_flag_missing(rows: Concerned) -> Issue:
    return note(
        "ADSL.SAFFL",
        "missing, read as N",
        "Nothing to do if these patients were never treated.",
        rows,
    )


def treatment_unknown() -> Issue:
    return error(
        "ADSL.SAFFL",
        "no variable tells who was treated: SAFFL, TRTSDT, ADEX and TRT01A are missing",
        'Add one of them, or set SAFFL = { value = "Y" } under [map.ADSL].',
    )


def never_treated(never: int, screened: int, patients: tuple[str, ...]) -> Issue:
    return note(
        "ADSL.SAFFL",
        f"{never} of {screened} patients were never treated",
        "They are in no denominator of the safety population.",
        Concerned(patients=patients),
    )


def nobody_treated() -> Issue:
    return error(
        "ADSL.SAFFL",
        "no patient was treated",
        "Check SAFFL: every figure is about treated patients.",
    )


def no_arm() -> Issue:
    return error(
        "ADSL.TRT01A",
        "no treatment: TRT01A, TRT01P and ARM are missing",
        "Add one of them, or name the variable under [map.ADSL].",
    )


def arm_not_as_planned(planned: str, used: str, kind: str, rows: Concerned) -> Issue:
    """planned: the variable of the planned treatment; used, kind: the variable of the arms."""
    return note(
        "ADSL.TRT01A",
        f"actual treatment differs from planned treatment ({planned})",
        f'Arms are those of {used} ({kind}). Choose with treatment = "planned" or "actual" '
        "under [map].",
        rows,
    )


def arm_missing(variable: str, rows: Concerned) -> Issue:
    return warning(
        f"ADSL.{variable}",
        "treated patients without a treatment",
        "They are shown as (missing). Fill in the variable.",
        rows,
    )


def order_not_one_to_one(variable: str, number: str, values: Sequence[str]) -> Issue:
    return warning(
        f"ADSL.{number}",
        f"{number} does not match {variable} one to one",
        f"The order is that of the text. Give each value of {variable} one number.",
        Concerned(values=tuple(values)),
    )


def planned_dose_only() -> Issue:
    return note(
        "ADSL.DOSE01A",
        "only the planned dose is given",
        "The dose shown is DOSE01P; set DOSE01A under [map.ADSL] to use another.",
    )


def dose_from_number(number: str, arms: Sequence[str]) -> Issue:
    """arms: each with its number."""
    return warning(
        "ADSL.DOSE01A",
        f"dose is derived from {number}",
        'If these are codes and not doses, set DOSE01A = "" under [map.ADSL]; set the unit with '
        'DOSE01U = { value = "mg" }.',
        Concerned(values=tuple(arms)),
    )
