"""The pages there are: every `pages/<section>/<page>.py`, with the title it declares.

A page declares `TITLE`, `ORDER` and `FIGURES` as plain constants at its top, and its docstring is
its help. They are read without running the page, so a new page is a new file and no edit elsewhere.
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
    """A page: its script, what the menu calls it, and the figures on it in their order."""

    path: Path
    section: str
    title: str
    order: int
    help: str
    figures: tuple[str, ...]

    @property
    def url_path(self) -> str:
        """The page's path in the address."""
        return self.path.stem


@lru_cache(maxsize=1)
def page_files() -> tuple[PageFile, ...]:
    """Every page in the order of the menu; the first is the landing page."""
    found = [_page_file(path) for path in PAGES.glob("*/*.py")]
    return tuple(sorted(found, key=lambda page: page.order))


def _page_file(path: Path) -> PageFile:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said: dict[str, Any] = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id.isupper()
    }
    section = path.parent.name.replace("_", " ").capitalize()
    docstring = (ast.get_docstring(tree) or "").split("\n\n")[0]
    return PageFile(
        path, section, said["TITLE"], said["ORDER"], docstring, tuple(said.get("FIGURES", ()))
    )
