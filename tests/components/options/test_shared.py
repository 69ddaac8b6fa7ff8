"""Options that several figures share."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pytest

from components.options import shared
from components.options.option import choice, specs
from data.study import Study
from queries.definition import definition_keys, header


@dataclass(frozen=True)
@shared.with_definition_parameters
class Options:
    definition: str = choice("Definition", shared.definition_labels)


def test_parameters_of_the_definitions_are_options_with_the_words_of_their_headers() -> None:
    declared = {
        name: (key, item)
        for key in definition_keys()
        for name, item in header(key).parameter.items()
    }
    assert "weeks" in declared
    assert [field.name for field in fields(Options)] == ["definition", *declared]
    for name, (key, item) in declared.items():
        spec = specs(Options)[name]
        assert (spec.label, spec.help) == (item.label, item.help)
        assert (spec.low, spec.high, spec.step) == (item.low, item.high, item.step)
        assert getattr(Options(), name) == item.default
        assert spec.when is not None
        for other in ("", *definition_keys()):
            assert spec.when(Options(other)) == (other == key)


def test_only_the_parameters_of_the_chosen_definition_are_given() -> None:
    assert shared.definition_parameters(Options("cumulative_weeks", weeks=6.5)) == {"weeks": 6.5}  # type: ignore[call-arg]
    assert shared.definition_parameters(Options("any50")) == {}
    assert shared.definition_parameters(Options("")) == {}


def test_parameter_may_not_have_the_name_of_another_option() -> None:
    class Clash:
        definition: str = ""
        weeks: str = ""

    with pytest.raises(TypeError, match="parameter 'weeks' of cumulative_weeks"):
        shared.with_definition_parameters(Clash)


def test_labels_are_those_of_the_headers(tiny: Study) -> None:
    assert shared.definition_labels(tiny) == {key: header(key).label for key in definition_keys()}
