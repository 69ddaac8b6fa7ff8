"""The reconciliation: each published number beside what the study's own files say now.

`facts.toml` in a study's folder holds the published numbers, each with the SQL that counts it. The
SQL may name the datasets and `response`, and holds no result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import duckdb
import pandas as pd

from data.study import Study, StudyError, read_text
from data.study_file import MalformedError, Problem, PublishedNumber, facts_file
from queries.engine.compose import Query, compose
from queries.engine.run import run

Value: TypeAlias = float | tuple[float, float]


@dataclass(frozen=True)
class Fact:
    """One published number and what was computed: both as value, n and percent."""

    id: str
    of: str
    status: str
    source: str
    published: str
    computed: str
    agrees: bool
    sql: str


@dataclass(frozen=True)
class Reconciliation:
    """Every fact of a study, and what its source does not say."""

    facts: tuple[Fact, ...]
    not_public: tuple[str, ...]


def reconciliation(study: Study) -> Reconciliation | None:
    """Every published number of a study recomputed; None where it has no `facts.toml`.

    Raises:
        data.study.StudyError: `facts.toml` has problems, or the SQL of a fact cannot be run or does
            not return what it should; each is a line of the message.
    """
    if not (study.folder / "facts.toml").is_file():
        return None
    name = f"{study.folder.name}/facts.toml"
    try:
        file = facts_file(read_text(study.folder, "facts.toml"), name)
    except MalformedError as error:
        raise StudyError(str(error)) from error
    facts: list[Fact] = []
    problems: list[Problem] = []
    for position, item in enumerate(file.fact, start=1):
        try:
            facts.append(_fact(study, item))
        except (duckdb.Error, KeyError, ValueError) as error:
            reason = str(error.args[0] if isinstance(error, KeyError) else error).splitlines()[0]
            problems.append(
                Problem(
                    name,
                    f'[[fact]] {position} ("{item.id}"), sql',
                    f"cannot be used: {reason.replace(str(study.folder), study.folder.name)}",
                    "It must return one row with value, and with n if the fact has one.",
                )
            )
    if problems:
        raise StudyError("\n".join(map(str, problems)))
    return Reconciliation(tuple(facts), file.not_public)


def _fact(study: Study, item: PublishedNumber) -> Fact:
    query = compose(
        study,
        item.sql.strip(),
        definition=study.response.default if study.response else "",
    )
    value, n = _computed(study, query)
    agrees = value == item.value and (n is None or n == item.n)
    percent = None
    if n and item.percent is not None and not isinstance(value, tuple):
        percent = 100 * value / n
        agrees = agrees and round(percent, 1) == item.percent
    return Fact(
        id=item.id,
        of=item.of,
        status=item.status,
        source=item.source,
        published=_text(item.value, item.n, item.percent),
        computed=_text(value, n, percent),
        agrees=agrees,
        sql=query.text,
    )


def _computed(study: Study, query: Query) -> tuple[Value, int | None]:
    """What a query returns: its value or both ends of a range, and its denominator."""
    rows = run(study, query)
    if len(rows) != 1 or "value" not in rows:
        raise ValueError(f"it returns {len(rows)} rows with {', '.join(map(str, rows))}")
    row = rows.iloc[0]
    parts = list(row["value"]) if hasattr(row["value"], "__len__") else [row["value"]]
    if len(parts) > 2 or any(pd.isna(part) for part in parts):
        raise ValueError("its value is missing, or is not a number or a range")
    value = tuple(float(part) for part in parts)
    n = int(row["n"]) if "n" in rows else None
    return (value[0], value[1]) if len(value) == 2 else value[0], n


def _text(value: Value, n: int | None, percent: float | None) -> str:
    text = "–".join(f"{part:g}" for part in value) if isinstance(value, tuple) else f"{value:g}"
    if n is not None:
        text += f"/{n}"
    return text + (f" ({percent:.1f}%)" if percent is not None else "")
