"""Looking after every item without paying for it: an e-value for paired scores, and a confidence sequence."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np

from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics.interval import Interval
from gezhi.evaluation.statistics.samples import Floats, level

_BETS = 256
_GRID = 400


class SequentialComparison:
    """Takes one pair of scores at a time; may be looked at, and stopped, after any of them.

    The chance that a verdict is ever given though b is no different from a is at most 1 - confidence, however often one
    looks (Ville 1939). Betting as in Waudby-Smith and Ramdas (2023), with one difference: instead of a stake that
    adapts, stakes of every size are held side by side (uniform mixture; for 0/1 scores the beta-binomial mixture of
    sign tests, Robbins 1970), which gives the same value whatever the order of the items, and nothing to tune.

    Items must be independent: of items of one document give the mean as one pair. Their order must not depend on
    their scores.
    """

    def __init__(self, *, higher_is_better: bool = True, confidence: float = 0.95, hypotheses: int = 1) -> None:
        self._alpha = level(confidence, hypotheses)
        self._sign = 1 if higher_is_better else -1
        self._stakes, self._weights = _mixture()
        self._up, self._down = np.zeros(_BETS), np.zeros(_BETS)
        self._differences: list[float] = []
        self._verdict: Literal["better", "worse", "not_shown"] = "not_shown"
        self.dropped = 0
        self.decided_after: int | None = None

    def add(self, a: float | None, b: float | None) -> Literal["better", "worse", "not_shown"]:
        """Take the scores of one item, and say what is shown so far of b against a.

        Args:
            a: Score of a, or None: the item then counts as dropped. `b` likewise.

        Raises:
            BadOptions: A difference outside -1 to 1: scores must be brought to 0 to 1 first.
        """
        if a is None or b is None:
            self.dropped += 1
            return self._verdict
        difference = float(b) - float(a)
        if not -1 <= difference <= 1:
            raise BadOptions("statistics.out_of_scale", value=difference)
        self._differences.append(difference)
        self._up += np.log1p(self._stakes * difference)
        self._down += np.log1p(-self._stakes * difference)
        if self._verdict == "not_shown":
            self._decide()
        return self._verdict

    @property
    def n(self) -> int:
        """Pairs taken, without those dropped."""
        return len(self._differences)

    @property
    def verdict(self) -> Literal["better", "worse", "not_shown"]:
        """What is shown; once shown it stays so. `decided_after` has the number of pairs it took."""
        return self._verdict

    @property
    def e_value(self) -> float:
        """Evidence against no difference: 1 at the start; 20 is what 95 % confidence asks for. At most 1e300."""
        return float(np.exp(min(np.logaddexp(self._log(self._up), self._log(self._down)) - np.log(2), 690.0)))

    @property
    def difference(self) -> float | None:
        """Mean of b minus a so far; None before the first pair."""
        return float(np.mean(self._differences)) if self._differences else None

    def interval(self) -> Interval | None:
        """Confidence sequence of the difference: holds it at all times together, with the confidence asked for.

        To a hundredth above (rounded outwards to 0.005); None before the first pair.
        """
        if not self._differences:
            return None
        sample = np.asarray(self._differences)
        values, counts = np.unique(sample, return_counts=True)
        means = np.linspace(-1, 1, _GRID + 1)
        kept = np.flatnonzero(
            [self._log_against(mean, values, counts.astype(np.float64)) < -np.log(self._alpha) for mean in means]
        )
        place = float(sample.mean())
        low = means[max(kept[0] - 1, 0)] if len(kept) else place - 2 / _GRID
        high = means[min(kept[-1] + 1, _GRID)] if len(kept) else place + 2 / _GRID
        return Interval(mean=place, low=float(min(low, place)), high=float(max(high, place)), n=len(sample))

    def _decide(self) -> None:
        threshold = np.log(2 / self._alpha)
        for bets, sign in ((self._up, 1), (self._down, -1)):
            if self._log(bets) >= threshold:
                self._verdict = "better" if sign == self._sign else "worse"
                self.decided_after = len(self._differences)

    def _log(self, bets: Floats) -> float:
        return float(np.logaddexp.reduce(bets + self._weights))

    def _log_against(self, mean: float, values: Floats, counts: Floats) -> float:
        """Log e-value against this mean: stakes as large as differences from -1 to 1 allow without ruin."""
        if abs(mean) == 1:
            # A mean of the very end allows no other value.
            return 0.0 if (values == mean).all() else float("inf")
        gaps = (values - mean)[:, None]
        with np.errstate(divide="ignore"):
            up: Floats = counts @ np.log1p(self._stakes / (1 + mean) * gaps)
            down: Floats = counts @ np.log1p(-self._stakes / (1 - mean) * gaps)
        return float(np.logaddexp(self._log(up), self._log(down)) - np.log(2))


@cache
def _mixture() -> tuple[Floats, Floats]:
    """Stakes from 0 to 1 and the logarithms of their weights: by Gauss and Legendre, the mixture is all but uniform."""
    nodes, weights = np.polynomial.legendre.leggauss(_BETS)
    return (nodes + 1) / 2, np.log(weights / 2)
