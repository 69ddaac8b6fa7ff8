"""The panel around every figure: the chart, its words, table and files, and how it was made."""

from __future__ import annotations

import html
from dataclasses import replace
from functools import partial

import streamlit as st

from components.build import Built, FigureError
from components.escape import markdown_text
from components.render import browser
from components.screen import address, store
from components.screen.chart import chart, marks
from components.screen.event_list import events_of_line, events_of_mark
from components.view import View
from data.study import Study

MIME = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv"}
HELP = {
    "png": "Picture of 3840 × 2160 pixels, for slides and papers",
    "svg": "Vector picture, to be scaled and edited",
    "csv": "The table of the figure",
}


def panel(study: Study, name: str) -> None:
    """A figure with everything that belongs to it; it loads apart from the others of its page."""
    _panel(study, name, address.now())


@st.fragment(parallel=True)
def _panel(study: Study, name: str, view: View) -> None:
    with st.container(border=True, key=f"panel-{name}"):
        try:
            built = store.built(study, name, view)
            _head(built)
            words = address.link(view, study, (name,))
            mark = chart(built, words, address.acting(study, name), study.fingerprint)
        except FigureError as reason:
            st.subheader(markdown_text(store.figure(name).title))
            st.info(markdown_text(str(reason)))
            return
        _foot(built)
        if mark is not None:
            events_of_mark(study, view, name, mark)
        _files(study, built, view)
        if listed := marks(built):
            events_of_line(study, view, name, listed)
        _table(built)
        _making(study, built)


def _head(built: Built) -> None:
    """Title and subtitle as text: read aloud everywhere, shown where the chart is too narrow."""
    words = f"<h3>{html.escape(built.title)}</h3><p>{html.escape(built.subtitle)}</p>"
    st.html(f'<div class="chart-head">{words}</div>')


def _foot(built: Built) -> None:
    """The footnote as text, like the head."""
    words = "".join(f"<p>{html.escape(line)}</p>" for line in built.footnote)
    st.html(f'<div class="chart-foot">{words}</div>')


def _files(study: Study, built: Built, view: View) -> None:
    """The buttons that give the figure away, and the one that presents it."""
    with st.container(horizontal=True, key=f"files-{built.name}"):
        for kind in MIME:
            _file(study, built, view, kind)
        st.button(
            "Present",
            key=f"present-{built.name}",
            on_click=_present,
            args=(built.name,),
            help="Show one figure at a time, to an audience",
        )


def _file(study: Study, built: Built, view: View, kind: str) -> None:
    can_be_made = kind == "csv" or browser() is not None
    st.download_button(
        kind.upper() if can_be_made else f"{kind.upper()}: no browser on the server",
        data=partial(store.file, study, built.name, view, kind),
        file_name=f"{built.file_name}.{kind}",
        mime=MIME[kind],
        key=f"file-{built.name}-{kind}",
        on_click="ignore",
        disabled=not can_be_made,
        help=HELP[kind]
        if can_be_made
        else "Install Chromium on the server. The camera above the figure works without it.",
    )


def _present(name: str) -> None:
    address.change(replace(address.now(), present=True, figure=name))
    # The button is in a fragment; the whole page has to give way.
    st.rerun()


def _table(built: Built) -> None:
    with st.expander("Table", on_change="rerun", key=f"table-{built.name}") as box:
        if box.open:
            st.dataframe(
                built.table,
                hide_index=True,
                key=f"rows-{built.name}",
                alt=f"Table of {built.title}",
            )


def _making(study: Study, built: Built) -> None:
    with st.expander("How this was made", on_change="rerun", key=f"making-{built.name}") as box:
        if not box.open:
            return
        st.markdown(f"**Method.** {markdown_text(built.method)}")
        source = f"{study.citation}. doi:{study.doi}" if study.citation else study.id
        st.markdown(f"**Source.** {markdown_text(source)}")
        if study.simulated:
            st.markdown(f"**Simulated.** {markdown_text(study.simulated)}.")
        st.markdown(
            "**Queries.** They are complete: run them in the DuckDB shell, in the project's folder."
        )
        for stem, sql in built.sql:
            st.caption(f"queries/{stem}.sql")
            st.code(sql, language="sql")
