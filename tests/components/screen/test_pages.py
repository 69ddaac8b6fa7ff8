"""A page is what its file declares, and is shown by the shell alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.screen import figure_page
from components.screen.current import current, showing
from components.screen.pages import page_file, page_files
from data.study import Study

PAGE = '''"""What is new.

More about it."""

from components.screen import figure_page

TITLE = "New page"
ORDER = 50
FIGURES = ("response_rate", "baseline")

figure_page.show()
'''


def test_a_page_declares_title_order_figures_and_help_and_its_folder_is_its_section(
    tmp_path: Path,
) -> None:
    path = tmp_path / "follow_up" / "new_page.py"
    path.parent.mkdir()
    path.write_text(PAGE, encoding="utf-8")
    page = page_file(path)
    assert (page.section, page.title, page.order) == ("Follow up", "New page", 50)
    assert page.figures == ("response_rate", "baseline")
    assert page.help == "What is new."
    assert page.url_path == "new_page"


def test_every_page_is_a_declaration_of_few_lines() -> None:
    for page in page_files():
        assert len(page.path.read_text(encoding="utf-8").splitlines()) <= 15, page.path


def test_a_page_knows_its_study_inside_the_shell_and_nowhere_else(embedded: Study) -> None:
    first, second = page_files()[:2]
    with showing(embedded, first):
        assert (current().study, current().page) == (embedded, first)
        with showing(embedded, second):
            assert current().page == second
        assert current().page == first
    with pytest.raises(LookupError):
        figure_page.show()
