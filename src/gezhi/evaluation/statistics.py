"""How sure a number is: percentile bootstrap intervals, paired differences, AUROC, calibration error. Seeded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gezhi.core.errors import BadOptions

Floats = NDArray[np.float64]
_BLOCK = 4_000_000
"""Numbers resampled at once: bounds the memory of a bootstrap to about 60 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate with the interval that holds it with the confidence asked for."""

    mean: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def bootstrap(values: ArrayLike, *, confidence: float = 0.95, resamples: int = 2000, seed: int = 0) -> Interval:
    """Mean of `values`, shape (n,), with its percentile bootstrap interval (Efron 1979).

    Raises:
        BadOptions: `values` is empty or not one-dimensional.
    """
    sample = _sample(values)
    rng = np.random.default_rng(seed)
    means = np.concatenate([sample[rows].mean(axis=1) for rows in _draws(rng, len(sample), resamples)])
    return _interval(float(sample.mean()), means, confidence, len(sample))


def paired_bootstrap(
    a: ArrayLike, b: ArrayLike, *, confidence: float = 0.95, resamples: int = 2000, seed: int = 0
) -> Interval:
    """Mean of `a - b` over the same items, shape (n,) each, with its interval.

    Raises:
        BadOptions: The two are of different lengths, or empty.
    """
    left, right = _sample(a), _sample(b)
    if left.shape != right.shape:
        raise BadOptions("evaluation.unpaired", a=len(left), b=len(right))
    return bootstrap(left - right, confidence=confidence, resamples=resamples, seed=seed)


def proportion(successes: int, n: int, *, z: float = 1.96) -> Interval:
    """Share of successes with Wilson's score interval, which holds near 0 and 1 where the bootstrap shrinks to a point.

    Raises:
        BadOptions: `n` is 0.
    """
    if n <= 0:
        raise BadOptions("evaluation.no_values")
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * float(np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)))
    return Interval(mean=share, low=max(0.0, centre - half), high=min(1.0, centre + half), n=n)


def auroc(
    labels: ArrayLike, scores: ArrayLike, *, confidence: float = 0.95, resamples: int = 1000, seed: int = 0
) -> Interval:
    """Chance that a positive scores above a negative, ties half (Mann-Whitney), with its interval.

    Args:
        labels: 1 or 0, shape (n,). Positives and negatives are resampled apart, so that none is ever without the other.
        scores: Shape (n,), higher where a positive is thought likelier.

    Raises:
        BadOptions: Only one of the two labels is there.
    """
    return _auroc_interval(labels, [np.asarray(scores, float)], lambda areas: areas[0], confidence, resamples, seed)


def auroc_difference(
    labels: ArrayLike, a: ArrayLike, b: ArrayLike, *, confidence: float = 0.95, resamples: int = 1000, seed: int = 0
) -> Interval:
    """AUROC of the scores `a` minus that of `b` on the same items, resampled together. Raises as `auroc`."""
    both = [np.asarray(a, float), np.asarray(b, float)]
    return _auroc_interval(labels, both, lambda areas: areas[0] - areas[1], confidence, resamples, seed)


def calibration_error(labels: ArrayLike, probabilities: ArrayLike, *, bins: int = 10) -> float:
    """Expected calibration error over `bins` bins of equal counts (Nguyen and O'Connor 2015), 0 to 1.

    Differs from the usual ECE in its bins: those of equal width are empty where probabilities crowd.
    """
    truth, guessed = _sample(labels), _sample(probabilities)
    order = np.argsort(guessed, kind="stable")
    parts = np.array_split(order, min(bins, len(order)))
    return float(sum(abs(truth[part].mean() - guessed[part].mean()) * len(part) for part in parts) / len(order))


def _sample(values: ArrayLike) -> Floats:
    sample = np.asarray(values, dtype=np.float64)
    if sample.ndim != 1 or not len(sample):
        raise BadOptions("evaluation.no_values")
    return sample


def _draws(rng: np.random.Generator, n: int, resamples: int) -> Iterator[NDArray[np.int64]]:
    block = max(1, _BLOCK // n)
    for start in range(0, resamples, block):
        yield rng.integers(0, n, size=(min(block, resamples - start), n))


def _interval(estimate: float, resampled: Floats, confidence: float, n: int) -> Interval:
    tail = (1 - confidence) / 2
    low, high = np.quantile(resampled, [tail, 1 - tail])
    return Interval(mean=estimate, low=float(low), high=float(high), n=n)


def _auroc_interval(
    labels: ArrayLike,
    scores: Sequence[Floats],
    statistic: Callable[[list[float]], float],
    confidence: float,
    resamples: int,
    seed: int,
) -> Interval:
    truth = np.asarray(labels).astype(bool)
    positives, negatives = np.flatnonzero(truth), np.flatnonzero(~truth)
    if not len(positives) or not len(negatives):
        raise BadOptions("evaluation.one_label")
    rng = np.random.default_rng(seed)
    resampled = np.empty(resamples)
    for i in range(resamples):
        chosen = rng.choice(positives, len(positives)), rng.choice(negatives, len(negatives))
        resampled[i] = statistic([_area(score[chosen[0]], score[chosen[1]]) for score in scores])
    estimate = statistic([_area(score[positives], score[negatives]) for score in scores])
    return _interval(estimate, resampled, confidence, len(truth))


def _area(positive: Floats, negative: Floats) -> float:
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    not_above = np.searchsorted(ordered, positive, side="right")
    return float((below + not_above).mean() / 2 / len(ordered))
