"""Two rankings into one: `scores` averages normalised scores, `rrf` reciprocal ranks (Cormack et al. 2009).

Differs from the usual in that a leg is trusted only as far as it could match the question at all (`keyword_trust`):
words of an English question are nowhere in a Chinese text, and what a keyword search then ranks first is chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gezhi.retrieval.vectors import Ids, Scores, best

_RRF_K = 60
"""Of the paper."""
_ENOUGH = 0.5
_FALL = 3
"""Both chosen on a set of their own (see docs/decisions/0031): half of what the question says, matched, is a match."""


@dataclass(frozen=True, slots=True)
class Leg:
    """What one way of searching found."""

    ids: Ids
    """Best first."""
    scores: Scores
    """What the leg is ordered by."""
    weight: float
    """Share of this leg in the fused score."""
    trust: float = 1.0
    """0 to 1, multiplies the weight."""
    told: Mapping[str, Scores] = field(default_factory=dict)
    """What is told of each find, by name: raw scores."""


def by_scores(legs: Sequence[Leg]) -> tuple[Ids, Scores]:
    """Weighted mean of scores, each leg's stretched to 0 to 1 over what it found; not found counts as 0."""
    return _mean([(leg, _stretched(leg.scores)) for leg in legs])


def by_ranks(legs: Sequence[Leg]) -> tuple[Ids, Scores]:
    """Weighted mean of 1 / (60 + rank), over its maximum: 1 for what stands first in every leg."""
    first = _RRF_K + 1
    return _mean([(leg, (first / (first + np.arange(len(leg.ids)))).astype(np.float32)) for leg in legs])


def keyword_trust(score: float, reach: float) -> float:
    """How far a keyword ranking is to be trusted, 0 to 1.

    Args:
        score: BM25 of its best passage.
        reach: BM25 of a passage of average length that has each term of the question once; terms that no passage has
            are part of it, as the rarest.
    """
    share = score / reach if reach > 0 else 0.0
    return min(1.0, share / _ENOUGH) ** _FALL


def _stretched(scores: Scores) -> Scores:
    if not len(scores):
        return scores
    low, high = float(scores.min()), float(scores.max())
    return (scores - np.float32(low)) / np.float32(high - low) if high > low else np.ones_like(scores)


def _mean(legs: Sequence[tuple[Leg, Scores]]) -> tuple[Ids, Scores]:
    found = [(leg, scores, leg.weight * leg.trust) for leg, scores in legs if len(leg.ids)]
    total = sum(weight for _, _, weight in found)
    if total <= 0:
        # Of legs without any weight the first that found something decides.
        return (found[0][0].ids, found[0][1]) if found else (np.empty(0, np.int64), np.empty(0, np.float32))
    ids = np.unique(np.concatenate([leg.ids for leg, _, _ in found]))
    fused = np.zeros(len(ids), np.float32)
    for leg, scores, weight in found:
        fused[np.searchsorted(ids, leg.ids)] += np.float32(weight / total) * scores
    return best(ids, fused, len(ids))
