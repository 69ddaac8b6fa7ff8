"""The axes against the rows: n below every visit, reference lines, infusions, rescue, scale."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from components.build import build
from data.study import Study
from queries.catalogue import open_study
from tests.support import reference
from tests.support.reading import (
    NOTHING,
    footnote,
    hovers,
    named,
    numbers,
    ticks,
)
from tests.support.time_course import (
    EVERY,
    SUMMARIES,
    Case,
    on_axis,
    panels,
    points,
    slots,
)
from tests.support.tiny import ADSL, BLEEDING, DATASETS, TOML, _record
from tests.support.writing import write_study

# One worker: figures that are built once serve every test of the folder.
pytestmark = pytest.mark.xdist_group("time course")


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
    assert "Dashed lines: 30, 50, 100." in footnote(case.built.figure)
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


@pytest.mark.parametrize("statistic", ["individual", "median"])
def test_a_rescue_before_the_first_count_is_marked_too(folder: Path, statistic: str) -> None:
    early = {"USUBJID": "T-01", "CMSEQ": 9, "CMDECOD": "IVIG", "RESCFL": "Y", "ASTDY": -5}
    study = open_study(write_study(folder, TOML, DATASETS | {"adcm": [early]}))
    built = build(study, "platelet_time_course", None, {"statistic": statistic})
    (trace,) = named(built.figure, "rescue")
    assert [text.split("\n")[0] for text in hovers(trace)] == ["T-01"]


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
                leaves = "cut off at the lower edge of the log axis" in footnote(figure)
                found = [math.log10(value) for value in found if value > 0 or not leaves]
                found = [max(value, low) if leaves else value for value in found]
            assert all(low - 1e-9 <= value <= high + 1e-9 for value in found)


def test_visits_are_in_the_order_of_their_number(embedded: Study) -> None:
    built = build(embedded, "platelet_time_course", NOTHING, {"statistic": "median"})
    axis = built.figure.layout.xaxis
    assert list(axis.tickvals) == sorted(axis.tickvals)
    labels = [text.split("\n")[0].strip() for text in ticks(axis)]
    assert [label for label in labels if label.isdigit()] == sorted(
        (label for label in labels if label.isdigit()), key=int
    )


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
    study = open_study(write_study(folder, toml, {"adsl": ADSL, "adlb": [*adlb, *BLEEDING]}))
    figure = build(study, "platelet_time_course", None, {"statistic": statistic}).figure
    for name in ("yaxis", "yaxis2"):
        axis = figure.layout[name]
        assert axis.type == "log"
        assert len(axis.tickvals) >= 2
        assert all(axis.range[0] <= math.log10(tick) <= axis.range[1] for tick in axis.tickvals)


def test_weeks_are_named_and_counts_have_room(embedded: Study) -> None:
    texts = {"statistic": "median", "group": "dose"}
    layout = build(embedded, "platelet_time_course", None, texts).figure.layout
    assert layout.xaxis.title.text == "Week"
    sizes = {
        float(size) for size in re.findall(r"font-size:([\d.]+)px", str(layout.xaxis3.ticktext))
    }
    room = 960 * (layout.xaxis3.domain[1] - layout.xaxis3.domain[0]) / len(layout.xaxis3.tickvals)
    assert max(sizes) * 0.56 * 2 <= room
