"""Two settings on the same items: which test, what it says, and how many more items would show the difference seen."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from gezhi.core.catalogue import say
from gezhi.evaluation.statistics.interval import Interval
from gezhi.evaluation.statistics.intervals import clustered_error, tango_bounds
from gezhi.evaluation.statistics.noninferiority import cautious_ends, units
from gezhi.evaluation.statistics.paired import mcnemar, patterns, sign_flip_bounds, sign_flip_p
from gezhi.evaluation.statistics.planning import fewest_units, items_for_pairs, items_for_scores
from gezhi.evaluation.statistics.samples import Pairs, Scores, at_least, level, pairs

Verdict = Literal["better", "worse", "not_shown"]
TestName = Literal["mcnemar", "sign_flip", "clustered_sign_flip", "none"]
_POWER = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the same items say about b against a."""

    verdict: Verdict
    """Of b against a: `better` or `worse` where the whole interval lies beyond the margin, else `not_shown`."""
    test: TestName
    """`none`: no item has both scores."""
    reason: str
    """Why that test, in a sentence."""
    n: int
    """Items compared."""
    dropped: int
    """Items left out: one of the two has no score."""
    groups: int
    """Independent units among the items compared: groups where they repeat, else items."""
    mean_a: float | None
    mean_b: float | None
    """None without items."""
    difference: float | None
    """`mean_b - mean_a`, in points of the score, whichever direction is better."""
    interval: Interval | None
    """Of the difference, as sure as `confidence` over all hypotheses together; holds 0 exactly where p is above the
    level. None where nothing is known of the spread: no item, or one whose scores are not 0 to 1."""
    p: float | None
    """Two-sided, of no difference at all; not adjusted for the number of hypotheses."""
    a_higher: int
    """Items on which a scores higher: with 0/1 scores, those that a alone has right."""
    b_higher: int
    ties: int
    items_to_show: int | None
    """More items that would show the difference seen with a chance of 80 %, were it the true one; 0 where it is shown;
    None where the difference is 0 or within the margin, or nothing is known of its spread."""
    confidence: float
    margin: float
    hypotheses: int


def compare(
    a: Scores,
    b: Scores,
    *,
    groups: Sequence[Hashable] | None = None,
    higher_is_better: bool = True,
    confidence: float = 0.95,
    margin: float = 0.0,
    hypotheses: int = 1,
) -> Comparison:
    """Is b better than a? Scores of the same items in the same order; None on either side drops the item.

    0/1 scores of independent items: exact McNemar, with Tango's interval drawn out to 0 where the exact test does not
    exclude it. Other scores: sign-flip permutation and the interval that belongs to it. Where groups repeat, whole
    groups change sign. Below six items or groups no sign-flip test reaches 95 %: nothing is shown, and the interval is
    a t interval.

    Args:
        groups: What each item is clustered by, such as its document.
        margin: Differences up to this size do not matter: the interval must lie beyond it.
        hypotheses: How many comparisons are made at once; the level is shared out among them (Bonferroni).

    Raises:
        BadOptions: Lists of different lengths, a number out of its range.
    """
    alpha = level(confidence, hypotheses)
    at_least("margin", margin, 0)
    both = pairs(a, b, groups)
    test, p, ends = _tested(both, alpha)
    difference = float((both.b - both.a).mean()) if len(both.a) else None
    verdict = _verdict(ends, margin, higher_is_better)
    return Comparison(
        verdict=verdict,
        test=test,
        reason=_reason(both, test, alpha),
        n=len(both.a),
        dropped=both.dropped,
        groups=both.clusters if both.clustered else len(both.a),
        mean_a=float(both.a.mean()) if len(both.a) else None,
        mean_b=float(both.b.mean()) if len(both.a) else None,
        difference=difference,
        interval=None if ends is None or difference is None
        else Interval(mean=difference, low=ends[0], high=ends[1], n=len(both.a)),
        p=p,
        a_higher=int((both.a > both.b).sum()),
        b_higher=int((both.b > both.a).sum()),
        ties=int((both.a == both.b).sum()),
        items_to_show=0 if verdict != "not_shown" else _items_to_show(both, margin, alpha),
        confidence=confidence,
        margin=margin,
        hypotheses=hypotheses,
    )  # fmt: skip


def _tested(both: Pairs, alpha: float) -> tuple[TestName, float | None, tuple[float, float] | None]:
    if not len(both.a):
        return "none", None, None
    if both.binary and not both.clustered:
        lost, won = int((both.a > both.b).sum()), int((both.b > both.a).sum())
        low, high = tango_bounds([lost], [won], len(both.a), -float(ndtri(alpha / 2)))
        p = mcnemar(lost, won)
        return "mcnemar", p, _with_zero(float(low[0]), float(high[0]), p > alpha)
    sums, sizes = units(both)
    flipped = patterns(len(sums))
    p = float(sign_flip_p(sums[None, :], flipped)[0])
    return (
        "clustered_sign_flip" if both.clustered else "sign_flip",
        p,
        _flip_ends(both, sign_flip_bounds(sums, sizes, flipped, alpha), alpha, p),
    )


def _flip_ends(
    both: Pairs, ends: tuple[float | None, float | None], alpha: float, p: float
) -> tuple[float, float] | None:
    low, high = ends
    if low is not None and high is not None and (both.a != both.b).any():
        return low, high
    # Too few units, or nothing differs at all: a point would claim to know more than that.
    cautious = cautious_ends(*units(both), alpha / 2, bounded=_within_one(both))
    return None if cautious is None else _with_zero(*cautious, p > alpha)


def _within_one(both: Pairs) -> bool:
    return bool(min(both.a.min(), both.b.min()) >= 0 and max(both.a.max(), both.b.max()) <= 1)


def _with_zero(low: float, high: float, held: bool) -> tuple[float, float]:
    return (min(low, 0.0), max(high, 0.0)) if held else (low, high)


def _verdict(ends: tuple[float, float] | None, margin: float, higher_is_better: bool) -> Verdict:
    if ends is None or (-margin <= ends[1] and ends[0] <= margin):
        return "not_shown"
    return "better" if (ends[0] > margin) == higher_is_better else "worse"


def _items_to_show(both: Pairs, margin: float, alpha: float) -> int | None:
    differences = both.b - both.a
    n = len(differences)
    gap = abs(float(differences.mean())) - margin if n else 0.0
    if gap <= 1e-12 or (n < 2 and not both.binary):
        return None
    if both.binary and not both.clustered and not margin:
        shares = float((differences < 0).mean()), float((differences > 0).mean())
        needed = items_for_pairs(*shares, alpha, _POWER)
    else:
        sums, sizes = units(both)
        spread = float(clustered_error(sums, sizes)) * np.sqrt(n) if len(sums) > 1 else 0.0
        needed = items_for_scores(gap / max(spread, 1e-12), alpha, _POWER)
        least = int(np.ceil(fewest_units(alpha) * n / len(sums)))
        needed = None if needed is None else max(needed, least)
    return None if needed is None else max(1, needed - n)


def _reason(both: Pairs, test: TestName, alpha: float) -> str:
    if test == "none":
        return say("statistics.why_nothing")
    if test == "mcnemar":
        return say("statistics.why_mcnemar")
    n, needed = len(both.a), fewest_units(alpha)
    if test == "clustered_sign_flip":
        key = "statistics.why_too_few_groups" if both.clusters < needed else "statistics.why_clustered"
        return say(key, items=n, groups=both.clusters, needed=needed)
    return say("statistics.why_too_few", items=n, needed=needed) if n < needed else say("statistics.why_sign_flip")
