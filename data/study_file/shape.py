"""What `study.toml` may hold: one frozen structure for each table.

Types, ranges, defaults and descriptions stand in the fields and nowhere else: the reader
(`data.study_file.strict`), the tables in `docs/data.md` and the JSON schema are made from them.
`conflicts` of a structure yields what its fields say against each other: the key, what is wrong
with it, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct, field
from msgspec.structs import force_setattr

from data.study_file.import_map import ImportMap
from data.study_file.words import Words

Text: TypeAlias = Annotated[str, Meta(min_length=1)]
Key: TypeAlias = Annotated[str, Meta(pattern=r"^[^\s=]([^=]*[^\s=])?$", max_length=60)]
Day: TypeAlias = Annotated[int, Meta(ge=1, le=36500)]
Conflict: TypeAlias = tuple[str, str, str]

LATE_VISITS: Final = 6
RESERVED: Final = ("study", "analysis-set", "present", "figure", "embed", "embed_options")
"""Words of the address that no filter can have as its key."""

_Decimals: TypeAlias = Annotated[int, Meta(ge=0, le=9)]


class Treatment(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The study treatment."""

    name: Annotated[str, Meta(description="the study treatment")] = ""
    dose_unit: Annotated[str, Meta(description="the unit of the doses")] = ""
    given_as: Annotated[
        Text, Meta(description="what one administration is called, for instance infusion")
    ] = "dose"
    infusion_days: Annotated[
        tuple[Day, ...], Meta(description="the study days on which it is planned")
    ] = ()


class Cohort(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A cohort, in the order in which they are named."""

    COHORT: Annotated[Text, Meta(description="the cohort, as in ADSL")]
    dose: Annotated[Annotated[float, Meta(ge=0)] | None, Meta(description="its dose")] = None
    phase: Annotated[str, Meta(description="the part of the study it belongs to")] = ""
    note: Annotated[str, Meta(description="a remark for whoever reads the file")] = ""


class Grouping(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A way to put patients into groups; the first is the default, "all together" always exists."""

    key: Annotated[Key, Meta(description="its name in the address and on the command line")]
    label: Annotated[Text, Meta(description="its name for readers")]
    variable: Annotated[Text, Meta(description="the ADSL variable whose values are the groups")]
    order: Annotated[
        str, Meta(description="the ADSL variable that orders them; `variable` if not given")
    ] = ""
    unit: Annotated[str, Meta(description="the unit of `variable`")] = ""
    decimals: Annotated[
        _Decimals | None,
        Meta(description="how many decimals a number is written with; as stored if not given"),
    ] = None
    note: Annotated[str, Meta(description="a sentence under figures with these groups")] = ""

    def __post_init__(self) -> None:
        if not self.order:
            force_setattr(self, "order", self.variable)

    def conflicts(self) -> Iterator[Conflict]:
        """The key `all` stands for all patients together."""
        if self.key == "all":
            yield "key", '= "all" stands for all patients together', "Choose another key."


class Filter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A patient filter in the sidebar, in the address and on the command line."""

    key: Annotated[Key, Meta(description="its name in the address and on the command line")]
    label: Annotated[Text, Meta(description="its name for readers")]
    variable: Annotated[Text, Meta(description="the ADSL variable it filters by")]
    kind: Annotated[
        Literal["choice", "range"], Meta(description="by values, or by a range of numbers")
    ] = "choice"
    order: Annotated[
        str, Meta(description="the ADSL variable that orders the values; `variable` if not given")
    ] = ""
    unit: Annotated[str, Meta(description="the unit of `variable`")] = ""
    decimals: Annotated[
        _Decimals | None,
        Meta(description="how many decimals a number is written with; as stored if not given"),
    ] = None
    values: Annotated[
        Words, Meta(description='what readers see for a value: `{ F = "Female", M = "Male" }`')
    ] = field(default_factory=Words)

    def word(self, value: str) -> str:
        """What a reader sees for a value: its label in `study.toml`, else the value itself."""
        return dict(self.values).get(value, value)

    def conflicts(self) -> Iterator[Conflict]:
        """A key that the address uses for something else; what only a choice can have."""
        if self.key in RESERVED:
            yield "key", f'= "{self.key}" has another meaning in the address', "Choose another key."
        if self.kind == "range":
            for name in ("values", "order"):
                if getattr(self, name):
                    yield name, 'has no meaning with kind = "range"', f"Remove {name}."


class AnalysisSet(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A set of patients that a figure can be about; the first is the default."""

    key: Annotated[Key, Meta(description="its name in the address and on the command line")]
    label: Annotated[Text, Meta(description="its name for readers")]
    variable: Annotated[
        Text, Meta(description="the ADSL flag: patients with `Y` belong to the set")
    ]
    note: Annotated[str, Meta(description="who belongs to it, in words")] = ""


class Laboratory(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Platelet counts, their baseline, and rescue therapy."""

    parameter: Annotated[Text, Meta(description="PARAMCD of the platelet count")] = "PLAT"
    reference_lines: Annotated[
        tuple[Annotated[float, Meta(gt=0)], ...],
        Meta(description="where dashed lines are drawn, in ascending order, 10^9/L"),
    ] = ()
    baseline_rule: Annotated[str, Meta(description="how baseline is defined, in words")] = ""
    baseline_type: Annotated[
        str,
        Meta(
            description="the BASETYPE that is used unless a reader chooses another; if not given, "
            "the one of most patients"
        ),
    ] = ""
    window: Annotated[
        Annotated[int, Meta(ge=1, le=52)],
        Meta(description="weeks that one point of a summary by study day covers"),
    ] = 1
    value_axis: Annotated[
        Literal["", "log", "linear"],
        Meta(
            description="the scale of the value axis unless a reader chooses another; if not "
            "given, log where the median baseline count is below 100, else linear"
        ),
    ] = ""
    rescue_days: Annotated[
        Annotated[int, Meta(ge=0, le=3650)],
        Meta(description="days after rescue therapy in which counts do not count as response"),
    ] = 0

    def conflicts(self) -> Iterator[Conflict]:
        """Lines that do not ascend: the axis ends at the last one."""
        lines = self.reference_lines
        if list(lines) != sorted(set(lines)):
            ascending = ", ".join(f"{line:g}" for line in sorted(set(lines)))
            yield "reference_lines", "must ascend", f"Write [{ascending}]."


class ResponseRule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Windows of the response definitions; without this table there is no response figure."""

    default: Annotated[
        Text, Meta(description="the definition shown first: a file in `queries/definitions/`")
    ]
    assumption: Annotated[
        str, Meta(description="a sentence under the figure, if the trial's own definition differs")
    ] = ""
    first_day: Annotated[Day, Meta(description="the first study day that counts")]
    last_day: Annotated[Day, Meta(description="the last study day that counts")]
    bleeding: Annotated[
        str, Meta(description="PARAMCD of the bleeding grade; without it bleeding is ignored")
    ] = ""
    late_visits: Annotated[
        tuple[float, ...],
        Meta(description="AVISITN of the six late visits of the definition `stable50`"),
    ] = ()
    last_weeks: Annotated[
        tuple[float, float],
        Meta(
            description="AVISITN of the first and last of the last 12 weeks, for the definition "
            "`durable_two_thirds`"
        ),
    ] = (0.0, 0.0)

    def conflicts(self) -> Iterator[Conflict]:
        """Windows that end before they begin; late visits that are not six."""
        if self.first_day > self.last_day:
            yield (
                "last_day",
                f"= {self.last_day} is before first_day = {self.first_day}",
                "Give the window its first and its last day.",
            )
        if self.late_visits and len(set(self.late_visits)) != LATE_VISITS:
            yield (
                "late_visits",
                f"names {len(set(self.late_visits))} different visits",
                f"Name the {LATE_VISITS} visits of the definition stable50, or leave it out.",
            )
        if self.last_weeks[0] > self.last_weeks[1]:
            yield "last_weeks", "ends before it begins", "Write the earlier week first."


class AdverseEvents(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How adverse events are graded, and which count as related."""

    related: Annotated[
        tuple[Text, ...], Meta(description="the values of AEREL that count as related")
    ] = ()
    scale: Annotated[
        Literal["grade", "severity"],
        Meta(description="CTCAE grade (AETOXGR), or severity (AESEV)"),
    ] = "grade"


class BaselineRow(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row of the baseline table."""

    label: Annotated[Text, Meta(description="the row's name, with its unit")]
    variable: Annotated[Text, Meta(description="the ADSL variable")]
    kind: Annotated[
        Literal["number", "flag", "category"],
        Meta(description="median and range; patients with `value`; or patients with each value"),
    ]
    value: Annotated[str, Meta(description="the value that is counted, for a flag")] = ""
    simulated: Annotated[
        bool,
        Meta(description="nothing of it is published, in a study whose patients are simulated"),
    ] = False

    def conflicts(self) -> Iterator[Conflict]:
        """A flag counts one value, and nothing else does."""
        if self.kind == "flag" and not self.value:
            yield "value", "is missing", 'A flag counts the patients with one value: value = "Y".'
        if self.kind != "flag" and self.value:
            yield (
                "value",
                f'has no meaning with kind = "{self.kind}"',
                'Remove it, or write kind = "flag".',
            )


class FlowStep(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A box of the patient flow."""

    label: Annotated[Text, Meta(description="what happened to these patients")]
    where: Annotated[
        Words,
        Meta(
            description='ADSL variables and the values they must all have: `{ SAFFL = "Y" }`; '
            "`{}` is every patient"
        ),
    ]
    side: Annotated[bool, Meta(description="drawn beside the flow: these patients left it")] = False
    simulated: Annotated[
        bool,
        Meta(description="nothing of it is published, in a study whose patients are simulated"),
    ] = False


class Provenance(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Written by the import, see [ingest.md](ingest.md)."""

    imported: Annotated[str, Meta(description="when, ISO 8601")] = ""
    source: Annotated[str, Meta(description="the name of what was imported")] = ""
    manifest: Annotated[str, Meta(description="the file that lists sources and rules")] = ""
    report: Annotated[str, Meta(description="the file of the import report")] = ""


class StudyFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the app cannot read from a study's Parquet files (`study.toml`)."""

    STUDYID: Annotated[Text, Meta(description="the study identifier, as in ADSL")]
    name: Annotated[Text, Meta(description="a short name")]
    title: Annotated[Text, Meta(description="the full title")]
    citation: Annotated[str, Meta(description="the publication")] = ""
    doi: Annotated[str, Meta(description="its DOI, without https://doi.org/")] = ""
    registration: Annotated[str, Meta(description="the number in a trial register")] = ""
    site: Annotated[str, Meta(description="where the trial was run")] = ""
    enrolment: Annotated[str, Meta(description="when patients were enrolled")] = ""
    design: Annotated[str, Meta(description="the design, in words")] = ""
    schedule: Annotated[str, Meta(description="treatment and visits, in words")] = ""
    data_cut: Annotated[str, Meta(description="the data cut-off, in words")] = ""
    simulated: Annotated[
        str, Meta(description="the sentence on every page and picture if the data are not real")
    ] = ""
    treatment: Treatment = Treatment()
    cohort: tuple[Cohort, ...] = ()
    group: tuple[Grouping, ...] = ()
    filter: tuple[Filter, ...] = ()
    analysis_set: Annotated[tuple[AnalysisSet, ...], Meta(min_length=1)]
    laboratory: Laboratory = Laboratory()
    response: ResponseRule | None = None
    adverse_events: AdverseEvents = AdverseEvents()
    baseline: tuple[BaselineRow, ...] = ()
    flow: tuple[FlowStep, ...] = ()
    provenance: Provenance = Provenance()
    map: ImportMap | None = None

    def conflicts(self) -> Iterator[Conflict]:
        """Keys that are given twice."""
        yield from _duplicates("group", [item.key for item in self.group])
        yield from _duplicates("filter", [item.key for item in self.filter])
        yield from _duplicates("analysis_set", [item.key for item in self.analysis_set])


def _duplicates(table: str, keys: Iterable[str]) -> Iterator[Conflict]:
    seen: set[str] = set()
    for position, key in enumerate(keys, start=1):
        if key in seen:
            yield (
                f"[[{table}]] {position}, key",
                f'= "{key}" is a duplicate',
                f"Give each [[{table}]] a key of its own.",
            )
        seen.add(key)
