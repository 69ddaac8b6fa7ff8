"""What `facts.toml` may hold: the published numbers of a study, and how each is counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta, Struct

from data.study_file.shape import Conflict, Text


class Source(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The publication the numbers are from."""

    id: Annotated[str, Meta(description="the registration number")] = ""
    title: Annotated[str, Meta(description="the title")] = ""
    citation: Annotated[str, Meta(description="authors, journal, year")] = ""
    doi: Annotated[str, Meta(description="the DOI, without https://doi.org/")] = ""
    site: Annotated[str, Meta(description="where the trial was run")] = ""


class PublishedNumber(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A published number, and the SQL that counts it from the study's own files."""

    id: Annotated[Text, Meta(description="a name of its own")]
    of: Annotated[Text, Meta(description="what it is a number of")]
    value: Annotated[
        float | tuple[float, float], Meta(description="the number, or both ends of a range")
    ]
    n: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="the denominator, if there is one")
    ] = None
    percent: Annotated[
        Annotated[float, Meta(ge=0, le=100)] | None,
        Meta(description="the percentage as published, to one decimal"),
    ] = None
    status: Annotated[
        Literal["published", "derived"],
        Meta(
            description="`published`: read in the source; `derived`: by arithmetic on published "
            "numbers"
        ),
    ]
    source: Annotated[Text, Meta(description="where it is published, or how it is derived")]
    sql: Annotated[
        Text,
        Meta(
            description="one select over `adsl`, `adlb`, `adae`, `adex`, `adcm` and `response` "
            "(one row per treated patient: USUBJID, responder, complete) that returns `value`, "
            "and `n` if there is a denominator"
        ),
    ]

    def conflicts(self) -> Iterator[Conflict]:
        """A percentage needs its denominator."""
        if self.percent is not None and (self.n is None or isinstance(self.value, tuple)):
            yield (
                "percent",
                "needs a single value and n",
                "Give the denominator n, or leave it out.",
            )


class FactsFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All of `facts.toml`."""

    not_public: Annotated[
        tuple[Text, ...],
        Meta(description="sentences: what is not published and must not be shown as a result"),
    ] = ()
    source: Source = Source()
    fact: tuple[PublishedNumber, ...] = ()

    def conflicts(self) -> Iterator[Conflict]:
        """Names that are given twice."""
        seen: set[str] = set()
        for position, item in enumerate(self.fact, start=1):
            if item.id in seen:
                yield (
                    f"[[fact]] {position}, id",
                    f'= "{item.id}" is a duplicate',
                    "Give each [[fact]] an id of its own.",
                )
            seen.add(item.id)
