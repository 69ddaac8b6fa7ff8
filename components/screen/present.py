"""Presenting: one figure at a time, large, without controls; arrow keys or a click for the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import streamlit as st

from components.build import FigureError
from components.escape import markdown_text
from components.screen import address, store
from components.screen.chart import chart
from components.screen.pages import PageFile, page_files
from components.screen.style import style
from components.view import View
from data.study import Study

SECONDS = 2

_stage = st.components.v2.component(
    "stage", js=(Path(__file__).parent / "stage.js").read_text(encoding="utf-8")
)


def deck(study: Study) -> list[str]:
    """Every figure that applies to the study, in the order of the pages."""
    figures = [name for file in page_files() for name in file.figures]
    return [name for name in figures if not store.reason_against(study, name)]


def present(study: Study, view: View, page: PageFile) -> None:
    """Show one figure of the deck, that of the view or the first of the page."""
    names = deck(study)
    of_page = [name for name in page.figures if name in names] or names
    figure = view.figure if view.figure in names else of_page[0]
    index = names.index(figure)
    style("present")

    def turn(step: int) -> None:
        address.change(replace(address.now(), figure=names[(index + step) % len(names)]))

    with st.container(key="stage"):
        _figure(study, view, figure)
    _buttons(study, turn)
    _screen(turn)
    _messages(study, view, names)
    address.write(replace(view, figure=figure), study, [figure])


def _figure(study: Study, view: View, name: str) -> None:
    try:
        built = store.built(study, name, view)
    except FigureError as reason:
        st.info(markdown_text(str(reason)))
        return
    words = address.link(view, study, (name,))
    chart(built, words, address.acting(study, name), study.fingerprint, fills=True)


def _buttons(study: Study, turn: Callable[[int], None]) -> None:
    """Buttons for the keyboard: arrows turn, Escape leaves; they show when they have the focus."""
    with st.container(horizontal=True, key="turn"):
        st.button("Previous", key="previous", shortcut="Left", on_click=turn, args=(-1,))
        st.button("Next", key="next", shortcut="Right", on_click=turn, args=(1,))
        st.button("Leave", key="leave", shortcut="Esc", on_click=_leave, args=(study,))


def _leave(study: Study) -> None:
    """Back to the page of the figure that is shown."""
    figure = address.now().figure
    address.change(replace(address.now(), present=False, figure=""))
    page = next((page for page in page_files() if figure in page.figures), None)
    if page is not None:
        parameters = address.link(address.now(), study, page.figures)
        st.switch_page(page.path, query_params=parameters)


def _screen(turn: Callable[[int], None]) -> None:
    """The part that runs in the browser: it says when the screen is clicked or a presenter's remote
    control is used, which sends the keys of a page up or down."""

    def turned() -> None:
        turn(-1 if st.session_state["screen"]["turn"] == "previous" else 1)

    _stage(key="screen", on_turn_change=turned)


def _messages(study: Study, view: View, names: list[str]) -> None:
    """Name what the link asked for in vain, and that the data have changed while presenting."""
    messages = [f"Ignored in the link: {sentence}." for sentence in address.ignored()]
    if view.figure and view.figure not in names:
        messages.append(f"Ignored in the link: {view.figure} does not apply to {study.id}.")
    if _has_changed(study):
        messages.append("The data changed. The figure shows them as they are now.")
    if messages:
        with st.container(key="changed"):
            for message in messages:
                st.warning(markdown_text(message))


def _has_changed(study: Study) -> bool:
    """Whether the data changed while presenting; it is checked every few seconds."""
    state = st.session_state
    seen = state.get("presented")
    if seen is not None and seen[0] == study.id and seen[1] != study.fingerprint:
        state["data-changed"] = study.id
    state["presented"] = (study.id, study.fingerprint)

    @st.fragment(run_every=SECONDS)
    def watch() -> None:
        if store.fingerprint_now(study) != study.fingerprint:
            st.rerun()

    watch()
    return bool(state.get("data-changed") == study.id)
