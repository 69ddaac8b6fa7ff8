"""The same dataset in several files: which of them to use, and whether they agree."""

from __future__ import annotations

from collections.abc import Sequence

from data.contract import DATASETS
from data.ingest.stage import Staged, quoted
from data.ingest.work import Work


def completeness(name: str, staged: Staged) -> tuple[int, int]:
    """How many declared variables of a dataset a file fills, and how many columns it has."""
    return sum(staged.has(v.name) for v in DATASETS[name].variables), len(staged.types)


def difference(work: Work, one: Staged, other: Staged) -> str:
    """The first variable in which two files differ, or what else differs; "" if they agree."""
    if one.rows != other.rows:
        return f"{one.rows:,} and {other.rows:,} rows"
    shared = [column for column in one.types if column in other.types]
    if not shared:
        return "no variable in common"
    if not _differ(work, one, other, shared):
        return ""
    return next(
        (column for column in shared if _differ(work, one, other, [column])),
        "combination of values",
    )


def _differ(work: Work, one: Staged, other: Staged, columns: Sequence[str]) -> bool:
    """Whether two files hold different rows in these columns, in whatever order."""
    a, b = _comparable(one, columns), _comparable(other, columns)
    return bool(work.rows(f"(({a}) except all ({b})) union all (({b}) except all ({a})) limit 1"))


def _comparable(staged: Staged, columns: Sequence[str]) -> str:
    """The SQL of a file's rows as text that does not depend on the format of the file."""
    return f"select {', '.join(_as_text(staged, c) for c in columns)} from {staged.table}"


def _as_text(staged: Staged, column: str) -> str:
    held, kind = quoted(column), staged.types[column]
    date = f"try_cast(left(cast({held} as varchar), 10) as date)"
    number = f"try_cast({held} as double)" if kind in ("VARCHAR", "DOUBLE") else "null::double"
    words = f"nullif(trim(cast({held} as varchar)), '')"
    return f"coalesce(cast({number} as varchar), cast({date} as varchar), {words})"
