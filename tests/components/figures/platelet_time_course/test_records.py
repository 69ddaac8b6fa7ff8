"""Which records stand for a patient: kinds of baseline, times of the day, limits, windows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from components.build import Built, build
from components.options.option import OptionError
from data.study import Study
from queries.catalogue import open_study
from queries.engine.run import rows
from tests.support.tiny import ADSL, BLEEDING, TOML
from tests.support.writing import Row, write_study

Make = Callable[..., Study]
PATIENTS = ("T-01", "T-02", "T-03")


@pytest.fixture
def made(tmp_path: Path) -> Make:
    """A study of three patients with these laboratory records, in this order."""

    def study(records: list[Row], toml: str = TOML) -> Study:
        folder = tmp_path / f"S{len(list(tmp_path.iterdir()))}"
        datasets = {"adsl": ADSL[:3], "adlb": [*records, *BLEEDING]}
        return open_study(write_study(folder, toml, datasets))

    return study


def record(patient: str, visit: float, day: int, value: float | None, **more: Any) -> Row:
    return {
        "USUBJID": patient,
        "PARAMCD": "PLAT",
        "PARAM": "Platelets (10^9/L)",
        "AVISITN": visit,
        "AVISIT": f"Week {visit:g}" if visit else "Baseline",
        "ADY": day,
        "AVAL": value,
        "BASE": 10.0,
        "ABLFL": "Y" if visit == 0 else None,
    } | more


def course(study: Study, **texts: str) -> Built:
    texts = {"statistic": "median", "group": "all", "axis": "visit"} | texts
    return build(study, "platelet_time_course", None, texts)


def medians(built: Built) -> dict[float, float]:
    place = "AVISITN" if "AVISITN" in built.table else "week"
    return dict(zip(built.table[place], built.table["median"], strict=True))


def with_two_baselines() -> list[Row]:
    """Every value twice: against the last count before treatment, and against the mean of it.

    The mean is that of two patients only, so the last count is the default."""
    return [
        record(patient, visit, day, value, BASE=base, BASETYPE=kind)
        for patient in PATIENTS
        for kind, base in (("LAST", 10.0), ("AVERAGE", 20.0))
        for visit, day, value in ((0, -1, 10.0), (1, 8, 40.0))
        if not (kind == "AVERAGE" and patient == "T-03")
    ]


@pytest.mark.parametrize("backwards", [False, True])
def test_kinds_of_baseline_are_never_mixed(made: Make, backwards: bool) -> None:
    records = with_two_baselines()
    study = made(records[::-1] if backwards else records)
    change = course(study, measure="change")
    assert medians(change) == {0: 0, 1: 30}
    assert change.table["n"].tolist() == [3, 3]
    assert "Kind of baseline (BASETYPE): LAST; not AVERAGE." in change.footnote
    assert any("4 of another kind of baseline (BASETYPE)" in line for line in change.footnote)
    other = course(study, measure="change", baseline="AVERAGE")
    assert medians(other) == {0: -10, 1: 20}
    assert other.table["n"].tolist() == [2, 2]
    with pytest.raises(OptionError, match="is not one of LAST, AVERAGE"):
        course(study, baseline="WORST")


def test_the_study_says_which_baseline_is_the_default(made: Make) -> None:
    toml = TOML.replace("[laboratory]", '[laboratory]\nbaseline_type = "AVERAGE"')
    assert medians(course(made(with_two_baselines(), toml), measure="change"))[1] == 20


def test_response_uses_one_kind_of_baseline(made: Make) -> None:
    """30 and twice the baseline: met against 10 and not against 20."""
    records = [
        record("T-01", visit, day, 30.0, BASE=base, BASETYPE=kind)
        for kind, base in (("LAST", 10.0), ("AVERAGE", 20.0))
        for visit, day in ((1, 8), (2, 15))
    ]
    study = made([*records, record("T-02", 1, 8, 30.0, BASETYPE="LAST")])
    found = rows(study, "response_patients", definition="iwg2009")
    assert found.set_index("USUBJID")["responder"].to_dict()["T-01"]


def test_another_parameter_has_its_own_kinds_of_baseline(made: Make) -> None:
    haemoglobin = [
        row | {"PARAMCD": "HGB", "PARAM": "Haemoglobin (g/L)", "BASETYPE": "FIRST"}
        for row in with_two_baselines()
        if row["BASETYPE"] == "LAST"
    ]
    study = made(with_two_baselines() + haemoglobin)
    found = course(study, parameter="HGB", measure="change", baseline="AVERAGE")
    assert medians(found) == {0: 0, 1: 30}


def before_and_after() -> list[Row]:
    """Two values a day; the one after the dose is higher in week 1 and lower in week 2."""
    return [
        record(patient, visit, day, value, ATPT=point, ATPTN=number)
        for patient in PATIENTS
        for visit, day, values in ((1, 8, (40.0, 60.0)), (2, 15, (50.0, 30.0)))
        for (point, number), value in zip((("AFTER", 2), ("BEFORE", 1)), values[::-1], strict=True)
    ]


@pytest.mark.parametrize("axis", ["visit", "day"])
@pytest.mark.parametrize("backwards", [False, True])
def test_one_time_of_the_day_stands_for_every_day(made: Make, axis: str, backwards: bool) -> None:
    records = before_and_after()
    study = made(records[::-1] if backwards else records)
    assert study.time_points == ("BEFORE", "AFTER")
    first = course(study, axis=axis)
    assert medians(first) == {1: 40, 2: 50}
    assert any("then the earliest ATPTN, then the highest value" in line for line in first.footnote)
    after = course(study, axis=axis, time_point="AFTER")
    assert medians(after) == {1: 60, 2: 30}
    assert "Time of day (ATPT): AFTER, and records without one." in after.footnote
    assert any("6 of another time of the day (ATPT)" in line for line in after.footnote)


def test_records_without_a_time_of_the_day_stay(made: Make) -> None:
    records = [record(patient, 0, -1, 10.0) for patient in PATIENTS] + before_and_after()
    assert medians(course(made(records), time_point="AFTER"))[0] == 10


def beyond_limits() -> list[Row]:
    """A value below and one above a limit; the first patient's baseline is below it, too."""
    low = {"LLOQFL": "Y", "AVALC": "<10"}
    return [
        record("T-01", 0, -1, 10.0, **low),
        record("T-02", 0, -1, 12.0, BASE=12.0),
        record("T-03", 0, -1, 14.0, BASE=14.0),
        record("T-01", 1, 8, 10.0, **low),
        record("T-02", 1, 8, 20.0, BASE=12.0),
        record("T-03", 1, 8, 1000.0, BASE=14.0, ULOQFL="Y", AVALC=">1000"),
    ]


@pytest.mark.parametrize(
    ("limits", "values", "changes", "words"),
    [
        ("limit", [10, 20, 1000], [0, 8, 986], "2 below and 1 above, drawn at the limit."),
        ("half", [5, 20, 1000], [0, 8, 986], "at half the lower and at the upper limit."),
        ("excluded", [20], [8], "3 beyond a limit of quantification"),
    ],
)
def test_values_beyond_a_limit(
    made: Make, limits: str, values: list[float], changes: list[float], words: str
) -> None:
    study = made(beyond_limits())
    found = course(study, statistic="individual", limits=limits)
    table = found.table[found.table["AVISIT"] == "Week 1"].sort_values("USUBJID")
    assert table["AVAL"].tolist() == values
    assert table["change"].tolist() == changes
    assert any(words in line for line in found.footnote), found.footnote


def test_a_value_beyond_a_limit_is_called_so_where_the_pointer_rests(made: Make) -> None:
    found = course(made(beyond_limits()), statistic="individual", scale="linear")
    texts = str([trace["customdata"] for trace in found.plotly["data"] if "customdata" in trace])
    assert "Platelets &lt;10 10⁹/L" in texts or "Platelets <10" in texts
    assert "Platelets &gt;1000" in texts or "Platelets >1000" in texts


def test_windows_by_study_day_can_be_set(made: Make) -> None:
    """Patients who were seen in different weeks: no week has three, a window of four does."""
    records = [
        record(patient, 0, day, 10.0 * day, AVISITN=None, AVISIT="Unscheduled", ABLFL=None)
        for patient, days in (("T-01", (22, 50)), ("T-02", (29, 57)), ("T-03", (36, 64)))
        for day in days
    ]
    weekly = course(made(records), axis="day")
    assert "No visit has 3 patients or more" in weekly.alt
    monthly = course(made(records), axis="day", window="4")
    assert dict(zip(monthly.table["week"], monthly.table["n"], strict=True)) == {4: 3, 8: 3}
    assert medians(monthly) == {4: 290, 8: 570}
    toml = TOML.replace("[laboratory]", "[laboratory]\nwindow = 4")
    assert medians(course(made(records, toml), axis="day")) == {4: 290, 8: 570}


@pytest.mark.parametrize(
    ("counts", "key", "expected"),
    [
        ((20.0, 30.0, 250.0), "", "log"),
        ((120.0, 240.0, 250.0), "", "linear"),
        ((120.0, 240.0, 250.0), 'value_axis = "log"', "log"),
        ((20.0, 30.0, 40.0), 'value_axis = "linear"', "linear"),
    ],
)
def test_the_axis_is_logarithmic_where_counts_are_low(
    made: Make, counts: tuple[float, ...], key: str, expected: str
) -> None:
    records = [
        record(patient, visit, 1 + 7 * visit, count, BASE=count)
        for patient, count in zip(PATIENTS, counts, strict=True)
        for visit in (0, 1)
    ]
    study = made(records, TOML.replace("[laboratory]", f"[laboratory]\n{key}"))
    axis = course(study).plotly["layout"]["yaxis"]
    assert axis.get("type", "linear") == expected
    other = {"log": "linear", "linear": "log"}[expected]
    axis = course(study, scale=other).plotly["layout"]["yaxis"]
    assert axis.get("type", "linear") == other


def test_parentheses_in_a_label_are_no_unit(made: Make) -> None:
    label = "Platelet (GI/L) change from previous visit (relative to normal range)"
    records = [
        row | {"PARAMCD": "PLTCHG", "PARAM": label} for row in with_two_baselines()
    ] + with_two_baselines()
    found = course(made(records), parameter="PLTCHG", layout="overlay")
    assert found.title == f"{label} over time"
    assert found.subtitle.startswith("Median and interquartile range ·")
    assert found.plotly["layout"]["yaxis"]["title"]["text"] == label
