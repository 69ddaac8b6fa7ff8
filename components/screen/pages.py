"""The pages there are: every `pages/<section>/<page>.py`, as it declares itself.

A page declares `TITLE`, `ORDER` (its place in the menu) and, if it shows figures, `FIGURES`, as
plain constants at its top; `ALL_STUDIES = True` if it is shown even where no study can be. Its
docstring is its help; its last line shows it. The declaration is read without running the page, so
a new page is a new file and no edit elsewhere.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

PAGES = Path(__file__).resolve().parents[2] / "pages"


@dataclass(frozen=True)
class PageFile:
    """A page: its script, what the menu calls it, and the figures on it in their order.

    is_of_all_studies: it is shown even if no study can be.
    """

    path: Path
    section: str
    title: str
    order: int
    help: str
    figures: tuple[str, ...]
    is_of_all_studies: bool = False

    @property
    def url_path(self) -> str:
        """The page's path in the address."""
        return self.path.stem


@lru_cache(maxsize=1)
def page_files() -> tuple[PageFile, ...]:
    """Every page in the order of the menu; the first is the landing page."""
    return tuple(sorted(map(page_file, PAGES.glob("*/*.py")), key=lambda page: page.order))


def page_file(path: Path) -> PageFile:
    """The page that a script declares."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants: dict[str, Any] = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id.isupper()
    }
    return PageFile(
        path,
        section=path.parent.name.replace("_", " ").capitalize(),
        title=constants["TITLE"],
        order=constants["ORDER"],
        help=(ast.get_docstring(tree) or "").split("\n\n")[0],
        figures=tuple(constants.get("FIGURES", ())),
        is_of_all_studies=constants.get("ALL_STUDIES", False),
    )
