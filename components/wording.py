"""The wording of numbers, percentages, units and counts, the same wherever they are shown."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

_POWERS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def unit_text(unit: str) -> str:
    """A unit with its powers raised: "10^9/L" reads "10⁹/L"."""
    return re.sub(r"\^(-?\d+)", lambda match: match[1].translate(_POWERS), unit)


def with_unit(name: str, unit: str) -> str:
    """A name with its unit in brackets, where it has one."""
    return f"{name} ({unit_text(unit)})" if unit else name


def percent_text(value: float, decimals: int = 0) -> str:
    """A percentage, halves rounded up as in clinical tables: 62.5 reads "63%", 6.25 "6.3%".

    Only a true 0 reads "0%" and only a true 100 reads "100%": 0.4 is "<1%", 99.6 is ">99%".
    """
    if decimals == 0 and 0 < value < 0.5:
        return "<1%"
    if decimals == 0 and 99.5 <= value < 100:
        return ">99%"
    step = Decimal(1).scaleb(-decimals)
    return f"{Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP)}%"


def number_text(value: float) -> str:
    """A number to four significant digits ("160.5", "0.6667"), or whole from 10,000 up."""
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"


def within_sentence(name: str) -> str:
    """A name as it reads within a sentence: "Platelets" is "platelets", "HDL cholesterol" stays."""
    first = name.split(" ", 1)[0]
    return name[:1].lower() + name[1:] if first[1:] == first[1:].lower() else name


def capitalised(text: str) -> str:
    """Text with its first letter in upper case, and the rest unchanged."""
    return text[:1].upper() + text[1:]


def count_text(n: int, noun: str) -> str:
    """A count with its noun: "1 event", "2 events"."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
