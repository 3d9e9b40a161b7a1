"""Before a run: how many items are needed, what a number of them would find, and the smallest change they would find.

Counted for the tests that `compare` uses. For 0/1 scores the power of the exact McNemar test is summed over all
outcomes; for other scores that of the paired t test stands for the sign-flip test, which comes close to it (Lehmann
1986, section 5.11). Only findings in the right direction count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, nctdtr, ndtr, ndtri, stdtrit

from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics.paired import binomial_cdf
from gezhi.evaluation.statistics.samples import at_least, between, level

MOST_ITEMS = 1_000_000_000
_EXACT_ITEMS = 1_000_000
"""Above, the normal approximation is as good (Connor 1987)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedBinary:
    """What is expected of two systems whose answers are right or wrong, on the same items."""

    base_rate: float
    """Share that the system of today has right, 0 to 1."""
    correlation: float = 0.5
    """Of both being right on an item (phi), -1 to 1; brought down to what the two rates allow. 0: independent systems;
    two settings of one system are mostly above .5."""
    discordance: float | None = None
    """Share of items on which exactly one is right, where that is known from an earlier comparison: stands instead of
    the correlation."""
    group_size: float = 1.0
    """Items of one document, on average, where an exam has several of each; 1: items are independent."""
    group_correlation: float = 0.1
    """How alike the differences of one document are (intraclass correlation), 0 to 1; matters with groups only."""

    def __post_init__(self) -> None:
        between("base_rate", self.base_rate, 0, 1)
        between("correlation", self.correlation, -1, 1)
        between("discordance", 0 if self.discordance is None else self.discordance, 0, 1)
        _check_groups(self.group_size, self.group_correlation)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedScores:
    """What is expected of two systems whose answers get a number, on the same items."""

    sd: float
    """Standard deviation of the differences between the two, over items; above 0."""
    group_size: float = 1.0
    """As of `PairedBinary`."""
    group_correlation: float = 0.1
    """As of `PairedBinary`."""

    def __post_init__(self) -> None:
        at_least("sd", self.sd, 1e-12)
        _check_groups(self.group_size, self.group_correlation)


Design = PairedBinary | PairedScores


def items_needed(
    effect: float, design: Design, *, power: float = 0.8, confidence: float = 0.95, hypotheses: int = 1
) -> int:
    """Items with which `compare` finds a change of `effect` with the chance `power`.

    Args:
        effect: Score after minus score before: -0.1 is a drop of 10 points.

    Raises:
        BadOptions: An effect of 0, or one the design does not allow; a number out of its range.
    """
    alpha = level(confidence, hypotheses)
    between("power", power, 0.01, 0.9999)
    if effect == 0:
        raise BadOptions("statistics.no_effect")
    if isinstance(design, PairedBinary) and design.group_size == 1:
        found = items_for_pairs(*_cells(design, effect), alpha, power)
    else:
        found = items_for_scores(_ratio(design, effect), alpha, power)
    if found is not None and isinstance(design, PairedBinary) and design.group_size > 1:
        size = design.group_size
        found = _fewest(lambda groups: _power(int(np.ceil(groups * size)), effect, design, alpha) >= power, found)
    if found is None:
        raise BadOptions("statistics.never_shown", most=MOST_ITEMS)
    return int(np.ceil(found * design.group_size))


def power(n: int, effect: float, design: Design, *, confidence: float = 0.95, hypotheses: int = 1) -> float:
    """Chance, 0 to 1, that `compare` finds a change of `effect` with `n` items. Raises as `items_needed`."""
    at_least("n", n, 1)
    alpha = level(confidence, hypotheses)
    if effect == 0:
        raise BadOptions("statistics.no_effect")
    return _power(n, effect, design, alpha)


def minimal_detectable_effect(
    n: int,
    design: Design,
    *,
    rise: bool = False,
    power: float = 0.8,
    confidence: float = 0.95,
    hypotheses: int = 1,
) -> float | None:
    """Smallest drop (or rise) that `n` items find with the chance `power`, as a size above 0, to 4 decimals.

    Returns:
        None where not even the largest drop that is possible would be found.

    Raises:
        BadOptions: A number out of its range.
    """
    at_least("n", n, 1)
    between("power", power, 0.01, 0.9999)
    alpha, sign = level(confidence, hypotheses), 1 if rise else -1
    if isinstance(design, PairedScores):
        found = _smallest(lambda ratio: _power(n, ratio * design.sd, design, alpha) >= power, 1000.0)
        return None if found is None else _rounded_up(found * design.sd)
    largest = 1 - design.base_rate if rise else design.base_rate
    found = _smallest(lambda size: _power(n, sign * size, design, alpha, strict=False) >= power, largest)
    return None if found is None else min(_rounded_up(found), largest)


def items_for_pairs(lost: float, won: float, alpha: float, wanted: float) -> int | None:
    """Items that the exact McNemar test needs where a share `lost` is right before alone, and `won` after alone."""
    total, gap = lost + won, abs(won - lost)
    if gap <= 0:
        return None
    spread = np.sqrt(total) * -ndtri(alpha / 2) + np.sqrt(max(total - gap**2, 0.0)) * ndtri(wanted)
    guess = float((spread / gap) ** 2)
    if guess > _EXACT_ITEMS:
        return round(guess) if guess <= MOST_ITEMS else None
    return _fewest(lambda n: _power_of_pairs(n, lost, won, alpha) >= wanted, round(guess))


def items_for_scores(ratio: float, alpha: float, wanted: float) -> int | None:
    """Independent units that the paired test needs for a mean difference of `ratio` standard deviations."""
    guess = float(((ndtri(wanted) - ndtri(alpha / 2)) / ratio) ** 2) if ratio > 0 else np.inf
    if guess > _EXACT_ITEMS:
        return round(guess) if guess <= MOST_ITEMS else None
    return _fewest(lambda n: _power_of_scores(n, ratio, alpha) >= wanted, round(guess))


def fewest_units(alpha: float) -> int:
    """Items or groups below which no sign-flip test can reach the level."""
    return int(np.ceil(np.log2(2 / alpha) - 1e-9))


def _check_groups(size: float, correlation: float) -> None:
    at_least("group_size", size, 1)
    between("group_correlation", correlation, 0, 1)


def _power(n: int, effect: float, design: Design, alpha: float, *, strict: bool = True) -> float:
    if isinstance(design, PairedBinary) and design.group_size == 1:
        return _power_of_pairs(n, *_cells(design, effect, strict=strict), alpha)
    ratio = _ratio(design, effect, strict=strict)
    if isinstance(design, PairedBinary):
        # Sums of whole numbers: the many sign patterns that give just the sum seen weigh like a continuity correction.
        ratio *= max(0.0, 1 - 1 / (n * abs(effect)))
    return _power_of_scores(int(n / design.group_size), ratio, alpha)


def _ratio(design: Design, effect: float, *, strict: bool = True) -> float:
    """The effect in standard deviations of the mean difference of one independent unit: an item, or a group."""
    if isinstance(design, PairedScores):
        sd = design.sd
    else:
        lost, won = _cells(design, effect, strict=strict)
        sd = max(float(np.sqrt(max(lost + won - effect**2, 0.0))), 1e-9)
    repeated = 1 + (design.group_size - 1) * design.group_correlation
    return abs(effect) / sd * float(np.sqrt(design.group_size / repeated))


def _cells(design: PairedBinary, effect: float, *, strict: bool = True) -> tuple[float, float]:
    """Shares of items that are right before alone, and after alone."""
    before, after = design.base_rate, design.base_rate + effect
    if not -1e-9 <= after <= 1 + 1e-9:
        raise BadOptions("statistics.impossible_effect", base=before, effect=effect)
    after = min(max(after, 0.0), 1.0)
    low, high = max(0.0, before + after - 1), min(before, after)
    if design.discordance is None:
        both = before * after + design.correlation * np.sqrt(before * (1 - before) * after * (1 - after))
    else:
        both = (before + after - design.discordance) / 2
        if strict and not low - 1e-9 <= both <= high + 1e-9:
            least, most = round(before + after - 2 * high, 4), round(before + after - 2 * low, 4)
            raise BadOptions("statistics.impossible_discordance", discordance=design.discordance, base=before,
                             effect=effect, low=least, high=most)  # fmt: skip
    both = float(min(max(both, low), high))
    return before - both, after - both


def _power_of_pairs(n: int, lost: float, won: float, alpha: float) -> float:
    """Of the exact McNemar test, summed over how many of `n` items differ."""
    total = min(lost + won, 1.0)
    if n < 1 or total <= 0:
        return 0.0
    reach = 8 * np.sqrt(n * total * (1 - total)) + 20
    differing = np.arange(max(0, int(n * total - reach)), min(n, int(n * total + reach)) + 1, dtype=np.float64)
    weights = np.ones(1) if total >= 1 else np.exp(
        gammaln(n + 1) - gammaln(differing + 1) - gammaln(n - differing + 1)
        + differing * np.log(total) + (n - differing) * np.log1p(-total)
    )  # fmt: skip
    differing = np.full(1, float(n)) if total >= 1 else differing
    # Largest count on the losing side that is still significant: from a little above the normal guess down.
    guess = np.floor(differing / 2 + ndtri(alpha / 2) * np.sqrt(differing) / 2) + 2
    most = np.clip(guess, 0, differing)
    while (above := (most >= 0) & (2 * binomial_cdf(np.maximum(most, 0), differing, 0.5) > alpha)).any():
        most = most - above
    chance = binomial_cdf(np.maximum(most, 0), differing, min(lost, won) / total)
    return float((weights * np.where(most >= 0, chance, 0.0)).sum())


def _power_of_scores(n: int, ratio: float, alpha: float) -> float:
    """Of the one side of the paired t test, `ratio` standard deviations from 0."""
    if n < max(2, fewest_units(alpha)):
        return 0.0
    shift = ratio * np.sqrt(n)
    if n > 10_000:
        return float(ndtr(shift + ndtri(alpha / 2)))
    # Far out the noncentral t breaks down, and nothing is left to count.
    return 1.0 if shift > 30 else float(1 - nctdtr(n - 1, shift, stdtrit(n - 1, 1 - alpha / 2)))


def _fewest(enough: Callable[[int], bool], guess: int) -> int | None:
    low, high = 0, max(guess, 1)
    while not enough(high):
        low, high = high, 2 * high
        if high > MOST_ITEMS:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _smallest(enough: Callable[[float], bool], largest: float) -> float | None:
    if largest <= 0 or not enough(largest):
        return None
    low, high = 0.0, largest
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _rounded_up(size: float) -> float:
    return float(np.ceil(size * 1e4 - 0.02) / 1e4)
