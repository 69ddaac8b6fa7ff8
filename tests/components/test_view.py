"""A view goes into the address and comes back whole; a link opens with what is valid of it."""

from __future__ import annotations

import random
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from components.build import figures
from components.options.option import unparse
from components.view import LONGEST, View, ViewError, from_texts, selection_from_texts, texts
from data.study import Study, load
from queries.engine.run import rows
from queries.engine.selection import Selection
from queries.filters import offers
from tests.support import drawing
from tests.support.tiny import HOSTILE_SITE, TOML
from tests.support.writing import write_study


def kinds() -> dict[str, type[Any]]:
    return {name: figure.options for name, figure in figures().items()}


def back(study: Study, given: dict[str, str]) -> tuple[View, list[str]]:
    """A view from texts that went through a real address."""
    return from_texts(study, dict(parse_qsl(urlencode(given), keep_blank_values=True)), kinds())


def random_view(study: Study, source: random.Random) -> View:
    """Any selection and options that a reader can make on the screen."""
    sets = [item.key for item in study.analysis_sets]
    chosen = source.choice(sets)
    selection = Selection("" if chosen == sets[0] else chosen)
    for key, offer in offers(study, Selection()).items():
        if source.random() < 0.5:
            continue
        if offer.low is not None and offer.high is not None:
            ends = sorted(source.sample(range(int(offer.low), int(offer.high)), 2))
            selection = selection.with_range(key, (float(ends[0]), float(ends[1])))
            continue
        plain = [option.value for option in offer.options if not set("|,") & set(option.value)]
        values = source.sample(plain, source.randint(1, len(plain)))
        selection = selection.with_choice(key, tuple(values))
    options: dict[str, str] = {}
    for kind in source.sample(list(kinds().values()), 3):
        picked = drawing.options(kind, study, source)
        if drawing.without_separators(picked):
            options |= unparse(picked, study)
    present = source.random() < 0.5
    figure = source.choice(["", *figures()]) if present else ""
    return View(study.id, selection, tuple(sorted(options.items())), present, figure)


@pytest.mark.parametrize("seed", range(60))
def test_view_comes_back_whole(tiny: Study, embedded: Study, seed: int) -> None:
    source = drawing.seeded(seed)
    study = source.choice([tiny, embedded])
    view = random_view(study, source)
    given = texts(view, study)
    assert given["study"] == study.id
    assert back(study, given) == (view, [])
    assert texts(back(study, given)[0], study) == given


def test_what_is_at_its_default_is_not_in_the_address(embedded: Study) -> None:
    view = View(embedded.id)
    assert texts(view, embedded) == {"study": "NCT04014166"}
    given = {"group": "cohort", "statistic": "individual", "present": "false"}
    assert back(embedded, given) == (view, [])


def test_address_can_be_read(embedded: Study) -> None:
    selection = (
        Selection("full")
        .with_choice("dose", ("2.0", "1.0"))
        .with_choice("splenectomy", ("Y",))
        .with_range("age", (35.0, 45.0))
    )
    view = View(embedded.id, selection, (("group", "phase"),))
    assert texts(view, embedded) == {
        "study": "NCT04014166",
        "analysis-set": "full",
        "dose": "1.0,2.0",
        "age": "35-45",
        "splenectomy": "Y",
        "group": "phase",
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"dose": "2"}, Selection().with_choice("dose", ("2.0",))),
        ({"dose": " 2.0 , 1 "}, Selection().with_choice("dose", ("1.0", "2.0"))),
        ({"dose": "2.0|1.0"}, Selection().with_choice("dose", ("1.0", "2.0"))),
        ({"sex": "female"}, Selection().with_choice("sex", ("F",))),
        ({"sex": "Female,M"}, Selection().with_choice("sex", ("F", "M"))),
        ({"sex": "(missing)"}, Selection().with_choice("sex", ("(missing)",))),
        ({"age": " 40 - 50 "}, Selection().with_range("age", (40.0, 50.0))),
        ({"age": "40.5-50"}, Selection().with_range("age", (40.5, 50.0))),
        # A range is limited to the data; the full one excludes patients without an age.
        ({"age": "0-50"}, Selection().with_range("age", (30.0, 50.0))),
        ({"age": "-5-999"}, Selection().with_range("age", (30.0, 65.0))),
        ({"age": "30-65"}, Selection().with_range("age", (30.0, 65.0))),
        ({"age": "65-99"}, Selection().with_range("age", (65.0, 65.0))),
        ({"analysis-set": "full"}, Selection("full")),
        ({"analysis-set": "treated"}, Selection()),
        ({"site": "A, north"}, Selection().with_choice("site", ("A, north",))),
        ({"site": "B|south"}, Selection().with_choice("site", ("B|south",))),
        ({"site": HOSTILE_SITE}, Selection().with_choice("site", (HOSTILE_SITE,))),
        ({}, Selection()),
    ],
)
def test_selection_from_texts(tiny: Study, given: dict[str, str], expected: Selection) -> None:
    assert selection_from_texts(tiny, given) == expected
    view, ignored = back(tiny, given)
    assert (view.selection, ignored) == (expected, [])


WRONG = [
    (
        {"colour": "red"},
        "no filter 'colour'; there are: dose, phase, sex, age, prior-splenectomy, site, "
        "analysis-set",
    ),
    ({"dose": "9.9"}, "dose = '9.9' is not one of 1.0, 2.0, (missing)"),
    ({"dose": ""}, "dose = '' is not one of 1.0, 2.0, (missing)"),
    ({"dose": "1.0,3.0"}, "dose = '3.0' is not one of 1.0, 2.0, (missing)"),
    (
        {"sex": "'; drop table adsl; --"},
        'sex = "\'; drop table adsl; --" is not one of F, M, (missing)',
    ),
    ({"age": "old"}, "age = 'old' is not a range like 30-65"),
    ({"age": "30"}, "age = '30' is not a range like 30-65"),
    ({"age": "1e9-2e9"}, "age = '1e9-2e9' is not a range like 30-65"),
    ({"age": "nan-nan"}, "age = 'nan-nan' is not a range like 30-65"),
    ({"age": "66-70"}, "age = '66-70' does not overlap 30-65"),
    ({"age": "0-29"}, "age = '0-29' does not overlap 30-65"),
    ({"age": "50-40"}, "age = '50-40' is not a range like 30-65"),
    ({"analysis-set": "itt"}, "analysis-set = 'itt' is not one of treated, full, per-protocol"),
]


@pytest.mark.parametrize(("given", "message"), WRONG)
def test_wrong_filter_is_refused_strictly_and_ignored_in_a_link(
    tiny: Study, given: dict[str, str], message: str
) -> None:
    with pytest.raises(ViewError) as raised:
        selection_from_texts(tiny, given)
    assert str(raised.value) == message
    # The link opens with the rest of it.
    view, ignored = back(tiny, {"sex": "F"} | given | {"phase": "Escalation"})
    assert ignored == [message]
    expected = Selection().with_choice("phase", ("Escalation",))
    assert view.selection == (expected if "sex" in given else expected.with_choice("sex", ("F",)))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"group": "nope"}, "group = 'nope' is not one of cohort, dose, phase, site, all"),
        ({"level": "50"}, "level = '50' is not one of 95, 90, 99"),
        ({"cutoff": "101"}, "cutoff = 101 is not from 0 to 100"),
        ({"dots": "maybe"}, "dots = 'maybe' is neither true nor false"),
        ({"search": "x" * 81}, "search is longer than 80 characters"),
        ({"figure": "nope", "present": "true"}, "figure = 'nope' is not one of "),
        ({"opened": "Nope"}, "opened has no 'Nope'; it has "),
    ],
)
def test_wrong_option_is_ignored_and_named(
    tiny: Study, given: dict[str, str], message: str
) -> None:
    view, ignored = back(tiny, given | {"sort": "class"})
    assert len(ignored) == 1
    assert ignored[0].startswith(message)
    assert view.options == (("sort", "class"),)
    assert view.figure == ""


def test_texts_that_are_too_long_are_ignored(tiny: Study) -> None:
    long = "F," * LONGEST
    for name in ("sex", "age", "search", "group", "nobody"):
        view, ignored = back(tiny, {name: long, "dose": "1.0"})
        assert ignored == [f"{name} is longer than {LONGEST} characters"]
        assert view.selection == Selection().with_choice("dose", ("1.0",))


def test_many_wrong_names_are_all_named(tiny: Study) -> None:
    given = {f"x{number}": "1" for number in range(200)}
    view, ignored = back(tiny, given)
    assert view == View(tiny.id)
    assert len(ignored) == 200


def test_link_to_values_that_are_gone_opens_with_the_others(tmp_path: Path) -> None:
    """A link made before the data changed: a site that has left, an age nobody has any more."""
    adsl = [
        {"USUBJID": f"P-{age}", "SAFFL": "Y", "SEX": "F", "SITEID": site, "AGE": age}
        for age, site in ((30, "North"), (50, "South"), (70, "East"))
    ]
    before = load(write_study(tmp_path / "S", TOML, {"adsl": adsl}))
    given = texts(
        View(
            "TINY",
            Selection()
            .with_choice("site", ("East",))
            .with_choice("sex", ("F",))
            .with_range("age", (40.0, 70.0)),
        ),
        before,
    )
    after = load(write_study(tmp_path / "S", TOML, {"adsl": adsl[:2]}))
    view, ignored = back(after, given)
    assert ignored == ["site = 'East' is not one of North, South"]
    assert view.selection == (
        Selection().with_choice("sex", ("F",)).with_range("age", (40.0, 50.0))
    )
    assert rows(after, "group_sizes", view.selection)["n_patients"].tolist() == [1]


def test_link_of_another_study_keeps_what_both_have(tiny: Study, embedded: Study) -> None:
    selection = Selection().with_choice("dose", ("2.0",)).with_choice("rituximab", ("Y",))
    given = texts(View(embedded.id, selection), embedded)
    view, ignored = back(tiny, given)
    assert view == View("TINY", Selection().with_choice("dose", ("2.0",)))
    assert len(ignored) == 1
    assert ignored[0].startswith("no filter 'rituximab'")


def test_options_are_set_and_put_back() -> None:
    view = View("S").with_option("b", "2").with_option("a", "1")
    assert view.options == (("a", "1"), ("b", "2"))
    assert view.with_option("a", "3").options == (("a", "3"), ("b", "2"))
    assert view.with_option("a", None).options == (("b", "2"),)
    assert view.with_option("c", None) == view


def test_view_is_a_value() -> None:
    view = View("S", Selection().with_choice("sex", ("F",)))
    assert view == replace(view)
    assert hash(view) == hash(replace(view))
    with pytest.raises(FrozenInstanceError):
        view.study = "T"  # type: ignore[misc]


def test_a_range_reaches_the_patients_of_every_analysis_set(tiny: Study) -> None:
    narrow = offers(tiny, Selection("per-protocol"))["age"]
    whole = offers(tiny, Selection())["age"]
    assert narrow.high is not None
    assert whole.high is not None
    assert narrow.high < whole.high
    last = f"{narrow.high + 1:g}-{whole.high:g}"
    chosen = selection_from_texts(tiny, {"analysis-set": "per-protocol", "age": last})
    assert chosen.span("age") == (narrow.high + 1, whole.high)
