"""What a mark stands for survives the way to the browser and back, and nothing else is believed."""

from __future__ import annotations

import json

import pytest

from components.drawing.mark import Mark

MARKS = [
    Mark("any", 17),
    Mark("class", 3, AEBODSYS="Investigations", group="2.0 escalation"),
    Mark("term", 0, AEBODSYS="Investigations", AEDECOD="<b>50%</b> é"),
    Mark("patient", 1, AEDECOD="Nausea", USUBJID="NCT04014166-013"),
]


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_comes_back_from_the_browser_as_it_was_sent(mark: Mark) -> None:
    assert Mark.read(json.loads(json.dumps(mark.as_json()))) == mark


def test_a_mark_names_what_narrows_its_patients_and_nothing_else() -> None:
    assert MARKS[1].as_json() == {
        "line": "class",
        "n": 3,
        "AEBODSYS": "Investigations",
        "group": "2.0 escalation",
    }


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "class",
        ["class", "Investigations", None, None, 3],
        {},
        {"line": "class"},
        {"line": "chapter", "n": 3},
        {"line": ["class"], "n": 3},
        {"line": "class", "n": "3"},
        {"line": "class", "n": True},
        {"line": "class", "n": -1},
        {"line": "class", "n": 3, "AEBODSYS": 5},
        {"line": "class", "n": 3, "AEBODSYS": {"or": "1 = 1"}},
        {"line": "class", "n": 3, "SUBJID": "013"},
    ],
)
def test_what_is_not_a_mark_is_not_read_as_one(sent: object) -> None:
    assert Mark.read(sent) is None
