"""The style sheets beside this module, and the colours of groups that they are given."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from components.drawing.theme import PALETTE, TOGETHER

FOLDER = Path(__file__).parent


def style(*names: str) -> None:
    """Put style sheets into the page, by their names."""
    st.html(f"<style>{''.join(map(_sheet, names))}</style>")


@cache
def _sheet(name: str) -> str:
    rules = (FOLDER / f"{name}.css").read_text(encoding="utf-8")
    return rules + "".join(map(_words_of, (*PALETTE, TOGETHER))) if name == "chart" else rules


def _words_of(colour: str) -> str:
    """Words in the colour of a group: deeper on a white page, brighter on a dark one."""
    written = ", ".join(str(part) for part in bytes.fromhex(colour[1:]))
    return (
        f'.js-plotly-plot .annotation-text[style*="fill: rgb({written})"], '
        f'.js-plotly-plot tspan[style*="fill:{colour}"] '
        f"{{ fill: color-mix(in oklab, {colour} 75%, light-dark(black, white)) !important; }}"
    )
