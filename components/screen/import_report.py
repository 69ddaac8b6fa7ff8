"""What the import of a study reports: its issues, its tables, and the rows that it left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from components.escape import csv_text, markdown_text

BOXES = {"error": st.error, "warning": st.warning, "note": st.info}
# Title of a table -> the part of the report that it shows.
TABLES = {
    "Rows in and out": "counts",
    "Variable mapping": "decisions",
    "Source files": "files",
    "Rows left out by reason": "rejected",
}


def source(report: dict[str, Any]) -> None:
    """Where the study was imported from, and when."""
    st.markdown(
        f"Imported from **{markdown_text(report['source'])}** "
        f"at {markdown_text(report['imported'])}, in {float(report['seconds']):.1f} s."
    )


def issues(report: Mapping[str, Any], *, folded: bool = False) -> None:
    """Errors, warnings and notes, a box each, in this order; folded: all but errors, in a list."""
    for level, box in BOXES.items():
        texts = [_issue_text(issue) for issue in report["issues"] if issue["level"] == level]
        if not folded or level == "error":
            for text in texts:
                box(text)
        elif texts:
            with st.expander(f"{level.capitalize()}s ({len(texts)})"):
                st.markdown("\n".join(f"- {' '.join(text.split())}" for text in texts))


def _issue_text(issue: dict[str, Any]) -> str:
    place = ".".join(part for part in (issue["dataset"], issue["variable"]) if part)
    place, rule = place or issue["file"], str(issue["rule"])
    text = f"**{markdown_text(place)}** " if place else ""
    text += markdown_text(rule if place else rule[:1].upper() + rule[1:])
    if issue["values"]:
        text += ": " + markdown_text(", ".join(map(repr, issue["values"])))
    if issue["rows"]:
        text += f", {issue['rows']:,} rows"
    if issue["patients"]:
        text += f" (patients {markdown_text(', '.join(issue['patients']))})"
    return f"{text}. {markdown_text(issue['advice'])}"


def tables(report: dict[str, Any], name: str) -> None:
    """The tables of the report that have a row, each folded, with its CSV; name: for the file."""
    for title, part in TABLES.items():
        rows = pd.DataFrame(report[part])
        if rows.empty:
            continue
        key = f"{name}-{title}"
        with st.expander(f"{title} ({len(rows)})", on_change="rerun", key=f"report-{key}") as box:
            if box.open:
                st.dataframe(rows, hide_index=True, key=f"rows-{key}", alt=title)
                st.download_button(
                    "CSV",
                    csv_text(rows).encode("utf-8-sig"),
                    f"{name}_{title.lower().replace(' ', '-')}.csv",
                    "text/csv",
                    key=f"csv-{key}",
                    on_click="ignore",
                )


def rejected(parquet: bytes, name: str) -> None:
    """The rows that were left out, as a file."""
    st.download_button(
        "Rows left out (Parquet)",
        parquet,
        f"{name}_rejected.parquet",
        "application/vnd.apache.parquet",
        key=f"rejected-{name}",
        on_click="ignore",
    )
