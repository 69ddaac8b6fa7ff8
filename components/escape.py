"""Text from data, escaped for its destination: Plotly, Markdown, CSV or a file name."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pandas as pd


def plotly_text(value: Any) -> str:
    """Text that Plotly shows as it is: its pseudo-HTML tags, entities and templates do not act."""
    text = str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("%{", "&#37;{")


def markdown_text(value: Any) -> str:
    """Text that Streamlit's Markdown shows as it is, links, colours and formulas included."""
    return re.sub(r"([\\`*_{}\[\]#+\-.!|~:$<>&])", r"\\\1", str(value))


def file_name(*parts: str) -> str:
    """Parts joined into a file name of letters, digits, ".", "_" and "-", at most 120 characters.

    A longer name is shortened and ends in eight digits of its hash, so that names stay distinct.
    """
    joined = "_".join(part for part in parts if part)
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", joined).strip("-._")
    if len(name) <= 120:
        return name
    digest = hashlib.sha256(joined.encode()).hexdigest()[:8]
    return f"{name[:111].strip('-._')}_{digest}"


def csv_text(table: pd.DataFrame) -> str:
    """A table as CSV (UTF-8, commas, a header line) that is safe to open in a spreadsheet.

    A text cell that starts like a formula gets an apostrophe in front of it.
    """

    def safe(value: Any) -> Any:
        if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
            return "'" + value
        return value

    shown = table.copy()
    shown.columns = [safe(str(name)) for name in shown.columns]
    for name in shown.columns:
        if shown[name].dtype == object or pd.api.types.is_string_dtype(shown[name]):
            shown[name] = shown[name].map(safe, na_action="ignore")
    return shown.to_csv(index=False)
