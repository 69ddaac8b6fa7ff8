"""The style sheets beside this module, and the colours that words in charts have on a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from components.drawing.theme import QUIET
from components.drawing.tone import VARIABLES

FOLDER = Path(__file__).parent


def style(*names: str) -> None:
    """Put style sheets into the page, by their names."""
    st.html(f"<style>{''.join(map(_sheet, names))}</style>")


@cache
def _sheet(name: str) -> str:
    rules = (FOLDER / f"{name}.css").read_text(encoding="utf-8")
    return rules + _tones() if name == "chart" else rules


def _tones() -> str:
    """The variables of coloured words: deeper on a white page, brighter on a dark one."""
    tones = {
        variable: f"light-dark({colour}, #aab5c0)"
        if colour == QUIET
        else f"color-mix(in oklab, {colour} 75%, light-dark(black, white))"
        for colour, variable in VARIABLES.items()
    }
    rules = "".join(f"{variable}: {colour}; " for variable, colour in tones.items())
    return f":root {{ {rules}}}"
