"""Intervals against scipy, statsmodels, printed values and what must hold of any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.proportion import proportion_confint

from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics import (
    bootstrap,
    clustered_difference,
    clustered_mean,
    paired_bootstrap,
    paired_proportions,
    proportion,
)


def test_the_interval_of_a_mean_is_about_two_standard_errors() -> None:
    values = np.random.default_rng(1).normal(10, 2, size=400)
    found = bootstrap(values)
    assert found.mean == pytest.approx(values.mean())
    assert found.n == 400
    error = values.std() / 20
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.05)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.05)


def test_a_seed_repeats_itself() -> None:
    values = np.random.default_rng(1).normal(size=50)
    assert bootstrap(values, seed=3) == bootstrap(values, seed=3)
    assert bootstrap(values, seed=3) != bootstrap(values, seed=4)


def test_pairs_are_compared_item_by_item() -> None:
    noise = np.random.default_rng(0).normal(0, 5, size=200)
    found = paired_bootstrap(noise + 1, noise)
    assert [found.mean, found.low, found.high] == pytest.approx([1, 1, 1])


def test_wilsons_interval() -> None:
    found = proportion(0, 10)
    assert (found.mean, found.low) == (0, 0)
    assert found.high == pytest.approx(0.2775, abs=1e-3)
    assert proportion(50, 100).low == pytest.approx(0.4038, abs=1e-3)


@pytest.mark.parametrize(("right", "n"), [(0, 10), (1, 10), (5, 10), (29, 30), (30, 30), (950, 1000)])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
@pytest.mark.parametrize(("exact", "method"), [(False, "wilson"), (True, "beta")])
def test_shares_as_statsmodels(right: int, n: int, confidence: float, exact: bool, method: str) -> None:
    found = proportion(right, n, confidence=confidence, exact=exact)
    low, high = proportion_confint(right, n, alpha=1 - confidence, method=method)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


@given(st.integers(0, 200), st.integers(1, 200))
def test_the_exact_interval_misses_less(right: int, n: int) -> None:
    right = min(right, n)
    found = proportion(right, n, exact=True)
    assert 0 <= found.low <= found.mean <= found.high <= 1
    # At its ends what was seen is as rare as 2.5 %.
    if right:
        assert stats.binom.sf(right - 1, n, found.low) == pytest.approx(0.025, abs=1e-6)


def test_tangos_interval_as_printed() -> None:
    # Airway reactivity before and after stem-cell transplantation, in Fagerland, Lydersen and Laake (2014), table 3.
    found = paired_proportions(7, 1, 21)
    assert (found.low, found.high) == pytest.approx((-0.517, -0.026), abs=5e-4)
    assert found.mean == pytest.approx(-6 / 21)


@pytest.mark.parametrize(("only_a", "only_b", "n"), [(7, 1, 21), (0, 4, 30), (12, 9, 44), (3, 1, 500), (1, 0, 5)])
def test_tangos_ends_solve_the_equation_of_fourth_degree(only_a: int, only_b: int, n: int) -> None:
    # Yang, Sun and Hardin (2012): the ends are roots of a polynomial.
    found = paired_proportions(only_a, only_b, n)
    g = stats.norm.ppf(0.975) ** 2
    d, s = only_b - only_a, only_a + only_b
    polynomial = [
        n**2 * (n / g + 1) ** 2,
        -n * d * (n / g + 1) * (4 * n / g + 1),
        2 * n * d**2 * (3 * n / g + 2) / g - n**2 * (s / g + 1),
        n * d * (2 * s / g + 1) - d**3 * (4 * n / g + 1) / g,
        d**2 * (d**2 / g - s) / g,
    ]
    roots = [root.real for root in np.roots(polynomial) if abs(root.imag) < 1e-9]
    assert min(abs(found.low - root) for root in roots) < 1e-7
    assert min(abs(found.high - root) for root in roots) < 1e-7


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_tangos_interval_turns_with_the_sides(only_a: int, only_b: int, same: int) -> None:
    n = only_a + only_b + same + 1
    one, other = paired_proportions(only_a, only_b, n), paired_proportions(only_b, only_a, n)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low), abs=1e-9)
    assert -1 <= one.low <= one.mean + 1e-12
    assert one.mean <= one.high + 1e-12
    assert one.low < one.high


def test_nothing_seen_is_not_nothing_there() -> None:
    found = paired_proportions(0, 0, 30)
    assert found.high == pytest.approx(3.8415 / (30 + 3.8415), abs=1e-4)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_bca_as_scipy(seed: int) -> None:
    values = np.random.default_rng(seed).gamma(1.0, size=60)
    found = bootstrap(values, resamples=20_000, confidence=0.9)
    theirs = stats.bootstrap((values,), np.mean, n_resamples=20_000, confidence_level=0.9, method="BCa", rng=seed)
    expected = theirs.confidence_interval
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.012)
    # Skewed to the right: further above the mean than below.
    assert found.high - found.mean > found.mean - found.low


def test_items_of_a_group_are_drawn_together() -> None:
    rng = np.random.default_rng(4)
    of_group = np.repeat(rng.normal(size=40), 10)
    values, groups = of_group + rng.normal(0, 0.1, 400), [i // 10 for i in range(400)]
    alone, together = bootstrap(values), bootstrap(values, groups=groups)
    assert alone.mean == together.mean
    assert (together.high - together.low) > 2.5 * (alone.high - alone.low)
    by_t = clustered_mean(values, groups)
    assert by_t is not None
    assert (together.low, together.high) == pytest.approx((by_t.low, by_t.high), abs=0.08)


@pytest.mark.parametrize("seed", [0, 1])
def test_clustered_errors_as_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = rng.integers(0, 12, 90)
    a, b = rng.normal(size=90) + groups, rng.normal(size=90)
    found = clustered_difference(a, b, list(groups))
    fitted = OLS(a - b, np.ones(90)).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": True}, use_t=True
    )
    error = float(fitted.bse[0])
    assert found is not None
    assert found.mean == pytest.approx(fitted.params[0])
    # 12 groups have 11 degrees of freedom.
    assert found.high - found.mean == pytest.approx(error * stats.t.ppf(0.975, 11), rel=1e-9)


def test_without_groups_it_is_the_t_interval() -> None:
    values = np.random.default_rng(7).normal(size=25)
    found = clustered_mean(values)
    low, high = stats.t.interval(0.95, 24, loc=values.mean(), scale=stats.sem(values))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high))
    assert clustered_mean(values, ["one"] * 25) == found


def test_right_or_wrong_is_never_a_point() -> None:
    sure = clustered_mean([1.0] * 30)
    assert sure is not None
    assert (sure.low, sure.high) == pytest.approx((proportion(30, 30).low, 1.0))
    # Thirty items of three documents are worth three.
    few = clustered_mean([1.0] * 30, [i // 10 for i in range(30)])
    assert few is not None
    assert few.low == pytest.approx(proportion(3, 3).low)
    assert few.n == 30


def test_alike_items_widen_the_share() -> None:
    values = [1.0] * 50 + [0.0] * 50
    apart = clustered_mean(values, list(range(100)))
    alike = clustered_mean(values, [i // 10 for i in range(100)])
    assert apart is not None
    assert alike is not None
    assert alike.high - alike.low > 2.5 * (apart.high - apart.low)


def test_one_value_says_nothing_of_its_spread() -> None:
    assert clustered_mean([3.2]) is None
    assert clustered_difference([3.2], [1.0]) is None
    assert clustered_mean([1.0]) is not None


def test_equal_values_are_a_point() -> None:
    found = bootstrap([0.25] * 9)
    assert (found.low, found.mean, found.high) == (0.25, 0.25, 0.25)
    assert bootstrap([0.25]).n == 1


@pytest.mark.parametrize("confidence", [0.0, 1.0, -1.0, 95.0, float("nan")])
def test_a_confidence_out_of_range_is_refused(confidence: float) -> None:
    with pytest.raises(BadOptions, match="confidence must lie between"):
        bootstrap([1.0, 2.0], confidence=confidence)
    with pytest.raises(BadOptions):
        proportion(1, 2, confidence=confidence)
    with pytest.raises(BadOptions):
        clustered_mean([1.0, 2.0], confidence=confidence)


def test_what_cannot_be_measured_is_refused() -> None:
    with pytest.raises(BadOptions, match="at least one number"):
        bootstrap([])
    with pytest.raises(BadOptions, match="got 2 and 3"):
        paired_bootstrap([1, 2], [1, 2, 3])
    with pytest.raises(BadOptions):
        proportion(0, 0)
    with pytest.raises(BadOptions, match="between 0 and 3"):
        proportion(4, 3)
    with pytest.raises(BadOptions, match="NaN"):
        bootstrap([1.0, float("nan")])
    with pytest.raises(BadOptions, match="got 2 scores and 1 groups"):
        clustered_mean([0.5, 0.7], ["x"])
    with pytest.raises(BadOptions, match="resamples"):
        bootstrap([1.0, 2.0], resamples=1)
    with pytest.raises(BadOptions):
        paired_proportions(3, 3, 5)


def test_whole_numbers_are_corrected_by_half_a_step() -> None:
    a, b = [1.0, 1.0, 0.0, 1.0, 1.0, 0.0], [0.0, 1.0, 0.0, 0.0, 1.0, 1.0]
    found = clustered_difference(a, b)
    low, high = stats.t.interval(0.95, 5, loc=1 / 6, scale=stats.sem(np.subtract(a, b)))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low - 0.5 / 6, high + 0.5 / 6))
    nothing = clustered_difference([1.0] * 10, [1.0] * 10)
    assert nothing is not None
    assert nothing.high == pytest.approx(0.05)
