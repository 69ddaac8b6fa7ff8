"""The panel around every figure: the chart, its words, table and files, and how it was made."""

from __future__ import annotations

import html
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from components.build import Built, FigureError
from components.drawing.finish import LINE, footnote_lines
from components.drawing.mark import Mark
from components.drawing.theme import HEIGHT, SCALE, WIDTH
from components.escape import markdown_text
from components.render import browser
from components.screen import address, store
from components.view import View
from components.wording import count_text
from data.study import Study

CSV, PNG, SVG = ("csv", "text/csv"), ("png", "image/png"), ("svg", "image/svg+xml")


def chart_config(built: Built) -> dict[str, Any]:
    """Plotly's settings: a mode bar whose camera makes the same picture as the PNG button."""
    return {
        "displaylogo": False,
        "responsive": True,
        "scrollZoom": False,
        "doubleClick": "reset",
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
        "toImageButtonOptions": {
            "format": "png",
            "width": WIDTH,
            "height": HEIGHT,
            "scale": SCALE,
            "filename": built.file_name,
        },
    }


def panel(study: Study, name: str) -> None:
    """A figure with everything that belongs to it; it loads apart from the others of its page."""
    _panel(study, name, address.now())


@st.fragment(parallel=True)
def _panel(study: Study, name: str, view: View) -> None:
    with st.container(border=True, key=f"panel-{name}"):
        try:
            with st.skeleton(height=HEIGHT):
                built = store.built(study, name, view)
                _words(
                    f"<h3>{html.escape(built.title)}</h3><p>{html.escape(built.subtitle)}</p>",
                    "head",
                )
                mark = _chart(built, name)
        except FigureError as reason:
            st.subheader(markdown_text(store.figure(name).title))
            st.info(markdown_text(str(reason)))
            return
        foot = "".join(f"<p>{html.escape(line)}</p>" for line in built.footnote)
        _words(foot, "foot", room=LINE * len(footnote_lines(built.footnote)))
        if mark is not None:
            _events(study, view, name, mark)
        _files(study, built, view)
        _lines(study, view, built, name)
        _table(built, name)
        _making(study, built, name)


def _words(text: str, place: str, *, room: int = 0) -> None:
    """The picture's words as text: read aloud everywhere, shown where the chart is too narrow."""
    st.html(f'<div class="chart-{place}" style="--room: {room}px">{text}</div>')


def _chart(built: Built, name: str) -> Mark | None:
    """The chart; where its marks can be clicked, the one that is chosen."""
    clickable = any(trace.name == "cells" for trace in built.figure.data)
    common: Any = {
        "theme": None,
        "key": f"chart-{name}",
        "config": chart_config(built),
        "alt": built.alt,
        "width": "stretch",
    }
    if not clickable:
        # A chart without marks is a sentence: it fits on a phone and is not moved sideways.
        is_sentence = not built.figure.data and not built.figure.layout.shapes
        with st.container(key=f"sentence-{name}") if is_sentence else nullcontext():
            st.plotly_chart(built.figure, **common)
        return None
    event: Any = st.plotly_chart(built.figure, on_select="rerun", selection_mode="points", **common)
    marks = (Mark.read(point.get("customdata")) for point in event.selection.points)
    return next((mark for mark in marks if mark is not None), None)


def _events(study: Study, view: View, name: str, mark: Mark) -> None:
    """Patients and events of the chosen mark; the list has as many patients as the mark says."""
    if _listed(study, view, name, mark, "events") != mark.n:
        st.caption("The selected cell belongs to other filters; click it again.")


def _listed(study: Study, view: View, name: str, mark: Mark, key: str) -> int:
    """A list of events under its heading; returns how many patients have them."""
    rows = store.events(study, view, name, mark)
    patients = rows["USUBJID"].nunique()
    what = mark.AEDECOD or mark.AEBODSYS or ""
    where = mark.group or mark.USUBJID or "All patients"
    st.markdown(
        f"**{markdown_text(what)}** · {markdown_text(where)}: "
        f"{count_text(patients, 'patient')}, {count_text(len(rows), 'event')}"
    )
    st.dataframe(rows, hide_index=True, key=f"{key}-{name}", alt=f"Events: {what}, {where}")
    return int(patients)


def _lines(study: Study, view: View, built: Built, name: str) -> None:
    """The events of a line, chosen from a list: for the keyboard, which cannot click on a cell."""
    cells = next((trace for trace in built.figure.data if trace.name == "cells"), None)
    if cells is None:
        return
    with st.expander("Patients and events", on_change="rerun", key=f"lines-{name}") as box:
        if not box.open:
            return
        marks = [mark for mark in map(Mark.read, cells.customdata) if mark is not None]
        lines = {
            " · ".join(part for part in (mark.AEBODSYS, mark.AEDECOD) if part): replace(
                mark, group=None, USUBJID=None
            )
            for mark in marks
        }
        chosen = st.selectbox("Line", list(lines), key=f"line-{name}")
        if chosen:
            _listed(study, view, name, lines[chosen], "list")


def _files(study: Study, built: Built, view: View) -> None:
    name = built.name
    has_browser = browser() is not None
    with st.container(horizontal=True, key=f"files-{name}"):
        for kind, mime in (PNG, SVG, CSV):
            needs_browser = kind != "csv"
            ready = has_browser or not needs_browser
            st.download_button(
                kind.upper() if ready else f"{kind.upper()}: no browser on the server",
                data=partial(store.file, study, name, view, kind),
                file_name=f"{built.file_name}.{kind}",
                mime=mime,
                key=f"file-{name}-{kind}",
                on_click="ignore",
                disabled=not ready,
                help={
                    "png": "Picture of 3840 × 2160 for slides and papers",
                    "svg": "Picture that can be enlarged and edited",
                    "csv": "The numbers of the figure: its table",
                }[kind]
                if ready
                else "Install Chromium on the server; the camera above the figure works without.",
            )
        st.button(
            "Present",
            key=f"present-{name}",
            on_click=_present,
            args=(name,),
            help="One figure at a time, for a room",
        )


def _present(name: str) -> None:
    address.change(replace(address.now(), present=True, figure=name))
    # The button stands in a fragment; the whole page has to give way.
    st.rerun()


def _table(built: Built, name: str) -> None:
    with st.expander("Table", on_change="rerun", key=f"table-{name}") as table:
        if table.open:
            st.dataframe(
                built.table, hide_index=True, key=f"rows-{name}", alt=f"Table of {built.title}"
            )


def _making(study: Study, built: Built, name: str) -> None:
    with st.expander("How this was made", on_change="rerun", key=f"making-{name}") as making:
        if not making.open:
            return
        st.markdown(f"**Method.** {markdown_text(built.method)}")
        source = f"{study.citation}. doi:{study.doi}" if study.citation else study.id
        st.markdown(f"**Source.** {markdown_text(source)}")
        if study.simulated:
            st.markdown(f"**Simulated.** {markdown_text(study.simulated)}.")
        st.markdown("**Queries.** Complete: they run in the DuckDB shell, in the project's folder.")
        for stem, sql in built.sql:
            st.caption(f"queries/{stem}.sql")
            st.code(sql, language="sql")
