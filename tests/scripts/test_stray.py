"""Each kind of stray file is named, in a working copy made for the test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "stray.py"

# Put together here, so that this file may stay.
HOME = "/" + "home/anna/itp"
INDEX = "https://" + "pypi.example.org/simple"
OPTION = "--index" + "-url"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A working copy with files that belong, one of each kind."""
    for name, text in {
        "README.md": "See docs/data.md and https://example.org/home/anna.\n",
        ".gitignore": "/.venv\n*.log\n",
        "components/build.py": "WIDTH = 1 / 2  # /1920 of the width\n",
        "queries/steps/record.sql": "select 1\n",
        "requirements/run.lock": "anyio==4.16.0 --hash=sha256:0\n",
        "scripts/lock.sh": "uv pip compile --no-emit-index-url --no-emit-find-links\n",
        "data/studies/NCT04014166/adsl.parquet": "PAR1\0",
        "tests/data/ingest/files/adsl.sas7bdat": "\0",
        ".ci/run": "make check\n",
        ".venv/lib/anything.whl": "\0",
    }.items():
        put(tmp_path, name, text)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def put(folder: Path, name: str, text: str = "x\n") -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def report(folder: Path) -> tuple[int, list[str]]:
    command = [sys.executable, str(SCRIPT), str(folder)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert not result.stderr
    return result.returncode, result.stdout.splitlines()


def test_files_that_belong_pass(copy: Path) -> None:
    assert report(copy) == (0, ["Every file belongs."])


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("vulture-2.16-py3-none-any.whl", "\0", "is not expected in the root"),
        ("notes.md", "x\n", "is not expected in the root"),
        ("notebooks/first.py", "x\n", "is not expected in the root"),
        ("data/studies/NCT04014166.zip", "\0", "is a .zip file, which belongs in no folder"),
        ("requirements/wheels/a-1.tar.gz", "\0", "is a .gz file, which belongs in no folder"),
        ("data/itp.duckdb", "\0", "is a .duckdb file, which belongs in no folder"),
        ("components/theme.py.orig", "x\n", "is a .orig file, which belongs in no folder"),
        ("scripts/run", "x\n", "is a file without an ending, which belongs in .ci/"),
        (
            "data/studies/OTHER/adsl.parquet",
            "PAR1\0",
            "is a .parquet file, which belongs in data/studies/NCT04014166/ or tests/",
        ),
        ("docs/patients.csv", "x\n", "is a .csv file, which belongs in tests/"),
        ("tests/tmp1.py", "x\n", "is named like a scratch file"),
        ("components/build copy.py", "x\n", "is named like a scratch file"),
        ("queries/old_response.sql", "x\n", "is named like a scratch file"),
        (
            "components/serve.py",
            f"import sys\n\nsys.path.append('{HOME}')\n",
            f"holds a path of one machine in line 3: {HOME}",
        ),
        (
            "docs/data.md",
            "C:" + "\\Users\\anna\n",
            "holds a path of one machine in line 1: C:" + "\\Users\\",
        ),
        (
            "requirements/dev.lock",
            f"anyio==4.16.0\n{OPTION} {INDEX}\n",
            f"holds the address of a package registry in line 2: {OPTION} {INDEX}",
        ),
        (
            ".ci/run",
            f"make check\npip install --quiet streamlit -i {INDEX}\n",
            f"holds the address of a package registry in line 2: {INDEX}",
        ),
        (
            "pyproject.toml",
            '[tool.uv]\nindex-url = "mirror"\n',
            "holds the address of a package registry in line 2: index-url =",
        ),
    ],
)
def test_each_kind_of_stray_file_is_named(copy: Path, name: str, text: str, expected: str) -> None:
    put(copy, name, text)
    git(copy, "add", "--all")
    status, lines = report(copy)
    assert status == 1
    assert f"{name} {expected}" in lines
    assert all(line.startswith(name) for line in lines)


def test_a_file_that_is_not_yet_tracked_counts_and_an_ignored_one_does_not(copy: Path) -> None:
    put(copy, "server.log")
    assert report(copy) == (0, ["Every file belongs."])
    put(copy, "patients.db", "\0")
    assert report(copy) == (1, ["patients.db is not expected in the root"])
    git(copy, "add", "--force", "server.log")
    assert report(copy)[1] == [
        "patients.db is not expected in the root",
        "server.log is not expected in the root",
    ]


def test_a_link_out_of_the_working_copy_is_named(copy: Path) -> None:
    (copy / "data" / "linked.py").symlink_to(sys.executable)
    assert report(copy) == (1, ["data/linked.py is a link"])


def test_a_folder_without_git_is_not_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "patients.db")
    result = subprocess.run([sys.executable, SCRIPT, tmp_path], capture_output=True, text=True)
    assert result.returncode == 2
    assert result.stderr.startswith("git cannot list the files: ")
