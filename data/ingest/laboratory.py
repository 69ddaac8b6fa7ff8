"""ADLB: which parameter is the platelet count, its unit, the baseline and the order of visits."""

from __future__ import annotations

import re

from data.ingest.mapping import Work
from data.ingest.report import Issue
from data.ingest.stage import text
from data.ingest.units import (
    CODES,
    UNIT,
    contradicts_platelets,
    factor,
    is_platelets_by_name,
    normal,
    unit_in,
    without_unit,
)

PLAUSIBLE = 5_000
"""A platelet count above this, in 10^9/L, is likelier a wrong unit than a patient."""


def complete(work: Work) -> str:
    """Fill in what the app needs of ADLB; returns the PARAMCD of the platelet count, or nothing."""
    _visits(work)
    _baseline(work)
    parameter = _platelets(work)
    if parameter:
        _convert(work, parameter)
        _all_derived(work, parameter)
    _one_unit_each(work, parameter)
    return parameter


def _all_derived(work: Work, parameter: str) -> None:
    """Warn where no platelet count was observed: by default derived records are not drawn."""
    where = f"PARAMCD = {text(parameter)} and AVAL is not null"
    if not work.count("ADLB", f"{where} and coalesce(DTYPE, '') = ''"):
        work.issue(
            Issue(
                "warning",
                "ADLB",
                "DTYPE",
                "every platelet count is called derived",
                "Derived records are not drawn unless a reader asks for them. Leave DTYPE missing "
                'for observed values, or say DTYPE = "" under [map.ADLB].',
                rows=work.count("ADLB", where),
                values=work.first("ADLB", where, "DTYPE"),
            )
        )


def _one_unit_each(work: Work, platelets: str) -> None:
    """Leave out parameters that are given in several units: their values cannot be put together."""
    units: dict[str, dict[str, set[str]]] = {}
    for code, stated, name in work.rows(
        "select distinct PARAMCD, AVALU, PARAM from ADLB where AVAL is not null"
    ):
        found = units.setdefault(str(code), {"AVALU": set(), "PARAM": set()})
        found["AVALU"] |= {str(stated)} if stated else set()
        found["PARAM"] |= {unit} if (unit := unit_in(str(name or ""))) else set()
    for code, found in sorted(units.items()):
        several = next((held for held in found.values() if len(set(map(normal, held))) > 1), set())
        if not several or code == platelets:
            continue
        where = f"PARAMCD = {text(code)}"
        rows = work.reject("ADLB", where, f"{code} is given in several units")
        work.issue(
            Issue(
                "warning",
                "ADLB",
                "AVALU",
                f"{code} is given in several units and is left out",
                "Give it in one unit, or each unit a PARAMCD of its own.",
                rows=rows,
                values=tuple(sorted(several))[:5],
            )
        )


def _parameters(work: Work) -> list[tuple[str, str]]:
    """PARAMCD and PARAM of every parameter that holds a number."""
    return [
        (str(code), str(name or ""))
        for code, name in work.rows(
            "select distinct PARAMCD, PARAM from ADLB where AVAL is not null "
            "and PARAMCD is not null order by all"
        )
    ]


def _platelets(work: Work) -> str:
    """The PARAMCD of the platelet count: as --map says, else by code, else by the anchored name."""
    parameters = _parameters(work)
    codes = {code for code, _ in parameters}
    laboratory = work.settings.toml.get("laboratory", {})
    said = str(laboratory.get("parameter", "")) if isinstance(laboratory, dict) else ""
    if said:
        if said in codes:
            work.decide("ADLB", "platelets", f"PARAMCD {said}", f"{work.settings.name} says so")
            return said
        work.issue(
            Issue(
                "error",
                "ADLB",
                "PARAMCD",
                f"{work.settings.name} names the parameter {said}, which no row has",
                f"Known are {', '.join(sorted(codes)[:12])}.",
            )
        )
        return ""
    shadows = [(c, n) for c, n in parameters if _resembles(c, n)]
    by_code = [
        code
        for known in CODES
        for code in dict.fromkeys(c for c, _ in parameters)
        if code.upper() == known
        and not any(contradicts_platelets(n) for c, n in parameters if c == code)
    ]
    by_name = sorted({code for code, name in parameters if is_platelets_by_name(name)})
    if by_code:
        chosen, why = by_code[0], "the parameter's code"
    elif len(by_name) == 1:
        chosen = by_name[0]
        name = next(n for c, n in parameters if c == chosen)
        why = f"no code {', '.join(CODES[:2])}; the parameter's whole name is {name!r}"
    elif by_name:
        work.issue(
            Issue(
                "error",
                "ADLB",
                "PARAMCD",
                "several parameters are called platelets",
                'Choose one: parameter = "..." under [laboratory] in the file given with --map.',
                values=tuple(by_name[:5]),
            )
        )
        return ""
    else:
        work.decide(
            "ADLB",
            "platelets",
            "",
            f"no parameter has a code such as {CODES[0]} or {CODES[1]}, or platelets for a name",
        )
        work.issue(
            Issue(
                "warning",
                "ADLB",
                "PARAMCD",
                "no platelet count was found",
                'Name it: parameter = "..." under [laboratory] in the file given with --map.',
            )
        )
        return ""
    left = [f"{c} ({n})" for c, n in shadows if c != chosen]
    if left:
        why += f"; not {', '.join(left[:4])}, which only resemble it"
    work.decide("ADLB", "platelets", f"PARAMCD {chosen}", why)
    return chosen


def _resembles(code: str, name: str) -> bool:
    named = re.search(r"platelet|thrombocyt", name, re.IGNORECASE)
    return bool(named or re.search(r"PLAT|PLT", code.upper()))


def _convert(work: Work, parameter: str) -> None:
    """Bring the platelet count to 10^9/L; an unknown unit, or several, is an error."""
    where = f"PARAMCD = {text(parameter)}"
    found = work.rows(
        f"select AVALU, PARAM, count(*) from ADLB where {where} and AVAL is not null "
        "group by all order by all"
    )
    stated: dict[str, int] = {}
    without = 0
    for unit, name, rows in found:
        units = [str(unit)] if unit else []
        if named := unit_in(str(name or "")):
            units.append(named)
        for one in units:
            stated[one] = stated.get(one, 0) + int(str(rows))
        without += 0 if units else int(str(rows))
    factors = {unit: factor(unit) for unit in stated}
    problem, advice = "", f"Give all of them in one unit of docs/ingest.md, best in {UNIT}."
    say = ' If all are in one, say so: AVALU = { value = "10^9/L" } under [map.ADLB].'
    if not stated:
        problem = "no row states a unit of the platelet count"
    elif unknown := [unit for unit, times in factors.items() if times is None]:
        problem = "the unit of the platelet count is not known"
        stated = {unit: stated[unit] for unit in unknown}
    elif len(set(factors.values())) > 1:
        problem = "the platelet count is given in several units"
    elif without:
        problem = f"{without:,} platelet counts state no unit and others do"
    if problem:
        work.issue(
            Issue(
                "error",
                "ADLB",
                "AVALU",
                problem,
                # With several units that are known, one for all rows would be wrong for some.
                advice + (say if len(set(factors.values()) - {None}) < 2 else ""),
                rows=sum(stated.values()),
                values=tuple(f"{unit} in {rows:,} rows" for unit, rows in stated.items())[:5],
            )
        )
        return
    times = next(iter(factors.values())) or 1.0
    spelled = ", ".join(stated)
    work.redecide(
        "ADLB",
        "platelet unit",
        spelled,
        f"the same as {UNIT}" if times == 1 else f"multiplied by {times:g} to give {UNIT}",
    )
    name = without_unit(str(found[0][1] or "")) or "Platelets"
    work.connection.execute(
        f"update ADLB set AVALU = {text(UNIT)}, PARAM = {text(f'{name} ({UNIT})')} where {where}"
    )
    if times != 1:
        work.connection.execute(
            f"update ADLB set {', '.join(f'{v} = {v} * {times!r}::double' for v in _SCALED)} "
            f"where {where}"
        )
    high = f"{where} and AVAL > {PLAUSIBLE}"
    low = f"{where} and AVAL < 0"
    for condition, what in ((high, f"above {PLAUSIBLE:,}"), (low, "below 0")):
        if rows := work.count("ADLB", condition):
            work.issue(
                Issue(
                    "warning",
                    "ADLB",
                    "AVAL",
                    f"platelet counts {what} × 10^9/L",
                    "Check the unit and the values.",
                    rows=rows,
                    patients=work.first("ADLB", condition),
                    values=work.first("ADLB", condition, "AVAL"),
                )
            )


_SCALED = ("AVAL", "BASE", "CHG", "A1LO", "A1HI")


def _visits(work: Work) -> None:
    """AVISITN, else the number that is in the words of AVISIT, if all words are of one kind."""
    if work.has("ADLB", "AVISITN"):
        clash = work.rows(
            "select AVISIT from ADLB where AVISIT is not null and AVISITN is not null "
            "and AVISIT not ilike 'unscheduled%' "
            "group by AVISIT having count(distinct AVISITN) > 1 order by all limit 3"
        )
        if clash:
            work.issue(
                Issue(
                    "warning",
                    "ADLB",
                    "AVISITN",
                    "one visit name has several numbers",
                    "Visits are told apart by AVISITN; give each name one number.",
                    values=tuple(str(v) for (v,) in clash),
                )
            )
        return
    names = [str(v) for (v,) in work.rows(
        "select distinct AVISIT from ADLB where AVISIT is not null"
    )]  # fmt: skip
    numbers = visit_numbers(names)
    if not numbers:
        work.issue(
            Issue(
                "warning",
                "ADLB",
                "AVISITN",
                "the order of the visits is not known",
                'Add AVISITN, or say AVISITN = { from = "AVISIT", values = { ... } } under '
                "[map.ADLB]. Until then values are shown by study day only.",
            )
        )
        return
    for name, number in numbers.items():
        work.connection.execute(
            f"update ADLB set AVISITN = {number!r}::double where AVISIT = {text(name)}"
        )
    work.redecide(
        "ADLB",
        "AVISITN",
        "AVISIT",
        "AVISITN and VISITNUM not found; screening is -1, baseline 0, then the number in the name",
    )


_COUNTED = re.compile(r"(week|day|month|visit|cycle)\s*(-?\d+(?:\.\d+)?)", re.IGNORECASE)


def visit_numbers(names: list[str]) -> dict[str, float]:
    """Visit name -> its number, if the names count in one kind (weeks, days, months, visits)."""
    kinds = set()
    found: dict[str, float] = {}
    for name in names:
        if re.match(r"screening", name, re.IGNORECASE):
            found[name] = -1.0
        elif re.match(r"baseline", name, re.IGNORECASE):
            found[name] = 0.0
        elif match := _COUNTED.fullmatch(name):
            kinds.add(match.group(1).lower())
            found[name] = float(match.group(2))
        elif re.match(r"unscheduled", name, re.IGNORECASE):
            continue
        else:
            return {}
    return found if len(kinds) <= 1 else {}


def _baseline(work: Work) -> None:
    """ABLFL, else the last value on or before day 1; BASE, else the value where ABLFL is Y."""
    given = work.settings.given
    if not work.has("ADLB", "ABLFL") and ("ADLB", "ABLFL") not in given:
        work.connection.execute(
            "update ADLB set ABLFL = 'Y' where rowid in (select arg_max(rowid, "
            "(ADY, coalesce(AVISITN, -1e9), _row)) from ADLB where ADY <= 1 and AVAL is not null "
            "and DTYPE is null group by USUBJID, PARAMCD)"
        )
        if work.has("ADLB", "ABLFL"):
            work.redecide(
                "ADLB", "ABLFL", "ADY", "ABLFL not found; the last value on or before day 1"
            )
    if not work.has("ADLB", "BASE") and ("ADLB", "BASE") not in given:
        work.connection.execute(
            "update ADLB set BASE = b.value from (select USUBJID, PARAMCD, "
            "coalesce(BASETYPE, '') as kind, any_value(AVAL) as value from ADLB where ABLFL = 'Y' "
            "and AVAL is not null group by all having count(distinct AVAL) = 1) as b "
            "where b.USUBJID = ADLB.USUBJID and b.PARAMCD = ADLB.PARAMCD "
            "and b.kind = coalesce(ADLB.BASETYPE, '')"
        )
        if work.has("ADLB", "BASE"):
            work.redecide(
                "ADLB",
                "BASE",
                "AVAL",
                "BASE not found; AVAL of the same parameter where ABLFL is Y",
            )
        else:
            work.issue(
                Issue(
                    "warning",
                    "ADLB",
                    "BASE",
                    "no baseline is known",
                    "Changes from baseline cannot be shown. Add BASE, or ABLFL.",
                )
            )
    several = work.rows(
        "select USUBJID from ADLB where ABLFL = 'Y' and AVAL is not null and DTYPE is null "
        "group by USUBJID, PARAMCD, BASETYPE having count(*) > 1 order by all limit 3"
    )
    if several:
        work.issue(
            Issue(
                "warning",
                "ADLB",
                "ABLFL",
                "several baseline records of one patient and parameter",
                "BASE is taken as delivered. Flag one record each.",
                patients=tuple(str(p) for (p,) in several),
            )
        )
