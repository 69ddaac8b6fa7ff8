"""The frame of every page: configuration, study, filters, navigation, and the words for trouble."""

from __future__ import annotations

import logging

import streamlit as st

from components.escape import markdown_text
from components.screen import address, filters, store
from components.screen.pages import PageFile, page_files
from components.screen.present import present
from components.screen.style import style
from components.view import View
from data.study import Study, StudyError

LOG = logging.getLogger(__name__)
STUDY = "study"


def run() -> None:
    """Run the app: what is the same on every page, then the page."""
    st.set_page_config(page_title="ITP Trial Explorer", page_icon=None, layout="wide")
    style()
    pages = {_page(file, is_first=index == 0): file for index, file in enumerate(page_files())}
    page = st.navigation(list(pages), position="hidden")
    file = next(found for known, found in pages.items() if known == page)
    study = _study()
    if study is None:
        return
    view = address.read(study, page.url_path, file.figures)
    st.session_state["page-file"] = file
    if view.present:
        present(study, view, file)
        return
    _menu(study, view, pages)
    filters.sidebar(study, view)
    filters.who(study, view)
    page.run()
    address.write(address.now(), study, file.figures)


def _menu(study: Study, view: View, pages: dict[st.Page, PageFile]) -> None:
    """The pages by section. Each link carries the view, so that "back" finds it in the address."""
    sections: dict[str, list[st.Page]] = {}
    for page, file in pages.items():
        sections.setdefault(file.section, []).append(page)
    with st.sidebar.container(key="menu", gap=None):
        for section, members in sections.items():
            st.caption(section)
            for page in members:
                carried = address.link(view, study, pages[page].figures)
                st.page_link(page, width="stretch", query_params=carried)


def _page(file: PageFile, *, is_first: bool) -> st.Page:
    return st.Page(
        file.path, title=file.title, url_path=file.url_path, default=is_first, help=file.help
    )


def current() -> tuple[Study, PageFile]:
    """The study and the page that are shown, for the page itself."""
    study: Study = st.session_state["study-now"]
    file: PageFile = st.session_state["page-file"]
    return study, file


def _study() -> Study | None:
    """The study a link names, the one chosen, or the first; None with the reason said."""
    names = store.study_names()
    st.session_state[address.SEVERAL] = len(names) > 1
    if not names:
        st.info(
            "There is no study yet. Put one below data/studies, "
            "or build the embedded one: make data."
        )
        return None
    asked = address.study_asked()
    if asked in names:
        st.session_state[STUDY] = asked
    elif asked:
        st.warning(
            f"Ignored in the link: there is no study {markdown_text(repr(asked))}; "
            f"there are: {markdown_text(', '.join(names))}."
        )
    if st.session_state.get(STUDY) not in names:
        st.session_state[STUDY] = next(iter(names))
    if len(names) > 1:
        st.session_state["choose-study"] = st.session_state[STUDY]
        st.sidebar.selectbox("Study", list(names), key="choose-study", on_change=_chosen)
    try:
        study = store.study(names[st.session_state[STUDY]])
    except StudyError as error:
        LOG.exception("study %s", st.session_state[STUDY])
        st.error(markdown_text(str(error)))
        return None
    st.session_state["study-now"] = study
    return study


def _chosen() -> None:
    st.session_state[STUDY] = st.session_state["choose-study"]
