"""Paired tests against scipy and statsmodels."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as their_mcnemar

from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics import mcnemar, sign_flip, wilcoxon
from gezhi.evaluation.statistics.paired import patterns, sign_flip_bounds, sign_flip_p


@given(st.integers(0, 300), st.integers(0, 300))
def test_mcnemar_as_statsmodels(only_a: int, only_b: int) -> None:
    expected = float(their_mcnemar([[5, only_a], [only_b, 7]], exact=True).pvalue)
    assert mcnemar(only_a, only_b) == pytest.approx(min(1.0, expected), abs=1e-12)


def test_mcnemar_by_hand() -> None:
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(0, 5) == pytest.approx(2 / 32)
    assert mcnemar(1, 7) == pytest.approx(2 * 9 / 256)
    with pytest.raises(BadOptions, match="at least 0"):
        mcnemar(-1, 3)


@settings(max_examples=40)
@given(st.lists(st.integers(-4, 4), min_size=1, max_size=9))
def test_few_items_are_counted_in_full(differences: list[int]) -> None:
    sums = [abs(sum(s * d for s, d in zip(signs, differences, strict=True)))
            for signs in product((1, -1), repeat=len(differences))]  # fmt: skip
    expected = sum(value >= abs(sum(differences)) for value in sums) / len(sums)
    # Tenths: sums that are equal on paper differ by rounding.
    assert sign_flip([d / 10 for d in differences]) == pytest.approx(expected)


def test_sign_flip_as_scipy() -> None:
    values = np.random.default_rng(3).normal(0.4, 1, size=12)
    theirs = stats.permutation_test((values,), np.mean, permutation_type="samples", n_resamples=np.inf)
    assert sign_flip(values) == pytest.approx(float(theirs.pvalue))


@pytest.mark.parametrize(("only_a", "only_b"), [(3, 12), (10, 20), (0, 17), (30, 30)])
def test_of_right_and_wrong_it_is_mcnemars(only_a: int, only_b: int) -> None:
    differences = [-1.0] * only_a + [1.0] * only_b + [0.0] * 20
    expected = mcnemar(only_a, only_b)
    assert sign_flip(differences) == pytest.approx(expected, abs=4 * np.sqrt(expected / 19_999) + 1e-4)


def test_many_items_are_drawn_and_the_one_seen_counts() -> None:
    assert sign_flip([1.0] * 40) == pytest.approx(1 / 20_000)
    assert sign_flip([1.0] * 40, resamples=999) == pytest.approx(1 / 1000)
    values = np.random.default_rng(0).normal(0.1, 1, size=60)
    assert sign_flip(values) == sign_flip(values)
    assert sign_flip(values) != sign_flip(values, seed=1)
    assert sign_flip(values) == sign_flip(-values)


def test_groups_change_sign_together() -> None:
    # Four documents, each with five times the same: only sixteen patterns.
    assert sign_flip([1.0] * 20, [i // 5 for i in range(20)]) == pytest.approx(2 / 16)
    assert sign_flip([1.0] * 20, ["one"] * 20) == 1.0


@pytest.mark.parametrize("seed", range(4))
def test_wilcoxon_as_scipy(seed: int) -> None:
    values = np.random.default_rng(seed).normal(0.3, 1, size=14)
    assert wilcoxon(values) == pytest.approx(float(stats.wilcoxon(values, method="exact").pvalue))
    many = np.random.default_rng(seed).normal(0.15, 1, size=80)
    expected = float(stats.wilcoxon(many, method="approx").pvalue)
    assert wilcoxon(many) == pytest.approx(expected, abs=0.012)


def test_wilcoxon_with_ties_stays_exact() -> None:
    values = [0.5, 0.5, -0.5, 1.0, 1.0, 0.0, 0.0, 1.0]
    theirs = stats.wilcoxon(values, method=stats.PermutationMethod(n_resamples=np.inf))
    assert wilcoxon(values) == pytest.approx(float(theirs.pvalue))
    assert wilcoxon([0.0, 0.0]) == 1.0
    assert wilcoxon([2.0]) == 1.0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-3, 5), min_size=6, max_size=24), st.sampled_from([0.05, 0.1, 0.01]))
def test_the_interval_leaves_zero_out_where_the_test_finds(differences: list[int], alpha: float) -> None:
    sums = np.asarray(differences, float) / 10
    flipped = patterns(len(sums), resamples=999)
    low, high = sign_flip_bounds(sums, np.ones(len(sums)), flipped, alpha)
    found = float(sign_flip_p(sums[None, :], flipped)[0]) <= alpha
    if low is None or high is None:
        assert not found
    else:
        assert low <= high
        assert found == (low > 0 or high < 0)


def test_the_interval_moves_with_the_values() -> None:
    values = np.random.default_rng(5).normal(size=40)
    flipped, ones = patterns(40), np.ones(40)
    low, high = sign_flip_bounds(values, ones, flipped, 0.05)
    moved = sign_flip_bounds(values + 3, ones, flipped, 0.05)
    assert low is not None
    assert high is not None
    assert moved == pytest.approx((low + 3, high + 3))
    # Close to Student's for normal values.
    expected = stats.t.interval(0.95, 39, loc=values.mean(), scale=stats.sem(values))
    assert (low, high) == pytest.approx(expected, abs=0.02)


def test_what_cannot_be_tested_is_refused() -> None:
    for test in (sign_flip, wilcoxon):
        with pytest.raises(BadOptions, match="at least one number"):
            test([])
        with pytest.raises(BadOptions, match="NaN"):
            test([float("inf")])
    with pytest.raises(BadOptions, match="resamples must be at least 100"):
        sign_flip([1.0], resamples=5)
    with pytest.raises(BadOptions):
        sign_flip([1.0, 2.0], [1])
