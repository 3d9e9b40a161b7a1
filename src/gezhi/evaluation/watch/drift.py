"""Have questions changed? Numbers, shares and mean vectors of a time against those of a reference, each with a test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, kolmogorov

from gezhi.evaluation.watch.values import Drift

_BINS = 10
_PERMUTATIONS = 999
_MOST_VECTORS = 2000
"""Of each side, evenly drawn: enough to see a distance of .01, and a second at most."""


def number_drift(feature: str, reference: ArrayLike, current: ArrayLike, method: Literal["psi", "ks"]) -> Drift:
    """Of numbers, shapes (m,) and (n,). psi: over ten bins that hold as many of the reference each (ties: fewer)."""
    then, now = np.asarray(reference, dtype=float), np.asarray(current, dtype=float)
    if not len(then) or not len(now):
        return Drift(feature=feature, method=method, value=None, p=None, reference=len(then), current=len(now))
    if method == "ks":
        value, p = _ks(then, now)
    else:
        edges = np.unique(np.quantile(then, np.linspace(0, 1, _BINS + 1)[1:-1]))
        counts = [
            np.bincount(np.searchsorted(edges, side, side="right"), minlength=len(edges) + 1) for side in (then, now)
        ]
        value, p = _psi(*counts)
    return Drift(feature=feature, method=method, value=value, p=p, reference=len(then), current=len(now))


def share_drift(feature: str, reference: Mapping[str, int], current: Mapping[str, int]) -> Drift:
    """Of kinds: how many of each there were then, and are now."""
    kinds = sorted({*reference, *current})
    then, now = (np.array([side.get(kind, 0) for kind in kinds]) for side in (reference, current))
    m, n = int(then.sum()), int(now.sum())
    value, p = _psi(then, now) if m and n else (None, None)
    return Drift(feature=feature, method="psi", value=value, p=p, reference=m, current=n)


def centroid_drift(reference: NDArray[np.float32], current: NDArray[np.float32], seed: int = 0) -> Drift:
    """Of unit vectors, shapes (m, dim) and (n, dim). Both must have been made by the same embedder."""
    then, now = _thinned(reference), _thinned(current)
    both = np.concatenate([then, now]).astype(np.float64)
    value = _distance(then.mean(axis=0), now.mean(axis=0))
    rng = np.random.default_rng(seed)
    chosen = np.zeros((_PERMUTATIONS, len(both)))
    for row in chosen:
        row[rng.permutation(len(both))[: len(then)]] = 1
    sums = chosen @ both
    by_chance = [_distance(one, rest) for one, rest in zip(sums, both.sum(axis=0) - sums, strict=True)]
    p = (1 + sum(one >= value for one in by_chance)) / (1 + _PERMUTATIONS)
    return Drift(feature="meaning", method="centroid", value=value, p=p, reference=len(reference), current=len(current))


def _psi(then: NDArray[np.int64], now: NDArray[np.int64]) -> tuple[float, float]:
    """The index and the p of a chi-squared test that both sides are drawn from the same shares.

    Half a question is added to each bin (Jeffreys): a bin that is empty on one side would make the index infinite.
    """
    p, q = ((side + 0.5) / (side.sum() + 0.5 * len(side)) for side in (then, now))
    index = float(((p - q) * np.log(p / q)).sum())
    table = np.stack([then, now])[:, (then + now) > 0].astype(float)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    return index, float(chdtrc(table.shape[1] - 1, ((table - expected) ** 2 / expected).sum())) if table.shape[
        1
    ] > 1 else 1.0


def _ks(then: NDArray[np.float64], now: NDArray[np.float64]) -> tuple[float, float]:
    """Greatest distance of the two distribution functions, and its p for long samples (Smirnov 1939).

    Ties, as lengths have them, only make the p too large.
    """
    every = np.concatenate([then, now])
    below = (np.searchsorted(np.sort(side), every, side="right") / len(side) for side in (then, now))
    distance = float(np.abs(next(below) - next(below)).max())
    return distance, float(kolmogorov(distance * np.sqrt(len(then) * len(now) / len(every))))


def _thinned(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    rows = np.linspace(0, len(vectors) - 1, min(len(vectors), _MOST_VECTORS)).round().astype(int)
    thinned: NDArray[np.float32] = vectors[rows]
    return thinned


def _distance(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    norms = float(np.linalg.norm(a) * np.linalg.norm(b))
    return 1.0 - float(a @ b) / norms if norms else 0.0
