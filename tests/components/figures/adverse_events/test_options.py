"""The options of the adverse events by group keep their words in the address."""

from __future__ import annotations

from components.figures.adverse_events.options import AdverseEventsOptions, needs
from components.options.option import specs, strict
from data.study import Study


def test_the_words_of_the_address_are_these(tiny: Study) -> None:
    declared = specs(AdverseEventsOptions)
    assert list(declared) == [
        *("group", "grade", "emergent", "serious", "related", "search"),
        *("onset_from", "onset_to", "cutoff", "show", "opened", "sort"),
    ]
    assert list(declared["show"].values(tiny)) == ["classes", "terms", "both"]
    assert list(declared["sort"].values(tiny)) == ["frequency", "class"]


def test_classes_can_be_opened_where_classes_are_the_lines(tiny: Study) -> None:
    opened = specs(AdverseEventsOptions)["opened"]
    assert set(opened.values(tiny)) == set(tiny.event_classes)
    assert opened.when is not None
    assert [
        show
        for show in ("classes", "terms", "both")
        if opened.when(strict(AdverseEventsOptions, tiny, {"show": show}))
    ] == ["classes"]


def test_the_event_filters_go_to_the_query(tiny: Study) -> None:
    options = strict(AdverseEventsOptions, tiny, {"grade": "3", "search": "rash"})
    request = needs(options, tiny)["cells"]
    assert request.stem == "adverse_events"
    assert dict(request.params)["min_grade"] == 3
    assert dict(request.params)["search"] == "rash"
