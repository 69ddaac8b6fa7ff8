"""The ADSL variables that `study.toml` names, and the values it expects in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from data.contract import ADSL, FLAG
from data.opening.ask import Ask
from data.opening.proposal import instead, listed
from data.study import Study
from data.study_file import Problem, shown


@dataclass(frozen=True)
class Named:
    """A place of `study.toml` that names an ADSL variable, and what it expects of its values.

    number: "some" values must be numbers, or "all". value: one that must be possible. flag: Y is.
    """

    path: str
    variable: str
    number: str = ""
    value: str | None = None


@dataclass(frozen=True)
class Held:
    """What ADSL holds of a variable: patients with a value, with a number, and the values."""

    n: int
    n_numbers: int
    values: tuple[str, ...]


def problems(study: Study, ask: Ask, variables: Collection[str], file: str) -> Iterator[Problem]:
    """Variables that ADSL does not have, and values that do not fit."""
    by_capitals = {name.upper(): name for name in variables}
    items = list(named(study))
    known = [item for item in items if item.variable.upper() in by_capitals]
    held = values(ask, {item.variable for item in known})
    for item in items:
        if item in known:
            yield from _misfits(item, held[item.variable], file)
        else:
            yield Problem(
                file,
                f"{item.path} = {shown(item.variable)}",
                "is not a variable of ADSL",
                instead(item.variable.upper(), by_capitals),
            )


def named(study: Study) -> Iterator[Named]:
    """Every ADSL variable that `study.toml` names, and where."""
    for position, grouping in enumerate(study.groupings, start=1):
        place = f"[[group]] {position},"
        yield Named(f"{place} variable", grouping.variable, _decimal(grouping.decimals))
        if grouping.order != grouping.variable:
            yield Named(f"{place} order", grouping.order)
    for position, item in enumerate(study.filters, start=1):
        place = f"[[filter]] {position},"
        number = "some" if item.kind == "range" else _decimal(item.decimals)
        yield Named(f"{place} variable", item.variable, number)
        if item.order:
            yield Named(f"{place} order", item.order)
    for position, patients in enumerate(study.analysis_sets, start=1):
        yield Named(f"[[analysis_set]] {position}, variable", patients.variable, value="Y")
    for position, row in enumerate(study.baseline, start=1):
        yield Named(
            f"[[baseline]] {position}, variable",
            row.variable,
            "some" if row.kind == "number" else "",
            row.value if row.kind == "flag" else None,
        )
    for position, step in enumerate(study.flow, start=1):
        for variable, value in step.where:
            yield Named(f"[[flow]] {position}, where", variable, value=value)


def values(ask: Ask, variables: Collection[str]) -> dict[str, Held]:
    """What ADSL holds of each of these variables; text of blanks only is missing."""
    params: dict[str, Any] = {}
    parts = []
    for index, variable in enumerate(sorted(variables)):
        params[f"variable_{index}"] = variable
        column = '"' + variable.replace('"', '""') + '"'
        text = f"nullif(trim(cast({column} as varchar)), '')"
        parts.append(
            f"select $variable_{index} as variable, count({text}) as n, "
            f"count(try_cast({column} as double)) as n_numbers, "
            f"list(distinct cast({column} as varchar)) filter (where {text} is not null) as held "
            "from adsl"
        )
    rows = ask("ADSL", "\nunion all\n".join(parts), params) if parts else []
    return {
        str(variable): Held(int(n), int(n_numbers), tuple(sorted(map(str, held or ()))))
        for variable, n, n_numbers, held in rows
    }


def _decimal(decimals: int | None) -> str:
    return "" if decimals is None else "all"


def _misfits(item: Named, held: Held, file: str) -> Iterator[Problem]:
    path = f"{item.path} = {shown(item.variable)}"
    if item.number == "some" and held.n and not held.n_numbers:
        yield Problem(file, path, "holds no numbers", f"It holds {listed(held.values)}.")
    if item.number == "all" and held.n_numbers < held.n:
        yield Problem(file, path, "does not hold numbers only", "Remove decimals.")
    if item.value is not None and not _possible(item, held):
        what = f"has the value {shown(item.value)} in no patient"
        if "where" in item.path:
            path = f"{item.path}.{item.variable} = {shown(item.value)}"
            what = "is a value that no patient has"
        yield Problem(file, path, what, instead(item.value, held.values))


def _possible(item: Named, held: Held) -> bool:
    """Whether a patient has the value, or might: the standard allows it, or nobody has any."""
    if not held.values or item.value in held.values:
        return True
    declared = {variable.name: variable.allowed for variable in ADSL.variables}
    allowed = [str(value) for value in declared.get(item.variable.upper(), ())]
    is_flag = set(held.values) <= set(FLAG)
    possible = FLAG if is_flag else allowed if set(held.values) <= set(allowed) else ()
    return item.value in possible
