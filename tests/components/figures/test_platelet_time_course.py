"""The time course against the rows: every mark, every n, every reference line.

What should be drawn is worked out here from the Parquet rows in plain Python; no query is used.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import t

from components.build import Built, build
from components.figures.platelet_time_course import Options
from data.study import Study
from queries.catalogue import open_study
from queries.engine.selection import Selection
from tests.support import reference
from tests.support.reading import (
    NOTHING,
    captions,
    close,
    footnote,
    hovers,
    named,
    numbers,
    plain,
    select,
    ticks,
    title,
)
from tests.support.tiny import ADSL, DATASETS, TOML, _record
from tests.support.writing import write_study

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("time course")

FEWEST = 3
STATISTICS, AXES, MEASURES = (
    ("individual", "median", "mean", "box"),
    ("visit", "day"),
    ("count", "change", "fold"),
)
SELECTIONS = {
    "embedded": (
        NOTHING,
        select(dose="2.0"),
        select(sex="F", age=(33, 46)),
        select(analysis_set="per-protocol", splenectomy="Y", phase="Dose escalation"),
    ),
    "tiny": (NOTHING, select(dose="1.0"), select(sex="F")),
}


@dataclass(frozen=True)
class Case:
    """A time course to be drawn."""

    study: Study
    selection: Selection
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def built(self) -> Built:
        return build(self.study, "platelet_time_course", self.selection, self.texts)

    def option(self, name: str) -> str:
        given = {"group": self.study.groupings[0].key, "parameter": self.study.parameter}
        return self.texts.get(name) or given.get(name) or str(getattr(Options(), name))


def cases(name: str) -> Iterator[tuple[str, Selection, dict[str, str]]]:
    """Every statistic, time and value, each with some grouping, layout, scale and selection."""
    groups = ("cohort", "dose", "phase", "all")
    for index, (statistic, axis, measure) in enumerate(product(STATISTICS, AXES, MEASURES)):
        texts = {
            "statistic": statistic,
            "axis": axis,
            "measure": measure,
            "group": groups[index % 4],
            "layout": ("panels", "overlay")[index // 2 % 2],
            "scale": ("log", "linear")[index // 3 % 2],
            "level": ("95", "90", "99")[index % 3],
        }
        chosen = SELECTIONS[name]
        yield name, chosen[index % len(chosen)], texts


ALL_CASES = [*cases("tiny"), *cases("embedded")]


def records(case: Case) -> list[dict[str, Any]]:
    """The observed values of the selected patients with group, value on the axis, and rescue."""
    patients = {row["USUBJID"]: row for row in reference.population(case.study, case.selection)}
    windows = reference.rescue_windows(case.study)
    found = []
    for row in reference.observed(case.study, case.option("parameter")):
        if row["USUBJID"] not in patients:
            continue
        base, value = row.get("BASE"), row["AVAL"]
        if case.option("measure") == "change":
            value = None if base is None else value - base
        elif case.option("measure") == "fold":
            value = None if not base else value / base
        spans = windows.get(row["USUBJID"], ())
        found.append(
            row
            | {
                "group": reference.group_of(
                    case.study, case.option("group"), patients[row["USUBJID"]]
                ),
                "value": value,
                "rescued": row["ADY"] is not None
                and any(first <= row["ADY"] <= last for first, last in spans),
            }
        )
    return found


def since_start(day: int) -> int:
    """Days since day 1; there is no day 0."""
    return day - 1 if day > 0 else day


def points(case: Case) -> dict[tuple[str, str, float], dict[str, Any]]:
    """The record that stands for each patient at each slot: (group, patient, slot) -> record."""
    found: dict[tuple[str, str, float], dict[str, Any]] = {}
    ranks: dict[tuple[str, str, float], tuple[float, ...]] = {}
    for row in records(case):
        if row["value"] is None:
            continue
        day = -math.inf if row["ADY"] is None else row["ADY"]
        visit = -math.inf if row["AVISITN"] is None else row["AVISITN"]
        if case.option("axis") == "visit":
            if not reference.is_scheduled(row):
                continue
            slot, rank = float(row["AVISITN"]), (0.0, day, visit, row["AVAL"])
        else:
            if row["ADY"] is None:
                continue
            days = since_start(row["ADY"])
            slot = float(math.floor(days / 7 + 0.5))
            rank = (-abs(days - 7 * slot), day, visit, row["AVAL"])
        key = row["group"], row["USUBJID"], slot
        if key not in ranks or rank > ranks[key]:
            found[key], ranks[key] = row, rank
    return found


def slots(case: Case) -> dict[str, dict[float, list[float]]]:
    """The values at each slot by group."""
    found: dict[str, dict[float, list[float]]] = {}
    for (group, _, slot), row in points(case).items():
        found.setdefault(group, {}).setdefault(slot, []).append(row["value"])
    return found


def shown(case: Case) -> list[str]:
    """The groups that have a selected patient, in the order of the study."""
    study, key = case.study, case.option("group")
    group = study.grouping(key)
    order: dict[str, Any] = {}
    for row in reference.population(study, case.selection):
        label = reference.group_of(study, key, row)
        order[label] = None if group is None else row[group.order]
    return sorted(order, key=lambda label: (order[label] is None, order[label] or 0, label))


def panels(case: Case) -> dict[str, list[str]]:
    """Name of each x axis in the layout -> the groups drawn on it."""
    groups = shown(case)
    if case.option("layout") == "overlay" or len(groups) == 1:
        return {"xaxis": groups}
    return {f"xaxis{index + 1 if index else ''}": [group] for index, group in enumerate(groups)}


def on_axis(case: Case, day: float) -> float:
    """Where a study day lies on the time axis."""
    if case.option("axis") == "day" and case.option("statistic") == "individual":
        return day
    return since_start(int(day)) / 7


@pytest.fixture
def case(known: dict[str, Study], request: pytest.FixtureRequest) -> Case:
    name, selection, texts = request.param
    return Case(known[name], selection, texts)


def _of(statistics: set[str]) -> list[Any]:
    return [
        pytest.param(found, id=f"{found[0]}-{'-'.join(found[2].values())}")
        for found in ALL_CASES
        if found[2]["statistic"] in statistics
    ]


INDIVIDUAL = pytest.mark.parametrize("case", _of({"individual"}), indirect=True)
CURVES = pytest.mark.parametrize("case", _of({"median", "mean"}), indirect=True)
BOXES = pytest.mark.parametrize("case", _of({"box"}), indirect=True)
SUMMARIES = pytest.mark.parametrize("case", _of({"median", "mean", "box"}), indirect=True)
EVERY = pytest.mark.parametrize("case", _of(set(STATISTICS)), indirect=True)


def lines_of(case: Case, group: str) -> list[tuple[str, float, float, str, list[str]]]:
    """The points of a group's individual lines: patient, x, y, fill, what the hover says."""
    (trace,) = named(case.built.figure, group)
    said = hovers(trace)
    return [
        (text.split("\n")[0], float(x), float(y), fill, text.split("\n"))
        for x, y, fill, text in zip(trace.x, trace.y, trace.marker.color, said, strict=True)
        if x is not None
    ]


def expected_lines(case: Case) -> list[dict[str, Any]]:
    """The records that individual lines go through, with their place on the time axis."""
    if case.option("axis") == "visit":
        return [row | {"x": slot} for (_, _, slot), row in points(case).items()]
    return [
        row | {"x": float(row["ADY"])}
        for row in records(case)
        if row["value"] is not None and row["ADY"] is not None
    ]


@INDIVIDUAL
def test_a_line_goes_through_every_value_of_a_patient_and_no_other(case: Case) -> None:
    expected = expected_lines(case)
    assert expected
    for group in shown(case):
        own = sorted((r["USUBJID"], r["x"], r["value"]) for r in expected if r["group"] == group)
        drawn = sorted((patient, x, y) for patient, x, y, _, _ in lines_of(case, group))
        assert [(patient, x) for patient, x, _ in drawn] == [(patient, x) for patient, x, _ in own]
        assert [y for *_, y in drawn] == pytest.approx([value for *_, value in own])


@INDIVIDUAL
def test_a_line_never_joins_two_patients(case: Case) -> None:
    for group in shown(case):
        (trace,) = named(case.built.figure, group)
        patients = [
            None if x is None else text.split("\n")[0]
            for x, text in zip(trace.x, hovers(trace), strict=True)
        ]
        runs = [
            name
            for name, before in zip(patients, [None, *patients], strict=False)
            if name and name != before
        ]
        assert len(runs) == len(set(runs))
        for name, before in zip(patients, [None, *patients], strict=False):
            assert name is None or before is None or name == before
        assert trace.connectgaps is False
        assert [y is None for y in trace.y] == [x is None for x in trace.x]


@INDIVIDUAL
def test_counts_after_rescue_are_hollow_and_no_other(case: Case) -> None:
    rescued = {(row["USUBJID"], row["x"]): row["rescued"] for row in expected_lines(case)}
    for group in shown(case):
        drawn = lines_of(case, group)
        hollow = {(patient, x) for patient, x, _, fill, _ in drawn if fill == "#ffffff"}
        assert hollow == {(p, x) for p, x, *_ in drawn if rescued[p, x]}
        for patient, x, _, _, said in drawn:
            assert ("(after rescue)" in said[2]) == rescued[patient, x]


@INDIVIDUAL
def test_the_hover_names_patient_visit_count_baseline_and_change(case: Case) -> None:
    rows = expected_lines(case)
    for group in shown(case):
        drawn = {(patient, x, tuple(said)) for patient, x, *_, said in lines_of(case, group)}
        for row in (row for row in rows if row["group"] == group):
            patient, aval = row["USUBJID"], row["AVAL"]
            count = f"{aval:g}"
            if str(row.get("AVALC") or "").startswith("<"):
                count = row["AVALC"]
            base = row.get("BASE")
            expected = [
                patient,
                row["AVISIT"] + ("" if row["ADY"] is None else f", day {row['ADY']}"),
                f"Platelets {count} 10⁹/L" + (" (after rescue)" if row["rescued"] else ""),
                "Baseline not known" if base is None else f"Baseline {base:g}",
                "Change not known" if base is None else f"Change {aval - base:+g}",
            ]
            assert (patient, row["x"], tuple(expected)) in drawn


def values_of(case: Case, group: str) -> Any:
    """The trace that carries the values of a group's curve."""
    (trace,) = [trace for trace in named(case.built.figure, group) if trace.hovertemplate]
    return trace


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
    assert found
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
def test_the_number_of_patients_stands_under_every_visit(case: Case) -> None:
    found, layout = slots(case), case.built.figure.layout
    every = sorted({slot for own in found.values() for slot in own})
    for name, groups in panels(case).items():
        axis = layout[name]
        assert list(axis.tickvals) == every
        for slot, text in zip(every, ticks(axis), strict=True):
            n = [str(len(found.get(group, {}).get(slot, ()))) for group in groups]
            assert text.split("\n")[1:] == n


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
            assert "No summary is drawn through fewer than 3 patients" in said
            noun = "visit" if case.option("axis") == "visit" else "week"
            assert f"{group} ({n} {noun}{'' if n == 1 else 's'})" in said


@SUMMARIES
def test_the_table_twin_has_the_numbers_of_the_curve(case: Case) -> None:
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


@INDIVIDUAL
def test_the_table_twin_has_every_point_of_the_lines(case: Case) -> None:
    columns = ["group", "USUBJID", "ADY", "AVAL", "change", "after_rescue"]
    drawn = [
        tuple(None if value != value else value for value in row)
        for row in case.built.table[columns].astype(object).itertuples(index=False)
    ]
    expected = [
        (
            row["group"],
            row["USUBJID"],
            row["ADY"],
            row["AVAL"],
            None if row.get("BASE") is None else row["AVAL"] - row["BASE"],
            row["rescued"],
        )
        for row in expected_lines(case)
    ]
    assert sorted(drawn, key=str) == sorted(expected, key=str)


@EVERY
def test_patients_of_each_group_are_in_the_figure(case: Case) -> None:
    sizes = reference.group_sizes(case.study, case.selection, case.option("group"))
    figure = case.built.figure
    for group in shown(case):
        if len(panels(case)) > 1:
            assert f"{group}, n = {sizes[group]}" in captions(figure)
        else:
            assert f"{group} (n = {sizes[group]})" in {
                plain(trace.name) for trace in named(figure, group) if trace.showlegend
            }
    assert f"{case.built.n} of {case.built.n_all} patients" in title(figure)


@EVERY
def test_reference_lines_stand_at_30_50_and_100_under_counts_only(case: Case) -> None:
    lines: dict[str, list[float]] = {}
    for shape in case.built.figure.layout.shapes:
        if shape.y0 == shape.y1 and str(shape.xref).endswith("domain"):
            lines.setdefault(str(shape.yref), []).append(float(shape.y0))
    if case.option("measure") != "count":
        assert lines == {}
        return
    assert len(lines) == len(panels(case))
    assert all(values == [30, 50, 100] for values in lines.values())
    assert "Dotted lines: 30, 50, 100." in footnote(case.built.figure)
    for axis in [case.built.figure.layout[name.replace("x", "y", 1)] for name in panels(case)]:
        low, high = axis.range
        assert low < (math.log10(30) if axis.type == "log" else 30)
        assert high > (math.log10(100) if axis.type == "log" else 100)


@EVERY
def test_infusions_are_marked_in_every_panel(case: Case) -> None:
    """In a panel those of its group."""
    groups = {
        row["USUBJID"]: reference.group_of(case.study, case.option("group"), row)
        for row in reference.population(case.study, case.selection)
    }
    given = [
        (groups[row["USUBJID"]], round(on_axis(case, row["ASTDY"]), 9))
        for row in reference.rows(case.study, "adex")
        if row["USUBJID"] in groups and row["ASTDY"] is not None
    ]
    drawn: dict[str, set[float]] = {}
    for shape in case.built.figure.layout.shapes:
        if shape.x0 == shape.x1 and str(shape.yref).endswith("domain"):
            drawn.setdefault(str(shape.xref), set()).add(round(float(shape.x0), 9))
    assert drawn == {
        panel.replace("axis", ""): {at for group, at in given if group in own}
        for panel, own in panels(case).items()
    }
    assert "Grey lines: infusions." in footnote(case.built.figure)


@EVERY
def test_every_rescue_therapy_is_marked_where_it_begins(case: Case) -> None:
    groups = {
        row["USUBJID"]: reference.group_of(case.study, case.option("group"), row)
        for row in reference.population(case.study, case.selection)
    }
    expected = sorted(
        (row["USUBJID"], row["CMDECOD"], row["ASTDY"])
        for row in reference.rows(case.study, "adcm")
        if row["USUBJID"] in groups and row["RESCFL"] == "Y" and row["ASTDY"] is not None
    )
    drawn = []
    for trace in named(case.built.figure, "rescue"):
        for x, text in zip(trace.x, hovers(trace), strict=True):
            patient, therapy, day = text.split("\n")
            drawn.append((patient, therapy.removeprefix("Rescue: "), int(day.removeprefix("Day "))))
            assert x == pytest.approx(on_axis(case, drawn[-1][2]))
            axis = f"xaxis{str(trace.xaxis).removeprefix('x')}"
            assert groups[patient] in panels(case)[axis]
    assert sorted(drawn) == expected


@EVERY
def test_the_value_axis_is_logarithmic_only_where_every_value_is_above_zero(case: Case) -> None:
    values = [row["value"] for row in points(case).values()]
    is_log = (
        case.option("scale") == "log" and case.option("measure") != "change" and min(values) > 0
    )
    layout = case.built.figure.layout
    for name in panels(case):
        axis = layout[name.replace("x", "y", 1)]
        assert (axis.type == "log") == is_log
        if not is_log:
            assert axis.type in {None, "linear"}
    asked = case.option("scale") == "log" and not is_log
    assert ("The axis is linear" in footnote(case.built.figure)) == asked


@pytest.mark.parametrize("study", ["tiny", "embedded"], indirect=True)
def test_a_band_on_a_log_axis_ends_at_its_lower_edge(study: Study) -> None:
    figure = build(study, "platelet_time_course", None, {"statistic": "mean"}).figure
    bands = [trace for trace in figure.data if trace.fill]
    assert bands
    for band in bands:
        axis = figure.layout[f"yaxis{str(band.yaxis or 'y').removeprefix('y')}"]
        assert axis.type == "log"
        assert all(value > 0 for value in numbers(band.y) if value is not None)


@EVERY
def test_all_that_is_drawn_lies_within_the_axes(case: Case) -> None:
    figure = case.built.figure
    for trace in figure.data:
        if trace.legendgroup in {None, "rescue"} or trace.type == "box":
            continue
        axes = [
            figure.layout[f"{kind}axis{str(trace[f'{kind}axis'] or kind)[1:]}"] for kind in "xy"
        ]
        for axis, values in zip(axes, (trace.x, trace.y), strict=True):
            low, high = axis.range
            found = [value for value in numbers(values) if value is not None]
            if axis.type == "log":
                leaves = "leave the log axis at its lower edge" in footnote(figure)
                found = [math.log10(value) for value in found if value > 0 or not leaves]
                found = [max(value, low) if leaves else value for value in found]
            assert all(low - 1e-9 <= value <= high + 1e-9 for value in found)


@pytest.mark.parametrize(
    ("statistic", "layout", "group"),
    [
        ("individual", "overlay", "cohort"),
        ("individual", "panels", "dose"),
        ("median", "panels", "cohort"),
        ("mean", "overlay", "dose"),
        ("box", "panels", "dose"),
    ],
)
def test_a_group_keeps_its_look_whatever_is_filtered_away(
    embedded: Study, statistic: str, layout: str, group: str
) -> None:
    texts = {"statistic": statistic, "layout": layout, "group": group}

    def looks(selection: Selection) -> dict[str, set[tuple[Any, ...]]]:
        found: dict[str, set[tuple[Any, ...]]] = {}
        for trace in build(embedded, "platelet_time_course", selection, texts).figure.data:
            if trace.legendgroup in {None, "rescue"} or not trace.line.color:
                continue
            symbol = None if trace.type == "box" else trace.marker.symbol
            dash = None if trace.type == "box" else trace.line.dash
            found.setdefault(trace.legendgroup, set()).add((trace.line.color, symbol, dash))
        return found

    whole = looks(NOTHING)
    assert len({look for found in whole.values() for look in found}) == len(whole)
    for selection in (select(phase="Dose expansion"), select(dose="1.0|2.0")):
        part = looks(selection)
        assert part
        assert all(part[name] == whole[name] for name in part)


def test_groups_differ_in_more_than_colour(embedded: Study) -> None:
    texts = {"statistic": "median", "layout": "overlay"}
    traces = [
        trace
        for trace in build(embedded, "platelet_time_course", NOTHING, texts).figure.data
        if trace.legendgroup not in {None, "rescue"}
    ]
    assert len(traces) == 4
    assert len({trace.marker.symbol for trace in traces}) == 4
    assert len({trace.line.dash for trace in traces}) == 4


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


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("statistic", ["individual", "median"])
@pytest.mark.parametrize("study", ["tiny", "embedded"], indirect=True)
@pytest.mark.parametrize("measure", ["count", "change"])
def test_records_that_are_not_drawn_are_counted_and_named(
    study: Study, statistic: str, axis: str, measure: str
) -> None:
    case = Case(study, NOTHING, {"statistic": statistic, "axis": axis, "measure": measure})
    selected = {row["USUBJID"] for row in reference.population(study, NOTHING)}
    rows = [
        row
        for row in reference.rows(study, "adlb")
        if row["PARAMCD"] == "PLAT" and row["USUBJID"] in selected
    ]
    drawn = len(expected_lines(case)) if statistic == "individual" else len(points(case))
    said = re.search(r"Records left out, of (\d+): (.*?)\.", footnote(case.built.figure))
    if drawn == len(rows):
        assert said is None
        return
    assert said is not None
    assert int(said[1]) == len(rows)
    assert sum(int(part.split()[0]) for part in said[2].split(", ")) == len(rows) - drawn


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
    study = open_study(write_study(folder, TOML, {"adsl": ADSL, "adlb": adlb}))
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


@pytest.mark.parametrize("code", ["HGB", "WHOBLEED", "TREG"])
def test_another_parameter_has_its_own_name_and_unit_and_no_platelet_lines(
    embedded: Study, code: str
) -> None:
    case = Case(embedded, NOTHING, {"parameter": code, "statistic": "median"})
    label = dict(embedded.parameters)[code]
    assert title(case.built.figure).startswith(label.partition(" (")[0])
    assert "Dotted lines" not in footnote(case.built.figure)
    found = slots(case)
    for group in shown(case):
        own = found[group]
        trace = values_of(case, group)
        expected = [
            float(np.median(own[slot])) if len(own.get(slot, ())) >= FEWEST else None
            for slot in (round(x) for x in trace.x)
        ]
        assert numbers(trace.y) == close(expected)


@pytest.mark.parametrize(
    "texts",
    [
        {"statistic": "individual", "measure": "change"},
        {"statistic": "individual", "parameter": "WHOBLEED"},
        {"statistic": "individual", "axis": "day", "measure": "fold"},
        {"statistic": "median", "measure": "change"},
    ],
)
def test_patients_without_a_single_value_get_a_calm_figure(
    tiny: Study, texts: dict[str, str]
) -> None:
    built = build(tiny, "platelet_time_course", select(age=(65, 65)), texts)
    assert built.n == 1
    assert captions(built.figure)
    assert built.table.empty


def test_visits_are_in_the_order_of_their_number(embedded: Study) -> None:
    built = build(embedded, "platelet_time_course", NOTHING, {"statistic": "median"})
    axis = built.figure.layout.xaxis
    assert list(axis.tickvals) == sorted(axis.tickvals)
    labels = [text.split("\n")[0].strip() for text in ticks(axis)]
    assert [label for label in labels if label.isdigit()] == sorted(
        (label for label in labels if label.isdigit()), key=int
    )


def crowd(folder: Path, number: int) -> Study:
    """A study of many patients, one count each after the baseline."""
    patients = [f"C-{index:04}" for index in range(number)]
    adsl = [ADSL[0] | {"USUBJID": patient} for patient in patients]
    adlb = [
        _record(1, week, day, 10 + week, USUBJID=patient)
        for patient in patients
        for week, day in ((0, 1), (1, 8))
    ]
    adcm = [{"USUBJID": patients[0], "CMSEQ": 1, "CMDECOD": "IVIG", "RESCFL": "Y", "ASTDY": 5}]
    return open_study(write_study(folder, TOML, {"adsl": adsl, "adlb": adlb, "adcm": adcm}))


def test_too_many_lines_become_a_summary_and_it_says_so(folder: Path) -> None:
    built = build(crowd(folder, 1001), "platelet_time_course")
    assert "More than 1000 patients: summarised" in footnote(built.figure)
    assert "one line per patient" not in title(built.figure).lower()
    assert len(built.figure.to_json()) < 20_000
    assert [row["n"] for row in built.table.to_dict("records")] == [1001, 1001]


def test_counts_after_rescue_can_be_told_in_a_crowd(folder: Path) -> None:
    built = build(crowd(folder, 41), "platelet_time_course")
    (trace,) = named(built.figure, "Low")
    hollow = [index for index, fill in enumerate(trace.marker.color) if fill == "#ffffff"]
    assert len(hollow) == 1
    assert "markers" in trace.mode


@pytest.mark.parametrize("statistic", ["individual", "median"])
def test_a_rescue_before_the_first_count_is_marked_too(folder: Path, statistic: str) -> None:
    early = {"USUBJID": "T-01", "CMSEQ": 9, "CMDECOD": "IVIG", "RESCFL": "Y", "ASTDY": -5}
    study = open_study(write_study(folder, TOML, DATASETS | {"adcm": [early]}))
    built = build(study, "platelet_time_course", None, {"statistic": statistic})
    (trace,) = named(built.figure, "rescue")
    assert [text.split("\n")[0] for text in hovers(trace)] == ["T-01"]


@pytest.mark.parametrize("statistic", ["individual", "median", "mean", "box"])
@pytest.mark.parametrize("low", [2.05, 21, 210, 430, 0.51, 99])
def test_a_short_log_axis_has_ticks_within_it(folder: Path, statistic: str, low: float) -> None:
    adlb = [
        _record(number, week, 7 * week + 1, low * (1 + 0.02 * number))
        for number in range(1, 8)
        for week in range(3)
    ]
    toml = TOML.replace("reference_lines = [30, 50, 100]", "reference_lines = []")
    assert toml != TOML
    study = open_study(write_study(folder, toml, {"adsl": ADSL, "adlb": adlb}))
    figure = build(study, "platelet_time_course", None, {"statistic": statistic}).figure
    for name in ("yaxis", "yaxis2"):
        axis = figure.layout[name]
        assert axis.type == "log"
        assert len(axis.tickvals) >= 2
        assert all(axis.range[0] <= math.log10(tick) <= axis.range[1] for tick in axis.tickvals)


def test_the_words_say_only_what_is_drawn(embedded: Study) -> None:
    selection = select(splenectomy="N")
    built = build(embedded, "platelet_time_course", selection, {"statistic": "median"})
    drawn = built.table[built.table["drawn"] & (built.table["AVISITN"] > 0)]
    for group, n in (("2.0 escalation", 3), ("2.0 expansion", 2)):
        own = drawn[drawn["group"] == group]
        (said,) = re.findall(rf"{re.escape(group)}, {n} patients: ([^;]*)", built.alt)
        if own.empty:
            assert said.startswith("no visit with 3 patients")
        else:
            assert said.startswith(f"highest median {own['median'].max():.4g} at ")


def test_small_numbers_are_said_with_their_decimals(embedded: Study) -> None:
    texts = {"statistic": "median", "measure": "fold", "group": "all"}
    built = build(embedded, "platelet_time_course", None, texts)
    after = built.table[built.table["drawn"] & (built.table["AVISITN"] > 0)]
    assert f"highest median {after['median'].max():.4g} at" in built.alt
    assert f"last median {after['median'].iloc[-1]:.4g} at" in built.alt


def test_the_table_of_lines_has_the_ratio_that_is_drawn(embedded: Study) -> None:
    built = build(embedded, "platelet_time_course", None, {"measure": "fold", "group": "all"})
    drawn = [value for value in numbers(built.figure.data[0].y) if value is not None]
    assert sorted(drawn) == pytest.approx(sorted(built.table["fold"]))


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


def test_weeks_are_named_and_counts_have_room(embedded: Study) -> None:
    texts = {"statistic": "median", "group": "dose"}
    layout = build(embedded, "platelet_time_course", None, texts).figure.layout
    assert layout.xaxis.title.text == "Week"
    sizes = {
        float(size) for size in re.findall(r"font-size:([\d.]+)px", str(layout.xaxis3.ticktext))
    }
    room = 960 * (layout.xaxis3.domain[1] - layout.xaxis3.domain[0]) / len(layout.xaxis3.tickvals)
    assert max(sizes) * 0.56 * 2 <= room
