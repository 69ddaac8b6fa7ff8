"""How wide text is, estimated: the widths of Helvetica's letters, good enough to break lines by."""

from __future__ import annotations

import re

_NARROW, _WIDE = set("fijltrI.,:;'|!()[]/ -"), set("mwMW@%—")


def plain(text: str) -> str:
    """Text without Plotly's tags and entities."""
    return re.sub(r"&[a-z]+;", "x", re.sub(r"<[^>]*>", "", text))


def width(text: str, size: float) -> float:
    """Pixels that a line of text takes at a size of type in pixels."""
    ems = sum(
        0.3
        if letter in _NARROW
        else 0.88
        if letter in _WIDE
        else 0.69
        if letter.isupper()
        else 0.545
        for letter in plain(text)
    )
    return ems * size


def broken(text: str, size: float, room: float) -> list[str]:
    """Text as lines that fit into `room` pixels; a word that is longer than that stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def fitted(text: str, size: float, room: float) -> str:
    """Plain text cut to `room` pixels, with three dots where something was cut."""
    if width(text, size) <= room:
        return text
    cut = text
    while cut and width(cut + "…", size) > room:
        cut = cut[:-1]
    return cut.rstrip() + "…"
