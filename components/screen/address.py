"""The view and the address: read when a link is opened, written back when the view changes.

The address is the whole view, so that a link can be sent and "back" goes back. Streamlit's own
binding of widgets to the address is not used: it writes the labels of options, which here hold the
number of patients, and it drops what it does not know without a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from components.screen import store
from components.view import View, from_texts, texts
from data.study import Study

VIEW, WRITTEN, IGNORED, PAGE = "view", "written", "ignored", "page"
# What Streamlit itself understands in an address.
STREAMLITS = {"embed", "embed_options"}


def _given() -> dict[str, str]:
    return {name: st.query_params[name] for name in st.query_params if name not in STREAMLITS}


def study_asked() -> str | None:
    """The study that a newly opened link names."""
    given = _given()
    return given.get("study") if given != st.session_state.get(WRITTEN) else None


def read(study: Study, page: str, figures: Sequence[str]) -> View:
    """The view of this run: that of a newly opened link, else that of the session.

    A link speaks for the selection and for the options of its page's figures; the options of other
    pages stay as they are. A change of page without parameters keeps the view.
    """
    state = st.session_state
    given = _given()
    view: View | None = state.get(VIEW)
    turned = state.get(PAGE) not in {None, page} and not given
    same = view is not None and view.study == study.id
    if view is None or (given != state.get(WRITTEN) and not turned):
        kinds = {name: figure.options for name, figure in store.figures().items()}
        asked, state[IGNORED] = from_texts(study, given, kinds)
        names = _option_names(figures)
        kept = view.options if view and same else ()
        others = [(name, text) for name, text in kept if name not in names]
        view = replace(
            asked, options=tuple(sorted({**dict(others), **dict(asked.options)}.items()))
        )
    elif not same:
        # Another study was chosen: nothing of the view of the one before applies to it.
        view = View(study.id, present=view.present)
    if turned:
        state[IGNORED] = []
    state[VIEW], state[PAGE] = view, page
    return view


def change(view: View) -> None:
    """Make this the view of the session; for callbacks, which run before the page does."""
    st.session_state[VIEW] = view
    st.session_state[IGNORED] = []


def now() -> View:
    """The view of the session."""
    view: View = st.session_state[VIEW]
    return view


def ignored() -> list[str]:
    """What the opened link asked for and could not be used, a sentence each."""
    sentences: list[str] = st.session_state.get(IGNORED, [])
    return sentences


def _option_names(figures: Sequence[str]) -> set[str]:
    """The options that any of these figures has."""
    return {
        name for figure in figures for name in store.figure(figure).options.__dataclass_fields__
    }


def acting(study: Study, figure: str) -> list[str]:
    """The names of an address that act on a figure: study, filters, and the options it has."""
    filters = [item.key for item in study.filters]
    return ["study", "analysis-set", *filters, *sorted(_option_names((figure,)))]


def link(view: View, study: Study, figures: Sequence[str]) -> dict[str, str]:
    """The view as the parameters of a link to a page: the selection, and the options it has."""
    names = _option_names(figures)
    kept = tuple((name, text) for name, text in view.options if name in names)
    return texts(replace(view, options=kept), study)


def say(study: Study, words: Mapping[str, str], figures: Sequence[str]) -> None:
    """Make the words of an address the view of the session; for the callback of a control.

    They are read as a link is: what cannot be used is named on the page. Words that belong to none
    of these figures stay as they are.
    """
    kinds = {name: figure.options for name, figure in store.figures().items()}
    chosen, st.session_state[IGNORED] = from_texts(study, words, kinds)
    names = _option_names(figures)
    others = [(name, text) for name, text in now().options if name not in names]
    options = {**dict(others), **dict(chosen.options)}
    st.session_state[VIEW] = replace(chosen, options=tuple(sorted(options.items())))


def write(view: View, study: Study, figures: Sequence[str]) -> None:
    """Put the view into the address."""
    parameters = link(view, study, figures)
    if parameters != _given():
        st.query_params.from_dict(parameters)
    st.session_state[WRITTEN] = parameters
