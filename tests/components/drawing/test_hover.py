"""What a point says: its lines, the first bold, and no text that acts."""

from __future__ import annotations

from components.drawing.hover import hover_lines


def test_the_first_line_is_bold_and_the_others_follow() -> None:
    hover = hover_lines([("T-01", "Week 1"), ("T-02", "Week 4")])
    assert hover["customdata"] == [["T-01", "Week 1"], ["T-02", "Week 4"]]
    assert hover["hovertemplate"] == "<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>"


def test_a_gap_says_nothing() -> None:
    assert hover_lines([(), ("T-01",)])["customdata"] == [None, ["T-01"]]
    assert hover_lines([]) == {"customdata": [], "hovertemplate": "<extra></extra>"}


def test_text_of_the_data_does_not_act() -> None:
    (lines,) = hover_lines([("<b>x</b>", "%{y}")])["customdata"]
    assert lines == ["&lt;b&gt;x&lt;/b&gt;", "&#37;{y}"]
