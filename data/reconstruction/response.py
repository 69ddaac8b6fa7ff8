"""The IWG 2009 response (Rodeghiero et al., Blood 2009;113:2386), which the plans are written in.

It serves the simulation only. The application's numbers come from its queries, and the tests have
an independent implementation of the rule.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

RESPONSE: Final = 30
"""Lowest count of a response, 10^9/L."""

COMPLETE: Final = 100
"""Lowest count of a complete response, 10^9/L."""

LAST_DAY: Final = 199
"""Last study day whose counts are valid: week 28 with two days of tolerance."""

DAYS_APART: Final = 7
"""Days between two counts that confirm each other."""


class Confirmation(NamedTuple):
    """Whether a response is confirmed, by each of two readings of the rule.

    any_two: by any two qualifying counts far enough apart; consecutive: by two between which every
    valid count qualifies.
    """

    any_two: bool
    consecutive: bool


@dataclass(frozen=True)
class Count:
    """A platelet count (10^9/L) and the WHO bleeding grade of the same visit."""

    day: int
    platelets: int
    bleeding: int
    rescued: bool


@dataclass(frozen=True)
class Course:
    """The counts of a patient in the order of days, and the baseline count."""

    baseline: int
    counts: tuple[Count, ...]

    @property
    def valid(self) -> list[Count]:
        """Counts that are evaluated: after baseline, to `LAST_DAY`, outside the rescue window."""
        return [c for c in self.counts if 1 < c.day <= LAST_DAY and not c.rescued]

    def responds(self, count: Count) -> bool:
        """Whether a count qualifies: at least 30, at least twice the baseline, and no bleeding."""
        enough = count.platelets >= RESPONSE and count.platelets >= 2 * self.baseline
        return enough and count.bleeding == 0

    def complete(self, count: Count) -> bool:
        """Whether a count qualifies for a complete response: at least 100, and no bleeding."""
        return count.platelets >= COMPLETE and count.bleeding == 0

    def qualifying(self) -> list[Count]:
        """The valid counts that qualify for a response."""
        return [c for c in self.valid if self.responds(c)]

    def confirmed(self) -> Confirmation:
        """Whether the response is confirmed."""
        return _confirmed([self.responds(c) for c in self.valid], [c.day for c in self.valid])

    def confirmed_complete(self) -> Confirmation:
        """Whether the complete response is confirmed."""
        return _confirmed([self.complete(c) for c in self.valid], [c.day for c in self.valid])

    def onset(self) -> int | None:
        """The first day of the response that consecutive counts confirm; None without one."""
        for run in _runs([self.responds(c) for c in self.valid], [c.day for c in self.valid]):
            if run[-1] - run[0] >= DAYS_APART:
                return run[0]
        return None

    def loss(self) -> int | None:
        """The first day after onset of two successive valid counts that do not qualify."""
        onset = self.onset()
        if onset is None:
            return None
        for first, second in pairwise(c for c in self.valid if c.day > onset):
            if not self.responds(first) and not self.responds(second):
                return first.day
        return None


def _runs(qualifies: Sequence[bool], days: Sequence[int]) -> Iterator[list[int]]:
    """The days of each run of successive counts that qualify."""
    run: list[int] = []
    for ok, day in zip(qualifies, days, strict=True):
        if ok:
            run.append(day)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _confirmed(qualifies: Sequence[bool], days: Sequence[int]) -> Confirmation:
    qualifying = [day for ok, day in zip(qualifies, days, strict=True) if ok]
    return Confirmation(
        any_two=bool(qualifying) and qualifying[-1] - qualifying[0] >= DAYS_APART,
        consecutive=any(run[-1] - run[0] >= DAYS_APART for run in _runs(qualifies, days)),
    )
