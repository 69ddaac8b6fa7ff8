"""Options: text in, values out and back; what cannot be used is named, with what can."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, dataclass, fields
from typing import Any

import pytest

from components.build import figures
from components.options.option import (
    OptionError,
    Options,
    Spec,
    choice,
    default,
    flag,
    number,
    parse,
    several,
    specs,
    strict,
    unparse,
    words,
)
from data.study import Study
from tests.support import drawing

COLOURS = {"red": "Red", "green": "Green"}


def sites(study: Study) -> dict[str, str]:
    return {value: value for value in study.event_classes}


@dataclass(frozen=True)
class Sample:
    """One option of every kind."""

    colour: str = choice("Colour", COLOURS)
    group: str = choice("By", lambda study: {item.key: item.label for item in study.groupings})
    none: str = choice("Nothing", lambda study: {})
    opened: tuple[str, ...] = several("Open", sites)
    loud: bool = flag("Loud", default=True)
    quiet: bool = flag("Quiet")
    weeks: float = number("Weeks", 4.0, 1, 28)
    most: int = number("Most", 10, 0, 100)
    search: str = words("Search")


def kinds() -> dict[str, type[Any]]:
    return {"sample": Sample} | {name: figure.options for name, figure in figures().items()}


@pytest.mark.parametrize("name", kinds())
def test_options_come_back_from_their_texts(tiny: Study, embedded: Study, name: str) -> None:
    kind = kinds()[name]
    for seed in range(25):
        source = drawing.seeded(seed)
        study = source.choice([tiny, embedded])
        options = drawing.options(kind, study, source)
        if not drawing.without_separators(options):
            continue
        texts = unparse(options, study)
        assert all(isinstance(text, str) for text in texts.values())
        assert parse(kind, study, texts) == (options, [])
        assert strict(kind, study, texts) == options


@pytest.mark.parametrize("name", kinds())
def test_defaults_need_no_text(tiny: Study, embedded: Study, name: str) -> None:
    kind = kinds()[name]
    for study in (tiny, embedded):
        options, ignored = parse(kind, study, {})
        assert ignored == []
        assert unparse(options, study) == {}
        for item in fields(kind):
            assert getattr(options, item.name) == default(item, study)
            # The default is among the values, so that a widget can show it.
            values = item.metadata["spec"].values(study)
            if item.metadata["spec"].kind == "choice" and values:
                assert getattr(options, item.name) == next(iter(values))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("colour", "blue", "colour = 'blue' is not one of red, green"),
        ("colour", "", "colour = '' is not one of red, green"),
        ("colour", "Red", "colour = 'Red' is not one of red, green"),
        ("group", "dose'; --", 'group = "dose\'; --" is not one of cohort, dose, phase, site'),
        ("opened", "General|Nope", "opened has no 'Nope'; it has "),
        ("loud", "yes", "loud = 'yes' is neither true nor false"),
        ("weeks", "0.9", "weeks = 0.9 is not from 1 to 28"),
        ("weeks", "28.1", "weeks = 28.1 is not from 1 to 28"),
        ("weeks", "four", "weeks = 'four' is not a number"),
        ("weeks", "nan", "weeks = nan is not from 1 to 28"),
        ("weeks", "inf", "weeks = inf is not from 1 to 28"),
        ("most", "1e9", "most = 1e9 is not from 0 to 100"),
        ("search", "x" * 81, "search is longer than 80 characters"),
    ],
)
def test_value_that_cannot_be_used_is_named(
    tiny: Study, name: str, text: str, message: str
) -> None:
    options, ignored = parse(Sample, tiny, {name: text})
    assert options == parse(Sample, tiny, {})[0]
    assert len(ignored) == 1
    assert ignored[0].startswith(message)
    with pytest.raises(OptionError) as raised:
        strict(Sample, tiny, {name: text})
    assert str(raised.value).startswith(message)


def test_what_is_valid_is_kept_beside_what_is_not(tiny: Study) -> None:
    given = {"colour": "green", "weeks": "x", "most": "7", "loud": "FALSE", "opened": "General|"}
    options, ignored = parse(Sample, tiny, given)
    assert (options.colour, options.weeks, options.most) == ("green", 4.0, 7)
    assert (options.loud, options.opened) == (False, ("General",))
    assert ignored == ["weeks = 'x' is not a number"]


def test_names_of_other_figures_are_left_alone_and_strictly_refused(tiny: Study) -> None:
    assert parse(Sample, tiny, {"elsewhere": "1"}) == (parse(Sample, tiny, {})[0], [])
    with pytest.raises(OptionError, match=r"no option 'elsewhere'; there are: colour, group, none"):
        strict(Sample, tiny, {"elsewhere": "1"})
    with pytest.raises(OptionError, match=r"no option 'x'; there are: none"):
        strict(Options, tiny, {"x": "1"})


def test_every_wrong_value_is_named_at_once(tiny: Study) -> None:
    with pytest.raises(OptionError) as raised:
        strict(Sample, tiny, {"weeks": "x", "colour": "blue"})
    assert (
        str(raised.value) == "colour = 'blue' is not one of red, green; weeks = 'x' is not a number"
    )


def test_choices_are_those_of_the_study(tiny: Study, embedded: Study) -> None:
    assert set(specs(Sample)["group"].values(tiny)) == {"cohort", "dose", "phase", "site"}
    assert set(specs(Sample)["group"].values(embedded)) == {"cohort", "dose", "phase"}
    assert parse(Sample, embedded, {"group": "site"})[1]
    assert parse(Sample, tiny, {"group": "site"})[1] == []
    # A choice that a study has no values for is empty, and takes nothing.
    assert parse(Sample, tiny, {})[0].none == ""
    assert parse(Sample, tiny, {"none": "x"})[1] == ["none = 'x' is not one of "]


def test_options_are_values(tiny: Study) -> None:
    one, other = parse(Sample, tiny, {})[0], parse(Sample, tiny, {})[0]
    assert one == other
    assert hash(one) == hash(other)
    with pytest.raises(FrozenInstanceError):
        one.colour = "green"


@pytest.mark.parametrize("name", kinds())
def test_every_option_has_a_label_and_bounds_that_hold_its_default(
    embedded: Study, name: str
) -> None:
    for item in fields(kinds()[name]):
        spec: Spec = item.metadata["spec"]
        assert re.match(r"[A-Z0-9]", spec.name(embedded)), item.name
        assert spec.kind in {"choice", "several", "flag", "number", "words"}
        if spec.kind == "number":
            start: Any = item.default
            assert spec.low <= start <= spec.high
            assert spec.step > 0
        if spec.when is not None:
            assert spec.when(parse(kinds()[name], embedded, {})[0]) in {True, False}
