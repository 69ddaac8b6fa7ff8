"""Coloured words: on a page by its variables, in a picture by the colour for white."""

from __future__ import annotations

import pytest

from components.build import build
from components.drawing.theme import PALETTE, QUIET, TOGETHER
from components.drawing.tone import VARIABLES, hideable, toned, without_variables
from components.render import picture
from data.study import Study


@pytest.mark.parametrize("colour", [QUIET, TOGETHER, *PALETTE])
def test_every_colour_of_words_has_a_variable_of_its_own(colour: str) -> None:
    assert (
        toned("n = 3", colour)
        == f"<span style='color:var({VARIABLES[colour]},{colour})'>n = 3</span>"
    )
    assert list(VARIABLES.values()).count(VARIABLES[colour]) == 1


def test_without_variables_the_colours_for_white_and_the_words_are_left() -> None:
    text = hideable(f"{toned('var(--x)', QUIET, 'font-size:13px')} {toned('two', PALETTE[0])}")
    assert without_variables(text) == (
        "<span style='visibility:visible'>"
        f"<span style='font-size:13px;color:{QUIET}'>var(--x)</span> "
        f"<span style='color:{PALETTE[0]}'>two</span></span>"
    )


def test_an_svg_has_the_colours_and_no_variable(embedded: Study) -> None:
    built = build(embedded, "platelet_time_course", None, {"layout": "panels"})
    assert "var(" in built.figure.to_json()
    svg = picture(built.figure, "svg").decode()
    assert "var(" not in svg
    assert f"fill:{QUIET}" in svg.replace("fill: ", "fill:")
    assert f"fill:{PALETTE[0]}" in svg.replace("fill: ", "fill:")
