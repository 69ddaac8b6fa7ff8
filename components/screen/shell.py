"""The page shell: what is the same on every page, around the page that is open."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.screen import address, filters
from components.screen.current import showing
from components.screen.pages import PageFile, page_files
from components.screen.present import present
from components.screen.selection_line import selection_line
from components.screen.study_choice import chosen_study, study_named
from components.screen.style import style


def run() -> None:
    """Run the app: choose page and study, read the view, draw the sidebar, then run the page."""
    st.set_page_config(page_title="ITP Trial Explorer", page_icon=None, layout="wide")
    style("page", "panel")
    pages = {_page(file, is_first=index == 0): file for index, file in enumerate(page_files())}
    page = st.navigation(list(pages), position="hidden")
    file = next(file for known, file in pages.items() if known == page)
    study = chosen_study(page)
    if study is None:
        _menu(pages, lambda _: {"study": name} if (name := study_named()) else {})
        if file.is_of_all_studies:
            page.run()
        return
    view = address.read(study, page.url_path, file.figures)
    if view.present:
        present(study, view, file)
        return
    _menu(pages, lambda file: address.link(view, study, file.figures))
    filters.sidebar(study, view, file.figures)
    selection_line(study, view)
    with showing(study, file):
        page.run()
    address.write(address.now(), study, file.figures)


def _page(file: PageFile, *, is_first: bool) -> st.Page:
    return st.Page(
        file.path, title=file.title, url_path=file.url_path, default=is_first, help=file.help
    )


def _menu(pages: dict[st.Page, PageFile], parameters: Callable[[PageFile], dict[str, str]]) -> None:
    """The pages by section. Each link carries the view, so that "back" finds it in the address."""
    sections: dict[str, list[st.Page]] = {}
    for page, file in pages.items():
        sections.setdefault(file.section, []).append(page)
    with st.sidebar.container(key="menu", gap=None):
        for section, members in sections.items():
            st.caption(section)
            for page in members:
                st.page_link(page, width="stretch", query_params=parameters(pages[page]))
