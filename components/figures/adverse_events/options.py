"""What a reader can choose of the adverse events by group, and the rows it needs."""

from __future__ import annotations

from dataclasses import dataclass

from components.figure import Request
from components.options.events import EventOptions, event_params
from components.options.option import choice, several
from data.study import Study


def system_organ_classes(study: Study) -> dict[str, str]:
    """The system organ classes of a study's adverse events."""
    return {name: name for name in study.event_classes}


@dataclass(frozen=True)
class AdverseEventsOptions(EventOptions):
    """What a reader can choose: the event filters, which lines there are, and their order."""

    show: str = choice(
        "Lines",
        # Short, so that all three have room on a phone.
        {"classes": "System organ classes", "terms": "Preferred terms", "both": "Both"},
        prominent=True,
    )
    opened: tuple[str, ...] = several(
        "Open system organ classes",
        system_organ_classes,
        help="Show their preferred terms under them",
        when=lambda options: options.show == "classes",
    )
    sort: str = choice("Sort", {"frequency": "By frequency", "class": "By system organ class"})


def needs(options: AdverseEventsOptions, _study: Study) -> dict[str, Request]:
    """A row per line and group."""
    return {"cells": Request.of("adverse_events", **event_params(options))}
