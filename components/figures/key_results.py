"""Response, adverse events and serious events by group: points with exact intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from components.drawing.theme import TOGETHER, Overlay, calm
from components.escape import plotly_text
from components.figure import Drawing, Frame, Request
from components.options import shared
from components.options.option import choice
from components.stats.proportion import METHODS
from components.stats.response_rate import with_interval
from components.wording import percent_text
from data.study import Study
from queries.definition import definition, definitions
from queries.engine.records import records

TITLE = "Key results"
HELP = "Response, adverse events and serious adverse events at a glance."
ORDER = 1


@dataclass(frozen=True)
class Options:
    """What a reader can choose."""

    group: str = choice("By", shared.groupings, prominent=True)
    definition: str = choice("Response definition", shared.definition_labels)
    interval: str = choice("Interval", METHODS)
    level: str = choice("Level", shared.LEVELS)


def needs(options: Options, study: Study) -> dict[str, Request]:
    """The rows this figure is made of."""
    found = {}
    if definitions(study):
        found["response"] = Request.of("response_rate", definition=options.definition)
    if study.path("adae"):
        found["events"] = Request.of("adverse_event_rate")
    return found or {"sizes": Request.of("group_sizes")}


def outcomes(frames: Mapping[str, pd.DataFrame], options: Options) -> pd.DataFrame:
    """One row per outcome and group: n, N, percent and interval (percent)."""
    parts = []
    if "response" in frames:
        rows = frames["response"]
        parts.append(rows.assign(outcome="Response", n=rows["n_responders"]))
    if "events" in frames:
        rows = frames["events"]
        for name, column in (
            ("Treatment-emergent adverse event", "n_emergent"),
            ("Serious adverse event", "n_serious"),
        ):
            parts.append(rows.assign(outcome=name, n=rows[column]))
    if not parts:
        return pd.DataFrame()
    found = pd.concat(parts, ignore_index=True)
    found["N"] = found["n_patients"]
    return with_interval(found, int(options.level) / 100, options.interval)


def draw(frames: Mapping[str, pd.DataFrame], options: Options, frame: Frame) -> Drawing:
    """Draw one column of points per outcome. Percent of the selected patients."""
    found = outcomes(frames, options)
    if found.empty:
        text = "This study has neither a response definition nor adverse events."
        return Drawing(calm(text), TITLE, "", (), text, pd.DataFrame({"note": [text]}))
    if frame.group is None:
        found = found[found["is_overall"]]
    names = list(dict.fromkeys(found["outcome"]))
    groups = list(dict.fromkeys(found["group_label"]))
    figure, overlay = go.Figure(), Overlay()
    gap = 0.05
    width = (1 - gap * (len(names) - 1)) / len(names)
    for index, name in enumerate(names):
        number = "" if index == 0 else str(index + 1)
        own = found[found["outcome"] == name]
        for row in records(own):
            level = None if row.is_overall else frame.level(str(row.group_label))
            colour = TOGETHER if level is None else level.colour
            y = groups.index(row.group_label)
            figure.add_scatter(
                x=[row.percent],
                y=[y],
                mode="markers",
                xaxis=f"x{number}",
                yaxis=f"y{number}",
                showlegend=False,
                marker={
                    "size": 12,
                    "color": colour,
                    "symbol": "diamond" if level is None else level.symbol,
                },
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [row.ci_high - row.percent],
                    "arrayminus": [row.percent - row.ci_low],
                    "color": colour,
                    "thickness": 2,
                    "width": 5,
                },
                hovertemplate=f"<b>{plotly_text(row.group_label)}</b><br>{plotly_text(name)}: "
                f"{row.n} of {row.N} ({percent_text(row.percent, 1)})"
                f"<br>{options.level}% interval {row.ci_low:.1f} to {row.ci_high:.1f}"
                "<extra></extra>",
            )
            overlay.add_annotation(
                x=row.percent,
                y=y,
                xref=f"x{number}",
                yref=f"y{number}",
                yshift=15,
                showarrow=False,
                text=f"<b>{row.n}/{row.N}</b> ({percent_text(row.percent)})",
                font={"size": 12},
                xanchor="left" if row.percent < 15 else "right" if row.percent > 85 else "center",
            )
        left = index * (width + gap)
        figure.update_layout(
            {
                f"xaxis{number}": {
                    "domain": [left, min(1.0, left + width)],
                    "anchor": f"y{number}",
                    "range": [-3, 103],
                    "tickvals": [0, 25, 50, 75, 100],
                    "ticktext": ["0%", "25%", "50%", "75%", "100%"],
                },
                f"yaxis{number}": {
                    "anchor": f"x{number}",
                    "range": [len(groups) - 0.4, -0.7],
                    "tickvals": list(range(len(groups))),
                    "ticktext": [_row_label(label, frame, found) for label in groups],
                    "showticklabels": index == 0,
                    "showgrid": False,
                    "tickfont": {"size": 13},
                    "ticks": "",
                },
            }
        )
        overlay.add_annotation(
            text=f"<b>{plotly_text(name)}</b>",
            xref=f"x{number} domain",
            yref=f"y{number} domain",
            x=0,
            y=1,
            yanchor="bottom",
            xanchor="left",
            showarrow=False,
            font={"size": 13},
        )
    overlay.put_into(figure)
    longest = max(len(label) for label in groups)
    figure.update_layout(margin_l=int(min(300, 30 + 8 * max(longest, 8))))
    overall = found[found["is_overall"]] if frame.group is not None else found
    alt = "; ".join(
        f"{row.outcome}: {row.n} of {row.N} ({percent_text(row.percent, 1)}, "
        f"interval {row.ci_low:.1f} to {row.ci_high:.1f})"
        for row in records(overall)
    )
    notes = []
    if "response" in frames:
        notes.append(
            definition(frame.study, options.definition).words
            + " Patients who are not evaluable count as non-responders."
        )
        if frame.study.response and frame.study.response.assumption:
            notes.append(frame.study.response.assumption)
    notes.append(
        f"Intervals: {METHODS[options.interval]}, {options.level}%. N is every selected patient. "
        "Adverse events: patients with at least one; serious: at any time."
    )
    table = found.assign(level=int(options.level), interval=options.interval)[
        ["outcome", "group_label", "n", "N", "percent", "ci_low", "ci_high", "level", "interval"]
    ].rename(columns={"group_label": "group"})
    return Drawing(
        figure=figure,
        title=TITLE,
        subtitle=f"Patients n/N (%) with {options.level}% {METHODS[options.interval]} interval",
        notes=tuple(notes),
        alt=alt,
        table=table,
        method=f"{METHODS[options.interval]} interval, {options.level}%",
        bottom=30,
        top=22,
    )


def _row_label(label: str, frame: Frame, found: pd.DataFrame) -> str:
    n = int(found.loc[found["group_label"] == label, "N"].iloc[0])
    return f"{plotly_text(label)}<br>n = {n}"
