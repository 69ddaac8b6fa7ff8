"""The words of the event filters, of grades, and of the lines that are not drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.options.events import (
    EventOptions,
    event_params,
    event_words,
    grades,
    hidden_notes,
    no_event_text,
    reason_against,
    scale_noun,
    worst_text,
)
from data.study import Study

EVERYTHING = EventOptions(
    grade="3",
    serious=True,
    related=True,
    search="  Rash ",
    onset_from=1,
    onset_to=9,
)


def test_filters_are_said_in_one_order(tiny: Study) -> None:
    assert event_words(EVERYTHING, tiny) == (
        "treatment-emergent, serious, related, grade 3 and up, "
        "onset from week 1, onset to week 9, containing “Rash”"
    )
    assert event_words(EventOptions(grade="0", emergent=False), tiny) == "any grade"
    assert no_event_text(EventOptions(grade="2"), tiny) == (
        "No event passes the event filters (treatment-emergent, grade 2 and up)."
    )


def test_filters_are_the_parameters_of_the_event_step() -> None:
    assert event_params(EVERYTHING) == {
        "min_grade": 3,
        "only_emergent": True,
        "only_serious": True,
        "only_related": True,
        "search": "Rash",
        "onset_from": 1,
        "onset_to": 9,
    }


def test_a_study_with_severities_has_no_grades(tiny: Study) -> None:
    severe = replace(tiny, scale="severity")
    assert (scale_noun(tiny), scale_noun(severe)) == ("grade", "severity")
    assert list(grades(severe).values()) == ["Any severity", "Moderate and up", "Severe and up"]
    assert [worst_text(value, tiny) for value in (3, None)] == [
        "worst grade 3",
        "grade not recorded",
    ]
    assert [worst_text(value, severe) for value in (3, float("nan"))] == [
        "at worst severe",
        "severity not recorded",
    ]


def test_the_reason_against_is_that_there_are_no_events(tiny: Study) -> None:
    assert reason_against(tiny) == ""
    without = replace(tiny, folder=tiny.folder / "nowhere")
    assert reason_against(without) == "This study has no adverse events (ADAE)."


@pytest.mark.parametrize(
    ("rare", "beyond", "notes"),
    [
        ((), (), []),
        (
            ("Rash",),
            (),
            [
                "1 line in fewer than 20% of patients is not drawn: Rash. The table has it.",
            ],
        ),
        (
            tuple("ABCDEFGH"),
            ("Itch", "Rash"),
            [
                "8 lines in fewer than 20% of patients are not drawn: A, B, C, D, E, F and 2 more. "
                "The table has them.",
                "No room for 2 more lines: Itch, Rash. The table has them.",
            ],
        ),
    ],
)
def test_lines_that_are_not_drawn_are_counted_and_named(
    rare: tuple[str, ...], beyond: tuple[str, ...], notes: list[str]
) -> None:
    assert hidden_notes(rare, beyond, 20.0) == notes
