"""Text from data made harmless for where it goes: Plotly, Markdown, CSV, a file name."""

from __future__ import annotations

import hashlib
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

_POWERS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def plotly_text(value: Any) -> str:
    """Text that Plotly shows as it is: its pseudo-HTML tags, entities and templates do not act."""
    text = str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("%{", "&#37;{")


def markdown_text(value: Any) -> str:
    """Text that Streamlit's Markdown shows as it is, links, colours and formulas included."""
    return re.sub(r"([\\`*_{}\[\]#+\-.!|~:$<>&])", r"\\\1", str(value))


def unit_text(unit: str) -> str:
    """A unit with its powers raised: "10^9/L" reads "10⁹/L"."""
    return re.sub(r"\^(-?\d+)", lambda match: match[1].translate(_POWERS), unit)


def percent_text(value: float, decimals: int = 0) -> str:
    """A percentage, halves rounded up as in clinical tables: 62.5 reads "63%", 6.25 "6.3%".

    Somebody is not nobody, and not everybody is not all: 0.4 reads "<1%", 99.6 ">99%".
    """
    if decimals == 0 and 0 < value < 0.5:
        return "<1%"
    if decimals == 0 and 99.5 <= value < 100:
        return ">99%"
    step = Decimal(1).scaleb(-decimals)
    return f"{Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP)}%"


def number_text(value: float) -> str:
    """A number with four significant digits: "160.5", "0.667", "1204"."""
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"


def begun(text: str) -> str:
    """A sentence's first letter large, and the others as they are."""
    return text[:1].upper() + text[1:]


def count_text(n: int, noun: str) -> str:
    """A count with its noun: "1 event", "2 events"."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def file_name(*parts: str) -> str:
    """Parts joined to a file name of letters, digits, dots and hyphens, at most 120 long.

    A longer one is cut and ends in eight digits of its own, so that no two are the same.
    """
    joined = "_".join(part for part in parts if part)
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", joined).strip("-._")
    if len(name) <= 120:
        return name
    digest = hashlib.sha256(joined.encode()).hexdigest()[:8]
    return f"{name[:111].strip('-._')}_{digest}"


def csv_text(frame: pd.DataFrame) -> str:
    """A table as CSV (UTF-8, comma, header) that no spreadsheet runs: a text cell that begins like
    a formula gets an apostrophe before it."""

    def safe(value: Any) -> Any:
        if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
            return "'" + value
        return value

    shown = frame.copy()
    shown.columns = [safe(str(name)) for name in shown.columns]
    for name in shown.columns:
        if shown[name].dtype == object or pd.api.types.is_string_dtype(shown[name]):
            shown[name] = shown[name].map(safe, na_action="ignore")
    return shown.to_csv(index=False)
