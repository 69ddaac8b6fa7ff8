"""A study as the app knows it: its folder of Parquet files and its `study.toml`.

`load(folder)` reads one; `data.folders` says which study is in which folder. Values are frozen, so
a study can be part of a cache key. Nothing here knows Streamlit, Plotly or SQL.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from data.study_file import (
    AnalysisSet,
    BaselineRow,
    Cohort,
    Filter,
    FlowStep,
    Grouping,
    MalformedError,
    ResponseRule,
    StudyFile,
    study_file,
)

__all__ = [
    "DATASETS",
    "EMBEDDED",
    "STUDIES",
    "AnalysisSet",
    "BaselineRow",
    "Cohort",
    "Filter",
    "FlowStep",
    "Grouping",
    "ResponseRule",
    "Study",
    "StudyError",
    "checksums",
    "fingerprint",
    "load",
    "read_text",
    "studies_root",
]

STUDIES = Path(__file__).parent / "studies"
EMBEDDED = "NCT04014166"
"""STUDYID of the study that comes with the app."""
DATASETS = ("adsl", "adlb", "adae", "adex", "adcm", "adtte", "adrs")
VERSIONS = ".versions"
"""The folder below the studies in which an import keeps versions; see `data.ingest.versions`."""


class StudyError(ValueError):
    """A study that cannot be shown; each line names a file, what is wrong in it, what to do."""

    @property
    def problems(self) -> tuple[str, ...]:
        """One sentence or two for each thing that is wrong."""
        return tuple(str(self).splitlines())


@dataclass(frozen=True)
class Study:
    """One study: what `study.toml` says, where its files are, and their fingerprint.

    `parameters` (PARAMCD and PARAM of ADLB), `baseline_types` (PARAMCD and its BASETYPE, that of
    most patients first), `time_points` (ATPT of the platelet count) and `event_classes` (AEBODSYS
    of ADAE) come from the data, and so does `value_axis` ("log" or "linear") where `study.toml`
    does not set it: `queries.catalogue` fills them in.
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
    cohorts: tuple[Cohort, ...] = ()
    groupings: tuple[Grouping, ...] = ()
    filters: tuple[Filter, ...] = ()
    analysis_sets: tuple[AnalysisSet, ...] = ()
    parameter: str = "PLAT"
    reference_lines: tuple[float, ...] = ()
    baseline_rule: str = ""
    default_baseline: str = ""
    window: int = 1
    value_axis: str = ""
    rescue_days: int = 0
    response: ResponseRule | None = None
    related: tuple[str, ...] = ()
    scale: str = "grade"
    baseline: tuple[BaselineRow, ...] = ()
    flow: tuple[FlowStep, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    baseline_types: tuple[tuple[str, tuple[str, ...]], ...] = ()
    time_points: tuple[str, ...] = ()
    event_classes: tuple[str, ...] = ()

    def baseline_type(self, parameter: str, chosen: str | None = None) -> str | None:
        """The BASETYPE that is used of a parameter: the chosen one if it has that, else its own
        default; None where it has only one kind of baseline."""
        types = dict(self.baseline_types).get(parameter, ())
        if len(types) < 2:
            return None
        wanted = (chosen, self.default_baseline or None)
        return next((kind for kind in wanted if kind in types), types[0])

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
            with suppress(OSError):  # replaced just now, or a link that leads nowhere
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


def load(folder: Path) -> Study:
    """Read one study; whether the data hold what it names is seen when it is opened.

    Raises:
        StudyError: `study.toml` or `adsl.parquet` is missing or unreadable, or `study.toml` has
            problems: each of them is a line of the message.
    """
    text = read_text(folder, "study.toml")
    try:
        file = study_file(text, f"{folder.name}/study.toml")
    except MalformedError as error:
        raise StudyError(str(error)) from error
    if not (folder / "adsl.parquet").is_file():
        raise StudyError(
            f"{folder.name} has no adsl.parquet: every study needs its patients (ADSL)"
        )
    return _study(folder, file)


def read_text(folder: Path, name: str) -> str:
    """The text of a file of a study.

    Raises:
        StudyError: it cannot be read, or is not UTF-8.
    """
    try:
        return (folder / name).read_text(encoding="utf-8")
    except OSError as error:
        raise StudyError(f"{folder.name}/{name} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise StudyError(
            f"{folder.name}/{name} is not UTF-8 text (byte {error.start + 1}): save it as UTF-8"
        ) from error


def _study(folder: Path, file: StudyFile) -> Study:
    return Study(
        id=file.STUDYID,
        folder=folder,
        fingerprint=fingerprint(folder),
        name=file.name,
        title=file.title,
        citation=file.citation,
        doi=file.doi,
        registration=file.registration,
        site=file.site,
        enrolment=file.enrolment,
        design=file.design,
        schedule=file.schedule,
        data_cut=file.data_cut,
        simulated=file.simulated,
        treatment=file.treatment.name,
        dose_unit=file.treatment.dose_unit,
        given_as=file.treatment.given_as,
        infusion_days=file.treatment.infusion_days,
        cohorts=file.cohort,
        groupings=file.group,
        filters=file.filter,
        analysis_sets=file.analysis_set,
        parameter=file.laboratory.parameter,
        reference_lines=file.laboratory.reference_lines,
        baseline_rule=file.laboratory.baseline_rule,
        default_baseline=file.laboratory.baseline_type,
        window=file.laboratory.window,
        value_axis=file.laboratory.value_axis,
        rescue_days=file.laboratory.rescue_days,
        response=file.response,
        related=file.adverse_events.related,
        scale=file.adverse_events.scale,
        baseline=file.baseline,
        flow=file.flow,
    )
