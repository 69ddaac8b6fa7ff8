"""Which parameter of ADLB is the platelet count."""

from __future__ import annotations

import re

from data.ingest.findings import laboratory as findings
from data.ingest.report import Concerned
from data.ingest.stage import text
from data.ingest.units import CODES, contradicts_platelets, is_platelets_by_name
from data.ingest.work import Work

_Parameters = list[tuple[str, str]]


def parameter(work: Work) -> str:
    """Its PARAMCD: as the map names it, else by its code, else by its whole name; or ""."""
    parameters = _parameters(work)
    laboratory = work.settings.toml.get("laboratory", {})
    named = str(laboratory.get("parameter", "")) if isinstance(laboratory, dict) else ""
    if named:
        return _named(work, named, sorted({code for code, _ in parameters}))
    by_code = _by_code(parameters)
    by_name = sorted({code for code, name in parameters if is_platelets_by_name(name)})
    if by_code:
        return _chosen(work, by_code[0], "the parameter's code", parameters)
    if len(by_name) == 1:
        name = next(n for c, n in parameters if c == by_name[0])
        why = f"no code {', '.join(CODES[:2])}; the parameter's whole name is {name!r}"
        return _chosen(work, by_name[0], why, parameters)
    if by_name:
        work.add(findings.several_platelet_parameters(by_name[:5]))
        return ""
    why = f"no parameter has a code such as {CODES[0]} or {CODES[1]}, or is named platelets"
    work.decide("ADLB", "platelets", "", why)
    work.add(findings.no_platelets())
    return ""


def check_observed(work: Work, parameter: str) -> None:
    """Warn where no platelet count was observed: by default derived records are not drawn."""
    where = f"PARAMCD = {text(parameter)} and AVAL is not null"
    if not work.count("ADLB", f"{where} and coalesce(DTYPE, '') = ''"):
        types = work.first("ADLB", where, "DTYPE")
        rows = Concerned(work.count("ADLB", where), values=types)
        work.add(findings.platelets_all_derived(rows))


def _parameters(work: Work) -> _Parameters:
    """PARAMCD and PARAM of every parameter that holds a number."""
    return [
        (str(code), str(name or ""))
        for code, name in work.rows(
            "select distinct PARAMCD, PARAM from ADLB where AVAL is not null "
            "and PARAMCD is not null order by all"
        )
    ]


def _named(work: Work, named: str, codes: list[str]) -> str:
    """The parameter that the map names, if it is there."""
    if named not in codes:
        work.add(findings.no_such_parameter(named, work.settings.name, codes[:12]))
        return ""
    work.decide("ADLB", "platelets", f"PARAMCD {named}", f"{work.settings.name} names it")
    return named


def _by_code(parameters: _Parameters) -> list[str]:
    """Parameters with a code of the platelet count and no name that contradicts it."""
    return [
        code
        for known in CODES
        for code in dict.fromkeys(c for c, _ in parameters)
        if code.upper() == known
        and not any(contradicts_platelets(n) for c, n in parameters if c == code)
    ]


def _chosen(work: Work, code: str, why: str, parameters: _Parameters) -> str:
    others = [f"{c} ({n})" for c, n in parameters if c != code and _resembles(c, n)]
    if others:
        why += f"; not {', '.join(others[:4])}, which only resemble it"
    work.decide("ADLB", "platelets", f"PARAMCD {code}", why)
    return code


def _resembles(code: str, name: str) -> bool:
    named = re.search(r"platelet|thrombocyt", name, re.IGNORECASE)
    return bool(named or re.search(r"PLAT|PLT", code.upper()))
