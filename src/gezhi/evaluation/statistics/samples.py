"""What every function here asks of its numbers before it counts: shapes, finite values, pairs, groups, levels."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gezhi.core.errors import BadOptions

Floats = NDArray[np.float64]
Scores = Sequence[float | None] | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Items that both have a score for."""

    a: Floats
    b: Floats
    groups: NDArray[np.int64]
    """Number of each item's group, 0 to `clusters - 1`."""
    clusters: int
    dropped: int
    """Items left out: one of the two has no score."""

    @property
    def clustered(self) -> bool:
        """Whether groups repeat. A single group does not count: all that is said is then said of that group alone."""
        return 1 < self.clusters < len(self.a)

    @property
    def binary(self) -> bool:
        """Whether every score is 0 or 1."""
        return is_binary(self.a) and is_binary(self.b)


def numbers(values: ArrayLike) -> Floats:
    """`values` as a vector of at least one finite number. Raises BadOptions."""
    sample = np.asarray(values, dtype=np.float64)
    if sample.ndim != 1 or not len(sample):
        raise BadOptions("evaluation.no_values")
    if not np.isfinite(sample).all():
        raise BadOptions("statistics.not_finite")
    return sample


def pairs(a: Scores, b: Scores, groups: Sequence[Hashable] | None = None) -> Pairs:
    """Items that both scored; None on either side drops the item. Raises BadOptions where lengths differ."""
    if len(a) != len(b):
        raise BadOptions("evaluation.unpaired", a=len(a), b=len(b))
    of = group_numbers(groups, len(a))
    kept = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x is not None and y is not None]
    left = np.asarray([a[i] for i in kept], dtype=np.float64)
    right = np.asarray([b[i] for i in kept], dtype=np.float64)
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        raise BadOptions("statistics.not_finite")
    _, renumbered = np.unique(of[kept], return_inverse=True)
    return Pairs(left, right, renumbered.astype(np.int64), len(np.unique(renumbered)), len(a) - len(kept))


def group_numbers(groups: Sequence[Hashable] | None, n: int) -> NDArray[np.int64]:
    """Each of `n` values' group as a number from 0; without groups, each is one of its own."""
    if groups is None:
        return np.arange(n, dtype=np.int64)
    if len(groups) != n:
        raise BadOptions("statistics.groups_unpaired", n=n, groups=len(groups))
    known: dict[Hashable, int] = {}
    return np.asarray([known.setdefault(group, len(known)) for group in groups], dtype=np.int64)


def group_sums(values: Floats, groups: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Sums and sizes of the groups, shape (groups,) each."""
    return np.asarray(np.bincount(groups, weights=values), dtype=np.float64), np.bincount(groups).astype(np.float64)


def is_binary(values: Floats) -> bool:
    """Whether every value is 0 or 1."""
    return bool(np.isin(values, (0.0, 1.0)).all())


def level(confidence: float, hypotheses: int = 1) -> float:
    """False alarms allowed: 1 - confidence, shared out over the hypotheses (Bonferroni). Raises BadOptions."""
    if not 0 < confidence < 1:
        raise BadOptions("statistics.bad_confidence", value=confidence)
    at_least("hypotheses", hypotheses, 1)
    # 1 - 0.9 is a little below 0.1, and a p-value of exactly 0.1 would be missed.
    return round(1 - confidence, 12) / hypotheses


def at_least(name: str, value: float, low: float) -> None:
    """Raises BadOptions where `value` is below `low`, or NaN."""
    if not value >= low:
        raise BadOptions("statistics.too_few", name=name, value=value, low=low)


def between(name: str, value: float, low: float, high: float) -> None:
    """Raises BadOptions where `value` is not within `low` to `high`."""
    if not low <= value <= high:
        raise BadOptions("statistics.bad_number", name=name, value=value, low=low, high=high)
