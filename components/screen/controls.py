"""Filters and options as one component of our own, so that a choice is drawn before it is sent.

A control knows the words of the address that each of its choices would give. While the pointer
rests on a choice the browser fetches its figures; the click draws them and then tells Streamlit,
which keeps words, counts and address true.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import streamlit as st

from components.options.option import Spec, default, specs
from components.screen import address, routes, store
from components.screen.chart import addresses, loader
from components.view import View
from components.wording import unit_text
from data.study import Study
from queries.filters import Offer

Control: TypeAlias = dict[str, Any]

_controls = st.components.v2.component(
    "explorer_controls",
    html='<div class="controls" role="group"></div>',
    css=(routes.FOLDER / "controls.css").read_text(encoding="utf-8"),
    js=loader("controls.js"),
)


def controls(
    study: Study,
    items: Sequence[Control],
    words: Mapping[str, str],
    figures: Sequence[str],
    *,
    label: str,
    key: str,
    in_a_row: bool = False,
) -> None:
    """Draw controls for a view.

    Args:
        items: the controls, as `filter_controls` and `option_controls` make them.
        words: the view as the address writes it.
        figures: those of the page.
        label: what the controls are called together, for a screen reader.
        key: of the component.
        in_a_row: side by side, as the space allows; below each other otherwise.
    """
    data = {
        **addresses(),
        "controls": list(items),
        "words": dict(words),
        "label": label,
        "live": True,
        "row": in_a_row,
    }

    def choose() -> None:
        chosen = st.session_state[key].chosen
        if isinstance(chosen, dict):
            address.say(study, {str(name): str(text) for name, text in chosen.items()}, figures)

    _controls(data=data, key=key, on_chosen_change=choose)


def filter_controls(study: Study, view: View) -> list[Control]:
    """The study's filters, each option with its patients under the other filters."""
    offered = store.offered(study, view.selection)
    items = []
    for key, offer in offered.items():
        if offer.filter.kind != "range":
            items.append(_choices(key, offer, view))
        elif offer.low != offer.high:
            items.append(_range(key, offer, view))
    if len(study.analysis_sets) > 1:
        items.append(_analysis_set(study, view))
    return items


def _name(offer: Offer) -> str:
    unit = f" ({unit_text(offer.filter.unit)})" if offer.filter.unit else ""
    return f"{offer.filter.label}{unit}"


def _choices(key: str, offer: Offer, view: View) -> Control:
    most = max((option.n_all for option in offer.options), default=0)
    known = {option.value for option in offer.options}
    return {
        "key": key,
        "kind": "several",
        "label": _name(offer),
        "help": "The number of patients with this value under the other filters. "
        "If none is chosen, all are included.",
        "options": [
            {
                "value": option.value,
                "label": offer.filter.word(option.value),
                "n": option.n,
                "share": option.n / most if most else 0,
            }
            for option in offer.options
        ],
        "chosen": [value for value in view.selection.chosen(key) if value in known],
    }


def _range(key: str, offer: Offer, view: View) -> Control:
    assert offer.low is not None
    assert offer.high is not None
    whole = float(offer.low).is_integer() and float(offer.high).is_integer()
    span = view.selection.span(key) or (offer.low, offer.high)
    missing = f", {offer.n_missing} missing" if offer.n_missing else ""
    return {
        "key": key,
        "kind": "range",
        "label": f"{_name(offer)} · {offer.n}{missing}",
        "help": "The number of patients in the range under the other filters. "
        "A narrower range leaves out patients without a value.",
        "low": offer.low,
        "high": offer.high,
        "step": 1 if whole else round((offer.high - offer.low) / 200, 3) or 0.001,
        # A range chosen in another analysis set may reach beyond the patients of this one.
        "chosen": [min(max(end, offer.low), offer.high) for end in span],
    }


def _analysis_set(study: Study, view: View) -> Control:
    first = study.analysis_sets[0].key
    return {
        "key": "analysis-set",
        "kind": "list",
        "label": "Analysis set",
        "help": " ".join(f"{item.label}: {item.note}." for item in study.analysis_sets),
        "options": [
            {
                "value": item.key,
                "label": item.label,
                "n": store.patient_counts(
                    study,
                    replace(view.selection, analysis_set="" if item.key == first else item.key),
                )[0],
            }
            for item in study.analysis_sets
        ],
        "chosen": view.selection.analysis_set or first,
        "default": first,
    }


def option_controls(study: Study, view: View, figures: Sequence[str]) -> list[Control]:
    """The options of these figures; one that two figures share is asked for once.

    The usual ones come first; the rest is behind "More".
    """
    specs_by_name: dict[str, tuple[str, Spec]] = {}
    for figure in figures:
        if not store.reason_against(study, figure):
            for name, spec in specs(store.figure(figure).options).items():
                specs_by_name.setdefault(name, (figure, spec))
    usual: list[Control] = []
    more: list[Control] = []
    for name, (figure, spec) in specs_by_name.items():
        options = store.options(study, figure, view)
        if _applies(study, options, spec):
            control = _option(study, figure, name, spec, getattr(options, name))
            (more if spec.more else usual).append(control)
    if more:
        usual.append(_behind("more", "More", more))
    return usual


def _applies(study: Study, options: Any, spec: Spec) -> bool:
    if spec.kind in {"choice", "several"} and len(spec.values(study)) < 2:
        return False
    return spec.when is None or spec.when(options)


def _behind(key: str, label: str, inside: list[Control]) -> Control:
    """Controls behind a button, which says how many of them are set."""
    changed = sum(item["chosen"] not in (item["default"], []) for item in inside)
    return {
        "key": key,
        "kind": "group",
        "label": label,
        "changed": changed or "",
        "controls": inside,
        "chosen": None,
        "default": None,
    }


_KINDS = {"flag": "flag", "number": "number", "words": "words", "several": "several"}


def _option(study: Study, figure: str, name: str, spec: Spec, value: Any) -> Control:
    fields = store.figure(figure).options.__dataclass_fields__
    control: Control = {
        "key": name,
        "kind": _KINDS.get(spec.kind) or ("one" if spec.prominent else "list"),
        "label": spec.name(study),
        "help": spec.help,
        "chosen": list(value) if isinstance(value, tuple) else value,
        "default": default(fields[name], study),
        "options": [{"value": item, "label": label} for item, label in spec.values(study).items()],
        "low": spec.low,
        "high": spec.high,
        "step": spec.step,
    }
    if spec.kind == "several":
        # Parts of the text of the address that are joined by bars, as `option.parse` reads them.
        return _behind(f"{name}-list", spec.name(study), [control | {"bars": True, "default": []}])
    return control
