"""Curves, intervals and boxes against the rows, counted again with NumPy and the t distribution."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import t

from components.build import build
from data.study import Study
from queries.catalogue import open_study
from tests.support import reference
from tests.support.reading import (
    NOTHING,
    captions,
    close,
    footnote,
    named,
    numbers,
    select,
)
from tests.support.time_course import (
    BOXES,
    CURVES,
    FEWEST,
    SUMMARIES,
    Case,
    shown,
    slots,
    values_of,
)
from tests.support.tiny import ADSL, BLEEDING, TOML, _record
from tests.support.writing import write_study

# One worker: figures that are built once serve every test of the folder.
pytestmark = pytest.mark.xdist_group("time course")


def summary(case: Case, values: list[float]) -> tuple[float, float, float]:
    """Centre and ends of what a curve shows at one slot, by numpy and the t distribution."""
    if case.option("statistic") == "median":
        middle, low, high = np.percentile(values, [50, 25, 75])
        return float(middle), float(low), float(high)
    n, level = len(values), int(case.option("level")) / 100
    half = t.ppf(0.5 + level / 2, n - 1) * np.std(values, ddof=1) / math.sqrt(n)
    return float(np.mean(values)), float(np.mean(values) - half), float(np.mean(values) + half)


@CURVES
def test_a_curve_shows_the_summary_of_the_patients_with_a_value(case: Case) -> None:
    found = slots(case)
    assert set(found) == set(shown(case))
    for group in shown(case):
        trace, own = values_of(case, group), found.get(group, {})
        places = [round(x) for x in trace.x]
        assert places == sorted(places)
        assert set(places) >= set(own)
        expected = [
            summary(case, own[slot])[0] if len(own.get(slot, ())) >= FEWEST else None
            for slot in places
        ]
        assert numbers(trace.y) == close(expected)
        assert trace.connectgaps is False


@CURVES
def test_no_curve_and_no_interval_goes_through_fewer_than_three_patients(case: Case) -> None:
    for group, own in slots(case).items():
        sparse = {slot for slot, values in own.items() if len(values) < FEWEST}
        for trace in named(case.built.figure, group):
            at = {
                round(x): y for x, y in zip(trace.x, numbers(trace.y), strict=True) if x is not None
            }
            assert all(at.get(int(slot)) is None for slot in sparse)
            for side in (trace.error_y.array, trace.error_y.arrayminus):
                if side is not None:
                    drawn = dict(zip([round(x) for x in trace.x], numbers(side), strict=True))
                    assert all(drawn[int(slot)] is None for slot in sparse)


def _sum(values: Any, errors: Any, sign: int) -> list[float | None]:
    """The ends of error bars; None where there is none."""
    return [
        None if y is None or error is None else y + sign * error
        for y, error in zip(numbers(values), numbers(errors), strict=True)
    ]


@CURVES
def test_the_interval_or_the_quartiles_stand_around_the_curve(case: Case) -> None:
    for group, own in slots(case).items():
        ends = {
            slot: summary(case, values)[1:] for slot, values in own.items() if len(values) >= FEWEST
        }
        trace = values_of(case, group)
        if trace.error_y.array is not None:
            high = _sum(trace.y, trace.error_y.array, 1)
            low = _sum(trace.y, trace.error_y.arrayminus, -1)
            drawn = {
                round(x): (bottom, top)
                for x, bottom, top in zip(trace.x, low, high, strict=True)
                if bottom is not None and top is not None
            }
        else:
            (band,) = [trace for trace in named(case.built.figure, group) if trace.fill]
            sides: dict[int, list[float]] = {}
            for x, y in zip(band.x, band.y, strict=True):
                if x is not None:
                    sides.setdefault(round(x), []).append(float(y))
            drawn = {slot: (min(pair), max(pair)) for slot, pair in sides.items()}
        assert set(drawn) == set(ends)
        axis = case.built.figure.layout[f"yaxis{str(trace.yaxis or 'y').removeprefix('y')}"]
        edge = 10 ** axis.range[0] if axis.type == "log" else -math.inf
        for slot, (bottom, top) in ends.items():
            # On a log axis an end below its lower edge is drawn at the edge.
            assert drawn[int(slot)][1] == pytest.approx(top)
            assert max(drawn[int(slot)][0], edge) == pytest.approx(max(bottom, edge))


@BOXES
def test_a_box_shows_quartiles_median_and_extremes(case: Case) -> None:
    for group, own in slots(case).items():
        wanted = {slot: values for slot, values in own.items() if len(values) >= FEWEST}
        (trace,) = named(case.built.figure, group)
        assert [round(x) for x in trace.x] == sorted(wanted)
        drawn = zip(
            trace.lowerfence, trace.q1, trace.median, trace.q3, trace.upperfence, strict=True
        )
        for box, slot in zip(drawn, sorted(wanted), strict=True):
            assert box == pytest.approx(tuple(np.percentile(wanted[slot], [0, 25, 50, 75, 100])))


@SUMMARIES
def test_the_footnote_says_where_no_curve_is_drawn(case: Case) -> None:
    said = footnote(case.built.figure)
    sparse = {
        group: sum(len(values) < FEWEST for values in own.values())
        for group, own in slots(case).items()
    }
    if not any(sparse.values()):
        assert "fewer than 3" not in said
    for group, n in sparse.items():
        if n:
            assert "No summary is drawn where fewer than 3 patients have a value" in said
            noun = "visit" if case.option("axis") == "visit" else "week"
            assert f"{group} ({n} {noun}{'' if n == 1 else 's'})" in said


@SUMMARIES
def test_the_data_table_has_the_numbers_of_the_curve(case: Case) -> None:
    table, sizes = (
        case.built.table,
        reference.group_sizes(case.study, case.selection, case.option("group")),
    )
    slot_name = "AVISITN" if case.option("axis") == "visit" else "week"
    keyed = {(row["group"], row[slot_name]): row for row in table.to_dict("records")}
    found = {
        (group, slot): values for group, own in slots(case).items() for slot, values in own.items()
    }
    assert set(keyed) == set(found)
    for key, values in found.items():
        row = keyed[key]
        assert (row["n"], row["N"]) == (len(values), sizes[key[0]])
        assert [
            row[name] for name in ("minimum", "q1", "median", "q3", "maximum")
        ] == pytest.approx(list(np.percentile(values, [0, 25, 50, 75, 100])))
        assert row["mean"] == pytest.approx(np.mean(values))
        assert row["drawn"] == (len(values) >= FEWEST)
        if len(values) > 1:
            n, level = len(values), int(case.option("level")) / 100
            half = t.ppf(0.5 + level / 2, n - 1) * np.std(values, ddof=1) / math.sqrt(n)
            assert (row["ci_low"], row["ci_high"]) == pytest.approx(
                (np.mean(values) - half, np.mean(values) + half)
            )


@pytest.mark.parametrize("layout", ["overlay", "panels"])
@pytest.mark.parametrize("statistic", ["median", "mean"])
def test_a_curve_breaks_where_none_of_its_group_has_a_value(
    folder: Path, statistic: str, layout: str
) -> None:
    cohorts = {1: "Low", 2: "Low", 3: "Low", 5: "High", 6: "High", 7: "High"}
    adlb = [
        _record(number, week, 7 * week + 1, 20 + number + week)
        for number, cohort in cohorts.items()
        for week in range(5)
        if (cohort, week) != ("High", 2)
    ]
    study = open_study(write_study(folder, TOML, {"adsl": ADSL, "adlb": [*adlb, *BLEEDING]}))
    texts = {"statistic": statistic, "layout": layout}
    built = build(study, "platelet_time_course", None, texts)
    trace = values_of(Case(study, NOTHING, texts), "High")
    points_drawn = [
        None if y is None else round(x) for x, y in zip(trace.x, numbers(trace.y), strict=True)
    ]
    assert points_drawn == [0, 1, None, 3, 4]
    for band in (found for found in named(built.figure, "High") if found.fill):
        runs = [round(x) if x is not None else None for x in band.x]
        assert runs[: runs.index(None)] == [0, 1, 1, 0]


@pytest.mark.parametrize("study", ["tiny", "embedded"], indirect=True)
def test_a_band_on_a_log_axis_ends_at_its_lower_edge(study: Study) -> None:
    figure = build(study, "platelet_time_course", None, {"statistic": "mean"}).figure
    bands = [trace for trace in figure.data if trace.fill]
    assert len(bands) == len(shown(Case(study, NOTHING, {"statistic": "mean"})))
    for band in bands:
        axis = figure.layout[f"yaxis{str(band.yaxis or 'y').removeprefix('y')}"]
        assert axis.type == "log"
        assert all(value > 0 for value in numbers(band.y) if value is not None)


def test_boxes_of_a_visit_stay_by_themselves(embedded: Study) -> None:
    texts = {"statistic": "box", "layout": "overlay"}
    figure = build(embedded, "platelet_time_course", None, texts).figure
    edges = sorted(
        (round(place), at - trace.width / 2, at + trace.width / 2)
        for trace in figure.data
        if trace.type == "box"
        for at in trace.x
        for place in [at]
    )
    assert len({trace.width for trace in figure.data if trace.type == "box"}) == 1
    for (_, _, right), (_, left, _) in pairwise(edges):
        assert right <= left + 1e-9


@pytest.mark.parametrize("statistic", ["median", "mean", "box"])
def test_where_no_visit_has_three_patients_nothing_is_drawn_and_it_says_so(
    embedded: Study, statistic: str
) -> None:
    selection = select(dose="1.0", splenectomy="N")
    built = build(embedded, "platelet_time_course", selection, {"statistic": statistic})
    assert built.n == 2
    assert len(built.figure.data) == 0
    said = [text.replace("\n", " ") for text in captions(built.figure)]
    assert any("No visit has 3 patients or more of one cohort" in text for text in said)
    assert set(built.table["n"]) <= {1, 2}
    assert not built.table["drawn"].any()
