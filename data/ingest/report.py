"""What an import says: which files, which variables were taken and why, what is wrong, what is out.

Everything here is a frozen value, so that the terminal, `report.json` and the Data page show the
same thing. Nothing here reads data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

Level = Literal["error", "warning", "note"]
LEVELS: tuple[Level, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class Issue:
    """One thing a person should know: where it is, what rule it breaks and what to do.

    `rows`: how many rows are concerned, 0 where a whole file or column is. `patients` and `values`:
    the first few. An "error" stops the import.
    """

    level: Level
    dataset: str
    variable: str
    rule: str
    advice: str
    file: str = ""
    rows: int = 0
    patients: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.dataset}.{self.variable}" if self.dataset and self.variable else ""
        place = place or self.dataset or self.variable
        where = " ".join(part for part in (self.file, place) if part)
        text = f"{where}: {self.rule}" if where else self.rule
        if self.values:
            text += ": " + ", ".join(repr(value) for value in self.values)
        if self.rows:
            text += f", {self.rows:,} row{'' if self.rows == 1 else 's'}"
        if self.patients:
            text += f" (patients {', '.join(self.patients)})"
        text = text.rstrip(".")
        return f"{text}. {self.advice}".strip()


class IngestError(ValueError):
    """A reason to stop at once; it carries the one issue that says why."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(str(issue))
        self.issue = issue


def failure(
    rule: str,
    advice: str,
    *,
    file: str = "",
    dataset: str = "",
    variable: str = "",
    values: Sequence[str] = (),
) -> IngestError:
    """An error that stops the import, to be raised."""
    return IngestError(
        Issue("error", dataset, variable, rule, advice, file=file, values=tuple(values))
    )


@dataclass(frozen=True)
class Decision:
    """Where a variable comes from. `taken_from` is empty where it was not found."""

    dataset: str
    variable: str
    taken_from: str
    why: str


@dataclass(frozen=True)
class SourceFile:
    """A file of the source: what it was taken for (`dataset`, or empty where it was left out)."""

    name: str
    size: int
    sha256: str
    format: str
    dataset: str
    rows: int
    why: str


@dataclass(frozen=True)
class Counts:
    """Rows of a dataset that came in and that were written, and the patients they belong to."""

    dataset: str
    rows_in: int
    rows_out: int
    patients: int


@dataclass(frozen=True)
class Rejected:
    """Rows that did not make it, by reason; `rejected.parquet` holds them."""

    dataset: str
    reason: str
    rows: int


@dataclass(frozen=True)
class Report:
    """Everything there is to say about one import.

    `folder`: where the study lies, or None where errors stopped the import; then what lay there
    before is untouched. `imported` is the time in UTC, ISO 8601.
    """

    study: str
    source: str
    folder: Path | None
    imported: str
    seconds: float = 0.0
    files: tuple[SourceFile, ...] = ()
    counts: tuple[Counts, ...] = ()
    decisions: tuple[Decision, ...] = ()
    issues: tuple[Issue, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    versions: tuple[tuple[str, str], ...] = field(default=())

    @property
    def ok(self) -> bool:
        """True where the study was written."""
        return self.folder is not None

    def of(self, level: Level) -> tuple[Issue, ...]:
        """The issues of one level, in the order in which they were found."""
        return tuple(issue for issue in self.issues if issue.level == level)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, as `report.json` holds it: no path of the machine in it."""
        found = asdict(self)
        found["folder"] = self.folder.name if self.folder else None
        found["versions"] = dict(self.versions)
        found["status"] = "imported" if self.ok else "refused"
        return found

    def text(self) -> str:
        """The report for a terminal."""
        lines = [f"Study {self.study or '(unknown)'} from {self.source}", ""]
        lines += _table(
            "Files",
            ("file", "taken as", "rows", "why"),
            [(f.name, f.dataset or "left out", f"{f.rows:,}", f.why) for f in self.files],
        )
        lines += _table(
            "Variables",
            ("variable", "taken from", "why"),
            [
                (f"{d.dataset}.{d.variable}", d.taken_from or "not found", d.why)
                for d in self.decisions
            ],
        )
        lines += _table(
            "Rows",
            ("dataset", "in", "out", "patients"),
            [
                (c.dataset, f"{c.rows_in:,}", f"{c.rows_out:,}", f"{c.patients:,}")
                for c in self.counts
            ],
        )
        lines += _table(
            "Rows left out",
            ("dataset", "rows", "reason"),
            [(r.dataset, f"{r.rows:,}", r.reason) for r in self.rejected],
        )
        for level in reversed(LEVELS):
            if found := self.of(level):
                title = f"{len(found)} {level}{'' if len(found) == 1 else 's'}"
                lines += [title, *(f"  {level}: {issue}" for issue in found), ""]
        if self.folder:
            lines.append(f"Imported in {self.seconds:.1f} s: {self.folder}")
        else:
            lines.append("Refused: nothing was changed.")
        return "\n".join(lines)


def _table(title: str, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    if not rows:
        return []
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header) - 1)]
    lines = [title]
    for row in [header, *rows]:
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)]
        lines.append("  " + "  ".join([*cells, row[-1]]).rstrip())
    return [*lines, ""]
