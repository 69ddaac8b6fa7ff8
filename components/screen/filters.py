"""The patient filters in the sidebar."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components.escape import markdown_text
from components.screen import address, store
from components.view import View
from components.wording import unit_text
from data.study import Study
from queries.engine.selection import Selection
from queries.filters import Offer


def sidebar(study: Study, view: View) -> None:
    """Draw every filter of the study: each option with its patients under the other filters."""
    selection = view.selection
    offered = store.offered(study, selection)
    with st.sidebar:
        for key, offer in offered.items():
            if offer.filter.kind == "range":
                _range(offer, selection)
            else:
                _choice(key, offer, selection)
        _analysis_set(study, selection)
        st.button(
            "Reset all filters",
            key="reset",
            on_click=reset,
            width="stretch",
            disabled=selection == Selection(),
            help="Clear every filter on every page",
        )


def _label(offer: Offer) -> str:
    unit = f" ({unit_text(offer.filter.unit)})" if offer.filter.unit else ""
    return markdown_text(f"{offer.filter.label}{unit}")


def _choice(key: str, offer: Offer, selection: Selection) -> None:
    counts = {option.value: option.n for option in offer.options}
    widget = f"filter:{key}"
    st.session_state[widget] = [value for value in counts if value in selection.chosen(key)]

    def label(value: str) -> str:
        return f"{markdown_text(offer.filter.word(value))} · {counts[value]}"

    def changed() -> None:
        view = address.now()
        address.change(
            replace(
                view, selection=view.selection.with_choice(key, tuple(st.session_state[widget]))
            )
        )

    st.pills(
        _label(offer),
        list(counts),
        key=widget,
        selection_mode="multi",
        format_func=label,
        on_change=changed,
        help="The number of patients with this value under the other filters. "
        "If none is chosen, all are included.",
    )


def _range(offer: Offer, selection: Selection) -> None:
    assert offer.low is not None
    assert offer.high is not None
    key, whole = offer.filter.key, float(offer.low).is_integer() and float(offer.high).is_integer()
    number = int if whole else float
    low, high = number(offer.low), number(offer.high)
    if low == high:
        return
    widget = f"filter:{key}"
    span = selection.span(key) or (low, high)
    # A range chosen in another analysis set may reach beyond the patients of this one.
    ends = (min(max(end, offer.low), offer.high) for end in span)
    st.session_state[widget] = tuple(map(number, ends))

    def changed() -> None:
        chosen = st.session_state[widget]
        view = address.now()
        span = None if chosen == (low, high) else (float(chosen[0]), float(chosen[1]))
        address.change(replace(view, selection=view.selection.with_range(key, span)))

    st.slider(
        f"{_label(offer)} · {offer.n}"
        + (f", {offer.n_missing} missing" if offer.n_missing else ""),
        low,
        high,
        key=widget,
        on_change=changed,
        help="The number of patients in the range under the other filters. "
        "A narrower range leaves out patients without a value.",
    )


def _analysis_set(study: Study, selection: Selection) -> None:
    sets = {item.key: item for item in study.analysis_sets}
    if len(sets) < 2:
        return
    first = study.analysis_sets[0].key
    counts = {
        key: store.patient_counts(
            study, replace(selection, analysis_set="" if key == first else key)
        )[0]
        for key in sets
    }
    widget = "filter:analysis-set"
    st.session_state[widget] = selection.analysis_set or first

    def changed() -> None:
        view = address.now()
        chosen = st.session_state[widget]
        address.change(
            replace(
                view,
                selection=replace(view.selection, analysis_set="" if chosen == first else chosen),
            )
        )

    st.selectbox(
        "Analysis set",
        list(sets),
        key=widget,
        on_change=changed,
        format_func=lambda key: f"{sets[key].label} · {counts[key]}",
        help="\n\n".join(
            f"**{markdown_text(item.label)}**: {markdown_text(item.note)}" for item in sets.values()
        ),
    )


def reset() -> None:
    """Clear every filter; for a button."""
    address.change(replace(address.now(), selection=Selection()))
