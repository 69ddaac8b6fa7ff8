"""Presenting: one figure at a time, large, without controls; arrow keys or a click for the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import streamlit as st

from components.build import FigureError
from components.drawing.scaled import scaled
from components.drawing.theme import HEIGHT, WIDTH
from components.escape import markdown_text
from components.screen import address, store
from components.screen.pages import PageFile, page_files
from components.view import View
from data.study import Study

SECONDS = 2
# What is assumed until the screen has said how large it is: a projector.
USUAL = (1920, 1080)

_STYLE = """
[data-testid="stHeader"], [data-testid="stSidebar"], [data-testid="stExpandSidebarButton"] {
  display: none; }
[data-testid="stMain"] { overflow: hidden; }
section:focus, section:focus-visible, div:focus-visible {
  outline: none !important; box-shadow: none !important; }
[data-testid="stMainBlockContainer"] { padding: 0; max-width: none; }
[data-testid="stMainBlockContainer"] > div { gap: 0; }
.st-key-turn { position: fixed; right: 0.6rem; bottom: 0.2rem; opacity: 0.001; z-index: 5; }
.st-key-turn:focus-within { opacity: 1; }
.st-key-changed { position: fixed; right: 1.2rem; top: 0.8rem; z-index: 20; width: auto; }
"""
_stage = st.components.v2.component(
    "stage", js=(Path(__file__).parent / "stage.js").read_text(encoding="utf-8")
)


def deck(study: Study) -> list[tuple[str, PageFile]]:
    """Every figure that applies to the study, in the order of the pages, with its page."""
    return [
        (name, file)
        for file in page_files()
        for name in file.figures
        if not store.reason_against(study, name)
    ]


def present(study: Study, view: View, file: PageFile) -> None:
    """Show one figure of the deck, that of the view or the first of the page."""
    cards = deck(study)
    names = [name for name, _ in cards]
    shown = (
        view.figure
        if view.figure in names
        else next((name for name in file.figures if name in names), names[0])
    )
    index = names.index(shown)
    st.html(f"<style>{_STYLE}</style>")

    def turn(step: int) -> None:
        turned = names[(index + step) % len(names)]
        address.change(replace(address.now(), figure=turned))

    with st.container(key="stage"):
        _figure(study, view, shown, _size())
    _turning(turn)
    _screen(turn)
    _said(study, view, names)
    address.write(replace(view, figure=shown), study, [shown])


def _figure(study: Study, view: View, name: str, size: tuple[int, int]) -> None:
    try:
        built = store.built(study, name, view)
    except FigureError as reason:
        st.info(str(reason))
        return
    width, height = size
    st.plotly_chart(
        scaled(built.figure, min(width / WIDTH, height / HEIGHT), height),
        theme=None,
        key=f"present-{name}",
        alt=built.alt,
        width="stretch",
        config={"displayModeBar": False, "responsive": True},
    )


def _turning(turn: Callable[[int], None]) -> None:
    """Buttons for the keyboard: arrows turn, Escape leaves; they show when they have the focus."""
    with st.container(horizontal=True, key="turn"):
        st.button("Previous", key="previous", shortcut="Left", on_click=turn, args=(-1,))
        st.button("Next", key="next", shortcut="Right", on_click=turn, args=(1,))
        st.button("Leave", key="leave", shortcut="Esc", on_click=_leave)


def _leave() -> None:
    """Back to the page of the figure that is shown."""
    shown = address.now().figure
    address.change(replace(address.now(), present=False, figure=""))
    file = next((file for file in page_files() if shown in file.figures), None)
    if file is not None:
        study: Study = st.session_state["study-now"]
        st.switch_page(file.path, query_params=address.link(address.now(), study, file.figures))


def _size() -> tuple[int, int]:
    """Width and height of the screen in pixels, as it last said."""
    said = st.session_state.get("screen", {}).get("size") or st.session_state.get("size")
    width, height = said or USUAL
    st.session_state["size"] = (width, height)
    return max(int(width), 320), max(int(height), 240)


def _screen(turn: Callable[[int], None]) -> None:
    """The part that runs in the browser: it says the size of the screen, and when it is clicked or
    a presenter's remote control is used, which sends the keys of a page up or down."""

    def turned() -> None:
        turn(-1 if st.session_state["screen"]["turn"] == "previous" else 1)

    _stage(key="screen", on_size_change=lambda: None, on_turn_change=turned)


def _said(study: Study, view: View, names: list[str]) -> None:
    """Say what the link asked for in vain, and that the data changed while showing."""
    said = [f"Ignored in the link: {sentence}." for sentence in address.ignored()]
    if view.figure and view.figure not in names:
        said.append(f"Ignored in the link: {view.figure} does not apply to {study.id}.")
    if _changed(study):
        said.append("The data changed; the figure shows them as they are now.")
    if said:
        with st.container(key="changed"):
            for sentence in said:
                st.warning(markdown_text(sentence))


def _changed(study: Study) -> bool:
    """Whether the data changed while showing; it is looked for every few seconds."""
    state = st.session_state
    seen = state.get("presented")
    if seen is not None and seen[0] == study.id and seen[1] != study.fingerprint:
        state["data-changed"] = study.id
    state["presented"] = (study.id, study.fingerprint)

    @st.fragment(run_every=SECONDS)
    def watch() -> None:
        if store.mark(study) != study.fingerprint:
            st.rerun()

    watch()
    return bool(state.get("data-changed") == study.id)
