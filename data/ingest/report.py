"""The report of an import: its files, its variable mapping, its issues, and the rows left out.

Everything here is a frozen value, so that the terminal, `report.json` and the Data page show the
same. Nothing here reads data.
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
    """One thing a person should know: where it is, which rule it breaks, and what to do.

    `rows`: how many rows it concerns, 0 where it concerns a whole file or column. `patients` and
    `values`: the first few. An "error" stops the import.
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


@dataclass(frozen=True)
class Concerned:
    """The rows an issue is about: how many, and the first few patients and values."""

    rows: int = 0
    patients: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there are any."""
        return self.rows > 0


NO_ROWS = Concerned()


def error(place: str, rule: str, advice: str, rows: Concerned = NO_ROWS, file: str = "") -> Issue:
    """An issue that stops the import. place: a dataset ("ADAE") or a variable ("ADAE.AEREL")."""
    return _issue("error", place, rule, advice, rows, file)


def warning(place: str, rule: str, advice: str, rows: Concerned = NO_ROWS, file: str = "") -> Issue:
    """An issue to be checked by a person; place as for an error."""
    return _issue("warning", place, rule, advice, rows, file)


def note(place: str, rule: str, advice: str, rows: Concerned = NO_ROWS, file: str = "") -> Issue:
    """An issue that only informs; place as for an error."""
    return _issue("note", place, rule, advice, rows, file)


def _issue(level: Level, place: str, rule: str, advice: str, rows: Concerned, file: str) -> Issue:
    dataset, _, variable = place.partition(".")
    return Issue(
        level, dataset, variable, rule, advice, file, rows.rows, rows.patients, rows.values
    )


class IngestError(ValueError):
    """A reason to stop at once; it carries the issues that explain it, mostly one."""

    def __init__(self, *issues: Issue) -> None:
        super().__init__("\n".join(map(str, issues)))
        self.issues = issues


def failure(
    rule: str, advice: str, *, file: str = "", variable: str = "", values: Sequence[str] = ()
) -> IngestError:
    """A file, a setting or a folder that stops the import, to be raised."""
    return IngestError(Issue("error", "", variable, rule, advice, file, values=tuple(values)))


@dataclass(frozen=True)
class Decision:
    """Where a variable comes from, and why. `taken_from` is empty where it comes from nowhere."""

    dataset: str
    variable: str
    taken_from: str
    why: str


@dataclass(frozen=True)
class SourceFile:
    """A file of the source: which dataset it is (empty where it was left out), and why.

    variables: its columns, where it is a table.
    """

    name: str
    size: int
    sha256: str
    format: str
    dataset: str
    rows: int
    why: str
    variables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counts:
    """Rows of a dataset read and written, and the patients they belong to."""

    dataset: str
    rows_in: int
    rows_out: int
    patients: int


@dataclass(frozen=True)
class Rejected:
    """Rows that were left out, by reason; `rejected.parquet` holds them."""

    dataset: str
    reason: str
    rows: int


@dataclass(frozen=True)
class Report:
    """The report of one import.

    `folder`: the study's, or None where errors stopped the import; then whatever was there before
    is untouched. `imported`: the time in UTC, ISO 8601. `dry_run`: nothing was to be written.
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
    dry_run: bool = False

    @property
    def ok(self) -> bool:
        """True where the study was written."""
        return self.folder is not None

    def of(self, level: Level) -> tuple[Issue, ...]:
        """The issues of one level, in the order of the import."""
        return tuple(issue for issue in self.issues if issue.level == level)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, as in `report.json`: it holds no path of the machine."""
        values = asdict(self)
        values["folder"] = self.folder.name if self.folder else None
        values["versions"] = dict(self.versions)
        values["status"] = "refused" if self.of("error") else "imported" if self.ok else "dry run"
        return values

    def text(self) -> str:
        """The report for a terminal."""
        lines = [f"Study {self.study or '(unknown)'} from {self.source}", ""]
        lines += _table(
            "Files",
            ("file", "dataset", "rows", "why"),
            [(f.name, f.dataset or "left out", f"{f.rows:,}", f.why) for f in self.files],
        )
        lines += _table(
            "Variable mapping",
            ("variable", "source", "why"),
            [
                (f"{d.dataset}.{d.variable}", d.taken_from or "missing", d.why)
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
            if issues := self.of(level):
                title = f"{len(issues)} {level}{'' if len(issues) == 1 else 's'}"
                lines += [title, *(f"  {level}: {each}" for each in issues), ""]
        if self.folder:
            lines.append(f"Imported in {self.seconds:.1f} s: {self.folder}")
        elif self.dry_run and not self.of("error"):
            lines.append("Dry run: nothing was changed. The study can be imported.")
        else:
            lines.append("Import refused: nothing was changed.")
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
