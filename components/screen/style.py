"""The style sheets beside this module."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).parent


def style(*names: str) -> None:
    """Put style sheets into the page, by their names."""
    st.html(f"<style>{''.join(map(_sheet, names))}</style>")


@cache
def _sheet(name: str) -> str:
    return (FOLDER / f"{name}.css").read_text(encoding="utf-8")
