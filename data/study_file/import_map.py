"""What the table `[map]` of the file given with `--map` may hold; see `docs/ingest.md`."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct, field

from data.study_file.words import Words


class Entry(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"column": "from"}
):
    """How one variable is made: from a source variable, value by value, or one value for all."""

    column: Annotated[str, Meta(description="the source variable")] = ""
    value: Annotated[str | int | float | None, Meta(description="the same value for every row")] = (
        None
    )
    values: Annotated[Words, Meta(description="what each value of `from` becomes")] = field(
        default_factory=Words
    )
    other: Annotated[
        str | int | float | None,
        Meta(description="what all other values become; unchanged if not given"),
    ] = None

    def conflicts(self) -> Iterator[tuple[str, str, str]]:
        """Either a source variable or one value for all."""
        if (self.value is None) == (not self.column):
            yield "from", "or value is needed, and not both", 'Write { from = "COLUMN" }.'
        elif self.value is not None and (self.values or self.other is not None):
            yield "values", "and other go with from, not with value", "Remove them."


Taken: TypeAlias = str | bool | Entry
Variables: TypeAlias = Annotated[
    dict[str, Taken],
    Meta(
        description='for each variable `"COLUMN"`, `""` for none, or '
        '`{ from = "COLUMN", values = { ... } }`'
    ),
]
DatasetName: TypeAlias = Literal["", "ADSL", "ADLB", "ADAE", "ADEX", "ADCM", "ADTTE", "ADRS"]


class ImportMap(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the import takes files and variables, where its own rules do not do."""

    encoding: Annotated[str, Meta(description="of text files and transport files")] = ""
    treatment: Annotated[
        Literal["", "planned", "actual"], Meta(description="which treatment makes the arms")
    ] = ""
    unknown_patients: Annotated[
        Literal["", "leave out"], Meta(description="what becomes of rows of patients not in ADSL")
    ] = ""
    files: Annotated[
        dict[str, DatasetName],
        Meta(description="the dataset each file is imported as, or nothing to leave it out"),
    ] = {}
    ADSL: Variables = {}
    ADLB: Variables = {}
    ADAE: Variables = {}
    ADEX: Variables = {}
    ADCM: Variables = {}
    ADTTE: Variables = {}
    ADRS: Variables = {}

    def variables(self) -> Iterator[tuple[str, str, Taken]]:
        """Every entry: dataset, variable, and what it is taken from."""
        for dataset in ("ADSL", "ADLB", "ADAE", "ADEX", "ADCM", "ADTTE", "ADRS"):
            for variable, taken in getattr(self, dataset).items():
                yield dataset, variable, taken

    def conflicts(self) -> Iterator[tuple[str, str, str]]:
        """An encoding that does not exist, and `true`, which says nothing."""
        try:
            codecs.lookup(self.encoding or "utf-8")
        except (LookupError, ValueError):
            yield "encoding", "is not a known encoding", "Name one, for instance windows-1252."
        for dataset, variable, taken in self.variables():
            if taken is True:
                advice = 'Write "COLUMN", or "" for none.'
                yield f"{dataset}.{variable}", "= true says nothing", advice
