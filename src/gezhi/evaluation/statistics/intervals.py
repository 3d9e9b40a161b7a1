"""Intervals: of a share, of a mean, of a paired difference; plain or clustered by groups of items.

Every function takes scores and gives an `Interval`. Tests stand in `paired`, verdicts in `comparison`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, ndtr, ndtri, stdtrit

from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics.interval import Interval
from gezhi.evaluation.statistics.samples import (
    Floats,
    at_least,
    between,
    group_numbers,
    group_sums,
    is_binary,
    level,
    numbers,
)

Groups = Sequence[Hashable] | None
_BLOCK = 4_000_000
"""Numbers resampled at once: bounds the memory of a bootstrap to about 60 MB."""


def proportion(successes: float, n: float, *, confidence: float = 0.95, exact: bool = False) -> Interval:
    """Share of successes with Wilson's score interval, which holds near 0 and 1 where the bootstrap shrinks to a point.

    Args:
        exact: Clopper and Pearson (1934) instead of Wilson (1927): never misses more often than it says, but wider.

    Raises:
        BadOptions: `n` is 0, or successes are not 0 to `n`.
    """
    if n <= 0:
        raise BadOptions("evaluation.no_values")
    between("successes", successes, 0, n)
    tail, share = level(confidence) / 2, successes / n
    if exact:
        low = float(betaincinv(successes, n - successes + 1, tail)) if successes else 0.0
        high = float(betaincinv(successes + 1, n - successes, 1 - tail)) if successes < n else 1.0
        return Interval(mean=share, low=low, high=high, n=round(n))
    z = -float(ndtri(tail))
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * float(np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)))
    # At 0 and n the end is exact; rounding would leave 1e-17 there.
    low = max(0.0, centre - half) if successes else 0.0
    return Interval(mean=share, low=low, high=min(1.0, centre + half) if successes < n else 1.0, n=round(n))


def paired_proportions(only_a: int, only_b: int, n: int, *, confidence: float = 0.95) -> Interval:
    """Share right of b minus that of a over the same `n` items: score interval of Tango (1998).

    Args:
        only_a: Items that a alone has right; `only_b` likewise.

    Raises:
        BadOptions: Counts that do not fit into `n`.
    """
    at_least("n", n, 1)
    between("only_a", only_a, 0, n)
    between("only_b", only_b, 0, n - only_a)
    z = -float(ndtri(level(confidence) / 2))
    low, high = tango_bounds(np.asarray([only_a]), np.asarray([only_b]), n, z)
    return Interval(mean=(only_b - only_a) / n, low=float(low[0]), high=float(high[0]), n=n)


def bootstrap(
    values: ArrayLike, *, groups: Groups = None, confidence: float = 0.95, resamples: int = 2000, seed: int = 0
) -> Interval:
    """Mean of `values`, shape (n,), with its BCa bootstrap interval (Efron 1987).

    Differs from the paper where groups are given: whole groups are drawn, and left out for the acceleration. Holds
    less well than it says for few values and for shares near 0 or 1: `clustered_mean` is better there.

    Raises:
        BadOptions: `values` is empty, not one-dimensional or not finite.
    """
    sample = numbers(values)
    at_least("resamples", resamples, 100)
    sums, sizes = group_sums(sample, group_numbers(groups, len(sample)))
    low, high = bca_bounds(sums[None, :], sizes, level(confidence), resamples, seed)
    return Interval(mean=float(sample.mean()), low=float(low[0]), high=float(high[0]), n=len(sample))


def paired_bootstrap(
    a: ArrayLike,
    b: ArrayLike,
    *,
    groups: Groups = None,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> Interval:
    """Mean of `a - b` over the same items, shape (n,) each, with its BCa interval.

    Raises:
        BadOptions: The two are of different lengths, or empty.
    """
    return bootstrap(_difference(a, b), groups=groups, confidence=confidence, resamples=resamples, seed=seed)


def clustered_mean(values: ArrayLike, groups: Groups = None, *, confidence: float = 0.95) -> Interval | None:
    """Mean of `values` for a table; None for a single value that is neither 0 nor 1, of which nothing can be said.

    Values of 0 and 1 get Wilson's interval with the number of items that independent ones would need to be as sure
    (Dean and Pagano 2015); others a t interval with clustered standard errors (Liang and Zeger 1986; Miller 2024),
    with one degree of freedom less than there are groups. Differs from Miller in both: his normal quantiles are too
    narrow for few groups, and give a width of 0 where all is right. Items of a single group count as independent.

    Raises:
        BadOptions: `values` is empty or not finite, or groups are not one a value.
    """
    sample = numbers(values)
    sums, sizes = _grouped(sample, groups)
    if is_binary(sample):
        share = float(sample.mean())
        found = proportion(
            share * (counted := _independent(sums, sizes, level(confidence))), counted, confidence=confidence
        )
        return Interval(mean=share, low=found.low, high=found.high, n=len(sample))
    return _t_interval(sums, sizes, confidence)


def clustered_difference(
    a: ArrayLike, b: ArrayLike, groups: Groups = None, *, confidence: float = 0.95
) -> Interval | None:
    """Mean of `a - b` over the same items with its clustered t interval (Miller 2024, paired); None for one item.

    Differs from the paper in its t quantiles, and for whole numbers, as differences of 0/1 scores are, in a continuity
    correction of half a step.

    Raises:
        BadOptions: The two are of different lengths, or empty.
    """
    differences = _difference(a, b)
    step = 1.0 if (differences == np.round(differences)).all() else 0.0
    return _t_interval(*_grouped(differences, groups), confidence, step)


def clustered_error(sums: Floats, sizes: Floats) -> Floats:
    """Standard error of the mean, by groups (Liang and Zeger 1986, with the factor G / (G - 1) for G groups).

    Args:
        sums: Of each group, shape (..., groups); `sizes` of shape (groups,). At least two groups.
    """
    count = sizes.shape[-1]
    means = sums.sum(axis=-1, keepdims=True) / sizes.sum()
    squares: Floats = ((sums - means * sizes) ** 2).sum(axis=-1)
    return np.asarray(np.sqrt(squares * count / (count - 1)) / sizes.sum())


def tango_bounds(only_a: ArrayLike, only_b: ArrayLike, n: int, z: float) -> tuple[Floats, Floats]:
    """Both ends of Tango's interval for many counts at once, by bisection to 1e-15.

    Args:
        z: Normal quantile of each side.
    """
    lost, won = np.asarray(only_a, dtype=np.float64), np.asarray(only_b, dtype=np.float64)
    estimate = (won - lost) / n
    low = _bisected(lost, won, n, z, np.full_like(estimate, -1.0), estimate)
    high = _bisected(lost, won, n, -z, estimate, np.full_like(estimate, 1.0))
    return low, high


def bca_bounds(sums: Floats, sizes: Floats, alpha: float, resamples: int, seed: int) -> tuple[Floats, Floats]:
    """Ends of the BCa interval of the mean for many samples at once, each of the same groups.

    Args:
        sums: Shape (samples, groups); `sizes` of shape (groups,).
    """
    drawn = np.concatenate(list(_resampled(sums, sizes, resamples, seed)), axis=1)
    total, estimate = sizes.sum(), sums.sum(axis=1) / sizes.sum()
    near = 1e-12 * np.maximum(1.0, np.abs(estimate))[:, None]
    gap = drawn - estimate[:, None]
    below = (gap < -near).mean(axis=1) + (np.abs(gap) <= near).mean(axis=1) / 2
    bias = ndtri(np.clip(below, 0.5 / resamples, 1 - 0.5 / resamples))
    left_out = (sums.sum(axis=1, keepdims=True) - sums) / (total - sizes) if len(sizes) > 1 else np.zeros_like(sums)
    spread = left_out.mean(axis=1, keepdims=True) - left_out
    squares = (spread**2).sum(axis=1)
    skew = np.divide((spread**3).sum(axis=1), 6 * squares**1.5, out=np.zeros_like(squares), where=squares > 0)
    drawn.sort(axis=1)
    low, high = (
        _quantile(drawn, ndtr(bias + (bias + z) / (1 - skew * (bias + z)))) for z in ndtri([alpha / 2, 1 - alpha / 2])
    )
    return low, high


def _difference(a: ArrayLike, b: ArrayLike) -> Floats:
    left, right = numbers(a), numbers(b)
    if left.shape != right.shape:
        raise BadOptions("evaluation.unpaired", a=len(left), b=len(right))
    return left - right


def _grouped(sample: Floats, groups: Groups) -> tuple[Floats, Floats]:
    sums, sizes = group_sums(sample, group_numbers(groups, len(sample)))
    return (sample, np.ones(len(sample))) if len(sizes) == 1 else (sums, sizes)


def _independent(sums: Floats, sizes: Floats, alpha: float) -> float:
    """How many independent values of 0 and 1 would be as sure of their share: 1 to the number of values."""
    n, count = sizes.sum(), len(sizes)
    if count == n:
        return float(n)
    share = sums.sum() / n
    if share in (0.0, 1.0):
        # Nothing differs, so nothing tells how alike the items of a group are: the group counts once.
        return float(count)
    error = float(clustered_error(sums, sizes))
    effective = share * (1 - share) / error**2 if error else n
    # The t quantile of few groups, as the number of items that would widen Wilson's interval as much.
    widening = (float(stdtrit(count - 1, 1 - alpha / 2)) / float(ndtri(1 - alpha / 2))) ** 2
    return float(np.clip(effective / widening, 1.0, n))


def _t_interval(sums: Floats, sizes: Floats, confidence: float, step: float = 0.0) -> Interval | None:
    alpha = level(confidence)
    if len(sizes) < 2:
        return None
    mean = float(sums.sum() / sizes.sum())
    half = float(stdtrit(len(sizes) - 1, 1 - alpha / 2)) * float(clustered_error(sums, sizes))
    half += step / 2 / float(sizes.sum())
    return Interval(mean=mean, low=mean - half, high=mean + half, n=round(sizes.sum()))


def _bisected(lost: Floats, won: Floats, n: int, z: float, low: Floats, high: Floats) -> Floats:
    for _ in range(60):
        middle = (low + high) / 2
        above = _tango_score(lost, won, n, middle) > z
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return (low + high) / 2


def _tango_score(lost: Floats, won: Floats, n: int, difference: Floats) -> Floats:
    """Tango's equation 5, with the likeliest share of losses under that difference as the larger root of his 6."""
    b = difference * (2 * n - won + lost) - (won + lost)
    c = -lost * difference * (1 - difference)
    losses = (np.sqrt(np.maximum(b * b - 8 * n * c, 0.0)) - b) / (4 * n)
    variance = n * (2 * losses + difference * (1 - difference))
    gap: Floats = won - lost - n * difference
    return gap / np.sqrt(np.maximum(variance, 1e-300))


def _resampled(sums: Floats, sizes: Floats, resamples: int, seed: int) -> Iterator[Floats]:
    """Means of drawn groups, shape (samples, a block of resamples) each."""
    rng, count = np.random.default_rng(seed), len(sizes)
    block = max(1, _BLOCK // count)
    for start in range(0, resamples, block):
        times = rng.multinomial(count, np.full(count, 1 / count), size=min(block, resamples - start))
        yield (sums @ times.T) / (times @ sizes)


def _quantile(ordered: Floats, share: Floats) -> Floats:
    place = share * (ordered.shape[1] - 1)
    under = np.clip(np.floor(place).astype(np.int64), 0, ordered.shape[1] - 2)
    rows = np.arange(len(ordered))
    step: Floats = ordered[rows, under + 1] - ordered[rows, under]
    return np.asarray(ordered[rows, under] + (place - under) * step)
