"""Adjusting p-values where many hypotheses are tested at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gezhi.evaluation.statistics.samples import Floats, between


def holm(p: Sequence[float]) -> list[float]:
    """Adjusted p-values (Holm 1979), in the order given: a level of .05 bounds the chance of any false alarm by .05.

    Raises:
        BadOptions: A value outside 0 to 1.
    """
    order, ordered = _ordered(p)
    factors = len(ordered) - np.arange(len(ordered))
    return _back(order, np.maximum.accumulate(ordered * factors))


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Adjusted p-values (Benjamini and Hochberg 1995), in the order given; for tests not negatively dependent.

    Calling all found that are at most .05 bounds the expected share of false ones among them by .05.

    Raises:
        BadOptions: A value outside 0 to 1.
    """
    order, ordered = _ordered(p)
    factors = len(ordered) / (1 + np.arange(len(ordered)))
    return _back(order, np.minimum.accumulate((ordered * factors)[::-1])[::-1])


def _ordered(p: Sequence[float]) -> tuple[list[int], Floats]:
    for value in p:
        between("p", value, 0, 1)
    order = sorted(range(len(p)), key=lambda i: p[i])
    return order, np.asarray([p[i] for i in order], dtype=np.float64)


def _back(order: list[int], adjusted: Floats) -> list[float]:
    found = [0.0] * len(order)
    for place, value in zip(order, adjusted, strict=True):
        found[place] = min(1.0, float(value))
    return found
