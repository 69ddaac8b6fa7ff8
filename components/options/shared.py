"""Options that several figures share: same name, same meaning, same value on every page."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeVar

from components.options.option import number
from components.wording import count_text, unit_text
from data.study import Study
from queries.definition import defaults, definition_keys, definitions, header


def groupings(study: Study) -> dict[str, str]:
    """The ways to group a study's patients, and all patients together."""
    return {group.key: group.label for group in study.groupings} | {"all": "All together"}


def parameters(study: Study) -> dict[str, str]:
    """Laboratory parameters by PARAMCD, named with their unit, the study's platelets first."""
    return {code: unit_text(label) for code, label in study.parameters}


def baseline_types(study: Study) -> dict[str, str]:
    """The kinds of baseline of the study's platelet count, the one that is used by default first;
    none where there is only one."""
    kinds = dict(study.baseline_types).get(study.parameter, ())
    first = study.baseline_type(study.parameter)
    ordered = sorted(kinds, key=lambda kind: kind != first) if len(kinds) > 1 else ()
    return {kind or NO_TYPE: kind or NO_TYPE for kind in ordered}


def time_points(study: Study) -> dict[str, str]:
    """The time points of the day of the study's platelet count, and the first of each day."""
    named = {name: name for name in study.time_points}
    return {ANY_TIME: "First of the day"} | named if len(named) > 1 else {}


def scales(study: Study) -> dict[str, str]:
    """Log and linear, the study's own first."""
    names = {"log": "Log", "linear": "Linear"}
    first = study.value_axis or "log"
    return {first: names[first]} | names


def windows(study: Study) -> dict[str, str]:
    """How many weeks one point by study day covers, the study's own first."""
    weeks = dict.fromkeys([study.window, *WINDOWS])
    return {str(n): count_text(n, "week") for n in weeks}


def definition_labels(study: Study) -> dict[str, str]:
    """Response definitions by key; none where the study has no response rule."""
    return {key: item.label for key, item in definitions(study).items()}


Kind = TypeVar("Kind", bound=type[Any])


def with_definition_parameters(kind: Kind) -> Kind:
    """The class with one number per parameter that a response definition declares in its header.

    Each is asked for only where a definition that declares it is chosen. Put it below `@dataclass`.

    Raises:
        TypeError: a parameter has the name of an option that the class has already.
    """
    own = set(kind.__annotations__)
    for key in definition_keys():
        for name, item in header(key).parameter.items():
            if name in own:
                raise TypeError(f"parameter {name!r} of {key} has the name of another option")
            kind.__annotations__[name] = float
            option = number(
                item.label,
                item.default,
                item.low,
                item.high,
                item.step,
                help=item.help,
                when=partial(_declares, name),
            )
            setattr(kind, name, option)
    return kind


def _declares(parameter: str, options: Any) -> bool:
    """True where the chosen definition declares the parameter."""
    return parameter in defaults(options.definition)


def definition_parameters(options: Any) -> dict[str, Any]:
    """The chosen values of the parameters that the chosen definition declares."""
    return {name: getattr(options, name) for name in defaults(options.definition)}


NO_TYPE = "(no type)"
ANY_TIME = "any"
WINDOWS = (1, 2, 4, 8, 12)
LEVELS = {"95": "95%", "90": "90%", "99": "99%"}
MISSING = {"nonresponder": "count as non-responders", "excluded": "are left out"}
