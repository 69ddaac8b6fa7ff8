"""Numbers, percentages, units and counts in words."""

from __future__ import annotations

import pytest

from components.wording import (
    capitalised,
    count_text,
    number_text,
    percent_text,
    unit_text,
    with_unit,
    within_sentence,
)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("10^9/L", "10⁹/L"),
        ("10^6 cells/kg", "10⁶ cells/kg"),
        ("m^-2", "m⁻²"),
        ("10^12/L", "10¹²/L"),
        ("years", "years"),
        ("a^b", "a^b"),
        ("", ""),
    ],
)
def test_unit_text_raises_powers(unit: str, expected: str) -> None:
    assert unit_text(unit) == expected


def test_count_text() -> None:
    assert [count_text(n, "event") for n in (0, 1, 2)] == ["0 events", "1 event", "2 events"]


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (12.5, 0, "13%"), (62.5, 0, "63%"), (37.5, 0, "38%"), (44.4, 0, "44%"), (0.0, 0, "0%"),
        (100.0, 0, "100%"), (0.4, 0, "<1%"), (0.5, 0, "1%"), (99.5, 0, ">99%"), (6.25, 1, "6.3%"),
        (44.444, 1, "44.4%"), (0.05, 1, "0.1%"), (100 * 1 / 3, 1, "33.3%"),
    ],
)  # fmt: skip
def test_percentages_are_rounded_half_up(value: float, decimals: int, expected: str) -> None:
    assert percent_text(value, decimals) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(160.5, "160.5"), (0.66667, "0.6667"), (-0.35, "-0.35"), (441, "441"), (12345.6, "12346")],
)
def test_numbers_keep_four_digits(value: float, expected: str) -> None:
    assert number_text(value) == expected


def test_capitalised_changes_the_first_letter_only() -> None:
    assert capitalised("highest count (10^9/L)") == "Highest count (10^9/L)"
    assert capitalised("") == ""


def test_a_unit_stands_in_brackets_where_there_is_one() -> None:
    assert with_unit("Platelets", "10^9/L") == "Platelets (10⁹/L)"
    assert with_unit("WHO bleeding grade", "") == "WHO bleeding grade"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Platelets", "platelets"),
        ("HDL cholesterol", "HDL cholesterol"),
        ("T cells (CD4)", "t cells (CD4)"),
        ("", ""),
    ],
)
def test_a_name_within_a_sentence_keeps_its_abbreviations(name: str, expected: str) -> None:
    assert within_sentence(name) == expected
