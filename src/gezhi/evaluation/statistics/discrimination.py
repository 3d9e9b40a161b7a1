"""How well a score tells two kinds of items apart (AUROC), and how well probabilities are calibrated. Seeded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics.interval import Interval
from gezhi.evaluation.statistics.samples import Floats, numbers


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
    truth, guessed = numbers(labels), numbers(probabilities)
    order = np.argsort(guessed, kind="stable")
    parts = np.array_split(order, min(bins, len(order)))
    return float(sum(abs(truth[part].mean() - guessed[part].mean()) * len(part) for part in parts) / len(order))


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


def _interval(estimate: float, resampled: Floats, confidence: float, n: int) -> Interval:
    tail = (1 - confidence) / 2
    low, high = np.quantile(resampled, [tail, 1 - tail])
    return Interval(mean=estimate, low=float(low), high=float(high), n=n)
