"""Findings about laboratory data (ADLB): platelets, units, visits and baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.ingest.report import Concerned, Issue, error, note, warning
from data.ingest.units import UNIT


def at_a_limit(rows: Concerned) -> Issue:
    return note(
        "ADLB.AVAL",
        "values reported beyond a limit of quantification are taken at the limit",
        "They are counted under figures, and a reader can take half the lower limit or leave them "
        "out.",
        rows,
    )


def set_by_sponsor(rows: Concerned) -> Issue:
    return note(
        "ADLB.AVAL",
        "values reported beyond a limit of quantification, for which AVAL is another number",
        "AVAL is used as delivered, and they are not counted as beyond a limit.",
        rows,
    )


def no_such_parameter(parameter: str, settings: str, known: Sequence[str]) -> Issue:
    return error(
        "ADLB.PARAMCD",
        f"{settings} names the parameter {parameter}, which no row has",
        f"Known parameters: {', '.join(known)}.",
    )


def several_platelet_parameters(codes: Sequence[str]) -> Issue:
    return error(
        "ADLB.PARAMCD",
        "several parameters are called platelets",
        'Choose one: parameter = "..." under [laboratory] in the map (--map).',
        Concerned(values=tuple(codes)),
    )


def no_platelets() -> Issue:
    return warning(
        "ADLB.PARAMCD",
        "no platelet count",
        'Name its parameter: parameter = "..." under [laboratory] in the map (--map).',
    )


def unit_of_platelets(problem: str, units: Mapping[str, int], *, may_be_one: bool) -> Issue:
    """units: rows by unit. may_be_one: the map may give all rows one unit."""
    advice = f"Use one of the units in docs/ingest.md for all of them, ideally {UNIT}."
    if may_be_one:  # with several known units, one for all rows would be wrong for some
        advice += ' If it is the same for all, set AVALU = { value = "10^9/L" } under [map.ADLB].'
    values = tuple(f"{unit} in {rows:,} rows" for unit, rows in units.items())[:5]
    return error("ADLB.AVALU", problem, advice, Concerned(sum(units.values()), values=values))


def implausible_platelets(limit: str, rows: Concerned) -> Issue:
    """limit: "above 5,000" or "below 0"."""
    return warning(
        "ADLB.AVAL", f"platelet counts {limit} × 10^9/L", "Check the unit and the values.", rows
    )


def platelets_all_derived(rows: Concerned) -> Issue:
    return warning(
        "ADLB.DTYPE",
        "every platelet count is marked as derived",
        "Derived records are not drawn unless a reader asks for them. Leave DTYPE missing for "
        'observed values, or set DTYPE = "" under [map.ADLB].',
        rows,
    )


def several_units(parameter: str, rows: Concerned) -> Issue:
    return warning(
        "ADLB.AVALU",
        f"{parameter} has several units and is left out",
        "Give it in one unit, or give each unit its own PARAMCD.",
        rows,
    )


def visit_numbers_differ(visits: Sequence[str]) -> Issue:
    return warning(
        "ADLB.AVISITN",
        "one visit name has several numbers",
        "Visits are told apart by AVISITN: give each name one number.",
        Concerned(values=tuple(visits)),
    )


def visit_order_unknown() -> Issue:
    return warning(
        "ADLB.AVISITN",
        "order of the visits is unknown",
        'Add AVISITN, or set AVISITN = { from = "AVISIT", values = { ... } } under [map.ADLB]. '
        "Until then, values are shown by study day only.",
    )


def no_baseline() -> Issue:
    return warning(
        "ADLB.BASE", "no baseline", "Changes from baseline cannot be shown. Add BASE or ABLFL."
    )


def several_baselines(patients: Sequence[str]) -> Issue:
    return warning(
        "ADLB.ABLFL",
        "several baseline records for one patient and parameter",
        "BASE is used as delivered. Flag one record each.",
        Concerned(patients=tuple(patients)),
    )
