"""The units of ADLB: platelets in 10^9/L, and one unit for each other parameter."""

from __future__ import annotations

from collections import Counter

from data.ingest.findings import laboratory as findings
from data.ingest.report import Concerned
from data.ingest.stage import text
from data.ingest.units import UNIT, factor, normal, unit_in, without_unit
from data.ingest.work import Work

PLAUSIBLE = 5_000
"""A platelet count above this, in 10^9/L, is likelier a wrong unit than a patient."""

_SCALED = ("AVAL", "BASE", "CHG", "A1LO", "A1HI")


def convert_platelets(work: Work, parameter: str) -> None:
    """Bring the platelet count to 10^9/L; an unknown unit, none, or several are an error."""
    where = f"PARAMCD = {text(parameter)}"
    units, without, name = _units(work, where)
    factors = {unit: factor(unit) for unit in units}
    if problem := _problem(factors, without):
        unknown = {unit: rows for unit, rows in units.items() if factors[unit] is None}
        may_be_one = len(set(factors.values()) - {None}) < 2
        work.add(findings.unit_of_platelets(problem, unknown or units, may_be_one=may_be_one))
        return
    times = next(iter(factors.values())) or 1.0
    why = f"the same as {UNIT}" if times == 1 else f"multiplied by {times:g} to give {UNIT}"
    work.redecide("ADLB", "platelet unit", ", ".join(units), why)
    title = f"{without_unit(name) or 'Platelets'} ({UNIT})"
    work.connection.execute(
        f"update ADLB set AVALU = {text(UNIT)}, PARAM = {text(title)} where {where}"
    )
    if times != 1:
        scaled = ", ".join(f"{v} = {v} * {times!r}::double" for v in _SCALED)
        work.connection.execute(f"update ADLB set {scaled} where {where}")
        # What was reported is in the unit as delivered; only a limit is written anew.
        sign = "case when LLOQFL = 'Y' then '<' when ULOQFL = 'Y' then '>' end"
        work.connection.execute(
            f"update ADLB set AVALC = {sign} || format('{{:g}}', AVAL) where {where}"
        )
    for condition, limit in ((f"> {PLAUSIBLE}", f"above {PLAUSIBLE:,}"), ("< 0", "below 0")):
        if rows := work.concerned("ADLB", f"{where} and AVAL {condition}", "AVAL"):
            work.add(findings.implausible_platelets(limit, rows))


def _units(work: Work, where: str) -> tuple[dict[str, int], int, str]:
    """Rows by unit stated in AVALU or PARAM, rows without a unit, and the parameter's name."""
    stated = work.rows(
        f"select AVALU, PARAM, count(*) from ADLB where {where} and AVAL is not null "
        "group by all order by all"
    )
    units: Counter[str] = Counter()
    without = 0
    for unit, name, rows in stated:
        named = [str(unit)] if unit else []
        named += [in_name] if (in_name := unit_in(str(name or ""))) else []
        for each in named:
            units[each] += int(str(rows))
        without += 0 if named else int(str(rows))
    return dict(units), without, str(stated[0][1] or "")


def _problem(factors: dict[str, float | None], without: int) -> str:
    """Why the platelet count cannot be converted, or nothing."""
    if not factors:
        return "platelet count without a unit"
    if None in factors.values():
        return "unknown unit of the platelet count"
    if len(set(factors.values())) > 1:
        return "platelet count in several units"
    return f"{without:,} platelet counts have no unit, others have one" if without else ""


def leave_out_mixed(work: Work, platelets: str) -> None:
    """Leave out parameters given in several units: their values cannot be put together."""
    units: dict[str, dict[str, set[str]]] = {}
    for code, stated, name in work.rows(
        "select distinct PARAMCD, AVALU, PARAM from ADLB where AVAL is not null"
    ):
        held = units.setdefault(str(code), {"AVALU": set(), "PARAM": set()})
        held["AVALU"] |= {str(stated)} if stated else set()
        held["PARAM"] |= {unit} if (unit := unit_in(str(name or ""))) else set()
    for code, held in sorted(units.items()):
        mixed = next((each for each in held.values() if len(set(map(normal, each))) > 1), set())
        if mixed and code != platelets:
            left_out = work.reject("ADLB", f"PARAMCD = {text(code)}", f"{code} has several units")
            rows = Concerned(left_out.rows, values=tuple(sorted(mixed))[:5])
            work.add(findings.several_units(code, rows))
