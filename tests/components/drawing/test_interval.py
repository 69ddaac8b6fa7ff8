"""Intervals around a curve: error bars and bands, which break where nothing is drawn."""

from __future__ import annotations

from components.drawing.interval import band, error_bars


def test_error_bars_are_distances_from_the_centre() -> None:
    bars = error_bars([10, None, 30], [8, None, 15], [15, None, 31], "#123456")
    assert bars["array"] == [5, None, 1]
    assert bars["arrayminus"] == [2, None, 15]
    assert bars["symmetric"] is False


def test_a_band_goes_forth_on_the_lower_ends_and_back_on_the_upper() -> None:
    x, y = band([0, 1, 2], [1, 2, 3], [11, 12, 13])
    assert x == [0, 1, 2, 2, 1, 0, None]
    assert y == [1, 2, 3, 13, 12, 11, None]


def test_a_band_breaks_where_there_is_no_interval() -> None:
    x, y = band([0, 1, 2, 3, 4], [None, 2, None, 4, 5], [None, 3, None, 6, 7])
    assert x == [1, 1, None, 3, 4, 4, 3, None]
    assert y == [2, 3, None, 4, 5, 7, 6, None]


def test_no_interval_no_band() -> None:
    assert band([], [], []) == ([], [])
    assert band([1], [None], [None]) == ([], [])
