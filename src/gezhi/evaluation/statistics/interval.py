"""An estimate with its interval: the one type that tables and reports show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate with the interval that holds it with the confidence asked for."""

    mean: float
    low: float
    high: float
    n: int
    """Values it was counted from: items, not groups."""

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"
