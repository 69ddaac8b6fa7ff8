"""What a reader can choose of the response rate, and the rows it needs."""

from __future__ import annotations

from dataclasses import dataclass

from components.figure import Request
from components.options import shared
from components.options.option import Options, choice, flag
from components.stats.proportion import METHODS
from data.study import Study
from queries.definition import definitions


@dataclass(frozen=True)
@shared.with_definition_parameters
class ResponseOptions(Options):
    """What a reader can choose."""

    definition: str = choice("Definition", shared.definition_labels)
    group: str = choice("By", shared.groupings, prominent=True)
    interval: str = choice("Interval", METHODS)
    level: str = choice("Confidence level", shared.LEVELS)
    missing: str = choice("Patients not evaluable", shared.MISSING)
    dots: bool = flag("A dot per patient", default=True)


def needs(options: ResponseOptions, _study: Study) -> dict[str, Request]:
    """The counts by group, and each patient's response."""
    parameters = shared.definition_parameters(options)
    return {
        "rates": Request.of("response_rate", definition=options.definition, **parameters),
        "patients": Request.of("response_patients", definition=options.definition, **parameters),
    }


def reason_against(study: Study) -> str:
    """What is missing where a study has no response rule; empty where it has one."""
    if definitions(study):
        return ""
    return (
        "This study does not say how a platelet response is assessed. Write a [response] table "
        "into its study.toml: default, first_day, last_day, and bleeding, late_visits and "
        "last_weeks where they apply. docs/data.md shows one."
    )
