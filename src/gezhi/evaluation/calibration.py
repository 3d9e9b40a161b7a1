"""Confidences that mean what they say: fitted on a development part, judged on another, and what refusing costs.

`right` is 1 where the answer was right and 0 where not; a confidence is any number that is higher where the answer is
likelier to be right, and a probability once it is calibrated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gezhi.core.errors import BadOptions
from gezhi.evaluation.logistic import Logistic, fit

Floats = NDArray[np.float64]
BINS = 15


class Calibrator(Protocol):
    """From confidences to probabilities of being right."""

    def __call__(self, confidences: ArrayLike) -> Floats:
        """Probabilities, shape (n,)."""
        ...


Fit = Callable[[ArrayLike, ArrayLike], Calibrator]
"""`fit_isotonic` or `fit_platt`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Isotonic:
    """A rising curve through points, level before the first and behind the last."""

    confidences: tuple[float, ...]
    probabilities: tuple[float, ...]

    def __call__(self, confidences: ArrayLike) -> Floats:
        """Probabilities, shape (n,)."""
        return np.interp(np.asarray(confidences, dtype=np.float64), self.confidences, self.probabilities)


@dataclass(frozen=True, slots=True, kw_only=True)
class Platt:
    """A logistic curve over the log odds of a confidence between 0 and 1."""

    curve: Logistic

    def __call__(self, confidences: ArrayLike) -> Floats:
        """Probabilities, shape (n,)."""
        return self.curve.probability([{"log odds": x} for x in _log_odds(np.asarray(confidences, dtype=np.float64))])


def fit_isotonic(right: ArrayLike, confidences: ArrayLike) -> Isotonic:
    """The rising curve nearest to the data in squares (pool adjacent violators, Ayer et al. 1955).

    Fits any rising shape; wants some hundreds of items. Equal confidences are pooled first.
    """
    truth, guessed = _columns(right, confidences)
    levels, groups = np.unique(guessed, return_inverse=True)
    weights = np.bincount(groups).astype(np.float64)
    blocks: list[list[float]] = []  # mean, weight, lowest and highest confidence
    for level, weight, mean in zip(levels, weights, np.bincount(groups, truth) / weights, strict=True):
        blocks.append([mean, weight, level, level])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            last, before = blocks.pop(), blocks[-1]
            total = before[1] + last[1]
            before[:] = [(before[0] * before[1] + last[0] * last[1]) / total, total, before[2], last[3]]
    points = [(x, mean) for mean, _, low, high in blocks for x in ([low, high] if high > low else [low])]
    return Isotonic(confidences=tuple(float(x) for x, _ in points), probabilities=tuple(float(y) for _, y in points))


def fit_platt(right: ArrayLike, confidences: ArrayLike) -> Platt:
    """A logistic curve (Platt 1999): two numbers, for few items or confidences that are probabilities nearly.

    Differs from the paper: on the log odds of the confidence, so that one which is calibrated already stays as it is;
    and a weak penalty on the slope stands in for its smoothed targets.

    Raises:
        BadOptions: A confidence is below 0 or above 1.
    """
    truth, guessed = _columns(right, confidences)
    if guessed.min() < 0 or guessed.max() > 1:
        raise BadOptions("exams.no_probabilities", low=guessed.min(), high=guessed.max())
    rows = [{"log odds": x} for x in _log_odds(guessed)]
    return Platt(curve=fit(rows, [int(y) for y in truth], ["log odds"], l2=0.1))


def cross_fitted(
    fitted: Fit, right: ArrayLike, confidences: ArrayLike, groups: Sequence[str], *, folds: int = 5
) -> Floats:
    """Calibrated probabilities, each by a curve fitted on the other folds; items of one group share a fold.

    Raises:
        BadOptions: There are fewer groups than folds.
    """
    truth, guessed = _columns(right, confidences)
    names = sorted(set(groups))
    if len(names) < folds:
        raise BadOptions("exams.few_groups", groups=len(names), folds=folds)
    order = np.random.default_rng(0).permutation(len(names))
    fold_of = {name: int(place) % folds for name, place in zip(names, order, strict=True)}
    fold = np.array([fold_of[name] for name in groups])
    made = np.empty(len(truth))
    for held_out in range(folds):
        here = fold == held_out
        made[here] = fitted(truth[~here], guessed[~here])(guessed[here])
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Items of about the same confidence."""

    n: int
    confidence: float
    """Their mean."""
    right: float
    """Share of them that were right."""


def reliability(right: ArrayLike, confidences: ArrayLike, *, bins: int = BINS) -> list[Bin]:
    """Items in order of confidence, in at most `bins` bins of equal mass; those of equal confidence share a bin."""
    truth, guessed = _columns(right, confidences)
    _, group, size = np.unique(guessed, return_inverse=True, return_counts=True)
    middle = (np.cumsum(size) - (size + 1) / 2)[group]
    place = np.minimum((middle * bins / len(guessed)).astype(int), bins - 1)
    return [
        Bin(n=int(here.sum()), confidence=float(guessed[here].mean()), right=float(truth[here].mean()))
        for here in (place == number for number in range(bins))
        if here.any()
    ]


def expected_error(right: ArrayLike, confidences: ArrayLike, *, bins: int = BINS) -> float:
    """Expected calibration error: mean distance of confidence and share right over the bins of `reliability`.

    Of n items in b bins a perfect confidence still shows about 0.8 sqrt(p (1 - p) b / n): .03 at n = 2,000 and p = .5.
    """
    table = reliability(right, confidences, bins=bins)
    return sum(abs(one.confidence - one.right) * one.n for one in table) / sum(one.n for one in table)


def brier(right: ArrayLike, confidences: ArrayLike) -> float:
    """Mean squared distance of confidence and outcome (Brier 1950): 0 is perfect, 0.25 is what saying 1/2 gets."""
    truth, guessed = _columns(right, confidences)
    return float(((truth - guessed) ** 2).mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Answering only what is at least this sure."""

    threshold: float
    coverage: float
    """Share answered."""
    risk: float
    """Share of the answered that is wrong."""


def risk_coverage(right: ArrayLike, confidences: ArrayLike) -> list[Point]:
    """The curve, from the surest items to all; one point for each confidence that occurs."""
    truth, guessed = _columns(right, confidences)
    levels = np.unique(guessed)[::-1]
    order = np.argsort(-guessed, kind="stable")
    ends = np.searchsorted(-guessed[order], -levels, side="right")
    wrong = np.cumsum(1 - truth[order])
    return [
        Point(threshold=float(level), coverage=float(n / len(truth)), risk=float(wrong[n - 1] / n))
        for level, n in zip(levels, ends, strict=True)
    ]


def area_under_risk(right: ArrayLike, confidences: ArrayLike) -> float:
    """Mean risk over the coverages 1/n, 2/n ... 1 (Geifman and El-Yaniv 2017); less is better.

    Items of equal confidence come in no order: the mean over all of them is taken, so that a constant confidence has
    the share of wrong answers.
    """
    points = risk_coverage(right, confidences)
    n = len(np.asarray(right))
    total, answered, wrong = 0.0, 0, 0.0
    for point in points:
        upto = round(point.coverage * n)
        more = point.risk * upto - wrong
        steps = np.arange(1, upto - answered + 1)
        total += float(((wrong + more * steps / len(steps)) / (answered + steps)).sum())
        answered, wrong = upto, point.risk * upto
    return total / n


def choose_threshold(
    right: ArrayLike, confidences: ArrayLike, *, risk: float | None = None, coverage: float | None = None
) -> Point | None:
    """Where to refuse: the most coverage at no more than `risk`, or the least risk at no less than `coverage`.

    Chosen on a development part; on others the risk comes out somewhat higher. None where no threshold reaches it.

    Raises:
        BadOptions: Neither or both are asked for.
    """
    if (risk is None) == (coverage is None):
        raise BadOptions("exams.one_goal")
    points = risk_coverage(right, confidences)
    if risk is not None:
        return max((p for p in points if p.risk <= risk), key=lambda p: p.coverage, default=None)
    enough = (p for p in points if coverage is not None and p.coverage >= coverage - 1e-12)
    return min(enough, key=lambda p: (p.risk, -p.coverage), default=None)


def _log_odds(probabilities: Floats) -> Iterator[float]:
    bounded = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return iter(np.log(bounded / (1 - bounded)).tolist())


def _columns(right: ArrayLike, confidences: ArrayLike) -> tuple[Floats, Floats]:
    truth, guessed = np.asarray(right, dtype=np.float64), np.asarray(confidences, dtype=np.float64)
    if truth.ndim != 1 or not len(truth):
        raise BadOptions("evaluation.no_values")
    if truth.shape != guessed.shape:
        raise BadOptions("evaluation.unpaired", a=truth.size, b=guessed.size)
    return truth, guessed
