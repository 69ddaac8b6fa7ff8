"""The import contracts of pyproject.toml once more, at run time and for the scripts in pages/.

The contracts read the source; here each module is imported in an interpreter of its own, which
also sees what a library brings along and what is imported by name.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import components.figures

ROOT = Path(__file__).resolve().parent.parent
SCREEN = "components.screen"

# Imports the modules in turn and names the first after which something forbidden is there.
PROBE = """
import importlib, sys
modules, forbidden = (argument.split(",") for argument in sys.argv[1:])
for module in modules:
    importlib.import_module(module)
    if found := [name for name in forbidden if name in sys.modules]:
        sys.exit(f"{module} loads {', '.join(found)}")
"""


def modules(package: str) -> list[str]:
    """The dotted names of a package and its modules, without those that know Streamlit."""
    folder = ROOT.joinpath(*package.split("."))
    files = sorted(folder.rglob("*.py"))
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    names = [name.removesuffix(".__init__") for name in names]
    return [name for name in names if not f"{name}.".startswith(f"{SCREEN}.")]


def imported(script: Path) -> set[str]:
    """The modules that a script imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize(
    ("names", "forbidden"),
    [
        pytest.param(modules("data"), ["streamlit", "plotly"], id="data"),
        pytest.param(modules("queries"), ["streamlit", "plotly"], id="queries"),
        pytest.param(
            modules("components.stats"), ["streamlit", "plotly", "duckdb", "data"], id="statistics"
        ),
        pytest.param(modules("components.figures"), ["streamlit", "duckdb"], id="figures"),
        pytest.param(modules("components"), ["streamlit"], id="components"),
    ],
)
def test_module_loads_nothing_it_must_not_know(names: list[str], forbidden: list[str]) -> None:
    assert names
    probe = subprocess.run(
        [sys.executable, "-c", PROBE, ",".join(names), ",".join(forbidden)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert probe.returncode == 0, probe.stderr


def test_no_page_lies_directly_in_pages() -> None:
    """A page belongs to a section of the menu, which is its folder."""
    assert list((ROOT / "pages").glob("*.py")) == []
    assert len(list((ROOT / "pages").glob("*/*.py"))) > 0


def test_pages_are_scripts_and_no_packages() -> None:
    assert list((ROOT / "pages").rglob("__init__.py")) == []


@pytest.mark.parametrize(
    "script",
    [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))],
    ids=lambda script: script.relative_to(ROOT).as_posix(),
)
def test_page_only_says_what_is_shown(script: Path) -> None:
    """No SQL, no arithmetic and no Plotly in a page: the screen's modules have them from others."""
    allowed = {"__future__", "streamlit", "components"}
    assert {name.split(".")[0] for name in imported(script)} <= allowed


LONGEST = 65


def test_no_function_does_so_much_that_it_is_long() -> None:
    """A longer function does two things: it computes and draws, or it reads and checks."""
    long = [
        f"{file.relative_to(ROOT)}:{node.name}"
        for folder in ("components", "queries", "data", "pages")
        for file in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or 0) - node.lineno >= LONGEST
    ]
    assert long == []


def test_a_file_of_the_figures_without_a_figure_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A figure is known by lying in the folder, so whatever lies there must be one."""
    (tmp_path / "not_a_figure.py").write_text("FIGURE = 1\n", encoding="utf-8")
    monkeypatch.setattr(components.figures, "__path__", [str(tmp_path)])
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(sys.modules, "components.figures.not_a_figure", ModuleType("not_a_figure"))
    components.figures.figures.cache_clear()
    with pytest.raises(TypeError, match="components/figures/not_a_figure has no FIGURE"):
        components.figures.figures()
    monkeypatch.undo()
    components.figures.figures.cache_clear()
