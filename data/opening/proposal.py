"""What to write instead of a name or value that does not exist."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from data.study_file import shown

LISTED = 12


def instead(given: str, known: Collection[str]) -> str:
    """The known one that may be meant, else the known ones, as a sentence."""
    by_capitals = {name.upper(): name for name in known}
    near = get_close_matches(given.upper(), by_capitals, n=1)
    return f"Did you mean {shown(by_capitals[near[0]])}?" if near else f"Known are {listed(known)}."


def listed(known: Collection[str]) -> str:
    """The first names or values, each of them shortened, and how many more there are."""
    first = [name if len(name) <= 40 else f"{name[:39]}…" for name in list(known)[:LISTED]]
    more = f" and {len(known) - LISTED} more" if len(known) > LISTED else ""
    return ", ".join(first) + more if first else "none"
