"""Event filters and options of the adverse-event figures; event filters change numerators only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from components.options import shared
from components.options.option import Options, choice, flag, number, words
from components.wording import count_text
from data.study import Study

GRADES = {"0": "Any grade", "2": "Grade 2 and up", "3": "Grade 3 and up"}
SEVERITIES = {"0": "Any severity", "2": "Moderate and up", "3": "Severe and up"}
SEVERITY_NAMES = {1: "mild", 2: "moderate", 3: "severe", 4: "life-threatening", 5: "fatal"}


def reason_against(study: Study) -> str:
    """What is missing where a study has no adverse events; empty where it has them."""
    return "" if study.path("adae") else "This study has no adverse events (ADAE)."


def grades(study: Study) -> dict[str, str]:
    """The least grade to choose, or the least severity where the study has that and no grade."""
    return SEVERITIES if study.scale == "severity" else GRADES


def scale_noun(study: Study) -> str:
    """What a study's events are graded by: "grade" (CTCAE) or "severity"."""
    return "severity" if study.scale == "severity" else "grade"


def worst_text(value: Any, study: Study) -> str:
    """A worst grade or severity in words."""
    if study.scale == "severity":
        name = "" if pd.isna(value) else SEVERITY_NAMES[int(value)]
        return f"at worst {name}" if name else "severity not recorded"
    return "grade not recorded" if pd.isna(value) else f"worst grade {int(value)}"


@dataclass(frozen=True)
class EventOptions(Options):
    """What a reader can choose on every adverse-event figure."""

    group: str = choice("By", shared.groupings, prominent=True)
    grade: str = choice(lambda study: scale_noun(study).capitalize(), grades)
    emergent: bool = flag(
        "Treatment-emergent", default=True, help="Began after treatment (TRTEMFL = Y)"
    )
    serious: bool = flag("Serious", help="AESER = Y")
    related: bool = flag("Related", help="AEREL is possible, probable or definite")
    search: str = words("Search", help="Part of a term or class")
    onset_from: int = number("Onset from week", 0, 0, 520, help="0: any time", more=True)
    onset_to: int = number("Onset to week", 0, 0, 520, help="0: any time", more=True)
    cutoff: int = number(
        "Hide lines below (%)",
        0,
        0,
        100,
        5,
        more=True,
        help="A line stays where a group, or all patients together, reach this percent; "
        "hidden lines are counted",
    )


def event_params(options: EventOptions) -> dict[str, Any]:
    """The parameters of the `event` step."""
    return {
        "min_grade": int(options.grade or 0),
        "only_emergent": options.emergent,
        "only_serious": options.serious,
        "only_related": options.related,
        "search": options.search.strip(),
        "onset_from": options.onset_from,
        "onset_to": options.onset_to,
    }


def event_words(options: EventOptions, study: Study) -> str:
    """The event filters in words: "treatment-emergent, serious, grade 3 and up"."""
    parts = [
        word
        for word, on in (
            ("treatment-emergent", options.emergent),
            ("serious", options.serious),
            ("related", options.related),
        )
        if on
    ]
    parts.append(grades(study)[options.grade].lower())
    if options.onset_from:
        parts.append(f"onset from week {options.onset_from}")
    if options.onset_to:
        parts.append(f"onset to week {options.onset_to}")
    if options.search.strip():
        parts.append(f"containing “{options.search.strip()}”")
    return ", ".join(parts)


def no_event_text(options: EventOptions, study: Study) -> str:
    """The sentence where the event filters leave no event."""
    return f"No event passes the event filters ({event_words(options, study)})."


def hidden_notes(
    rare: Sequence[str], beyond: Sequence[str], cutoff: float, within: str = ""
) -> list[str]:
    """Sentences on the lines that are not drawn; the table has them all.

    Args:
        rare: names of the lines below the cut-off.
        beyond: names of the lines that there is no room for.
        cutoff: in percent of patients.
        within: of whom, where that is not all selected patients.
    """
    notes = []
    if rare:
        are = "is" if len(rare) == 1 else "are"
        notes.append(
            f"{count_text(len(rare), 'line')} in fewer than {cutoff:g}% of patients{within} "
            f"{are} not drawn: {_listed(rare)}. The table has {_them(rare)}."
        )
    if beyond:
        notes.append(
            f"No room for {count_text(len(beyond), 'more line')}: {_listed(beyond)}. "
            f"The table has {_them(beyond)}."
        )
    return notes


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:6])
    return shown + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def _them(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"
