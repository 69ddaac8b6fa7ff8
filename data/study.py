"""A study as the app knows it: its folder of Parquet files and its `study.toml`.

`studies(root)` finds every study below a folder; `load(folder)` reads one. Values are frozen, so a
study can be part of a cache key. Nothing here knows Streamlit, Plotly or SQL.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STUDIES = Path(__file__).parent / "studies"
DATASETS = ("adsl", "adlb", "adae", "adex", "adcm", "adtte", "adrs")
VERSIONS = ".versions"
"""The folder below the studies in which an import keeps versions; see `data.ingest.versions`."""


class StudyError(ValueError):
    """A study that cannot be read; the message names the file, the key and what to do."""


@dataclass(frozen=True)
class Grouping:
    """A way to put patients into groups: an ADSL variable and the variable that orders it.

    decimals: how many of them a numeric variable is written with; as stored where it is None.
    """

    key: str
    label: str
    variable: str
    order: str
    unit: str = ""
    decimals: int | None = None


@dataclass(frozen=True)
class Filter:
    """A patient filter: an ADSL variable, chosen by value ("choice") or by "range".

    decimals: as for a grouping.
    """

    key: str
    label: str
    variable: str
    kind: str = "choice"
    order: str = ""
    unit: str = ""
    decimals: int | None = None
    values: tuple[tuple[str, str], ...] = ()

    def word(self, value: str) -> str:
        """What a reader sees for a value: its label in `study.toml`, else the value itself."""
        return dict(self.values).get(value, value)


@dataclass(frozen=True)
class AnalysisSet:
    """A set of patients a figure can be about: those with `variable` = 'Y' in ADSL."""

    key: str
    label: str
    variable: str
    note: str = ""


@dataclass(frozen=True)
class ResponseRule:
    """Windows of the response definitions. Days are study days, visits are AVISITN."""

    default: str
    assumption: str
    first_day: int
    last_day: int
    bleeding: str
    late_visits: tuple[float, ...]
    last_weeks: tuple[float, float]


@dataclass(frozen=True)
class BaselineRow:
    """A row of the baseline table: kind "number", "flag" (n with `value`) or "category".

    simulated: nothing of it is published, in a study whose patients are simulated.
    """

    label: str
    variable: str
    kind: str
    value: str = ""
    simulated: bool = False


@dataclass(frozen=True)
class FlowStep:
    """A box of the patient flow: patients whose ADSL values equal all of `where`.

    simulated: as for a row of the baseline table.
    """

    label: str
    where: tuple[tuple[str, str], ...]
    side: bool = False
    simulated: bool = False


@dataclass(frozen=True)
class Study:
    """One study: what `study.toml` says, where its files are, and their fingerprint.

    `parameters` (PARAMCD and PARAM of ADLB) and `event_classes` (AEBODSYS of ADAE) come from the
    data: `queries.catalogue` fills them in.
    """

    id: str
    folder: Path
    fingerprint: str
    name: str
    title: str
    citation: str = ""
    doi: str = ""
    registration: str = ""
    site: str = ""
    enrolment: str = ""
    design: str = ""
    schedule: str = ""
    data_cut: str = ""
    simulated: str = ""
    treatment: str = ""
    dose_unit: str = ""
    given_as: str = "dose"
    infusion_days: tuple[int, ...] = ()
    cohorts: tuple[tuple[tuple[str, str], ...], ...] = ()
    groupings: tuple[Grouping, ...] = ()
    filters: tuple[Filter, ...] = ()
    analysis_sets: tuple[AnalysisSet, ...] = ()
    parameter: str = "PLAT"
    reference_lines: tuple[float, ...] = ()
    baseline_rule: str = ""
    rescue_days: int = 0
    response: ResponseRule | None = None
    related: tuple[str, ...] = ()
    scale: str = "grade"
    baseline: tuple[BaselineRow, ...] = ()
    flow: tuple[FlowStep, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    event_classes: tuple[str, ...] = ()

    def grouping(self, key: str) -> Grouping | None:
        """The grouping of that key; None stands for all patients together."""
        return next((item for item in self.groupings if item.key == key), None)

    def analysis_set(self, key: str) -> AnalysisSet:
        """The analysis set of that key, or the study's first one."""
        return next((item for item in self.analysis_sets if item.key == key), self.analysis_sets[0])

    def path(self, dataset: str) -> Path | None:
        """The Parquet file of a dataset, or None where the study has none."""
        file = self.folder / f"{dataset}.parquet"
        return file if file.is_file() else None


def fingerprint(folder: Path) -> str:
    """Sixteen hex digits that change when a file of the study does (name, size, time)."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*")):
        if file.suffix in {".parquet", ".toml", ".json"}:
            stat = file.stat()
            digest.update(f"{file.name}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    return digest.hexdigest()[:16]


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every Parquet file and TOML file of a study, by file name."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.glob("*"))
        if file.suffix in {".parquet", ".toml"}
    }


def studies_root() -> Path:
    """The folder of the studies: `data/studies`, or what the environment's ITP_STUDIES names."""
    return Path(os.environ.get("ITP_STUDIES") or STUDIES).resolve()


def studies(root: Path | None = None) -> dict[str, Path]:
    """STUDYID -> folder of every study: a folder below the root that holds a `study.toml`.

    A study that an import is just replacing has no folder of that name for a moment: then it is the
    new version, under way. Looked at twice, as a folder may move while one looks elsewhere.
    """
    root = root or studies_root()
    underway = f"{VERSIONS}/*/next/study.toml"
    folders: dict[str, Path] = {}
    for pattern in ("*/study.toml", underway, "*/study.toml"):
        for file in root.glob(pattern):
            name = file.parents[1].name if pattern == underway else file.parent.name
            folders[name] = file.parent
    return dict(sorted(folders.items()))


def load(folder: Path) -> Study:
    """Read one study.

    Raises:
        StudyError: `study.toml` or `adsl.parquet` is missing, unreadable or incomplete.
    """
    file = folder / "study.toml"
    try:
        toml = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise StudyError(
            f"{file.name} of study {folder.name} cannot be read: {error.strerror}"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(f"{folder.name}/study.toml is not valid TOML: {error}") from error
    if not (folder / "adsl.parquet").is_file():
        raise StudyError(
            f"{folder.name} has no adsl.parquet: every study needs its patients (ADSL)"
        )
    for table in ("treatment", "laboratory", "response", "adverse_events"):
        if not isinstance(toml.get(table, {}), dict):
            raise StudyError(
                f"{folder.name}/study.toml: {table} must be one table, written [{table}]; "
                "see docs/data.md"
            )
    try:
        return _study(folder, toml)
    except KeyError as error:
        raise StudyError(
            f"{folder.name}/study.toml: {error} is missing; see docs/data.md"
        ) from error
    except TypeError as error:
        raise StudyError(f"{folder.name}/study.toml: {error}; see docs/data.md") from error


def _pairs(mapping: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(value)) for key, value in mapping.items())


def _decimals(item: dict[str, Any]) -> int | None:
    found = item.get("decimals")
    if found is None or (isinstance(found, int) and 0 <= found <= 9):
        return found
    raise TypeError(f"decimals = {found!r} is no whole number from 0 to 9")


def _study(folder: Path, toml: dict[str, Any]) -> Study:
    treatment = toml.get("treatment", {})
    laboratory = toml.get("laboratory", {})
    response = toml.get("response")
    return Study(
        id=toml["STUDYID"],
        folder=folder,
        fingerprint=fingerprint(folder),
        name=toml["name"],
        title=toml["title"],
        citation=str(toml.get("citation", "")),
        doi=str(toml.get("doi", "")),
        registration=str(toml.get("registration", "")),
        site=str(toml.get("site", "")),
        enrolment=str(toml.get("enrolment", "")),
        design=str(toml.get("design", "")),
        schedule=str(toml.get("schedule", "")),
        data_cut=str(toml.get("data_cut", "")),
        simulated=str(toml.get("simulated", "")),
        treatment=treatment.get("name", ""),
        dose_unit=treatment.get("dose_unit", ""),
        given_as=treatment.get("given_as", "dose"),
        infusion_days=tuple(treatment.get("infusion_days", ())),
        cohorts=tuple(_pairs(cohort) for cohort in toml.get("cohort", ())),
        groupings=tuple(
            Grouping(
                key=item["key"],
                label=item["label"],
                variable=item["variable"],
                order=item.get("order", item["variable"]),
                unit=item.get("unit", ""),
                decimals=_decimals(item),
            )
            for item in toml.get("group", ())
        ),
        filters=tuple(
            Filter(
                **{**item, "values": _pairs(item.get("values", {})), "decimals": _decimals(item)}
            )
            for item in toml.get("filter", ())
        ),
        analysis_sets=tuple(AnalysisSet(**item) for item in toml["analysis_set"]),
        parameter=laboratory.get("parameter", "PLAT"),
        reference_lines=tuple(laboratory.get("reference_lines", ())),
        baseline_rule=laboratory.get("baseline_rule", ""),
        rescue_days=laboratory.get("rescue_days", 0),
        response=None
        if response is None
        else ResponseRule(
            default=response["default"],
            assumption=response.get("assumption", ""),
            first_day=response["first_day"],
            last_day=response["last_day"],
            bleeding=response.get("bleeding", ""),
            late_visits=tuple(float(visit) for visit in response.get("late_visits", ())),
            last_weeks=tuple(response.get("last_weeks", (0, 0))),
        ),
        related=tuple(toml.get("adverse_events", {}).get("related", ())),
        scale=toml.get("adverse_events", {}).get("scale", "grade"),
        baseline=tuple(BaselineRow(**item) for item in toml.get("baseline", ())),
        flow=tuple(
            FlowStep(
                item["label"],
                _pairs(item["where"]),
                item.get("side", False),
                item.get("simulated", False),
            )
            for item in toml.get("flow", ())
        ),
    )
