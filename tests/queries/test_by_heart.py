"""Totals of the tiny study, each known by heart (`tests/support/tiny.py` says why)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.study import Study, load
from queries.engine.run import rows
from queries.engine.selection import Selection
from queries.filters import offers
from tests.support.requests import params
from tests.support.tiny import (
    ADSL,
    DATASETS,
    GENERAL,
    GUT,
    HOSTILE_CLASS,
    HOSTILE_SITE,
    HOSTILE_TERM,
    NERVOUS,
    TOML,
)
from tests.support.writing import write_study

WOMEN = Selection().with_choice("sex", ("F",))


def table(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """Columns as tuples, None where a value is missing."""
    plain = frame[list(columns)].astype(object)
    return [tuple(row) for row in plain.where(plain.notna(), None).to_numpy().tolist()]


# --- who is counted --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("all", [("All patients", 9)]),
        # In the order of COHORTN: 2 comes before 10. The third cohort has nobody who was treated.
        ("cohort", [("Low", 4), ("High", 5)]),
        ("dose", [("1.0", 4), ("2.0", 4), ("(missing)", 1)]),
        ("phase", [("Escalation", 5), ("Expansion", 4)]),
        (
            "site",
            [(HOSTILE_SITE, 1), ("<b>C</b>", 1), ("A, north", 4), ("B|south", 2), ("(missing)", 1)],
        ),
        ("no such group", [("All patients", 9)]),
    ],
)
def test_denominators(tiny: Study, group: str, expected: list[tuple[str, int]]) -> None:
    assert table(rows(tiny, "group_sizes", group=group), "group_label", "n_patients") == expected


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection("full"), [("Low", 4), ("High", 4)]),
        (Selection("per-protocol"), [("Low", 1), ("High", 1)]),
        (Selection("no such set"), [("Low", 4), ("High", 5)]),
        (WOMEN, [("Low", 2), ("High", 3)]),
        (Selection().with_choice("sex", ("F", "(missing)")), [("Low", 3), ("High", 3)]),
        (Selection().with_choice("sex", ("U",)), []),
        # Whoever has no age is outside every range; both ends are inside.
        (Selection().with_range("age", (30.0, 65.0)), [("Low", 3), ("High", 5)]),
        (Selection().with_range("age", (40.0, 45.0)), [("Low", 1), ("High", 1)]),
        (Selection().with_range("age", (45.0, 40.0)), []),
        (Selection().with_choice("dose", ("2",)), []),
        (WOMEN.with_choice("dose", ("2.0",)), [("High", 3)]),
        (WOMEN.with_choice("prior-splenectomy", ("(missing)", "Y")), [("Low", 1), ("High", 2)]),
    ],
)
def test_selection(tiny: Study, selection: Selection, expected: list[tuple[str, int]]) -> None:
    found = rows(tiny, "group_sizes", selection, group="cohort")
    assert table(found, "group_label", "n_patients") == expected


def test_cohorts(tiny: Study) -> None:
    found = rows(tiny, "cohort_sizes")
    assert table(found, "group_label", "group_order", "n_patients") == [
        ("Low", 2, 4),
        ("High", 10, 5),
    ]


def test_dose_by_phase(tiny: Study) -> None:
    columns = "row_label", "column_label", "n_patients", "n_all"
    assert table(rows(tiny, "dose_grid", WOMEN), *columns) == [
        ("1.0", "Escalation", 2, 3),
        ("1.0", "Expansion", 0, 1),
        ("2.0", "Escalation", 1, 2),
        ("2.0", "Expansion", 2, 2),
        ("(missing)", "Expansion", 0, 1),
    ]


@pytest.mark.parametrize("selection", [Selection(), WOMEN, Selection("per-protocol")])
def test_patient_flow_is_that_of_the_whole_study(tiny: Study, selection: Selection) -> None:
    found = rows(tiny, "patient_flow", selection)
    assert table(found, "step_label", "is_side", "n_patients") == [
        ("Screened", False, 12),
        ("Not eligible", True, 1),
        ("Treated", False, 9),
    ]


def test_baseline(tiny: Study) -> None:
    found = rows(tiny, "baseline_table", group="cohort")
    columns = "group_label", "n", "n_known", "n_patients", "median", "minimum", "maximum"
    assert table(found[found["line_label"] == "Age"], *columns) == [
        ("Low", 3, 3, 4, 40, 30, 50),
        ("High", 5, 5, 5, 55, 35, 65),
        ("All patients", 8, 8, 9, 47.5, 30, 65),
    ]
    assert table(found[found["line_label"] == "Female"], *columns[:4]) == [
        ("Low", 2, 3, 4),
        ("High", 3, 5, 5),
        ("All patients", 5, 8, 9),
    ]
    sites = found[(found["line_label"] == "Site") & found["is_overall"]]
    assert table(sites, "value", "n", "n_known", "n_patients") == [
        (HOSTILE_SITE, 1, 1, 9),
        ("(missing)", 1, 0, 9),
        ("<b>C</b>", 1, 1, 9),
        ("A, north", 4, 4, 9),
        ("B|south", 2, 2, 9),
    ]


# --- what the filters offer ------------------------------------------------------------------


def offered(study: Study, selection: Selection, key: str) -> list[tuple[str, int, int]]:
    options = offers(study, selection)[key].options
    return [(option.value, option.n, option.n_all) for option in options]


def test_options_of_the_filters(tiny: Study) -> None:
    everybody = Selection()
    assert offered(tiny, everybody, "dose") == [("1.0", 4, 4), ("2.0", 4, 4), ("(missing)", 1, 1)]
    assert offered(tiny, everybody, "phase") == [("Escalation", 5, 5), ("Expansion", 4, 4)]
    assert offered(tiny, everybody, "sex") == [("F", 5, 5), ("M", 3, 3), ("(missing)", 1, 1)]
    assert offered(tiny, everybody, "prior-splenectomy") == [
        ("N", 5, 5),
        ("Y", 3, 3),
        ("(missing)", 1, 1),
    ]
    age = offers(tiny, everybody)["age"]
    assert (age.low, age.high, age.n, age.options) == (30, 65, 8, ())
    assert list(offers(tiny, everybody)) == [item.key for item in tiny.filters]


def test_options_count_under_the_other_filters(tiny: Study) -> None:
    """Each filter under all others and not under itself; `n_all` and the ends stay."""
    assert offered(tiny, WOMEN, "dose") == [("1.0", 2, 4), ("2.0", 3, 4), ("(missing)", 0, 1)]
    assert offered(tiny, WOMEN, "sex") == [("F", 5, 5), ("M", 3, 3), ("(missing)", 1, 1)]
    age = offers(tiny, WOMEN)["age"]
    assert (age.low, age.high, age.n) == (30, 65, 4)
    both = WOMEN.with_range("age", (40.0, 60.0))
    assert offered(tiny, both, "sex") == [("F", 3, 5), ("M", 1, 3), ("(missing)", 1, 1)]
    assert offered(tiny, both, "dose") == [("1.0", 0, 4), ("2.0", 3, 4), ("(missing)", 0, 1)]
    found = offers(tiny, both)["age"]
    assert (found.low, found.high, found.n, found.n_missing) == (30, 65, 3, 1)


def test_options_are_those_of_the_analysis_set(tiny: Study) -> None:
    assert offered(tiny, Selection("full"), "dose") == [("1.0", 4, 4), ("2.0", 4, 4)]
    age = offers(tiny, Selection("per-protocol"))["age"]
    assert (age.low, age.high, age.n) == (30, 60, 2)


# --- response --------------------------------------------------------------------------------


def test_responders_among_women(tiny: Study) -> None:
    found = rows(tiny, "response_rate", WOMEN, group="cohort", definition="iwg2009")
    columns = "group_label", "n_patients", "n_responders"
    assert table(found, *columns) == [("Low", 2, 2), ("High", 3, 2), ("All patients", 5, 4)]


def test_nobody_selected(tiny: Study) -> None:
    nobody = Selection().with_choice("sex", ("U",))
    found = rows(tiny, "response_rate", nobody, group="cohort", definition="iwg2009")
    columns = "is_overall", "n_patients", "n_evaluable", "n_responders"
    assert table(found, *columns) == [(True, 0, 0, 0)]
    events = rows(tiny, "adverse_events", nobody, group="cohort", **params(tiny))
    assert table(events, "line", "is_overall", "n", "n_patients") == [("any", True, 0, 0)]


def test_patients_behind_the_rate(tiny: Study) -> None:
    """Within a group the complete responders, the other ones, the rest, those not evaluable."""
    found = rows(tiny, "response_patients", group="cohort", definition="iwg2009")
    columns = "USUBJID", "evaluable", "responder", "complete", "onset", "measure"
    assert table(found, *columns) == [
        ("T-03", True, True, True, 8, 161),
        ("T-01", True, True, False, 8, 21),
        ("T-02", True, False, False, None, 6),
        ("T-04", False, False, False, None, None),
        ("T-05", True, True, False, 8, 7),
        ("T-07", True, True, False, 69, 7),
        ("T-06", True, False, False, None, 0),
        ("T-08", True, False, False, None, 0),
        ("T-09", True, False, False, None, None),
    ]


# --- adverse events --------------------------------------------------------------------------


def test_a_record_without_term_and_date_is_no_event(tmp_path: Path) -> None:
    """Some sponsors send one such record for each patient without events."""
    none = {"AETERM": None, "AEDECOD": " ", "AEBODSYS": None, "ASTDY": None, "AETOXGR": None}
    without = [
        {"USUBJID": f"T-{number:02}", "AESEQ": 9, "AESER": "N", "TRTEMFL": "Y"} | none
        for number in range(1, 10)
    ]
    datasets = DATASETS | {"adae": [*DATASETS["adae"], *without]}
    study = load(write_study(tmp_path / "S", TOML, datasets))
    whole = load(write_study(tmp_path / "W", TOML, DATASETS))
    for stem in ("adverse_events", "adverse_event_rate", "event_classes", "adverse_event_list"):
        given = params(study, only_emergent=False)
        pd.testing.assert_frame_equal(rows(study, stem, **given), rows(whole, stem, **given))


# --- laboratory ------------------------------------------------------------------------------


def course(study: Study, **chosen: Any) -> dict[tuple[str, float], tuple[Any, ...]]:
    found = rows(study, "platelet_time_course", group="cohort", **params(study, **chosen))
    columns = (
        "group_label",
        "slot",
        "n_patients",
        "mean",
        "median",
        "q1",
        "q3",
        "minimum",
        "maximum",
    )
    return {(row[0], row[1]): row[2:] for row in table(found, *columns)}


def test_time_course_by_visit(tiny: Study) -> None:
    found = course(tiny, axis="visit", measure="count")
    assert found["Low", 0] == (4, 13, 11, 10, 14, 10, 20)
    assert found["High", 0] == (4, 11.25, 10, 10, 11.25, 10, 15)
    assert found["Low", 1] == (3, pytest.approx(200 / 3), 40, 40, 80, 40, 120)
    assert found["High", 1] == (5, 30, 30, 20, 40, 10, 50)
    assert found["Low", 2] == (2, 40, 40, 40, 40, 40, 40)
    # T-05 was seen twice at that visit, on days 15 and 16: the later one stands.
    assert found["High", 2] == (5, 47.6, 45, 28, 60, 25, 80)
    # No derived record (T-08), no missing one (T-09), no unscheduled one (2.01, 10.01).
    assert found["High", 3] == (1, 20, 20, 20, 20, 20, 20)
    assert [slot for label, slot in found if label == "High"] == [0, 1, 2, 3, 10, 11]
    assert [slot for label, slot in found if label == "Low"] == [0, 1, 2, 3, 4, 18, 20, 22, 24]


def test_time_course_by_day(tiny: Study) -> None:
    found = course(tiny, axis="day", measure="count")
    assert found["Low", 0] == (4, 13, 11, 10, 14, 10, 20)
    # Of T-05's days 15 and 16, and T-08's 15 and 18, the one in the middle of the week stands.
    assert found["High", 2] == (5, 48, 45, 30, 60, 25, 80)
    assert str(rows(tiny, "platelet_time_course", **params(tiny, axis="day"))["slot"][0]) == "0.0"


def test_time_course_of_change_and_ratio(tiny: Study) -> None:
    change = course(tiny, axis="visit", measure="change")
    fold = course(tiny, axis="visit", measure="fold")
    assert change["High", 1] == (4, 16.25, 12.5, 7.5, 21.25, 0, 40)  # T-09 has no baseline
    assert fold["High", 1] == (4, 2.5, 2, 1.75, 2.75, 1, 5)
    assert change["Low", 0] == (4, 0, 0, 0, 0, 0, 0)


def test_spread_of_the_time_course(tiny: Study) -> None:
    found = rows(tiny, "platelet_time_course", group="cohort", **params(tiny, axis="visit"))
    own = {(row[0], row[1]): row[2] for row in table(found, "group_label", "slot", "sd")}
    assert own["Low", 0] == pytest.approx((68 / 3) ** 0.5)
    assert own["High", 1] == pytest.approx(250**0.5)
    assert own["High", 3] is None  # one patient


def test_individual_lines(tiny: Study) -> None:
    found = rows(tiny, "platelet_individual", **params(tiny, axis="day", measure="count"))
    own = found[found["USUBJID"] == "T-07"]
    assert table(own, "slot", "AVAL", "after_rescue") == [
        (-1, 10, False),
        (8, 10, False),
        (15, 80, True),
        (68, 80, True),
        (69, 80, False),
        (76, 80, False),
    ]
    visits = rows(tiny, "platelet_individual", **params(tiny, axis="visit", measure="fold"))
    own = visits[visits["USUBJID"] == "T-07"]
    assert table(own, "slot", "point_value") == [(0, 1), (1, 1), (2, 8), (10, 8), (11, 8)]


def test_records_that_are_left_out(tiny: Study) -> None:
    """Forty records of treated patients: two without a value, one derived, two unscheduled."""
    by_visit = rows(tiny, "platelet_records", **params(tiny, axis="visit", measure="count"))
    drawn = rows(tiny, "platelet_individual", **params(tiny, axis="visit", measure="count"))
    columns = "n_missing", "n_derived", "n_unscheduled", "n_without_baseline"
    assert table(by_visit, *columns) == [(2, 1, 2, 0)]
    # T-05's two records at one visit are one point.
    assert len(drawn) == 40 - 2 - 1 - 2 - 1
    change = rows(tiny, "platelet_records", **params(tiny, axis="visit", measure="change"))
    assert table(change, *columns) == [(2, 1, 2, 2)]


RECORDS = [
    # visit, its name, day, value, flagged, derived
    (1, "Week 1", 8, 40, "Y", None),
    (1.01, "Unscheduled 1.01", 9, 41, None, None),
    (2, "Week 2", 15, 50, "Y", None),
    (99, "End of treatment", 15, 50, "Y", None),  # the record of week 2 again
    (3, "Week 3", 22, 60, "Y", "LOCF"),
    (4, "Week 4", 29, None, "Y", None),
    (5, "Week 5", 36, 70, "N", None),
    (None, None, 40, 80, None, None),
]


@pytest.mark.parametrize(
    ("chosen", "drawn", "left_out"),
    [
        # missing, derived, repeats, unflagged, unscheduled, without baseline, beside
        ({}, [40, 50, 70], (1, 1, 1, 0, 2, 0, 0)),
        ({"with_derived": True}, [40, 50, 60, 70], (1, 0, 1, 0, 2, 0, 0)),
        ({"with_repeats": True}, [40, 50, 70, 50], (1, 1, 0, 0, 2, 0, 0)),
        ({"with_unscheduled": True}, [40, 41, 50, 70], (1, 1, 1, 0, 1, 0, 0)),
        ({"only_flagged": True}, [40, 50], (1, 1, 1, 3, 0, 0, 0)),
        ({"measure": "change"}, [], (1, 1, 1, 0, 2, 3, 0)),
        ({"axis": "day"}, [40, 50, 70, 80], (1, 1, 1, 0, 0, 0, 1)),
        ({"axis": "day", "with_repeats": True}, [40, 50, 70, 80], (1, 1, 0, 0, 0, 0, 2)),
    ],
)
def test_each_record_is_drawn_or_left_out_for_one_reason(
    tmp_path: Path, chosen: dict[str, Any], drawn: list[float], left_out: tuple[int, ...]
) -> None:
    adlb = [
        {"USUBJID": "T-01", "PARAMCD": "PLAT", "AVISITN": visit, "AVISIT": name, "ADY": day}
        | {"AVAL": value, "ANL01FL": flagged, "DTYPE": derived, "BASE": None}
        for visit, name, day, value, flagged, derived in RECORDS
    ]
    study = load(write_study(tmp_path / "S", TOML, {"adsl": ADSL[:1], "adlb": adlb}))
    given = params(study, axis="visit", measure="count") | chosen
    course = rows(study, "platelet_time_course", **given)
    assert course["median"].tolist() == drawn
    found = rows(study, "platelet_records", **given)
    reasons = "missing", "derived", "repeats", "unflagged", "unscheduled", "without_baseline"
    columns = [f"n_{reason}" for reason in (*reasons, "beside")]
    assert table(found, *columns) == [left_out]
    assert found["n_records"].tolist() == [len(RECORDS)] == [sum(left_out) + len(drawn)]


def test_rescue_and_infusions(tiny: Study) -> None:
    rescue = rows(tiny, "rescue_days", **params(tiny))
    assert table(rescue, "USUBJID", "CMDECOD", "rescue_from", "AVAL", "BASE") == [
        ("T-07", "IVIG", 10, 10, 10)
    ]
    infusions = rows(tiny, "infusion_days")
    assert table(infusions, "infusion_day", "n_patients") == [(1, 9), (8, 8)]
    infusions = rows(tiny, "infusion_days", group="cohort")
    assert table(infusions, "group_label", "infusion_day", "n_patients") == [
        ("Low", 1, 4), ("Low", 8, 4), ("High", 1, 5), ("High", 8, 4)
    ]  # fmt: skip


def test_value_that_rescue_was_given_at(tmp_path: Path) -> None:
    """That of the last record on or before the first day; of one day the last visit's; before the
    first record none."""
    counts = [(0, 1, 12), (1, 8, 9), (2, 10, 7), (2.01, 10, 8), (3, 11, 30)]
    adlb = [
        {"USUBJID": "T-01", "PARAMCD": "PLAT", "AVISITN": visit, "ADY": day, "AVAL": value}
        for visit, day, value in counts
    ]
    adcm = [
        {"USUBJID": "T-01", "CMSEQ": day, "CMDECOD": drug, "RESCFL": "Y", "ASTDY": day}
        for day, drug in ((10, "IVIG"), (9, "PLATELETS"), (300, "IVIG"), (-20, "IVIG"))
    ]
    study = load(write_study(tmp_path / "S", TOML, {"adsl": ADSL[:1], "adlb": adlb, "adcm": adcm}))
    found = rows(study, "rescue_days", **params(study))
    assert table(found, "rescue_from", "CMDECOD", "AVAL") == [
        (-20, "IVIG", None),
        (9, "PLATELETS", 9),
        (10, "IVIG", 8),
        (300, "IVIG", 30),
    ]


def test_a_copy_does_not_displace_the_visit_it_was_made_of(tmp_path: Path) -> None:
    """Not the scheduled one of an unscheduled sample, and not the baseline of the screening."""
    records = [
        (-1, "Screening", 1, 10, None), (0, "Baseline", 1, 10, "Y"),
        (1.1, "Unscheduled 1.1", 8, 30, None), (2, "Week 2", 8, 30, None),
        (99, "End of Treatment", 8, 30, None),
    ]  # fmt: skip
    adlb = [
        {"USUBJID": "T-01", "PARAMCD": "PLAT", "AVISITN": visit, "AVISIT": name, "ADY": day,
         "AVAL": value, "ABLFL": flag}
        for visit, name, day, value, flag in records
    ]  # fmt: skip
    study = load(write_study(tmp_path / "S", TOML, {"adsl": ADSL[:1], "adlb": adlb}))
    found = rows(study, "platelet_individual", **params(study))
    assert table(found, "AVISIT", "AVAL") == [("Screening", 10), ("Baseline", 10), ("Week 2", 30)]
    found = rows(study, "platelet_individual", **params(study) | {"with_repeats": True})
    assert [visit for (visit,) in table(found, "AVISIT")] == [
        "Screening", "Baseline", "Week 2", "End of Treatment"
    ]  # fmt: skip


def test_which_of_two_records_stands(tmp_path: Path) -> None:
    """By visit the later day, then the higher value; by week the nearest to its middle."""
    counts = [(1, 8, 40), (1, 8, 44), (1, 7, 90), (1, 9, None), (2, 13, 50), (2.5, 17, 60)]
    adlb = [
        {"USUBJID": "T-01", "PARAMCD": "PLAT", "AVISITN": visit, "ADY": day, "AVAL": value}
        for visit, day, value in counts
    ]
    study = load(write_study(tmp_path / "S", TOML, {"adsl": ADSL[:1], "adlb": adlb}))
    for axis, expected in (
        ("visit", [(1, 44), (2, 50), (2.5, 60)]),
        # Days 13 and 17 lie two days from day 15, the middle of week 2: the later one stands.
        ("day", [(1, 44), (2, 60)]),
    ):
        found = rows(study, "platelet_time_course", **params(study, axis=axis))
        assert table(found, "slot", "median") == expected


def test_what_the_study_has(tiny: Study) -> None:
    assert tiny.parameters == (
        ("PLAT", "Platelets (10^9/L)"),
        ("WHOBLEED", "WHO bleeding grade"),
    )
    assert set(tiny.event_classes) == {NERVOUS, GUT, GENERAL, HOSTILE_CLASS, "(not coded)"}


# --- adverse events --------------------------------------------------------------------------


def cells(study: Study, selection: Selection = WOMEN, **chosen: Any) -> dict[Any, Any]:
    """(class, term) -> (Low n/N, High n/N, all n/N); the whole is (None, None)."""
    given = params(study, only_emergent=False) | chosen
    found = rows(study, "adverse_events", selection, group="cohort", **given)
    lines: dict[Any, list[tuple[int, int]]] = {}
    for body, term, n, total in table(found, "AEBODSYS", "AEDECOD", "n", "n_patients"):
        lines.setdefault((body, term), []).append((n, total))
    return lines


def test_events_of_everybody(tiny: Study) -> None:
    assert cells(tiny, Selection()) == {
        (None, None): [(3, 4), (4, 5), (7, 9)],
        (NERVOUS, None): [(2, 4), (1, 5), (3, 9)],
        (NERVOUS, "Headache"): [(2, 4), (1, 5), (3, 9)],
        (GENERAL, None): [(0, 4), (2, 5), (2, 9)],
        (GENERAL, "Headache"): [(0, 4), (1, 5), (1, 9)],
        (GENERAL, "Fever"): [(0, 4), (1, 5), (1, 9)],
        (GUT, None): [(1, 4), (2, 5), (3, 9)],
        (GUT, "Nausea"): [(1, 4), (2, 5), (3, 9)],
        (HOSTILE_CLASS, None): [(1, 4), (0, 5), (1, 9)],
        (HOSTILE_CLASS, HOSTILE_TERM): [(1, 4), (0, 5), (1, 9)],
        ("(not coded)", None): [(0, 4), (1, 5), (1, 9)],
        ("(not coded)", "Odd"): [(0, 4), (1, 5), (1, 9)],
    }


ANY = (None, None)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"only_emergent": True}, [(2, 4), (4, 5), (6, 9)]),
        ({"only_serious": True}, [(1, 4), (1, 5), (2, 9)]),
        ({"only_related": True}, [(2, 4), (1, 5), (3, 9)]),
        # Grade 0 is any grade; from grade 1 on, an event without a grade is out.
        ({"min_grade": 1}, [(3, 4), (4, 5), (7, 9)]),
        ({"min_grade": 2}, [(2, 4), (2, 5), (4, 9)]),
        ({"min_grade": 3}, [(1, 4), (2, 5), (3, 9)]),
        ({"min_grade": 5}, [(0, 4), (0, 5), (0, 9)]),
        ({"min_grade": 3, "only_emergent": True}, [(1, 4), (1, 5), (2, 9)]),
        # Week 1 is days 1 to 7; an event without a day is out, one before day 1 in "to" only.
        ({"onset_from": 1}, [(2, 4), (4, 5), (6, 9)]),
        ({"onset_from": 1, "onset_to": 1}, [(1, 4), (1, 5), (2, 9)]),
        ({"onset_to": 1}, [(2, 4), (1, 5), (3, 9)]),
        ({"onset_from": 2, "onset_to": 2}, [(1, 4), (1, 5), (2, 9)]),
        ({"onset_from": 29}, [(0, 4), (1, 5), (1, 9)]),
        ({"onset_from": 30}, [(0, 4), (0, 5), (0, 9)]),
        ({"search": "HEAD"}, [(2, 4), (2, 5), (4, 9)]),
        ({"search": "gastro"}, [(1, 4), (2, 5), (3, 9)]),
        ({"search": "%"}, [(1, 4), (0, 5), (1, 9)]),
        ({"search": "_"}, [(1, 4), (0, 5), (1, 9)]),
    ],
)
def test_event_filters_change_numerators_alone(
    tiny: Study, chosen: dict[str, Any], expected: list[tuple[int, int]]
) -> None:
    found = cells(tiny, Selection(), **chosen)
    if expected[2][0]:
        assert found[ANY] == expected
    else:
        assert [n for n, _ in found[ANY]] == [0] * len(found[ANY])
        assert {total for _, total in found[ANY]} <= {4, 5, 9}
    assert all([total for _, total in line] == [4, 5, 9] for line in found.values())


def test_patient_filters_change_both(tiny: Study) -> None:
    assert cells(tiny, WOMEN)[ANY] == [(2, 2), (2, 3), (4, 5)]
    assert cells(tiny, WOMEN)[NERVOUS, "Headache"] == [(1, 2), (1, 3), (2, 5)]
    assert (GENERAL, "Headache") not in cells(tiny, WOMEN)


def test_events_without_a_grade(tiny: Study) -> None:
    found = rows(tiny, "adverse_events", group="all", **params(tiny, only_emergent=False))
    own = found[found["is_overall"] & (found["AEDECOD"] == "Nausea")]
    assert table(own, "n", "n_events", "n_ungraded", "worst") == [(3, 3, 1, 2)]
    whole = found[found["is_overall"] & (found["line"] == "any")]
    assert table(whole, "n", "n_events", "n_ungraded", "worst") == [(7, 11, 1, 4)]


def test_worst_grade_of_each_patient(tiny: Study) -> None:
    found = rows(
        tiny,
        "adverse_events_by_patient",
        group="cohort",
        **params(tiny, only_emergent=False),
    )
    columns = "USUBJID", "AEDECOD", "AEBODSYS", "worst", "n_events", "n_ungraded", "is_serious"
    assert table(found, *columns) == [
        ("T-01", "Headache", NERVOUS, 2, 2, 0, False),
        ("T-01", "Nausea", GUT, None, 1, 1, False),
        ("T-02", "Headache", NERVOUS, 1, 1, 0, False),
        ("T-03", HOSTILE_TERM, HOSTILE_CLASS, 3, 1, 0, True),
        ("T-04", None, None, None, None, None, None),
        ("T-05", "Headache", NERVOUS, 3, 1, 0, False),
        ("T-05", "Nausea", GUT, 1, 1, 0, False),
        ("T-06", "Odd", "(not coded)", 1, 1, 0, False),
        ("T-07", "Fever", GENERAL, 4, 1, 0, False),
        ("T-07", "Nausea", GUT, 2, 1, 0, True),
        ("T-08", None, None, None, None, None, None),
        ("T-09", "Headache", GENERAL, 1, 1, 0, False),
    ]


def test_term_of_two_classes_is_one_line_of_a_patient(tmp_path: Path) -> None:
    events = [
        {"USUBJID": "T-01", "AESEQ": 1, "AEDECOD": "Rash", "AEBODSYS": "Skin", "AETOXGR": 2},
        {"USUBJID": "T-01", "AESEQ": 2, "AEDECOD": "Rash", "AEBODSYS": "Immune", "AETOXGR": 3},
        {"USUBJID": "T-01", "AESEQ": 3, "AEDECOD": "Rash", "AEBODSYS": "Skin", "AESER": "Y"},
    ]
    study = load(write_study(tmp_path / "S", TOML, {"adsl": ADSL[:1], "adae": events}))
    found = rows(study, "adverse_events_by_patient", **params(study, only_emergent=False))
    columns = "AEDECOD", "AEBODSYS", "worst", "n_events", "n_ungraded", "is_serious"
    assert table(found, *columns) == [("Rash", "Immune; Skin", 3, 3, 1, True)]
    lines = rows(study, "adverse_events", **params(study, only_emergent=False))
    own = lines[lines["is_overall"] & (lines["line"] == "term")]
    assert table(own, "AEBODSYS", "n", "n_events") == [("Immune", 1, 1), ("Skin", 1, 2)]


def test_event_with_a_date_and_no_term_is_an_event(tmp_path: Path) -> None:
    dated = {"AEDECOD": None, "AEBODSYS": None, "ASTDY": 3}
    events = [{"USUBJID": "T-01", "AESEQ": 1} | dated]
    study = load(write_study(tmp_path / "S", TOML, {"adsl": ADSL[:2], "adae": events}))
    given = params(study, only_emergent=False)
    found = rows(study, "adverse_events_by_patient", **given)
    assert table(found, "USUBJID", "AEDECOD", "n_events") == [
        ("T-01", "(not coded)", 1),
        ("T-02", None, None),
    ]
    lines = rows(study, "adverse_events", **given)
    own = lines[lines["is_overall"]]
    assert table(own, "line", "AEBODSYS", "AEDECOD", "n", "n_patients") == [
        ("any", None, None, 1, 2),
        ("class", "(not coded)", None, 1, 2),
        ("term", "(not coded)", "(not coded)", 1, 2),
    ]


def test_events_behind_a_cell(tiny: Study) -> None:
    def listed(**chosen: Any) -> list[tuple[Any, ...]]:
        given = params(tiny, only_emergent=False) | chosen
        found = rows(tiny, "adverse_event_list", group="cohort", **given)
        return table(found, "USUBJID", "ASTDY")

    assert len(listed()) == 11
    assert listed(term="Headache") == [
        ("T-01", 3),
        ("T-01", 20),
        ("T-02", -3),
        ("T-05", 10),
        ("T-09", 7),
    ]
    assert listed(term="Headache", cell_group="High") == [("T-05", 10), ("T-09", 7)]
    assert listed(**{"class": GENERAL, "term": "Headache"}) == [("T-09", 7)]
    assert listed(patient="T-07") == [("T-07", 200), ("T-07", None)]
    assert listed(patient="T-08") == []
    assert listed(patient="T-12") == []  # never treated


def test_severity_where_a_study_has_no_grades(tmp_path: Path) -> None:
    """On the scale of severity the grade is not looked at, and the other way round."""
    words = (None, "MILD", "moderate", "SEVERE", "LIFE THREATENING", "fatal", "dreadful")
    events = [
        {"USUBJID": f"T-{n:02}", "AESEQ": 1, "AEDECOD": "Rash", "AEBODSYS": "Skin"}
        | {"TRTEMFL": "Y", "AETOXGR": 6 - n, "AESEV": word}
        for n, word in enumerate(words, start=1)
    ]
    for scale, expected in (
        ("severity", [None, 1, 2, 3, 4, 5, None]),
        ("grade", [5, 4, 3, 2, 1, 0, -1]),
    ):
        toml = TOML.replace("[adverse_events]", f'[adverse_events]\nscale = "{scale}"')
        study = load(write_study(tmp_path / scale, toml, {"adsl": ADSL, "adae": events}))
        found = rows(study, "adverse_events_by_patient", **params(study))
        assert table(found, "worst") == [(grade,) for grade in [*expected, None, None]]
        severe = rows(study, "adverse_event_list", **params(study, min_grade=3))
        assert len(severe) == 3


def test_kinds_of_events(tiny: Study) -> None:
    found = rows(tiny, "adverse_event_rate", group="cohort")
    columns = "group_label", "n_patients", "n_emergent", "n_serious"
    assert table(found, *columns) == [
        ("Low", 4, 2, 1),
        ("High", 5, 4, 1),
        ("All patients", 9, 6, 2),
    ]
