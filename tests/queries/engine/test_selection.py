"""The selection is a value, and has words."""

from __future__ import annotations

from dataclasses import replace

from data.study import Study
from queries.engine.run import rows
from queries.engine.selection import Selection, words
from tests.support.requests import n_patients


def test_selection_is_a_value() -> None:
    one = Selection().with_choice("sex", ("M", "F", "M")).with_range("age", (1.0, 2.0))
    other = Selection().with_range("age", (1.0, 2.0)).with_choice("sex", ("F", "M"))
    assert one == other
    assert hash(one) == hash(other)
    assert one.chosen("sex") == ("F", "M")
    assert one.chosen("dose") == ()
    assert one.span("age") == (1.0, 2.0)
    assert one.span("sex") is None
    assert not one.is_everybody
    lifted = one.with_choice("sex", ()).with_range("age", None)
    assert lifted == Selection()
    assert lifted.is_everybody
    assert replace(lifted, analysis_set="full").is_everybody


def test_filters_that_the_study_does_not_have_do_nothing(tiny: Study) -> None:
    chosen = Selection().with_choice("no such", ("x",)).with_range("sex", (0.0, 1.0))
    assert n_patients(rows(tiny, "group_sizes", chosen)) == 9


def test_selection_in_words(tiny: Study) -> None:
    chosen = (
        Selection()
        .with_choice("sex", ("F",))
        .with_choice("dose", ("1.0", "2.0"))
        .with_range("age", (30.0, 44.5))
    )
    assert words(tiny, chosen) == [
        "Dose: 1.0, 2.0 × 10^6 cells/kg",
        "Sex: Female",
        "Age: 30–44.5 years",
    ]
