"""Scores of one ranked list, as trec_eval defines them. Means over questions are left to the caller.

`ranked` holds ids, best first, without repetitions; `relevant` the ids that should be found, or their gains for nDCG.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the shares are shares of (trec_eval `num_rel`, `num_ret`, `num_rel_ret`)."""

    relevant: int
    retrieved: int
    found: int


def counts(ranked: Sequence[str], relevant: Collection[str], k: int | None = None) -> Counts:
    """Of one list, cut after `k`."""
    wanted, first = set(relevant), ranked[:k]
    return Counts(relevant=len(wanted), retrieved=len(first), found=len(wanted & set(first)))


def recall_at_k(ranked: Sequence[str], relevant: Collection[str], k: int) -> float | None:
    """Share of the relevant ids among the first `k` (trec_eval `recall_k`); None where nothing is relevant."""
    wanted = set(relevant)
    if not wanted:
        return None
    return len(wanted & set(ranked[:k])) / len(wanted)


def precision_at_k(ranked: Sequence[str], relevant: Collection[str], k: int) -> float | None:
    """Relevant ids among the first `k`, over `k` even where fewer are found (`P_k`); None where nothing is relevant."""
    wanted = set(relevant)
    if not wanted:
        return None
    return len(wanted & set(ranked[:k])) / k


def hit(ranked: Sequence[str], relevant: Collection[str], k: int) -> float | None:
    """1.0 if any relevant id stands among the first `k` (trec_eval `success_k`); None where nothing is relevant."""
    if not relevant:
        return None
    return float(any(name in relevant for name in ranked[:k]))


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float | None:
    """1 / rank of the first relevant id, 0.0 if none is found (`recip_rank`); None where nothing is relevant."""
    if not relevant:
        return None
    return next((1 / rank for rank, name in enumerate(ranked, 1) if name in relevant), 0.0)


def average_precision(ranked: Sequence[str], relevant: Collection[str], k: int | None = None) -> float | None:
    """Mean over the relevant ids of the precision at their rank, 0 for those not found (`map`, `map_cut_k`)."""
    wanted = set(relevant)
    if not wanted:
        return None
    ranks = [rank for rank, name in enumerate(ranked[:k], 1) if name in wanted]
    return sum(found / rank for found, rank in enumerate(ranks, 1)) / len(wanted)


def ndcg(ranked: Sequence[str], gains: Mapping[str, float], k: int | None = None) -> float | None:
    """Normalised discounted cumulative gain (trec_eval `ndcg_cut_k`: linear gain, discount log2(rank + 1)).

    Args:
        gains: Id to gain; ids that are absent gain 0. Negative gains count as 0.
        k: Ranks that count; None for all.

    Returns:
        0 to 1; None where no gain is positive.
    """
    ideal = sorted((gain for gain in gains.values() if gain > 0), reverse=True)
    if not ideal:
        return None
    found = [max(0.0, gains.get(name, 0.0)) for name in ranked]
    return _discounted(found[:k]) / _discounted(ideal[:k])


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
