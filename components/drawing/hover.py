"""What a point says when it is pointed at: lines of text, the first of them bold."""

from __future__ import annotations

from collections.abc import Sequence

from components.drawing.canvas import Settings
from components.escape import plotly_text


def hover_lines(points: Sequence[Sequence[str]]) -> Settings:
    """The settings by which each point of a trace says its lines.

    Args:
        points: the lines of each point as plain text, equally many; none where nothing is drawn.
    """
    count = max(map(len, points), default=0)
    parts = [f"%{{customdata[{index}]}}" for index in range(count)]
    if parts:
        parts[0] = f"<b>{parts[0]}</b>"
    return {
        "customdata": [[plotly_text(line) for line in lines] or None for lines in points],
        "hovertemplate": "<br>".join(parts) + "<extra></extra>",
    }
