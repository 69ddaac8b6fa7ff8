"""Which lines of the adverse-event table are drawn; every other is named, as rare or as beyond."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from scipy.stats import binomtest

from components.stats.adverse_events import EventTable, event_table, term_table
from data.study import Study
from queries.engine.run import rows
from queries.engine.selection import Selection
from tests.support import drawing
from tests.support.requests import params

Line = tuple[str, str, str | None]


def cells(*given: tuple[str, str | None, str | None, int, int]) -> pd.DataFrame:
    """Rows of `adverse_events.sql`: line, class, term, patients of 20 and events."""
    return pd.DataFrame(
        [
            {
                "line": line,
                "AEBODSYS": body,
                "AEDECOD": term,
                "is_overall": is_overall,
                "group_label": "All patients" if is_overall else "Low",
                "n": n,
                "n_patients": 20,
                "n_events": events,
            }
            for line, body, term, n, events in given
            for is_overall in (False, True)
        ]
    )


GIVEN = cells(
    ("any", None, None, 12, 30),
    ("class", "Skin", None, 6, 8),
    ("class", "Gut", None, 10, 15),
    ("class", "Blood", None, 6, 7),
    ("term", "Gut", "Nausea", 8, 9),
    ("term", "Gut", "Pain", 2, 2),
    ("term", "Gut", "Diarrhoea", 1, 4),
    ("term", "Skin", "Rash", 6, 7),
    ("term", "Skin", "Itch", 1, 1),
    ("term", "Blood", "Bleeding", 6, 7),
)


def table(given: pd.DataFrame = GIVEN, **chosen: Any) -> EventTable:
    options: dict[str, Any] = {
        "show": "terms",
        "opened": (),
        "cutoff": 0,
        "sort": "frequency",
        "most": 99,
    }
    return event_table(given, **(options | chosen))


def names(found: EventTable) -> list[str]:
    lines = found.lines
    return [
        str(body if line == "class" else term)
        for line, body, term in zip(lines["line"], lines["AEBODSYS"], lines["AEDECOD"], strict=True)
    ]


def test_terms_by_frequency_then_events_then_name() -> None:
    assert names(table()) == ["Nausea", "Bleeding", "Rash", "Pain", "Diarrhoea", "Itch"]


def test_terms_by_class() -> None:
    expected = ["Bleeding", "Diarrhoea", "Nausea", "Pain", "Itch", "Rash"]
    assert names(table(sort="class")) == expected


def test_classes() -> None:
    assert names(table(show="classes")) == ["Gut", "Skin", "Blood"]
    assert names(table(show="classes", sort="class")) == ["Blood", "Gut", "Skin"]


def test_opened_classes_show_their_terms_below_them() -> None:
    found = table(show="classes", opened=("Skin", "No such class"))
    assert names(found) == ["Gut", "Skin", "Rash", "Itch", "Blood"]
    assert found.lines["line"].tolist() == ["class", "class", "term", "term", "class"]


def test_classes_and_terms() -> None:
    expected = ["Gut", "Nausea", "Pain", "Diarrhoea", "Skin", "Rash", "Itch", "Blood", "Bleeding"]
    assert names(table(show="both")) == expected


def test_cutoff_keeps_what_equals_it() -> None:
    found = table(cutoff=10)  # two of twenty
    assert names(found) == ["Nausea", "Bleeding", "Rash", "Pain"]
    assert set(found.rare) == {"Diarrhoea", "Itch"}
    assert table(cutoff=5).rare == ()
    everything = table(cutoff=100)
    assert everything.lines.empty
    assert len(everything.rare) == 6


def test_a_line_that_is_common_in_one_group_alone_stays() -> None:
    """Reports list what reaches 5% in any arm: 2 of 20 in one is 2 of 40 together."""
    rows = pd.DataFrame(
        [
            {
                "line": "term",
                "AEBODSYS": "Gut",
                "AEDECOD": term,
                "is_overall": label == "All patients",
                "group_label": label,
                "n": n,
                "n_patients": 40 if label == "All patients" else 20,
                "n_events": n,
            }
            for term, by_group in (("Pain", (2, 0)), ("Nausea", (1, 1)))
            for label, n in zip(
                ("Low", "High", "All patients"), (*by_group, sum(by_group)), strict=True
            )
        ]
    )
    found = table(rows, cutoff=10)
    assert names(found) == ["Pain"]
    assert found.rare == ("Nausea",)
    assert table(rows, cutoff=5).rare == ()


def test_lines_without_room_are_named() -> None:
    found = table(show="both", most=4)
    assert names(found) == ["Gut", "Nausea", "Pain", "Diarrhoea"]
    assert found.beyond == ("Skin", "Rash", "Itch", "Blood", "Bleeding")


def test_percent_of_every_cell_and_nothing_else_changed() -> None:
    before = GIVEN.copy()
    found = table()
    assert found.cells["percent"].tolist() == [5 * n for n in GIVEN["n"]]
    pd.testing.assert_frame_equal(GIVEN, before)
    pd.testing.assert_frame_equal(found.cells[list(before.columns)], before)


def test_interval_of_every_cell_is_exact() -> None:
    for level in (0.95, 0.9):
        found = table(level=level).cells
        for n, low, high in zip(found["n"], found["ci_low"], found["ci_high"], strict=True):
            exact = binomtest(int(n), 20).proportion_ci(level, "exact")
            assert (low, high) == pytest.approx((100 * exact.low, 100 * exact.high))


def test_a_term_in_two_classes_is_two_lines() -> None:
    given = cells(
        ("class", "A", None, 3, 3),
        ("class", "B", None, 2, 2),
        ("term", "A", "Headache", 3, 3),
        ("term", "B", "Headache", 2, 2),
    )
    lines = table(given, show="both").lines
    assert list(zip(lines["AEBODSYS"], lines["AEDECOD"].notna(), strict=True)) == [
        ("A", False),
        ("A", True),
        ("B", False),
        ("B", True),
    ]


def test_nobody_selected_has_no_lines(tiny: Study) -> None:
    nobody = Selection().with_choice("sex", ("U",))
    for show in ("classes", "terms", "both"):
        found = table(rows(tiny, "adverse_events", nobody, **params(tiny)), show=show)
        assert found.lines.empty
        assert (found.rare, found.beyond) == ((), ())


@pytest.mark.parametrize("seed", range(12))
def test_every_line_is_drawn_or_named(tiny: Study, embedded: Study, seed: int) -> None:
    """Nothing is lost: each term is a line, or rare, or beyond; each once."""
    source = drawing.seeded(seed)
    study = source.choice([tiny, embedded])
    given = rows(
        study,
        "adverse_events",
        drawing.selection(study, source),
        group="cohort",
        **params(study, only_emergent=source.random() < 0.5),
    )
    own = given[given["is_overall"]]
    terms = sorted(own.loc[own["line"] == "term", "AEDECOD"])
    chosen: dict[str, Any] = {
        "cutoff": source.choice([0, 5, 10, 30]),
        "sort": source.choice(["frequency", "class"]),
        "most": source.choice([2, 5, 99]),
    }
    found = table(given, show="terms", **chosen)
    assert sorted([*names(found), *found.rare, *found.beyond]) == terms
    both = table(given, show="both", **chosen)
    shown = [str(term) for term in both.lines["AEDECOD"].dropna()]
    classes = set(own.loc[own["line"] == "class", "AEBODSYS"])
    beyond = [name for name in both.beyond if name not in classes]
    assert sorted([*shown, *both.rare, *beyond]) == terms
    assert len(both.lines) <= chosen["most"]
    # A term stands below its class.
    above = None
    for line, body in zip(both.lines["line"], both.lines["AEBODSYS"], strict=True):
        above = body if line == "class" else above
        assert body == above
    if chosen["sort"] == "frequency":
        drawn = found.lines.merge(own, on=["line", "AEBODSYS", "AEDECOD"])
        assert drawn["n"].is_monotonic_decreasing


def worst(*given: tuple[str, str | None, int]) -> pd.DataFrame:
    """Rows of `adverse_events_by_patient.sql`: patient, term, events."""
    return pd.DataFrame(
        [
            {"USUBJID": patient, "AEDECOD": term, "n_events": n if term else None}
            for patient, term, n in given
        ]
    )


WORST = worst(
    ("A", "Rash", 1),
    ("A", "Itch", 1),
    ("A", "Pain", 1),
    ("B", "Itch", 3),
    ("B", "Rash", 1),
    ("C", "Rash", 1),
    ("C", "Cough", 9),
    ("D", None, 0),
    ("D", "Ache", 1),
    ("E", None, 0),
)


def test_terms_of_patients_by_patients_then_events_then_name() -> None:
    lines = term_table(WORST, 5, cutoff=0, most=99).lines
    assert list(lines.itertuples(index=False, name=None)) == [
        ("Rash", 3, 3),
        ("Itch", 2, 4),
        ("Cough", 1, 9),
        ("Ache", 1, 1),
        ("Pain", 1, 1),
    ]


def test_terms_of_patients_are_drawn_or_rare_or_beyond() -> None:
    found = term_table(WORST, 5, cutoff=40, most=1)  # two of five
    assert found.lines["AEDECOD"].tolist() == ["Rash"]
    assert found.beyond == ("Itch",)
    assert found.rare == ("Ache", "Cough", "Pain")
    assert term_table(WORST, 5, cutoff=20, most=9).rare == ()


def test_patients_without_events_have_no_terms() -> None:
    found = term_table(worst(("A", None, 0), ("B", None, 0)), 2, cutoff=0, most=9)
    assert found.lines.empty
    assert (found.rare, found.beyond) == ((), ())
