"""How far judges and people agree beyond chance: Cohen's kappa (two raters), Krippendorff's alpha (more, gaps)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics import Interval

Floats = NDArray[np.float64]
Weights = Literal["none", "linear", "quadratic"]
Measure = Literal["nominal", "ordinal", "interval"]


def cohen_kappa(
    a: Sequence[Hashable], b: Sequence[Hashable], *, weights: Weights = "none", resamples: int = 1000, seed: int = 0
) -> Interval | None:
    """Kappa of two raters of the same items (Cohen 1960; weighted: Cohen 1968), with its percentile bootstrap interval.

    Args:
        a, b: Labels, one an item. With weights: numbers, whose ranks among the labels used are the categories.
        weights: How a disagreement counts by its distance in ranks; none: each counts the same.

    Returns:
        -1 to 1; None where both used one and the same label only: then chance agreement is certain and kappa undefined.

    Raises:
        BadOptions: Different lengths, or no items.
    """
    if len(a) != len(b):
        raise BadOptions("evaluation.unpaired", a=len(a), b=len(b))
    if not a:
        raise BadOptions("evaluation.no_values")
    labels = {label: i for i, label in enumerate(_ordered([*a, *b]))}
    codes = np.array([[labels[x] for x in a], [labels[x] for x in b]])
    apart = np.abs(np.subtract.outer(np.arange(len(labels)), np.arange(len(labels)))).astype(float)
    cost = {"none": (apart > 0).astype(float), "linear": apart, "quadratic": apart**2}[weights]

    def kappa(columns: NDArray[np.int64]) -> float | None:
        table = np.zeros(cost.shape)
        np.add.at(table, (codes[0, columns], codes[1, columns]), 1 / len(columns))
        expected = float((cost * np.outer(table.sum(axis=1), table.sum(axis=0))).sum())
        return None if expected < 1e-12 else 1 - float((cost * table).sum()) / expected

    return _with_interval(kappa, len(a), resamples, seed)


def krippendorff_alpha(
    ratings: Sequence[Sequence[float | str | None]], *, measure: Measure = "nominal", resamples: int = 1000,
    seed: int = 0,
) -> Interval | None:  # fmt: skip
    """Alpha of any number of raters (Krippendorff 2011, "Computing Krippendorff's alpha-reliability").

    Its interval resamples items, as those of all other numbers here; Krippendorff's own resamples pairs of values.

    Args:
        ratings: One row a rater, one column an item; None: not rated. Ordinal takes labels that can be sorted,
            interval takes numbers.

    Returns:
        At most 1; `n` counts the items that at least two rated. None where there are fewer than two such items or all
        their values are the same: undefined.

    Raises:
        BadOptions: Rows of different lengths, or none.
    """
    if not ratings or not ratings[0]:
        raise BadOptions("evaluation.no_values")
    for row in ratings:
        if len(row) != len(ratings[0]):
            raise BadOptions("evaluation.unpaired", a=len(ratings[0]), b=len(row))
    units = [[value for value in column if value is not None] for column in zip(*ratings, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    labels = {label: i for i, label in enumerate(_ordered([value for unit in units for value in unit]))}
    if len(units) < 2 or len(labels) < 2:
        return None
    counts = np.zeros((len(units), len(labels)))
    for i, unit in enumerate(units):
        for value in unit:
            counts[i, labels[value]] += 1
    numbers = np.array([float(str(label)) for label in labels]) if measure == "interval" else np.zeros(len(labels))

    def alpha(chosen: NDArray[np.int64]) -> float | None:
        return _alpha(counts[chosen], measure, numbers)

    return _with_interval(alpha, len(units), resamples, seed)


def _alpha(counts: Floats, measure: Measure, numbers: Floats) -> float | None:
    """Args: counts, shape (units, labels): how often each label was given to each unit."""
    sizes = counts.sum(axis=1)
    # coincidences: pairs of values within a unit, each unit weighing as many values as it has
    weighted = counts / (sizes - 1)[:, None]
    together = counts.T @ weighted - np.diag(weighted.sum(axis=0))
    marginals = together.sum(axis=1)
    apart = _distances(measure, marginals, numbers)
    expected = float((apart * np.outer(marginals, marginals)).sum())
    if expected < 1e-12:
        return None
    return 1 - (float(marginals.sum()) - 1) * float((apart * together).sum()) / expected


def _distances(measure: Measure, marginals: Floats, numbers: Floats) -> Floats:
    """Squared distances of labels, shape (labels, labels)."""
    if measure == "nominal":
        return 1.0 - np.eye(len(marginals))
    if measure == "interval":
        return np.asarray(np.subtract.outer(numbers, numbers) ** 2)
    # ordinal: how many values lie from the middle of one label to the middle of the other
    middle = np.cumsum(marginals) - marginals / 2
    return np.asarray(np.subtract.outer(middle, middle) ** 2)


def _with_interval(
    statistic: Callable[[NDArray[np.int64]], float | None], n: int, resamples: int, seed: int
) -> Interval | None:
    estimate = statistic(np.arange(n))
    if estimate is None:
        return None
    rng = np.random.default_rng(seed)
    drawn = [statistic(rng.integers(0, n, size=n)) for _ in range(resamples)]
    # a resample of one label only has no kappa; what it would have been is not made up
    low, high = np.quantile([value for value in drawn if value is not None] or [estimate], [0.025, 0.975])
    return Interval(mean=estimate, low=float(low), high=float(high), n=n)


def _ordered(labels: Sequence[Hashable]) -> list[Hashable]:
    return sorted(set(labels))  # type: ignore[type-var]
