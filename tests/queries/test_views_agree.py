"""One number, one answer: every view of a number gives the same, whatever is selected.

Queries are compared with each other, with what the figures say (`build`, its table twin) and with
the reconciliation of the published numbers.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from components.build import build, figures, reason_against
from components.options.option import default, specs
from data.study import Study, load
from queries.definition import definition_keys
from queries.engine.records import records
from queries.engine.run import rows
from queries.engine.selection import Selection
from queries.facts import reconciliation
from queries.filters import offers
from tests.support import drawing
from tests.support.reference import EventFilter
from tests.support.requests import params
from tests.support.tiny import DATASETS as TINY
from tests.support.tiny import TOML
from tests.support.writing import write_study

FILTERS = (
    EventFilter(),
    EventFilter(only_emergent=True),
    EventFilter(min_grade=2, only_related=True),
    EventFilter(search="h", onset_from=1, onset_to=20),
)


@pytest.fixture(params=["tiny", "embedded"])
def study(request: pytest.FixtureRequest) -> Study:
    found: Study = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=range(3))
def selection(request: pytest.FixtureRequest, study: Study) -> Selection:
    """Everybody, and two random selections that leave somebody."""
    source = drawing.seeded(100 + request.param)
    found = Selection()
    while request.param and (found == Selection() or not n_of(study, found)):
        found = drawing.selection(study, source)
    return found


def n_of(study: Study, selection: Selection) -> int:
    return int(rows(study, "group_sizes", selection)["n_patients"].sum())


def overall(frame: pd.DataFrame) -> Any:
    return frame[frame["is_overall"]].iloc[0]


def plain(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """The rows as Python has them, None where a value is missing."""
    cells = frame.astype(object)
    return cells.where(cells.notna(), None).to_dict("records")


# --- response --------------------------------------------------------------------------------


def test_responders_are_the_same_however_they_are_grouped(
    study: Study, selection: Selection
) -> None:
    assert_responders_agree(study, selection, "iwg2009", [g.key for g in study.groupings[:3]])


@pytest.mark.parametrize("definition", [key for key in definition_keys() if key != "iwg2009"])
def test_responders_by_every_definition_are_the_same_in_groups(
    tiny: Study, definition: str
) -> None:
    assert_responders_agree(tiny, Selection(), definition, ["cohort"])


def assert_responders_agree(
    study: Study, selection: Selection, definition: str, groupings: list[str]
) -> None:
    columns = ["n_patients", "n_evaluable", "n_responders", "n_complete"]
    given: dict[str, Any] = {"definition": definition} | params(study)
    whole = None
    for group in ("all", *groupings):
        rates = rows(study, "response_rate", selection, group=group, **given)
        patients = plain(rows(study, "response_patients", selection, group=group, **given))
        if all(item["complete"] is None for item in patients):
            assert rates["n_complete"].isna().all(), "no complete response is told apart"
            rates["n_complete"] = 0
        numbers = overall(rates)[columns].tolist()
        assert whole in (None, numbers), "another grouping has another total"
        whole = numbers
        assert rates.loc[~rates["is_overall"], columns].sum().tolist() == numbers
        for row in plain(rates[~rates["is_overall"]]):
            own = [item for item in patients if item["group_label"] == row["group_label"]]
            assert len(own) == row["n_patients"]
            assert sum(item["evaluable"] for item in own) == row["n_evaluable"]
            assert sum(item["responder"] for item in own) == row["n_responders"]
            assert sum(item["complete"] is True for item in own) == row["n_complete"]
        assert all((item["onset"] is not None) == item["responder"] for item in patients)


def test_n_is_that_of_the_population_everywhere(study: Study, selection: Selection) -> None:
    n = n_of(study, selection)
    given = params(study)
    for group in ("all", "cohort", "phase"):
        rates = rows(study, "response_rate", selection, group=group, definition="any50", **given)
        assert overall(rates)["n_patients"] == n
        assert overall(rows(study, "adverse_event_rate", selection, group=group))["n_patients"] == n
        cells = rows(study, "adverse_events", selection, group=group, **given)
        assert set(cells.loc[cells["is_overall"], "n_patients"]) == {n}
        by_patient = rows(study, "adverse_events_by_patient", selection, group=group, **given)
        assert by_patient["USUBJID"].nunique() == n
        baseline = rows(study, "baseline_table", selection, group=group)
        assert set(baseline.loc[baseline["is_overall"], "n_patients"]) == {n}
    assert rows(study, "dose_grid", selection)["n_patients"].sum() == n
    assert rows(study, "dose_grid", selection)["n_all"].sum() == n_of(
        study, Selection(selection.analysis_set)
    )


def test_published_numbers_are_those_of_the_figures(embedded: Study) -> None:
    found = reconciliation(embedded)
    assert found is not None
    facts = {fact.id: fact for fact in found.facts}
    assert all(fact.agrees for fact in found.facts)
    rates = rows(embedded, "response_rate", group="cohort", definition="iwg2009")
    by_cohort = rates.set_index("group_label")["n_responders"].to_dict()
    assert facts["response_overall"].computed == f"{by_cohort['All patients']}/18 (44.4%)"
    assert facts["response_1.0"].computed == f"{by_cohort['1.0 escalation']}/3"
    assert facts["response_2.0_escalation"].computed == f"{by_cohort['2.0 escalation']}/6"
    by_phase = rows(embedded, "response_rate", group="phase", definition="iwg2009")
    numbers = by_phase.set_index("group_label")["n_responders"].to_dict()
    assert facts["response_escalation"].computed == f"{numbers['Dose escalation']}/12 (41.7%)"
    assert facts["response_expansion"].computed == f"{numbers['Dose expansion']}/6 (50.0%)"
    events = rows(embedded, "adverse_events", group="all", **params(embedded, only_emergent=True))
    whole = events[(events["line"] == "any") & events["is_overall"]].iloc[0]
    assert facts["teae_any"].computed == f"{whole['n']}/18 (72.2%)"
    kinds = overall(rows(embedded, "adverse_event_rate"))
    assert kinds["n_emergent"] == whole["n"]
    assert facts["sae_any"].computed == f"{kinds['n_serious']}/18 (22.2%)"


# --- adverse events --------------------------------------------------------------------------


@pytest.mark.parametrize("selection", range(2), indirect=True)
@pytest.mark.parametrize("chosen", FILTERS, ids=lambda chosen: str(FILTERS.index(chosen)))
def test_every_cell_is_its_list_of_events(
    study: Study, selection: Selection, chosen: EventFilter
) -> None:
    """The patients of a cell are those of its events, and of the worst grades by patient."""
    group = "cohort"
    given = params(study, **asdict(chosen))
    cells = rows(study, "adverse_events", selection, group=group, **given)
    by_patient = rows(study, "adverse_events_by_patient", selection, group=group, **given)
    listed = rows(study, "adverse_event_list", selection, group=group, **given)
    events = plain(listed)
    patients = [row for row in plain(by_patient) if row["AEDECOD"] is not None]
    for place, cell in enumerate(plain(cells)):
        where = {name: cell[name] for name in ("AEBODSYS", "AEDECOD") if cell[name] is not None}
        if not cell["is_overall"]:
            where["group_label"] = cell["group_label"]
        own = [row for row in events if where.items() <= row.items()]
        theirs = [row for row in patients if where.items() <= row.items()]
        grades = [row["AETOXGR"] for row in own if row["AETOXGR"] is not None]
        assert cell["n"] == len({row["USUBJID"] for row in own})
        assert cell["n"] == len({row["USUBJID"] for row in theirs}) <= cell["n_patients"]
        assert cell["n_events"] == len(own) == sum(row["n_events"] for row in theirs)
        assert cell["n_ungraded"] == len(own) - len(grades)
        assert cell["n_ungraded"] == sum(row["n_ungraded"] for row in theirs)
        assert cell["worst"] == max(grades, default=None)
        if place % 17 == 0:  # the query of a click, for some: it narrows the same list
            clicked = given | {
                "class": where.get("AEBODSYS"),
                "term": where.get("AEDECOD"),
                "cell_group": where.get("group_label"),
            }
            assert (
                plain(rows(study, "adverse_event_list", selection, group=group, **clicked)) == own
            )


def test_event_filters_change_no_denominator(study: Study, selection: Selection) -> None:
    expected = None
    for chosen in FILTERS:
        given = params(study, **asdict(chosen))
        cells = rows(study, "adverse_events", selection, group="cohort", **given)
        found = cells.drop_duplicates("group_label").set_index("group_label")["n_patients"]
        assert expected in (None, found.to_dict())
        expected = found.to_dict()


def test_narrower_event_filters_leave_fewer_patients(study: Study) -> None:
    def n(**chosen: Any) -> int:
        cells = rows(study, "adverse_events", **params(study, **asdict(EventFilter(**chosen))))
        return int(cells.loc[(cells["line"] == "any") & cells["is_overall"], "n"].iloc[0])

    by_grade = [n(min_grade=grade) for grade in range(6)]
    assert by_grade == sorted(by_grade, reverse=True)
    assert by_grade[0] > by_grade[5]
    assert n() >= n(only_emergent=True) >= n(only_emergent=True, only_serious=True)


def test_filtering_by_a_patient_filter_is_the_same_as_grouping_by_it(study: Study) -> None:
    """The group's row of the whole study is the overall row of the study filtered to the group."""
    keys = {group.variable: group.key for group in study.groupings}
    for item in study.filters:
        if item.variable not in keys:
            continue
        group = keys[item.variable]
        given = params(study)
        whole = rows(study, "response_rate", group=group, definition="iwg2009", **given)
        events = rows(study, "adverse_events", group=group, **given)
        for row in records(whole[~whole["is_overall"]]):
            chosen = Selection().with_choice(item.key, (str(row.group_label),))
            alone = overall(rows(study, "response_rate", chosen, definition="iwg2009", **given))
            assert alone["n_patients"] == row.n_patients
            assert alone["n_responders"] == row.n_responders
            own = rows(study, "adverse_events", chosen, **given)
            filtered = own[own["is_overall"] & (own["n"] > 0)]
            grouped = events[(events["group_label"] == row.group_label) & (events["n"] > 0)]
            columns = ["line", "AEBODSYS", "AEDECOD", "n", "n_patients", "n_events"]
            assert sorted(map(str, filtered[columns].to_numpy().tolist())) == sorted(
                map(str, grouped.loc[~grouped["is_overall"], columns].to_numpy().tolist())
            )


# --- filters ---------------------------------------------------------------------------------


def test_option_says_how_many_patients_it_leaves(study: Study, selection: Selection) -> None:
    """For every option of every filter: its number, and the population when it alone is chosen."""
    for key, offer in offers(study, selection).items():
        lifted = selection.with_choice(key, ()).with_range(key, None)
        for option in offer.options:
            chosen = lifted.with_choice(key, (option.value,))
            assert option.n == n_of(study, chosen), (key, option.value)
        if offer.low is not None and offer.high is not None:
            span = selection.span(key) or (offer.low, offer.high)
            assert offer.n == n_of(study, lifted.with_range(key, span))
        else:
            assert sum(option.n for option in offer.options) == n_of(study, lifted)


# --- figures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("selection", [0, 1], indirect=True)
def test_figures_say_the_numbers_of_the_queries(study: Study, selection: Selection) -> None:
    n = n_of(study, selection)
    n_all = n_of(study, Selection(selection.analysis_set))
    for name in figures():
        if reason_against(study, name):
            continue
        built = build(study, name, selection)
        assert (built.n, built.n_all) == (n, n_all), name
    rates = build(study, "response_rate", selection, {"group": "phase"}).table
    events = build(study, "adverse_events", selection, {"group": "phase", "emergent": "false"})
    results = build(study, "key_results", selection, {"group": "phase"}).table
    expected = rows(study, "response_rate", selection, group="phase", definition="iwg2009")
    totals = dict(zip(expected["group_label"], expected["n_patients"], strict=True))
    responders = dict(zip(expected["group_label"], expected["n_responders"], strict=True))
    assert dict(zip(rates["group"], rates["N"], strict=True)) == totals
    assert dict(zip(rates["group"], rates["n"], strict=True)) == responders
    response = results[results["outcome"] == "Response"]
    assert dict(zip(response["group"], response["n"], strict=True)) == responders
    assert dict(zip(events.table["group"], events.table["N"], strict=True)) == totals


@pytest.mark.parametrize("definition", definition_keys())
def test_definition_that_is_the_default_of_a_study_draws(tmp_path: Path, definition: str) -> None:
    toml = TOML.replace('default = "iwg2009"', f'default = "{definition}"')
    study = load(write_study(tmp_path / "S", toml, TINY))
    expected = overall(rows(study, "response_rate", definition=definition, **params(study)))
    for name in ("response_rate", "key_results"):
        table = build(study, name, options={"group": "all"}).table
        if "outcome" in table:
            table = table[table["outcome"] == "Response"]
        assert table["n"].tolist()[-1] == expected["n_responders"]
        assert table["N"].tolist()[-1] == 9


def test_options_of_one_name_are_one_option(embedded: Study) -> None:
    """An option that several figures have starts at the same value and takes the same values."""
    seen: dict[str, tuple[str, Any, Any]] = {}
    for name, figure in figures().items():
        for field in figure.options.__dataclass_fields__.values():
            spec = specs(figure.options)[field.name]
            meaning = default(field, embedded), spec.values(embedded), spec.kind
            first = seen.setdefault(field.name, (name, meaning, None))
            assert first[1] == meaning, (field.name, name, first[0])
    assert {"group", "level", "interval", "definition"} <= set(seen)


def test_rows_of_another_selection_are_no_rows_of_this_one(study: Study) -> None:
    """Nothing that is kept from one selection comes back under another."""
    one = Selection().with_choice("sex", ("F",))
    other = replace(one, analysis_set="full")
    before = [n_of(study, item) for item in (one, other, Selection())]
    assert [n_of(study, item) for item in (one, other, Selection())] == before
    assert before[0] <= before[2]
