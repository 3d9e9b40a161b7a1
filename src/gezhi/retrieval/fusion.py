"""Two rankings into one. `scores` averages normalised scores, `rrf` reciprocal ranks (Cormack et al. 2009)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gezhi.retrieval.vectors import Ids, Scores, best

_RRF_K = 60  # of the paper


@dataclass(frozen=True, slots=True)
class Leg:
    """What one way of searching found."""

    ids: Ids
    """Best first."""
    scores: Scores
    weight: float
    """Share of this leg in the fused score."""
    trust: float = 1.0
    """0 to 1: how much of what was asked this leg could match at all."""


def by_scores(legs: Sequence[Leg]) -> tuple[Ids, Scores]:
    """Weighted mean of scores, each leg's stretched to 0 to 1 over what it found; not found counts as 0."""
    return _sum([(leg, _stretched(leg.scores)) for leg in legs])


def by_ranks(legs: Sequence[Leg]) -> tuple[Ids, Scores]:
    """Weighted sum of 1 / (60 + rank), over its maximum: 1.0 for what stands first in every leg."""
    ranks = [(leg, (_RRF_K + 1) / (_RRF_K + 1 + np.arange(len(leg.ids), dtype=np.float32))) for leg in legs]
    return _sum(ranks)


def _stretched(scores: Scores) -> Scores:
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    if high == low:
        return np.ones_like(scores)
    return (scores - low) / (high - low)


def _sum(legs: Sequence[tuple[Leg, Scores]]) -> tuple[Ids, Scores]:
    found = [(leg, scores) for leg, scores in legs if len(leg.ids)]
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    ids = np.unique(np.concatenate([leg.ids for leg, _ in found]))
    weights = [leg.weight * leg.trust for leg, _ in found]
    total = np.zeros(len(ids), np.float32)
    for (leg, scores), weight in zip(found, weights, strict=True):
        total[np.searchsorted(ids, leg.ids)] += np.float32(weight) * scores
    return best(ids, total / (sum(weights) or 1.0), len(ids))
