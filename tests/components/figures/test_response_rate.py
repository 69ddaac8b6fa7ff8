"""The response rate against the counts: bars, intervals, n/N, and a dot for every patient.

Who responds is judged here in plain Python (`tests/support/reference.py`), and the intervals come
from their own formulas: Clopper-Pearson from the beta distribution, Wilson from its square root.
"""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from scipy.stats import beta, norm

from components.build import Built, build
from components.figures.response_rate.drawing import draw
from components.figures.response_rate.summary import Bar, Dot, ResponseSummary
from data.study import Study
from queries.definition import definition_keys
from queries.engine.selection import Selection
from tests.support import reference
from tests.support.reading import NOTHING, footnote, hovers, number, plain, select, ticks, title
from tests.support.response import Response

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("rates")

ALL = "All patients"
GROUPS, MISSING, INTERVALS = (
    ("cohort", "dose", "phase", "all"),
    ("nonresponder", "excluded"),
    ("clopper-pearson", "wilson"),
)
SELECTIONS = {
    "embedded": (NOTHING, select(dose="2.0"), select(sex="F", splenectomy="Y")),
    "tiny": (NOTHING, select(dose="2.0"), select(prior_splenectomy="N|(missing)")),
}
CASES = [
    pytest.param(
        name,
        SELECTIONS[name][index % 3],
        {
            "definition": definition,
            "missing": missing,
            "group": GROUPS[index % 4],
            "interval": INTERVALS[index // 2 % 2],
            "level": ("95", "90", "99")[index % 3],
        },
        id=f"{name}-{definition}-{missing}-{GROUPS[index % 4]}",
    )
    for name in ("tiny", "embedded")
    for index, (definition, missing) in enumerate(product(definition_keys(), MISSING))
]
EVERY = pytest.mark.parametrize(("study", "selection", "texts"), CASES, indirect=["study"])


def clopper_pearson(n: int, total: int, level: float) -> tuple[float, float]:
    """Percent, from the quantiles of the beta distribution."""
    tail = (1 - level) / 2
    low = 0.0 if n == 0 else beta.ppf(tail, n, total - n + 1)
    high = 1.0 if n == total else beta.ppf(1 - tail, n + 1, total - n)
    return 100 * float(low), 100 * float(high)


def wilson(n: int, total: int, level: float) -> tuple[float, float]:
    """Percent, from the score equation."""
    z, p = float(norm.ppf(0.5 + level / 2)), n / total
    centre = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    return 100 * (centre - half), 100 * (centre + half)


def judged(study: Study, selection: Selection, texts: dict[str, str]) -> dict[str, list[Response]]:
    """What is said of each patient, by group and of all together."""
    found: dict[str, list[Response]] = {ALL: []}
    said = reference.responses(study, texts["definition"], selection)
    for patient in reference.population(study, selection):
        label = reference.group_of(study, texts.get("group", "cohort"), patient)
        own = said[patient["USUBJID"]]
        found[ALL].append(own)
        if label != ALL:
            found.setdefault(label, []).append(own)
    return found


def rates(found: list[Response], texts: dict[str, str]) -> dict[str, Any]:
    """n, N, percent and interval of one group."""
    inside = [one for one in found if one.evaluable or texts["missing"] == "nonresponder"]
    n, total = sum(one.responder for one in inside), len(inside)
    ends = (math.nan, math.nan)
    if total:
        of = clopper_pearson if texts["interval"] == "clopper-pearson" else wilson
        ends = of(n, total, int(texts["level"]) / 100)
    return {
        "n": n,
        "N": total,
        "percent": 100 * n / total if total else math.nan,
        "ci_low": ends[0],
        "ci_high": ends[1],
        "n_complete": sum(bool(one.complete) for one in inside),
    }


def columns(built: Built) -> dict[str, float]:
    """Group -> place of its bar's tick."""
    axis = built.figure.layout.xaxis
    return {
        text.rpartition("\nn = ")[0]: float(at)
        for text, at in zip(ticks(axis), axis.tickvals, strict=True)
    }


def bars(built: Built) -> dict[str, list[Any]]:
    """Group -> the bars stacked in its column."""
    places = columns(built)
    found: dict[str, list[Any]] = {}
    for trace in built.figure.data:
        if trace.type != "bar" or trace.x[0] is None:
            continue
        for index, x in enumerate(trace.x):
            name = min(places, key=lambda label: abs(places[label] - x))
            assert abs(places[name] - x) < 0.25
            found.setdefault(name, []).append((trace, index))
    return found


@EVERY
def test_the_bars_are_as_high_as_the_share_of_responders(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "response_rate", selection, texts)
    found, drawn = judged(study, selection, texts), bars(built)
    assert set(drawn) == set(found)
    for group, own in found.items():
        expected = rates(own, texts)
        heights = [number(trace.y[index]) for trace, index in drawn[group]]
        if not expected["N"]:
            assert heights[-1] is None
            continue
        assert sum(h for h in heights if h is not None) == pytest.approx(expected["percent"])
        if len(heights) == 2:
            assert heights[0] == pytest.approx(100 * expected["n_complete"] / expected["N"])
        else:
            assert all(one.complete is None for one in own)


@EVERY
def test_the_interval_is_that_of_the_chosen_method_and_level(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "response_rate", selection, texts)
    found, places = judged(study, selection, texts), columns(built)
    (trace,) = [trace for trace in built.figure.data if trace.error_y.array is not None]
    for index, x in enumerate(trace.x):
        group = min(places, key=lambda label: abs(places[label] - x))
        expected, y = rates(found[group], texts), number(trace.y[index])
        if y is None:
            assert not expected["N"]
            continue
        assert y == pytest.approx(expected["percent"])
        low, high = y - trace.error_y.arrayminus[index], y + trace.error_y.array[index]
        assert (low, high) == pytest.approx((expected["ci_low"], expected["ci_high"]), abs=1e-6)
    method = {"clopper-pearson": "Clopper-Pearson", "wilson": "Wilson"}[texts["interval"]]
    assert f"{texts['level']}% {method}" in title(built.figure)
    assert f"Interval: {method}" in footnote(built.figure)


@EVERY
def test_every_bar_carries_its_n_of_n_and_every_tick_its_patients(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "response_rate", selection, texts)
    found, places = judged(study, selection, texts), columns(built)
    said = {}
    for note in built.figure.layout.annotations:
        if note.name != "footnote":
            group = min(places, key=lambda label: abs(places[label] - note.x))
            said[group] = plain(note.text).split("\n")
    for group, own in found.items():
        expected = rates(own, texts)
        assert said[group][0] == f"{expected['n']}/{expected['N']}"
        if expected["N"]:
            assert said[group][1] == f"{expected['percent']:.1f}%"
    sizes = dict(text.rsplit("\nn = ", 1) for text in ticks(built.figure.layout.xaxis))
    assert sizes == {group: str(len(own)) for group, own in found.items()}


@EVERY
def test_the_table_twin_has_the_numbers_of_the_bars(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    table = build(study, "response_rate", selection, texts).table
    found = judged(study, selection, texts)
    rows = {row["group"]: row for row in table.to_dict("records")}
    assert set(rows) == set(found)
    for group, own in found.items():
        for name, value in rates(own, texts).items():
            if name.endswith("complete") and texts["definition"] != "iwg2009":
                assert pd.isna(rows[group][name])  # no complete response is told apart
                continue
            assert rows[group][name] == pytest.approx(value, abs=1e-6, nan_ok=True)
        assert rows[group]["n_not_evaluable"] == sum(not one.evaluable for one in own)
    assert set(table["level"]) == {int(texts["level"])}
    assert set(table["interval"]) == {texts["interval"]}


@EVERY
def test_every_patient_is_a_dot_of_their_kind_beside_their_group(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "response_rate", selection, texts)
    places, said = columns(built), reference.responses(study, texts["definition"], selection)
    groups = {
        row["USUBJID"]: reference.group_of(study, texts["group"], row)
        for row in reference.population(study, selection)
    }
    dots: dict[str, tuple[str, str]] = {}
    for trace in built.figure.data:
        if trace.type != "scatter" or trace.text is None:
            continue
        for index, text in enumerate(hovers(trace)):
            patient, kind, *more = text.split("\n")
            group = max((g for g in places if places[g] <= trace.x[index]), key=places.__getitem__)
            assert patient not in dots
            dots[patient] = (group, kind)
            assert kind == trace.name
            onset = said[patient].onset
            if said[patient].responder:
                assert f"First count of the response: day {onset}" in more
            else:
                assert not any("First count" in line for line in more)
            hollow = str(trace.marker.symbol)
            assert ("open" in hollow or "thin" in hollow) == (not said[patient].responder)
    expected = {}
    for patient, one in said.items():
        kind = (
            "Not evaluable"
            if not one.evaluable
            else "Complete response"
            if one.complete
            else "Response"
            if one.responder
            else "No response"
        )
        expected[patient] = (groups[patient], kind)
    assert dots == expected


@EVERY
def test_the_footnote_says_how_response_is_judged_and_of_whom(
    study: Study, selection: Selection, texts: dict[str, str]
) -> None:
    built = build(study, "response_rate", selection, texts)
    said, own = footnote(built.figure), judged(study, selection, texts)[ALL]
    n_not_evaluable = sum(not one.evaluable for one in own)
    treated = {
        "nonresponder": "counted as non-responders",
        "excluded": "left out of numerator and denominator",
    }
    assert f": {n_not_evaluable} of {len(own)}, {treated[texts['missing']]}" in said
    assert f"study days {study.response.first_day} to {study.response.last_day}" in said  # type: ignore[union-attr]
    assert f"After rescue: {study.rescue_days} days." in said
    assert "$" not in said
    for one in built.footnote:
        assert " ".join(one.split()) in said


def test_each_definition_has_words_of_its_own(embedded: Study) -> None:
    found = [
        build(embedded, "response_rate", None, {"definition": definition})
        for definition in definition_keys()
    ]
    assert len({built.footnote[0] for built in found}) == len(definition_keys())
    assert len({built.title for built in found}) == len(definition_keys())
    assert all(built.title in title(built.figure) for built in found)


@pytest.mark.parametrize("weeks", [1, 4, 8, 20])
def test_the_weeks_that_are_needed_are_in_words_and_numbers(embedded: Study, weeks: int) -> None:
    texts = {"definition": "cumulative_weeks", "weeks": str(weeks), "group": "all"}
    built = build(embedded, "response_rate", None, texts)
    own = reference.responses(embedded, "cumulative_weeks", NOTHING).values()
    assert built.table["n"].iloc[0] == sum((one.measure or 0) >= weeks for one in own)
    assert f"{weeks} " in built.footnote[0]


@pytest.mark.parametrize("group", ["cohort", "dose"])
def test_a_group_keeps_its_colour_whatever_is_filtered_away(embedded: Study, group: str) -> None:
    def colours(selection: Selection) -> dict[str, set[str]]:
        built = build(embedded, "response_rate", selection, {"group": group})
        return {
            name: {trace.marker.color[index] for trace, index in own}
            for name, own in bars(built).items()
        }

    whole = colours(NOTHING)
    assert all(len(found) == 1 for found in whole.values())
    assert len({colour for found in whole.values() for colour in found}) == len(whole)
    for selection in (select(dose="2.0"), select(phase="Dose expansion"), select(dose="0.5|2.0")):
        part = colours(selection)
        assert all(part[name] == whole[name] for name in part)


def test_without_dots_there_are_none_and_the_bars_stay(embedded: Study) -> None:
    built = build(embedded, "response_rate", None, {"dots": "false"})
    assert not [trace for trace in built.figure.data if trace.text is not None]
    whole = build(embedded, "response_rate")
    assert built.table.equals(whole.table)


def test_complete_responses_are_told_from_others_without_colour(embedded: Study) -> None:
    stacked = bars(build(embedded, "response_rate"))["2.0 expansion"]
    assert len(stacked) == 2
    shapes = [trace.marker.pattern.shape for trace, _ in stacked]
    assert shapes[0] != shapes[1]


def test_the_same_patients_are_counted_on_the_landing_page(embedded: Study) -> None:
    for selection in SELECTIONS["embedded"]:
        here = build(embedded, "response_rate", selection).table.set_index("group")
        there = build(embedded, "key_results", selection).table
        there = there[there["outcome"] == "Response"].set_index("group")
        for name in ("n", "N", "percent", "ci_low", "ci_high"):
            assert here[name].tolist() == pytest.approx(there[name].tolist())


def test_it_is_drawn_from_a_summary_made_by_hand() -> None:
    summary = ResponseSummary(
        title="Response rate",
        subtitle="",
        alt="Responders",
        table=pd.DataFrame(),
        bars=(
            Bar("A <b>", "#0072B2", False, 4, 2, 4, 50.0, 25.0, 6.8, 93.2, ("2 of 4",)),
            Bar("All patients", "#6b7280", True, 4, 2, 4, 50.0, 25.0, 6.8, 93.2, ("2 of 4",)),
        ),
        dots=(
            Dot("A <b>", "#0072B2", "Complete response", ("P-1", "Complete response")),
            Dot("A <b>", "#0072B2", "Response", ("P-2", "Response")),
            Dot("A <b>", "#0072B2", "No response", ("P-3", "No response")),
            Dot("A <b>", "#0072B2", "No response", ("P-4", "No response")),
        ),
        has_complete=True,
        axis_title="",
    )
    drawing = draw(summary)
    complete, others = (trace for trace in drawing.canvas.traces[:2])
    assert complete["y"] == [25.0, 25.0]
    assert others["y"] == [25.0, 25.0]
    assert drawing.canvas.layout["xaxis"]["ticktext"][0] == "A &lt;b&gt;<br>n = 4"
    dots = {trace.get("name"): trace for trace in drawing.canvas.traces if trace.get("text")}
    assert dots["No response"]["y"] == [24.0, 33.5]
    assert [note["text"] for note in drawing.canvas.annotations] == ["<b>2/4</b><br>50.0%"] * 2
    go.Figure(drawing.canvas.as_plotly())
