"""Is the candidate not worse than the baseline by more than a margin? One-sided; decides what may come into force."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri, stdtrit

from gezhi.core.catalogue import say
from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics.intervals import clustered_error, tango_bounds
from gezhi.evaluation.statistics.planning import MOST_ITEMS
from gezhi.evaluation.statistics.samples import Floats, Pairs, Scores, group_sums, level, pairs

GateVerdict = Literal["pass", "regression", "inconclusive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NonInferiority:
    """What the items say about a candidate."""

    verdict: GateVerdict
    """`pass`: worse by less than the margin, with confidence. `regression`: worse by more, with confidence."""
    difference: float | None
    """Mean of candidate minus baseline, in points of the score; None without items."""
    bound: float | None
    """How bad the difference may yet be: its lower end (upper, where lower is better); None where unknown."""
    best: float | None
    """How good it may yet be: the other end."""
    margin: float
    confidence: float
    """Of each end by itself."""
    reason: str
    """How the ends were counted, in a sentence."""
    n: int
    dropped: int
    """Items without a score on one side."""
    items_to_pass: int | None
    """More items that would let it pass with a chance of 80 %, were the difference seen the true one; 0 where it
    passes; None where that difference is itself beyond the margin, or nothing is known of its spread."""


def non_inferiority(
    baseline: Scores,
    candidate: Scores,
    *,
    margin: float,
    groups: Sequence[Hashable] | None = None,
    higher_is_better: bool = True,
    bounded: bool | None = None,
    confidence: float = 0.95,
) -> NonInferiority:  # fmt: skip
    """Whether `candidate` is worse than `baseline` by less than `margin`, on the same items; None scores drop the item.

    0/1 scores of independent items: Tango (1998). All else: a t interval, clustered by groups that repeat. Scores
    within 0 to 1 get half a pair of +1 and half a pair of -1 added first, as Agresti and Min (2005) do for 0/1 scores:
    without, thirty items on which nothing changed would prove that nothing ever does. A gate on several scores needs no
    adjusting where all of them must pass (intersection-union; Berger 1982).

    Args:
        margin: In points of the score, at least 0: 0.02 lets a drop of two points pass.
        bounded: Whether scores can only be 0 to 1; None: they are, and higher is better.

    Raises:
        BadOptions: Lists of different lengths, a margin below 0.
    """
    if not margin >= 0:
        raise BadOptions("statistics.too_few", name="margin", value=margin, low=0)
    alpha = level(confidence)
    both = pairs(baseline, candidate, groups)
    ends = _ends(both, alpha, _within_one(both) and higher_is_better if bounded is None else bounded)
    difference = float((both.b - both.a).mean()) if len(both.a) else None
    sign = 1 if higher_is_better else -1
    worst, best = (None, None) if ends is None else ends if higher_is_better else (ends[1], ends[0])
    verdict: GateVerdict = "inconclusive"
    if worst is not None and sign * worst > -margin:
        verdict = "pass"
    elif best is not None and sign * best < -margin:
        verdict = "regression"
    return NonInferiority(
        verdict=verdict,
        difference=difference,
        bound=worst,
        best=best,
        margin=margin,
        confidence=confidence,
        reason=_reason(both, known=ends is not None),
        n=len(both.a),
        dropped=both.dropped,
        items_to_pass=0 if verdict == "pass" else _items_to_pass(both, difference, worst, sign, margin, alpha),
    )


def cautious_ends(sums: Floats, sizes: Floats, alpha: float, *, bounded: bool) -> tuple[float, float] | None:
    """One-sided t bounds of the mean, each missing with chance `alpha`; None where one unit has no known bounds.

    Args:
        sums: Of each group, shape (groups,); `sizes` likewise.
        bounded: Add half a pair of +1 and half of -1.
    """
    if not bounded:
        if len(sizes) < 2:
            return None
        mean, error, freedom = sums.sum() / sizes.sum(), float(clustered_error(sums, sizes)), len(sizes) - 1
    else:
        n = sizes.sum() + 1
        mean = sums.sum() / n
        # Two half-pairs at +1 and -1 add (1 + mean²) to the squares.
        squares = ((sums - mean * sizes) ** 2).sum() + 1 + mean**2
        count = len(sizes) + 1
        error, freedom = float(np.sqrt(squares * count / (count - 1)) / n), count - 1
    half = float(stdtrit(freedom, 1 - alpha)) * error
    low, high = float(mean - half), float(mean + half)
    return (max(low, -1.0), min(high, 1.0)) if bounded else (low, high)


def _ends(both: Pairs, alpha: float, bounded: bool) -> tuple[float, float] | None:
    if not len(both.a):
        return None
    if both.binary and not both.clustered:
        lost, won = (both.a > both.b).sum(), (both.b > both.a).sum()
        low, high = tango_bounds([lost], [won], len(both.a), -float(ndtri(alpha)))
        return float(low[0]), float(high[0])
    return cautious_ends(*units(both), alpha, bounded=bounded)


def units(both: Pairs) -> tuple[Floats, Floats]:
    """Sums of differences and sizes of what is independent: groups where they repeat, else items."""
    if both.clustered:
        return group_sums(both.b - both.a, both.groups)
    return both.b - both.a, np.ones(len(both.a))


def _within_one(both: Pairs) -> bool:
    everything = np.concatenate([both.a, both.b])
    return bool(((everything >= 0) & (everything <= 1)).all())


def _items_to_pass(
    both: Pairs, difference: float | None, worst: float | None, sign: int, margin: float, alpha: float
) -> int | None:
    if difference is None or worst is None or sign * difference + margin <= 0:
        return None
    # The half-width shrinks with the root of n; the power asked for adds its own quantile.
    error = abs(difference - worst) / -float(ndtri(alpha))
    needed = len(both.a) * (error * float(ndtri(1 - alpha) + ndtri(0.8)) / (sign * difference + margin)) ** 2
    return max(1, int(np.ceil(needed)) - len(both.a)) if needed <= MOST_ITEMS else None


def _reason(both: Pairs, *, known: bool) -> str:
    if not len(both.a):
        return say("statistics.why_nothing")
    if not known:
        return say("statistics.bound_none")
    if both.clustered:
        return say("statistics.bound_clustered", groups=both.clusters)
    return say("statistics.bound_tango") if both.binary else say("statistics.bound_t")
