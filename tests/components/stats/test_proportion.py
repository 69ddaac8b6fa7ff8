"""Intervals of a proportion against R, published tables and a second implementation.

The R session (R 4.2.2), from which the constants come:

    > options(digits = 10)
    > binom.test(8, 18)$conf.int
    [1] 0.2153015074 0.6924283410
    attr(,"conf.level")
    [1] 0.95
    > binom.test(8, 18, conf.level = 0.90)$conf.int
    [1] 0.2439612491 0.6594019352
    > binom.test(8, 18, conf.level = 0.99)$conf.int
    [1] 0.1649465226 0.7526087123
    > binom.test(0, 3)$conf.int
    [1] 0.0000000000 0.7075982262
    > binom.test(3, 3)$conf.int
    [1] 0.2924017738 1.0000000000
    > binom.test(1, 40)$conf.int
    [1] 0.000632744932 0.131585858483
    > binom.test(5, 12)$conf.int
    [1] 0.1516522298 0.7233303143
    > prop.test(8, 18, correct = FALSE)$conf.int
    [1] 0.2455951813 0.6628358436
    > prop.test(8, 18, correct = FALSE, conf.level = 0.90)$conf.int
    [1] 0.2719364055 0.6314711045
    > prop.test(8, 18, correct = FALSE, conf.level = 0.99)$conf.int
    [1] 0.2010955115 0.7177188423
    > suppressWarnings(prop.test(0, 3, correct = FALSE)$conf.int)
    [1] 0.0000000000 0.5614970318
    > suppressWarnings(prop.test(3, 3, correct = FALSE)$conf.int)
    [1] 0.4385029682 1.0000000000
    > suppressWarnings(prop.test(1, 40, correct = FALSE)$conf.int)
    [1] 0.004426831503 0.128813689635

The published intervals are those of Newcombe, Stat Med 1998;17:857-872, table I (methods 3 and 5).
"""

from __future__ import annotations

from math import comb, sqrt
from statistics import NormalDist

import numpy as np
import pytest

from components.stats.proportion import METHODS, intervals

R_EXACT = {
    (8, 18, 0.95): (0.2153015074, 0.6924283410),
    (8, 18, 0.90): (0.2439612491, 0.6594019352),
    (8, 18, 0.99): (0.1649465226, 0.7526087123),
    (0, 3, 0.95): (0.0, 0.7075982262),
    (3, 3, 0.95): (0.2924017738, 1.0),
    (1, 40, 0.95): (0.000632744932, 0.131585858483),
    (5, 12, 0.95): (0.1516522298, 0.7233303143),
}
R_SCORE = {
    (8, 18, 0.95): (0.2455951813, 0.6628358436),
    (8, 18, 0.90): (0.2719364055, 0.6314711045),
    (8, 18, 0.99): (0.2010955115, 0.7177188423),
    (0, 3, 0.95): (0.0, 0.5614970318),
    (3, 3, 0.95): (0.4385029682, 1.0),
    (1, 40, 0.95): (0.004426831503, 0.128813689635),
}
NEWCOMBE = {
    # n, total: Wilson, Clopper-Pearson
    (81, 263): ((0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148): ((0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20): ((0.0000, 0.1611), (0.0000, 0.1684)),
    (1, 29): ((0.0061, 0.1718), (0.0009, 0.1776)),
}
PAIRS = [(n, total) for total in range(1, 41) for n in range(total + 1)]


def interval(
    n: int, total: int, level: float = 0.95, method: str = "clopper-pearson"
) -> tuple[float, float]:
    """One interval, by the function that makes many at once."""
    low, high = intervals(np.array([float(n)]), np.array([float(total)]), level, method)
    return float(low[0]), float(high[0])


def clopper_pearson(n: int, total: int, level: float = 0.95) -> tuple[float, float]:
    return interval(n, total, level, "clopper-pearson")


def wilson(n: int, total: int, level: float = 0.95) -> tuple[float, float]:
    return interval(n, total, level, "wilson")


# n, total, low and high of every pair of up to forty patients.
N, TOTAL = np.array(PAIRS, dtype=float).T


def tail(n: int, total: int, p: float) -> float:
    """Probability of n or more of total."""
    return sum(comb(total, k) * p**k * (1 - p) ** (total - k) for k in range(n, total + 1))


def bisected(n: int, total: int, area: float) -> float:
    """The p at which n or more of total has that probability."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(n, total, middle) < area else (low, middle)
    return low


def exact(n: int, total: int, level: float) -> tuple[float, float]:
    """Clopper and Pearson by bisection of the binomial tails."""
    rest = (1 - level) / 2
    low = 0.0 if n == 0 else bisected(n, total, rest)
    high = 1.0 if n == total else bisected(n + 1, total, 1 - rest)
    return low, high


def score(n: int, total: int, level: float) -> tuple[float, float]:
    """The roots of (p - n/N)^2 = z^2 p (1 - p) / N."""
    z2 = NormalDist().inv_cdf((1 + level) / 2) ** 2
    a, b, c = total + z2, -(2 * n + z2), n * n / total
    root = sqrt(max(0.0, b * b - 4 * a * c))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


@pytest.mark.parametrize(("key", "expected"), R_EXACT.items())
def test_clopper_pearson_is_that_of_r(
    key: tuple[int, int, float], expected: tuple[float, float]
) -> None:
    assert clopper_pearson(*key) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("key", "expected"), R_SCORE.items())
def test_wilson_is_that_of_r(key: tuple[int, int, float], expected: tuple[float, float]) -> None:
    assert wilson(*key) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("key", "expected"), NEWCOMBE.items())
def test_intervals_are_those_of_newcombe(
    key: tuple[int, int], expected: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    assert wilson(*key) == pytest.approx(expected[0], abs=5.1e-5)
    assert clopper_pearson(*key) == pytest.approx(expected[1], abs=5.1e-5)


def test_worked_numbers_of_the_docstrings() -> None:
    assert clopper_pearson(8, 18) == pytest.approx((0.2153, 0.6924), abs=5e-5)
    assert wilson(8, 18) == pytest.approx((0.2456, 0.6628), abs=5e-5)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_clopper_pearson_is_the_bisection_of_the_tails(level: float) -> None:
    for n, total in PAIRS[::7]:
        assert clopper_pearson(n, total, level) == pytest.approx(exact(n, total, level), abs=1e-9)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_wilson_is_the_root_of_the_score_equation(level: float) -> None:
    expected = np.array([score(n, total, level) for n, total in PAIRS]).T
    np.testing.assert_allclose(intervals(N, TOTAL, level, "wilson"), expected, atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_interval_holds_the_proportion_and_its_limits(method: str) -> None:
    low, high = intervals(N, TOTAL, 0.95, method)
    assert ((low >= 0) & (low <= N / TOTAL) & (high >= N / TOTAL) & (high <= 1)).all()
    assert (low < high).all()
    assert ((low == 0) == (N == 0)).all()
    assert ((high == 1) == (N == TOTAL)).all()


@pytest.mark.parametrize("method", METHODS)
def test_interval_of_those_without_is_the_mirror(method: str) -> None:
    low, high = intervals(N, TOTAL, 0.95, method)
    mirror_low, mirror_high = intervals(TOTAL - N, TOTAL, 0.95, method)
    np.testing.assert_allclose(low, 1 - mirror_high, atol=1e-12)
    np.testing.assert_allclose(high, 1 - mirror_low, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_interval_moves_with_n_and_widens_with_the_level(method: str) -> None:
    narrow, middle, wide = (intervals(N, TOTAL, level, method) for level in (0.9, 0.95, 0.99))
    assert (narrow[0] >= middle[0]).all()
    assert (middle[0] >= wide[0]).all()
    assert (narrow[1] <= middle[1]).all()
    assert (middle[1] <= wide[1]).all()
    fewer = N < TOTAL
    more = intervals(N[fewer] + 1, TOTAL[fewer], 0.95, method)
    assert (more[0] > middle[0][fewer]).all()
    assert ((more[1] > middle[1][fewer]) | (more[1] == 1)).all()


@pytest.mark.parametrize("total", [1, 3, 6, 12, 18, 40])
def test_clopper_pearson_covers_what_it_promises(total: int) -> None:
    """Exact: whatever the truth, the interval holds it in 95% of trials or more."""
    ends = [clopper_pearson(n, total) for n in range(total + 1)]
    for step in range(1, 200):
        p = step / 200
        held = sum(
            comb(total, n) * p**n * (1 - p) ** (total - n)
            for n, (low, high) in enumerate(ends)
            if low <= p <= high
        )
        assert held >= 0.95 - 1e-12


@pytest.mark.parametrize("method", METHODS)
def test_interval_of_nobody_is_missing_and_the_others_are_not(method: str) -> None:
    low, high = intervals(np.array([0.0, 1.0]), np.array([0.0, 3.0]), 0.95, method)
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, False]
    assert intervals(np.zeros(0), np.zeros(0), 0.95, method)[0].shape == (0,)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1, 0, 0.95, "wilson"), "n is not from 0 to its total"),
        ((4, 3, 0.95, "wilson"), "n is not from 0 to its total"),
        ((-1, 3, 0.95, "clopper-pearson"), "n is not from 0 to its total"),
        ((1, 3, 95, "wilson"), "level = 95 is not between 0 and 1"),
        ((1, 3, 1.0, "wilson"), "level = 1.0 is not between 0 and 1"),
        ((1, 3, 0.95, "wald"), "'wald' is not one of clopper-pearson, wilson"),
    ],
)
def test_wrong_arguments_are_refused(arguments: tuple[int, int, float, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        interval(*arguments)
