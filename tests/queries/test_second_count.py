"""Every number counted a second time, over many random selections of the embedded study.

Denominators, filter options, rates and events are counted in plain Python
(`tests/support/reference.py`), the laboratory summaries in pandas. The random numbers are seeded.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.study import Study, load
from queries.definition import definition_keys
from queries.engine.records import records
from queries.engine.run import rows
from queries.engine.selection import Selection
from queries.filters import offers
from tests.support import drawing, reference
from tests.support.requests import params

SEEDS = range(16)


@pytest.fixture(params=SEEDS)
def drawn(request: pytest.FixtureRequest, embedded: Study) -> tuple[Selection, str, int]:
    """A selection, a grouping and the seed they were drawn with."""
    source = drawing.seeded(request.param)
    groups = ["all", *(group.key for group in embedded.groupings)]
    return drawing.selection(embedded, source), source.choice(groups), request.param


def test_random_selections_are_of_all_sizes(embedded: Study) -> None:
    sizes = {
        len(reference.population(embedded, drawing.selection(embedded, drawing.seeded(seed))))
        for seed in SEEDS
    }
    assert {0, 1, 18} <= sizes
    assert len(sizes) >= 8


def test_denominators(embedded: Study, drawn: tuple[Selection, str, int]) -> None:
    selection, group, _ = drawn
    expected = reference.group_sizes(embedded, selection, group)
    found = rows(embedded, "group_sizes", selection, group=group)
    assert dict(zip(found["group_label"], found["n_patients"], strict=True)) == expected


def test_rates(embedded: Study, drawn: tuple[Selection, str, int]) -> None:
    selection, group, seed = drawn
    definition = definition_keys()[seed % len(definition_keys())]
    groups = {
        patient["USUBJID"]: reference.group_of(embedded, group, patient)
        for patient in reference.population(embedded, selection)
    }
    responses = reference.responses(embedded, definition, selection)
    expected = {}
    for label in {*groups.values(), None}:
        own = [item for name, item in responses.items() if label in (None, groups[name])]
        expected[label] = (
            len(own),
            sum(item.evaluable for item in own),
            sum(item.responder for item in own),
            sum(bool(item.complete) for item in own),
        )
    found = rows(
        embedded,
        "response_rate",
        selection,
        group=group,
        definition=definition,
        **params(embedded),
    )
    columns = ["n_patients", "n_evaluable", "n_responders", "n_complete"]
    if all(item.complete is None for item in responses.values()):
        assert found["n_complete"].isna().all(), "no complete response is told apart"
        found["n_complete"] = 0
    numbers = [tuple(row) for row in found[columns].to_numpy().tolist()]
    labels = [
        None if overall else label
        for label, overall in zip(found["group_label"], found["is_overall"], strict=True)
    ]
    assert dict(zip(labels, numbers, strict=True)) == expected


def test_options(embedded: Study, drawn: tuple[Selection, str, int]) -> None:
    """Each option's number is that of the patients there are when it alone is chosen there."""
    selection, _, _ = drawn
    found = offers(embedded, selection)
    everybody = len(reference.analysed(embedded, selection))
    for item in embedded.filters:
        lifted = selection.with_choice(item.key, ()).with_range(item.key, None)
        if item.kind == "range":
            offer = found[item.key]
            assert offer.low is not None
            assert offer.high is not None
            span = selection.span(item.key) or (offer.low, offer.high)
            whole = lifted.with_range(item.key, span)
            assert offer.n == len(reference.population(embedded, whole))
            continue
        for option in found[item.key].options:
            chosen = lifted.with_choice(item.key, (option.value,))
            assert option.n == len(reference.population(embedded, chosen)), (item.key, option)
        assert sum(option.n_all for option in found[item.key].options) == everybody


def test_events(embedded: Study, drawn: tuple[Selection, str, int]) -> None:
    selection, group, seed = drawn
    chosen = drawing.event_filter(drawing.seeded(seed))
    given = params(embedded, **asdict(chosen))
    groups = {
        patient["USUBJID"]: reference.group_of(embedded, group, patient)
        for patient in reference.population(embedded, selection)
    }
    events = reference.events(embedded, selection, chosen)
    found = rows(embedded, "adverse_events", selection, group=group, **given)
    seen = set()
    for row in records(found.astype(object).where(found.notna(), None)):
        own = [
            event
            for event in events
            if (row.line == "any" or event["AEBODSYS"] == row.AEBODSYS)
            and (row.line != "term" or event["AEDECOD"] == row.AEDECOD)
            and (row.is_overall or groups[event["USUBJID"]] == row.group_label)
        ]
        total = [
            name for name, label in groups.items() if row.is_overall or label == row.group_label
        ]
        grades = [event["grade"] for event in own if event["grade"] is not None]
        assert (row.n, row.n_events) == (len({event["USUBJID"] for event in own}), len(own))
        assert row.n_patients == len(total)
        assert row.n_ungraded == len(own) - len(grades)
        assert row.worst == max(grades, default=None)
        seen.add((row.line, row.AEBODSYS, row.AEDECOD))
    lines = {("any", None, None)}
    for event in events:
        lines |= {
            ("class", event["AEBODSYS"], None),
            ("term", event["AEBODSYS"], event["AEDECOD"]),
        }
    assert seen == lines
    assert len(found) == len(lines) * (len(set(groups.values())) + 1)


def test_worst_grades(embedded: Study, drawn: tuple[Selection, str, int]) -> None:
    selection, group, seed = drawn
    chosen = drawing.event_filter(drawing.seeded(seed))
    events = reference.events(embedded, selection, chosen)
    expected: dict[tuple[Any, ...], list[dict[str, Any]]] = {
        (patient["USUBJID"], None): [] for patient in reference.population(embedded, selection)
    }
    for event in events:
        expected.pop((event["USUBJID"], None), None)
        expected.setdefault((event["USUBJID"], event["AEDECOD"]), []).append(event)
    found = rows(
        embedded,
        "adverse_events_by_patient",
        selection,
        group=group,
        **params(embedded, **asdict(chosen)),
    )
    found = found.astype(object).where(found.notna(), None)
    assert len(found) == len(expected)
    for row in records(found):
        own = expected[row.USUBJID, row.AEDECOD]
        grades = [event["grade"] for event in own if event["grade"] is not None]
        assert row.worst == max(grades, default=None)
        assert row.n_events == (len(own) or None)
        assert bool(row.is_serious) == any(event["AESER"] == "Y" for event in own)


def test_kinds_of_events(embedded: Study, drawn: tuple[Selection, str, int]) -> None:
    selection, group, _ = drawn
    found = rows(embedded, "adverse_event_rate", selection, group=group)
    whole = found[found["is_overall"]].iloc[0]
    for column, chosen in (
        ("n_emergent", reference.EventFilter(only_emergent=True)),
        ("n_serious", reference.EventFilter(only_serious=True)),
    ):
        events = reference.events(embedded, selection, chosen)
        assert whole[column] == len({event["USUBJID"] for event in events})
        assert found.loc[~found["is_overall"], column].sum() == whole[column]


def frame_of_points(
    study: Study, selection: Selection, group: str, parameter: str, axis: str, measure: str
) -> pd.DataFrame:
    """The points of the time course, in pandas."""
    groups = {
        patient["USUBJID"]: reference.group_of(study, group, patient)
        for patient in reference.population(study, selection)
    }
    records = pd.DataFrame(
        [
            record | {"group_label": groups[record["USUBJID"]]}
            for record in reference.observed(study, parameter)
            if record["USUBJID"] in groups and (axis == "day" or reference.is_scheduled(record))
        ]
    )
    if records.empty:
        return records
    base = records["BASE"].astype(float)
    value = records["AVAL"].astype(float)
    records["value"] = {
        "count": value,
        "change": value - base,
        "fold": value / base.replace(0.0, np.nan),
    }[measure]
    days = records["ADY"].astype(float)
    index = days.where(days < 0, days - 1)
    records["slot"] = (index / 7).round() if axis == "day" else records["AVISITN"].astype(float)
    records["apart"] = (index - 7 * records["slot"]).abs() if axis == "day" else 0.0
    records = records.dropna(subset=["value", "slot"])
    order = {"apart": True, "ADY": False, "AVISITN": False, "AVAL": False}
    records = records.sort_values(list(order), ascending=list(order.values()))
    return records.drop_duplicates(["USUBJID", "slot"])


@pytest.mark.parametrize("axis", ["visit", "day"])
@pytest.mark.parametrize("measure", ["count", "change", "fold"])
@pytest.mark.parametrize("kind", ["embedded", "random"])
def test_time_course(
    embedded: Study,
    tmp_path_factory: pytest.TempPathFactory,
    axis: str,
    measure: str,
    kind: str,
) -> None:
    study = (
        embedded
        if kind == "embedded"
        else load(drawing.study_folder(tmp_path_factory.mktemp("R") / "R", 21, 40))
    )
    source = drawing.seeded(len(axis + measure))
    for parameter in ("PLAT", "TREG", "WHOBLEED"):
        selection = drawing.selection(study, source) if parameter == "TREG" else Selection()
        points = frame_of_points(study, selection, "cohort", parameter, axis, measure)
        given = params(study, paramcd=parameter, axis=axis, measure=measure)
        found = rows(study, "platelet_time_course", selection, group="cohort", **given)
        if points.empty:
            assert found.empty
            continue
        summary = (
            points.groupby(["group_label", "slot"])["value"]
            .agg(
                n_patients="count",
                mean="mean",
                sd="std",
                median="median",
                q1=lambda values: np.percentile(values, 25),
                q3=lambda values: np.percentile(values, 75),
                minimum="min",
                maximum="max",
            )
            .sort_index()
        )
        own = found.set_index(["group_label", "slot"]).sort_index()
        for name in summary:
            pd.testing.assert_series_equal(own[name], summary[name], check_dtype=False)
        if axis == "visit":
            lines = rows(study, "platelet_individual", selection, group="cohort", **given)
            pairs = {
                (row["USUBJID"], row["slot"]): row["point_value"] for _, row in lines.iterrows()
            }
            assert pairs == pytest.approx(
                {(row["USUBJID"], row["slot"]): row["value"] for _, row in points.iterrows()}
            )


def test_baseline(embedded: Study, drawn: tuple[Selection, str, int]) -> None:
    selection, _, _ = drawn
    chosen = reference.population(embedded, selection)
    found = rows(embedded, "baseline_table", selection, group="all")
    found = found[found["is_overall"]]
    for line, item in enumerate(embedded.baseline):
        own = found[found["line"] == line]
        values = [patient[item.variable] for patient in chosen]
        known = [value for value in values if value is not None]
        if not chosen:
            assert own.empty
        elif item.kind == "number":
            row = own.iloc[0]
            assert (row["n"], row["n_patients"]) == (len(known), len(chosen))
            numbers = row[["median", "minimum", "maximum"]].astype(float).tolist()
            assert numbers == [np.median(known), min(known), max(known)]
        elif item.kind == "flag":
            assert own["n"].tolist() == [sum(value == item.value for value in values)]
        else:
            counts = own.dropna(subset="value").set_index("value")["n"].to_dict()
            assert counts == {value: known.count(value) for value in set(known)}
