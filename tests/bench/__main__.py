"""Prints what a figure, a page and a click cost on this machine: `make bench`."""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import version
from pathlib import Path

from queries.catalogue import find_study
from tests.bench import browser, figures, sessions


def table(title: str, heads: list[str], rows: list[list[str]]) -> None:
    """Print rows under their heads, the first column left-aligned, the others right-aligned."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    print(f"\n{title}")
    for row in (heads, *rows):
        first, *others = (
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  " + "  ".join((first, *others)))


def machine() -> str:
    """Processor, cores, memory and the versions that matter."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        )
        if Path("/proc/cpuinfo").exists()
        else iter(()),
        platform.processor() or "unknown processor",
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("streamlit", "plotly", "duckdb", "pandas")
    )
    return (
        f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, "
        f"{packages}; load {os.getloadavg()[0]:.1f}"
    )


def main() -> None:
    """Run the chosen benchmarks; all of them by default."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("what", nargs="*", choices=["figures", "browser", "sessions", "import", []])
    asked = parser.parse_args().what or ["figures", "browser", "sessions", "import"]
    print(machine())
    if "figures" in asked:
        table(
            "Figures, uncached, median of 15 (ms)",
            ["figure", "queries", "query", "summary", "draw", "JSON", "build()", "kB"],
            figures.measure(find_study("NCT04014166")),
        )
    if "browser" in asked:
        loads, clicks = browser.measure()
        table("First load of a page in Chromium", ["page", "ms", "kB"], loads)
        table(
            "Click on a filter to figures repainted, 24 clicks (ms)",
            ["page", "the view", "median", "95%"],
            clicks,
        )
    if "sessions" in asked:
        table(
            "Sessions that click at once: until each has its answer (ms)",
            ["sessions", "median", "95%", "slowest"],
            sessions.measure(),
        )
    if "import" in asked:
        from tests.bench import ingest

        ingest.main([])


if __name__ == "__main__":
    main()
