"""The IWG 2009 response (Rodeghiero et al., Blood 2009;113:2386), to judge a simulated course by.

It serves the simulation only: what the application shows comes from its own queries, and the tests
hold a third, independent reading.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

LAST_DAY = 199
DAYS_APART = 7


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
        """Counts after baseline that may be judged: to day 199, outside the rescue window."""
        return [c for c in self.counts if 1 < c.day <= LAST_DAY and not c.rescued]

    def responds(self, count: Count) -> bool:
        """Whether a count is a response: at least 30, twice the baseline, and no bleeding."""
        enough = count.platelets >= 30 and count.platelets >= 2 * self.baseline
        return enough and count.bleeding == 0

    def complete(self, count: Count) -> bool:
        """Whether a count is a complete response: at least 100, and no bleeding."""
        return count.platelets >= 100 and count.bleeding == 0

    def qualifying(self) -> list[Count]:
        """The valid counts that are a response."""
        return [c for c in self.valid if self.responds(c)]

    def confirmed(self) -> tuple[bool, bool]:
        """Whether the response is confirmed: by any two counts, and with no failing one between."""
        return _confirmed([self.responds(c) for c in self.valid], [c.day for c in self.valid])

    def confirmed_complete(self) -> tuple[bool, bool]:
        """The same of the complete response."""
        return _confirmed([self.complete(c) for c in self.valid], [c.day for c in self.valid])

    def onset(self) -> int | None:
        """The first day of the confirmed response, with no failing count before it is confirmed."""
        for run in _runs([self.responds(c) for c in self.valid], [c.day for c in self.valid]):
            if run[-1] - run[0] >= DAYS_APART:
                return run[0]
        return None

    def loss(self) -> int | None:
        """The first day after onset of two successive valid counts that are no response."""
        onset = self.onset()
        if onset is None:
            return None
        for first, second in pairwise(c for c in self.valid if c.day > onset):
            if not self.responds(first) and not self.responds(second):
                return first.day
        return None


def _runs(passed: Sequence[bool], days: Sequence[int]) -> Iterator[list[int]]:
    """The days of each unbroken run of counts that pass."""
    run: list[int] = []
    for ok, day in zip(passed, days, strict=True):
        if ok:
            run.append(day)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _confirmed(passed: Sequence[bool], days: Sequence[int]) -> tuple[bool, bool]:
    good = [day for ok, day in zip(passed, days, strict=True) if ok]
    either = bool(good) and good[-1] - good[0] >= DAYS_APART
    unbroken = any(run[-1] - run[0] >= DAYS_APART for run in _runs(passed, days))
    return either, unbroken
