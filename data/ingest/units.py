"""Names and units of the platelet count.

Sources: CDISC controlled terminology for UNIT and LBTESTCD (PLAT), UCUM for the other spellings.
"""

from __future__ import annotations

import re
from typing import Final

CODES: Final = ("PLAT", "PLT", "PLATELET", "PLATE", "PLTCT", "PLATSI", "PLTSI")
"""Values of PARAMCD that name the platelet count, in the order of preference."""

UNIT: Final = "10^9/L"

PER_UNIT: Final = {
    # the same number
    "10^9/L": 1.0, "G/L": 1.0, "GI/L": 1.0, "GIGA/L": 1.0, "10^3/UL": 1.0, "K/UL": 1.0,
    "THOU/UL": 1.0, "THOUS/UL": 1.0, "THOUSAND/UL": 1.0, "10^3/MM^3": 1.0, "K/MM^3": 1.0,
    "K/CUMM": 1.0, "THOUS/MM^3": 1.0, "THOU/MM^3": 1.0, "THOUSAND/MM^3": 1.0, "10^6/ML": 1.0,
    "/NL": 1.0, "1/NL": 1.0, "BILLION/L": 1.0, "BIL/L": 1.0, "10^3CELLS/UL": 1.0,
    "10^9CELLS/L": 1.0,
    # ten thousand per microlitre
    "10^4/UL": 10.0, "10^4/MM^3": 10.0, "10^10/L": 10.0,
    # tera per litre
    "10^12/L": 1000.0, "T/L": 1000.0, "TI/L": 1000.0, "10^6/UL": 1000.0, "10^6/MM^3": 1000.0,
    "M/UL": 1000.0,
    # per microlitre
    "/UL": 0.001, "1/UL": 0.001, "CELLS/UL": 0.001, "/MM^3": 0.001, "CELLS/MM^3": 0.001,
    "/CUMM": 0.001, "10^6/L": 0.001, "MI/L": 0.001,
    # per litre
    "/L": 1e-9, "1/L": 1e-9,
}  # fmt: skip
"""How many 10^9/L one of a unit is. Units are spelled as `normal` spells them."""

_UNIT_AT_END = re.compile(r"[\(\[]([^()\[\]]*(?:\([^()]*\)[^()]*)*)[\)\]]\s*$")
_PLATELETS = r"(?:platelets?|plts?|thrombocytes?)(?:\s+counts?)?"
_PLACE = r"(?:\s*,?\s*(?:in\s+)?(?:whole\s+)?(?:blood|automated|auto|direct|SI))?"
_NAME = re.compile(rf"(?:(?:blood|total)\s+)?{_PLATELETS}{_PLACE}", re.IGNORECASE)
_DERIVED = re.compile(
    r"change|ratio|percent|%|relative|shift|previous|volume|crit|width|distribution|antibod|"
    r"aggregat|function|large|immature|reticulat|clump|morpholog|satellit|estimate|log|nadir|"
    r"minimum|maximum|factor|grade|giant|smear|transfus|associated|\bfold\b|\bmean\b|\bmedian\b",
    re.IGNORECASE,
)


def normal(unit: str) -> str:
    """A unit in one spelling: "x 10E9 / L" and "10**9/l" are "10^9/L"."""
    text = unit.strip().upper().replace("Μ", "U").replace("µ".upper(), "U").replace("×", "X")
    text = re.sub(r"\s+", "", text)
    text = re.sub(r"\*\*|\*(?=\d)", "^", text)
    text = re.sub(r"(?<=10)E\+?(?=\d)", "^", text)
    text = re.sub(r"^X?(?=10\^)", "", text)
    text = (
        text.replace("MM3", "MM^3").replace("MCL", "UL").replace("LITER", "L").replace("LITRE", "L")
    )
    text = re.sub(r"^10(3|9)/", r"10^\1/", text)
    return re.sub(r"^#/", "/", text)


def factor(unit: str) -> float | None:
    """How many 10^9/L one of a unit is; None for an unknown unit."""
    return PER_UNIT.get(normal(unit))


def unit_in(parameter: str) -> str:
    """The unit in parentheses at the end of a parameter's name; empty if there is none."""
    unit = _UNIT_AT_END.search(parameter)
    return unit.group(1).strip() if unit else ""


def without_unit(parameter: str) -> str:
    """A parameter's name without the unit at its end."""
    return _UNIT_AT_END.sub("", parameter).strip(" ,")


def is_platelets_by_name(parameter: str) -> bool:
    """Whether a parameter's name is that of the platelet count, and of nothing derived from it.

    The whole name counts: "Platelet Count (GI/L)" does, "Mean Platelet Volume (fL)",
    "Platelets (GI/L) change from previous visit" and "Platelet Aggregation" do not.
    """
    return _NAME.fullmatch(without_unit(parameter)) is not None


def contradicts_platelets(parameter: str) -> bool:
    """Whether a parameter's name is that of something other than the plain platelet count."""
    return bool(parameter) and _DERIVED.search(without_unit(parameter)) is not None


def markdown() -> str:
    """The table of units for docs/ingest.md."""
    by_factor: dict[float, list[str]] = {}
    for unit, times in PER_UNIT.items():
        by_factor.setdefault(times, []).append(f"`{unit}`")
    rows = [f"| {times:g} {UNIT} | {', '.join(units)} |" for times, units in by_factor.items()]
    return "\n".join(["| One is | Units |", "| --- | --- |", *rows])
