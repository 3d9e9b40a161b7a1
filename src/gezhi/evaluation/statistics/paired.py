"""Tests on paired items: exact McNemar, sign-flip permutation, Wilcoxon signed-rank. All two-sided and seeded.

A sign-flip test of 0/1 scores is the exact McNemar test, and one of signed ranks is Wilcoxon's: one engine serves all.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc

from gezhi.evaluation.statistics.samples import Floats, at_least, group_numbers, group_sums, numbers

EXACT_UNITS = 16
"""Up to so many items or groups all sign patterns are counted; above, drawn ones."""
RESAMPLES = 19_999
"""Patterns are the same for all comparisons of one size: their luck moves a level of 5 % by 0.15 points."""
_BLOCK = 8_000_000
"""Numbers held at once: bounds the memory of a test to about 100 MB."""


def mcnemar(only_a: int, only_b: int) -> float:
    """Exact McNemar test (McNemar 1947, binomial form): p-value that a and b are right equally often.

    Args:
        only_a: Items that a alone has right; `only_b` likewise. Items where both agree say nothing.

    Raises:
        BadOptions: A count below 0.
    """
    at_least("only_a", only_a, 0)
    at_least("only_b", only_b, 0)
    return float(mcnemar_p(only_a, only_b))


def sign_flip(
    differences: ArrayLike, groups: Sequence[Hashable] | None = None, *, resamples: int = RESAMPLES, seed: int = 0
) -> float:
    """Sign-flip permutation test (Fisher 1935) that paired differences are symmetric about 0: p-value of their mean.

    Exact up to 16 items; above, the observed pattern counts as one of the drawn ones, so that the level is still exact
    (Phipson and Smyth 2010). Patterns are drawn in opposite pairs. With groups, whole groups change sign.

    Raises:
        BadOptions: No differences, or groups that are not one a difference.
    """
    sample = numbers(differences)
    at_least("resamples", resamples, 100)
    sums, _ = group_sums(sample, group_numbers(groups, len(sample)))
    return float(sign_flip_p(sums[None, :], patterns(len(sums), resamples, seed))[0])


def wilcoxon(differences: ArrayLike, *, resamples: int = RESAMPLES, seed: int = 0) -> float:
    """Signed-rank test (Wilcoxon 1945): p-value. Differences of 0 are left out; ties get mean ranks.

    Differs from most programs where there are ties: it stays a permutation test of the ranks, without normal
    approximation. 1.0 where nothing differs.

    Raises:
        BadOptions: No differences.
    """
    ranks = signed_ranks(numbers(differences)[None, :])[0]
    return sign_flip(ranks[ranks != 0], resamples=resamples, seed=seed) if ranks.any() else 1.0


def mcnemar_p(only_a: ArrayLike, only_b: ArrayLike) -> Floats:
    """`mcnemar` for many counts at once."""
    lost, won = np.asarray(only_a, dtype=np.float64), np.asarray(only_b, dtype=np.float64)
    return np.asarray(np.minimum(1.0, 2 * binomial_cdf(np.minimum(lost, won), lost + won, 0.5)))


def binomial_cdf(k: ArrayLike, n: ArrayLike, p: float) -> Floats:
    """Chance of at most `k` of `n`, for whole numbers held as floats, `k` at least 0."""
    most, of = np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    return np.where(most >= of, 1.0, betainc(np.maximum(of - most, 1), most + 1, 1 - p))


def patterns(units: int, resamples: int = RESAMPLES, seed: int = 0) -> NDArray[np.bool_]:
    """Which units change sign, shape (patterns, units). The opposite of each is meant as well.

    Neither the pattern that changes nothing nor its opposite is among those of an exact test: they are always counted.
    """
    if units <= EXACT_UNITS:
        # The last unit is never flipped: that would be the opposite of one already here.
        codes = np.arange(1, 2 ** (units - 1))
        counted: NDArray[np.bool_] = (codes[:, None] >> np.arange(units)) % 2 == 1
        return counted
    packed = np.random.default_rng(seed).integers(0, 256, size=(resamples, (units + 7) // 8), dtype=np.uint8)
    return np.unpackbits(packed, axis=1, count=units).view(np.bool_)


def sign_flip_p(sums: Floats, flipped: NDArray[np.bool_]) -> Floats:
    """P-values of many samples at once, `sums` of shape (samples, units)."""
    total = sums.sum(axis=1)
    # Sums that are equal on paper differ by rounding.
    least = np.abs(total) - 1e-9 * np.abs(sums).sum(axis=1)
    as_large = np.zeros(len(sums))
    for block in _blocks(flipped, len(sums)):
        as_large += (np.abs(total[:, None] - 2 * (sums @ block.T)) >= least[:, None]).sum(axis=1)
    return np.asarray((1 + as_large) / (1 + len(flipped)))


def sign_flip_bounds(
    sums: Floats, sizes: Floats, flipped: NDArray[np.bool_], alpha: float
) -> tuple[float | None, float | None]:
    """Interval of the mean that excludes 0 exactly where `sign_flip_p` is at most `alpha`; None where unbounded.

    Whether flipping some signs about a supposed mean makes the sum larger depends only on the mean of the flipped
    units: so the ends are order statistics of the means of random subsets (Hartigan 1969).

    Args:
        sums: Of each unit, shape (units,); `sizes` likewise: items of a group.
    """
    rank = int(np.floor(alpha * (1 + len(flipped)) + 1e-9))
    if rank < 1:
        return None, None
    both = np.stack([sums, sizes], axis=1)
    part, counts = np.concatenate([block @ both for block in _blocks(flipped, len(sums))]).T
    subtotals = np.concatenate([part, sums.sum() - part, [sums.sum()]])
    counts = np.concatenate([counts, sizes.sum() - counts, [sizes.sum()]])
    subtotals[np.abs(subtotals) <= 0.5e-9 * np.abs(sums).sum()] = 0.0
    # The empty subset, where drawn, is as extreme as can be on either side.
    known = counts > 0
    empty = int((~known).sum())
    means = np.sort(subtotals[known] / counts[known])
    rank -= empty
    return (float(means[rank - 1]), float(means[-rank])) if 1 <= rank <= len(means) else (None, None)


def signed_ranks(differences: Floats) -> Floats:
    """Mean ranks of the sizes of the differences that are not 0, with their signs; shape as given, (samples, n)."""
    from scipy.stats import rankdata

    sizes = np.abs(differences)
    ranks = np.asarray(rankdata(sizes, axis=1)) - (sizes == 0).sum(axis=1, keepdims=True)
    return np.asarray(np.sign(differences) * ranks)


def _blocks(flipped: NDArray[np.bool_], samples: int) -> Iterator[Floats]:
    step = max(1, _BLOCK // max(samples, flipped.shape[1]))
    for start in range(0, len(flipped), step):
        yield flipped[start : start + step].astype(np.float64)
