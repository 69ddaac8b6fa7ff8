"""Words in a colour that a page may replace: quiet ones, and those in the colour of a group.

A picture is white and a page may be dark, and no colour is read well on both. Words are written in
their colour for white as the value that a CSS variable falls back to. A picture has no such
variable and shows that colour; a page sets the variables to what suits it
(`components/screen/style.py`).
The same holds for title and footnote, which a narrow page hides and shows as text of its own.
"""

from __future__ import annotations

import re

from components.drawing.theme import PALETTE, QUIET, TOGETHER

# Colour -> the CSS variable that stands for it on a page.
VARIABLES = {
    QUIET: "--tone-quiet",
    TOGETHER: "--tone-together",
    **{colour: f"--tone-group-{number}" for number, colour in enumerate(PALETTE, 1)},
}
VISIBILITY = "--words-in-chart"

_VARIABLE = re.compile(r"var\(--[\w-]+, ?([^()]+)\)")


def toned(text: str, colour: str, style: str = "") -> str:
    """Text that is already safe for Plotly, in one of these colours; style: more CSS for it."""
    more = f"{style};" if style else ""
    return f"<span style='{more}color:var({VARIABLES[colour]},{colour})'>{text}</span>"


def hideable(text: str) -> str:
    """Text that is already safe for Plotly, which a page without the room for it can hide."""
    return f"<span style='visibility:var({VISIBILITY},visible)'>{text}</span>"


def without_variables(svg: str) -> str:
    """A picture with the colours for white in the place of variables, which few editors read."""
    return _VARIABLE.sub(r"\1", svg)
