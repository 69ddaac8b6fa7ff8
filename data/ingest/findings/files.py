"""Findings about the files of a source and the variables in them."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from data.contract import Variable
from data.ingest.report import Concerned, Issue, error, note, warning

_NOT_A = {"date": "not a date", "integer": "not an integer", "number": "not a number"}
_FORM = {"date": "YYYY-MM-DD", "integer": "an integer", "number": "a number such as 10.5"}


def no_patients(source: str) -> Issue:
    return error(
        "",
        "no subject-level dataset (ADSL) among the files",
        "Add it: one row per patient, with USUBJID and the treatment (TRT01A, TRT01P or ARM).",
        file=source,
    )


def no_such_file(name: str, known: Sequence[str], settings: str) -> Issue:
    near = get_close_matches(name, known, n=1)
    return error(
        "",
        f"[map.files] {name} is not a file of the source",
        f"Did you mean {near[0]}?" if near else f"Files are {', '.join(known[:12])}.",
        file=settings,
    )


def empty(dataset: str) -> Issue:
    if dataset == "ADSL":
        return error(dataset, "dataset has no rows", "Every study needs its patients.")
    return warning(dataset, "dataset has no rows", "Figures that need it are left out of the app.")


def unused_variables(dataset: str, names: Sequence[str], file: str) -> Issue:
    return note(
        dataset,
        f"variables not used by the app ({len(names)})",
        f"They are left out: {', '.join(names)}.",
        file=file,
    )


def conflicting_copies(dataset: str, difference: str, other: str, file: str) -> Issue:
    """difference: the variable in which they differ, or what else differs."""
    return error(
        f"{dataset}.{difference}",
        f"same dataset as in {other}, with different content",
        f'Remove one of the two files, or exclude one under [map.files]: "{file}" = "".',
        file=file,
    )


def no_such_column(dataset: str, variable: str, column: str, settings: str, file: str) -> Issue:
    return error(
        f"{dataset}.{variable}",
        f"{settings} maps it to {column}, which does not exist",
        "Correct the name, or remove the line.",
        file=file,
    )


def date_without_format(dataset: str, variable: str, file: str) -> Issue:
    return note(
        f"{dataset}.{variable}",
        "a number without a date format is read as a SAS date (days since 1960-01-01)",
        "Give the variable a date format such as DATE9.",
        file=file,
    )


def wrong_values(
    dataset: str, variable: Variable, at: str, rows: Concerned, file: str, *, is_soft: bool
) -> Issue:
    """Values that are not of the declared type; at: the first row numbers. is_soft: no result
    depends on the variable."""
    advice = f"Write {_FORM[variable.type]}, or leave it blank."
    return (warning if is_soft else error)(
        f"{dataset}.{variable.name}",
        f"{_NOT_A[variable.type]} (row {at})",
        f"They are set to missing. {advice}" if is_soft else advice,
        rows,
        file,
    )


def not_finite(dataset: str, variable: str, rows: Concerned) -> Issue:
    return warning(
        f"{dataset}.{variable}", "infinite", "They are set to missing. Correct the values.", rows
    )


def counted_from_zero(dataset: str, day: str) -> str:
    """The advice for study days 0 that cannot be set aside."""
    return (
        "The day of first treatment is day 1 and the day before it day -1. If all days count from "
        f'0, set {day} = "" under [map.{dataset}]: they are then derived from the dates.'
    )


def no_identifiers(dataset: str, rows: Concerned, file: str) -> Issue:
    return error(
        f"{dataset}.USUBJID",
        "patient identifier missing",
        "Add the variable USUBJID, or name the one that identifies patients: "
        f'USUBJID = "..." under [map.{dataset}].',
        rows,
        file,
    )


def missing_identifiers(dataset: str, at: str, rows: Concerned, file: str) -> Issue:
    """at: the first row numbers."""
    return error(
        f"{dataset}.USUBJID",
        f"patient identifier missing (row {at})",
        "Fill in which patient the rows belong to, or remove them.",
        rows,
        file,
    )


def unknown_patients(dataset: str, rows: Concerned, file: str) -> Issue:
    return error(
        f"{dataset}.USUBJID",
        NOT_IN_ADSL,
        "Add the patients to ADSL, correct the identifiers, or leave the rows out: "
        'unknown_patients = "leave out" under [map].',
        rows,
        file,
    )


NOT_IN_ADSL = "patient not in ADSL"


def duplicate_rows(dataset: str, reason: str, rows: Concerned, file: str) -> Issue:
    return warning(
        dataset, reason, "One of each is kept; rejected.parquet holds the others.", rows, file
    )
