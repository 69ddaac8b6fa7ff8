"""The reconciliation: each published number beside what the study's own files say now.

`facts.toml` in a study's folder holds the published numbers, each with the SQL that counts it. The
SQL may name the datasets and `response`, and holds no result.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

from data.study import Study, StudyError
from queries.engine.compose import compose
from queries.engine.run import run


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
        data.study.StudyError: `facts.toml` is no TOML or a fact lacks a key; it says where.
    """
    file = study.folder / "facts.toml"
    if not file.is_file():
        return None
    try:
        toml = tomllib.loads(file.read_text(encoding="utf-8"))
        facts = tuple(_fact(study, item) for item in toml.get("fact", ()))
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"{study.id}/facts.toml is not valid TOML: {error}") from error
    except KeyError as error:
        raise StudyError(f"{study.id}/facts.toml: a fact has no {error}") from error
    return Reconciliation(facts, tuple(toml.get("not_public", ())))


def _fact(study: Study, item: dict[str, Any]) -> Fact:
    definition = study.response.default if study.response else ""
    query = compose(study, item["sql"].strip(), definition=definition)
    row = run(study, query).iloc[0]
    value = row["value"]
    computed = [float(part) for part in value] if hasattr(value, "__len__") else float(value)
    n = int(row["n"]) if "n" in row else None
    agrees = computed == _plain(item["value"]) and (n is None or n == item["n"])
    if n and "percent" in item:
        agrees = agrees and round(100 * float(value) / n, 1) == item["percent"]
    return Fact(
        id=item["id"],
        of=item["of"],
        status=item["status"],
        source=item["source"],
        published=_text(item["value"], item.get("n"), item.get("percent")),
        computed=_text(computed, n, 100 * float(value) / n if n and "percent" in item else None),
        agrees=agrees,
        sql=query.text,
    )


def _plain(value: Any) -> Any:
    return [float(part) for part in value] if isinstance(value, list) else float(value)


def _text(value: Any, n: int | None, percent: float | None) -> str:
    text = "–".join(f"{part:g}" for part in value) if isinstance(value, list) else f"{value:g}"
    if n is not None:
        text += f"/{n}"
    return text + (f" ({percent:.1f}%)" if percent is not None else "")
