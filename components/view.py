"""A view is a value: study, selection, options and presentation, as the address holds them.

`texts` turns a view into names and texts. `from_texts` reads them back, and returns a sentence for
each that it could not use. The command line reads `--select` in the same way, but refuses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from components.options.option import parse, unparse
from data.study import Study
from queries.engine.selection import Selection
from queries.filters import Offer, offers

RESERVED = ("study", "analysis-set", "present", "figure")
LONGEST = 400


class ViewError(ValueError):
    """A part of a view that cannot be used; the message names it and what can be used instead."""


@dataclass(frozen=True)
class View:
    """What a reader looks at. `options` are texts by name, for the figures that have them."""

    study: str
    selection: Selection = Selection()
    options: tuple[tuple[str, str], ...] = ()
    present: bool = False
    figure: str = ""

    def with_option(self, name: str, text: str | None) -> View:
        """The view with one option set, or reset to its default (None)."""
        kept = {key: value for key, value in self.options if key != name}
        if text is not None:
            kept[name] = text
        return replace(self, options=tuple(sorted(kept.items())))


def texts(view: View, study: Study) -> dict[str, str]:
    """Names and texts of a view for the address; what is at its default is left out.

    The study is always named: a link must not open another one because more were imported.
    """
    parts = {"study": view.study}
    if view.selection.analysis_set not in {"", study.analysis_sets[0].key}:
        parts["analysis-set"] = view.selection.analysis_set
    for item in study.filters:
        if chosen := view.selection.chosen(item.key):
            parts[item.key] = ("|" if any("," in value for value in chosen) else ",").join(chosen)
        elif span := view.selection.span(item.key):
            parts[item.key] = f"{span[0]:g}-{span[1]:g}"
    parts |= dict(view.options)
    if view.present:
        parts["present"] = "true"
        if view.figure:
            parts["figure"] = view.figure
    return parts


def from_texts(
    study: Study, given: Mapping[str, str], kinds: Mapping[str, type[Any]]
) -> tuple[View, list[str]]:
    """A view from names and texts, and a sentence for each that could not be used.

    Args:
        kinds: the options class of every figure, by figure name.
    """
    selection, ignored = Selection(), []
    available = _offered(study)
    known = {name for kind in kinds.values() for name in kind.__dataclass_fields__}
    options: dict[str, str] = {}
    for name, text in given.items():
        if name in {"study", "present", "figure"}:
            continue
        try:
            if len(text) > LONGEST:
                raise ViewError(f"{name} is longer than {LONGEST} characters")
            if name in known:
                options |= _option(study, kinds, name, text)
            else:
                selection = _narrowed(study, available, selection, name, text)
        except ViewError as error:
            ignored.append(str(error))
    figure = given.get("figure", "")
    if figure and figure not in kinds:
        ignored.append(f"figure = {figure!r} is not one of {', '.join(kinds)}")
        figure = ""
    return View(
        study.id, selection, tuple(sorted(options.items())), given.get("present") == "true", figure
    ), ignored


def _option(study: Study, kinds: Mapping[str, type[Any]], name: str, text: str) -> dict[str, str]:
    """The option by name as the view keeps it; empty at its default."""
    problem = ""
    for kind in kinds.values():
        if name not in kind.__dataclass_fields__:
            continue
        options, ignored = parse(kind, study, {name: text})
        if not ignored:
            kept = unparse(options, study)
            return {name: kept[name]} if name in kept else {}
        problem = ignored[0]
    raise ViewError(problem)


def selection_from_texts(study: Study, given: Mapping[str, str]) -> Selection:
    """A selection from names and texts.

    Raises:
        ViewError: an unknown filter or value; the message lists those that the study has.
    """
    selection = Selection()
    available = _offered(study)
    for name, text in given.items():
        selection = _narrowed(study, available, selection, name, text)
    return selection


@lru_cache(maxsize=64)
def _offered(study: Study) -> Mapping[str, Offer]:
    """What the filters offer in any analysis set of the study.

    So a link does not depend on the order of its parts, and a choice survives a change of the set.
    """
    first, *others = (
        offers(study, Selection("" if index == 0 else item.key))
        for index, item in enumerate(study.analysis_sets)
    )
    combined = dict(first)
    for other in others:
        for key, offer in other.items():
            combined[key] = _either(combined[key], offer) if key in combined else offer
    return combined


def _either(one: Offer, other: Offer) -> Offer:
    known = {option.value for option in one.options}
    return replace(
        one,
        options=(*one.options, *(item for item in other.options if item.value not in known)),
        low=one.low if one.low is None or other.low is None else min(one.low, other.low),
        high=one.high if one.high is None or other.high is None else max(one.high, other.high),
        n_missing=max(one.n_missing, other.n_missing),
    )


def _narrowed(
    study: Study, available: Mapping[str, Offer], selection: Selection, name: str, text: str
) -> Selection:
    if name == "analysis-set":
        keys = [item.key for item in study.analysis_sets]
        if text not in keys:
            raise ViewError(f"analysis-set = {text!r} is not one of {', '.join(keys)}")
        return replace(selection, analysis_set="" if text == keys[0] else text)
    if name not in available:
        raise ViewError(f"no filter {name!r}; there are: {', '.join([*available, 'analysis-set'])}")
    offer = available[name]
    if offer.filter.kind == "range":
        return selection.with_range(name, _span(offer, text))
    return selection.with_choice(name, _values(offer, text))


def _span(offer: Offer, text: str) -> tuple[float, float] | None:
    assert offer.low is not None
    assert offer.high is not None
    span_text = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*-\s*(-?\d+(?:\.\d+)?)\s*", text)
    if not span_text or float(span_text[1]) > float(span_text[2]):
        raise ViewError(
            f"{offer.filter.key} = {text!r} is not a range like {offer.low:g}-{offer.high:g}"
        )
    low, high = float(span_text[1]), float(span_text[2])
    if high < offer.low or low > offer.high:
        raise ViewError(
            f"{offer.filter.key} = {text!r} does not overlap {offer.low:g}-{offer.high:g}"
        )
    span = max(low, offer.low), min(high, offer.high)
    # The full range still excludes patients without a value.
    return None if span == (offer.low, offer.high) and not offer.n_missing else span


def _values(offer: Offer, text: str) -> tuple[str, ...]:
    known = {option.value: option.value for option in offer.options}
    by_label = {offer.filter.word(value).lower(): value for value in known}
    parts = [text] if text in known else text.split("|" if "|" in text else ",")
    chosen = []
    for part in (part.strip() for part in parts):
        value = known.get(part) or by_label.get(part.lower()) or _number(part, known)
        if value is None:
            raise ViewError(f"{offer.filter.key} = {part!r} is not one of {', '.join(known)}")
        chosen.append(value)
    return tuple(chosen)


def _number(part: str, known: Mapping[str, str]) -> str | None:
    """The known value that is the same number: "2" for "2.0"."""
    for value in known:
        try:
            if float(value) == float(part):
                return value
        except ValueError:
            continue
    return None
