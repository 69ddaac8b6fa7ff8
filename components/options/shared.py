"""Options that several figures share: same name, same meaning, same value on every page."""

from __future__ import annotations

from components.stats.proportion import METHODS
from data.study import Study
from queries.definition import definitions


def groupings(study: Study) -> dict[str, str]:
    """The ways to group a study's patients, and all patients together."""
    return {group.key: group.label for group in study.groupings} | {"all": "All together"}


def definition_labels(study: Study) -> dict[str, str]:
    """Response definitions by key; none where the study has no response rule."""
    return {key: item.label for key, item in definitions(study).items()}


INTERVALS = dict(METHODS)
LEVELS = {"95": "95%", "90": "90%", "99": "99%"}
MISSING = {"nonresponder": "count as non-responders", "excluded": "are left out"}
