"""Words on coloured cells: the ink that stands out, on every colour a cell can have."""

from __future__ import annotations

import re

import pytest

from components.drawing.theme import GRADES, SEQUENTIAL, UNGRADED, inked, shade, translucent


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, by WCAG 2.2's definition."""
    weights = (0.2126, 0.7152, 0.0722)
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return sum(
        weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
        for weight, part in zip(weights, parts, strict=True)
    )


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_the_published_one() -> None:
    assert contrast("#ffffff", "#000000") == 21
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize(
    "colour", [*(shade(SEQUENTIAL, share / 100) for share in range(101)), *GRADES, UNGRADED]
)
def test_words_on_a_cell_stand_out(colour: str) -> None:
    ink = re.search(r"color:(#[0-9a-f]{6})", inked("3/6 (50%)", colour))
    assert ink is not None
    assert contrast(ink[1], colour) >= 4.5


def test_a_shade_at_a_stop_is_the_colour_of_the_stop() -> None:
    assert [shade(SEQUENTIAL, at) for at, _ in SEQUENTIAL] == [colour for _, colour in SEQUENTIAL]


def test_an_empty_cell_has_no_words() -> None:
    assert inked("", "#ffffff") == ""


def test_a_translucent_colour_keeps_its_hue() -> None:
    assert translucent("#0072B2", 0.18) == "rgba(0,114,178,0.18)"
