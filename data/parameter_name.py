"""The name of a laboratory parameter and its unit, as PARAM and AVALU write them.

By the ADaM Implementation Guide PARAM ends with the unit in parentheses. It may hold other
parentheses, too: "Platelets (GI/L) change from previous visit", "Bilirubin (direct)".
"""

from __future__ import annotations

import re
from typing import Final

_WITHOUT_SLASH: Final = frozenset(
    {
        "%", "fl", "pg", "ng", "µg", "ug", "mg", "g", "kg", "ml", "dl", "l", "iu", "u",
        "miu", "mol", "mmol", "umol", "µmol", "nmol", "pmol", "meq", "sec", "s", "secs",
        "seconds", "min", "h", "hr", "hours", "days", "weeks", "months", "years", "cm",
        "mm", "m", "bpm", "mmhg", "celsius", "c", "ratio", "index", "inr", "score",
        "grade", "copies", "cells", "titer", "fraction",
    }
)  # fmt: skip
"""Units that have neither a slash nor a power, in lower case."""


def name_and_unit(label: str) -> tuple[str, str]:
    """The label of a parameter in two: "Platelets (10^9/L)" is "Platelets" and "10^9/L".

    Only what stands in parentheses at the end can be the unit, and only if it reads like one:
    "Bilirubin (direct)" and "Platelets (GI/L) change from previous visit" have none.
    """
    start = _last_parenthesis(label)
    unit = label[start + 1 : -1].strip() if start > 0 else ""
    return (label[:start].strip(), unit) if is_unit(unit) else (label, "")


def labelled(name: str, unit: str) -> str:
    """PARAM with AVALU in parentheses at its end, unless PARAM holds a unit already."""
    if not unit or name_and_unit(name)[1] or f"({unit})".lower() in name.lower():
        return name
    return f"{name} ({unit})"


def is_unit(text: str) -> bool:
    """Whether a text reads like a unit: with a slash, a power or a percent sign, or a known one."""
    if not text:
        return False
    words = text.lower().split()
    return text.lower() in _WITHOUT_SLASH or (
        len(words) <= 3 and re.search(r"[/^%*]|\d\s*\S*\d|\(\w+\)", text) is not None
    )


def _last_parenthesis(label: str) -> int:
    """Where the parenthesis opens that closes at the end of a label; 0 where there is none."""
    if not label.endswith(")"):
        return 0
    depth = 0
    for place in range(len(label) - 1, 0, -1):
        depth += {")": 1, "(": -1}.get(label[place], 0)
        if depth == 0:
            return place
    return 0
