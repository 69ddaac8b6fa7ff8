"""Rows are kept and are each caller's copy; threads do not meet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from data.study import Study
from queries.engine.run import rows
from queries.engine.selection import Selection
from tests.support.requests import n_patients
from tests.support.tiny import ADSL


def test_rows_are_the_callers_own(tiny: Study) -> None:
    first = rows(tiny, "group_sizes", group="cohort")
    first.loc[:, "n_patients"] = 99
    assert list(rows(tiny, "group_sizes", group="cohort")["n_patients"]) == [4, 5]


def test_eight_threads_fail_no_query(tiny: Study) -> None:
    """1,600 queries, none of them like another, so that none comes from the cache."""
    ages = {row["USUBJID"]: row["AGE"] for row in ADSL if row["SAFFL"] == "Y"}

    def asked(number: int) -> tuple[int, int]:
        low = 20 + number % 60 + number / 10_000
        selection = Selection().with_range("age", (low, 65.0))
        found = n_patients(rows(tiny, "group_sizes", selection, group="cohort"))
        expected = sum(age is not None and low <= age <= 65 for age in ages.values())
        return found, expected

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(asked, range(1600)))
    assert all(found == expected for found, expected in answers)
    assert len({found for found, _ in answers}) > 5
