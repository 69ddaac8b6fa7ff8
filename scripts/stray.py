"""`python scripts/stray.py [FOLDER]`: name the files of a working copy that do not belong in it.

Looks at every file that git tracks, or would track (neither ignored nor tracked yet), and reports
what the folder of this project does not hold, files of a kind it does not hold, scratch files, and
text with a path of one machine or the address of a package registry. Exit status 1 if there is one.

A file that does belong is allowed by naming it, or its ending, in the lists below.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

ROOT = frozenset(
    {
        ".ci", ".editorconfig", ".gitattributes", ".gitignore", ".pre-commit-config.yaml",
        ".streamlit", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md",
        "app.py", "components", "data", "docs", "pages", "pyproject.toml", "queries",
        "requirements", "scripts", "tests",
    }
)  # fmt: skip
"""What may lie in the root."""

ANYWHERE = ("",)
TESTS = "tests/"
ENDINGS: dict[str, tuple[str, ...]] = {
    ".css": ANYWHERE,
    ".js": ANYWHERE,
    ".md": ANYWHERE,
    ".py": ANYWHERE,
    ".sh": ANYWHERE,
    ".sql": ANYWHERE,
    ".svg": ANYWHERE,
    ".toml": ANYWHERE,
    ".woff2": ANYWHERE,
    ".lock": ("requirements/",),
    ".png": ("components/", "docs/", TESTS),
    # Data of patients stay out: only the embedded study is public.
    ".parquet": ("data/studies/NCT04014166/", TESTS),
    ".csv": (TESTS,),
    ".json": ("docs/", TESTS),
    ".sas7bdat": (TESTS,),
    ".xpt": (TESTS,),
    "": (".ci/",),
}
"""Kinds of files below the root's folders, and the folders that may hold each."""

SCRATCH = re.compile(
    r"(?:^|[-_. ])(?:backup|copy|debug|old|scratch|temp|tmp|untitled|wip)(?:[-_. ]|\d*$)"
)

TEXTS = {
    "a path of one machine": re.compile(
        r"(?<![\w.~-])/(?:home|Users|root|work|opt|mnt|srv|tmp|private|media)/[\w./-]+"
        r"|\b[A-Z]:\\+Users\\|\bfile:///"
    ),
    "the address of a package registry": re.compile(
        r"https?://[^\s\"'<>)]*(?:pypi|pythonhosted|npmjs|artifactory|nexus)[^\s\"'<>)]*"
        r"|(?:^|\s)--?(?:extra-)?(?:index-url|find-links)[ =]\S+"
        r"|^\s*(?:extra-)?(?:index-url|find-links)\s*=",
        re.MULTILINE | re.IGNORECASE,
    ),
}


def files(folder: Path) -> list[PurePosixPath]:
    """The files that git tracks in the folder, or would track, relative to it."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=folder, capture_output=True, check=True)  # noqa: S603
    names = {PurePosixPath(name.decode()) for name in listed.stdout.split(b"\0") if name}
    # A file that was deleted is listed until that is committed.
    return sorted(name for name in names if os.path.lexists(folder / name))


def reasons(folder: Path, file: PurePosixPath) -> Iterator[str]:
    """Why a file does not belong; nothing where it does."""
    if file.parts[0] not in ROOT:
        yield "is not expected in the root"
    if len(file.parts) > 1:
        places = ENDINGS.get(file.suffix, ())
        if not str(file).startswith(places):
            kind = f"a {file.suffix} file" if file.suffix else "a file without an ending"
            yield f"is {kind}, which belongs in {' or '.join(places) or 'no folder'}"
    if SCRATCH.search(file.stem.lower()) or file.name.endswith("~"):
        yield "is named like a scratch file"
    if (folder / file).is_symlink():
        yield "is a link"
        return
    content = (folder / file).read_bytes()
    if b"\0" in content:
        return
    text = content.decode(errors="replace")
    for what, pattern in TEXTS.items():
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.end()) + 1
            yield f"holds {what} in line {line}: {match[0].strip()}"


def main() -> int:
    """Report the stray files; returns the exit status."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1]
    try:
        stray = [f"{file} {why}" for file in files(folder) for why in reasons(folder, file)]
    except subprocess.CalledProcessError as error:
        print(f"git cannot list the files: {error.stderr.decode().strip()}", file=sys.stderr)
        return 2
    print("\n".join(stray) or "Every file belongs.")
    return 1 if stray else 0


if __name__ == "__main__":
    sys.exit(main())
