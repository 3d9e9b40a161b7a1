"""What is kept of live answers, and which figures of them raise an alert."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gezhi.core.errors import BadOptions

Keep = Literal["masked", "hashed", "whole", "nothing"]
"""masked: personal data is replaced by its kind. hashed: only whether two are the same can be told."""


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Where a figure of live answers raises an alert; rates are 0 to 1."""

    answers: int = 30
    """With fewer answers than this nothing is judged."""
    refused: float = 0.4
    """Highest share of questions that are refused."""
    supported: float = 0.9
    """Lowest share of drafted sentences that have support."""
    up: float = 0.6
    """Lowest share of thumbs that are up."""
    seconds: float = 10.0
    """What 95 of 100 answers must not exceed."""
    psi: float = 0.25
    """Highest population stability index of a feature of the questions against the reference; 0.25 by convention."""
    ks: float = 0.2
    """Highest Kolmogorov-Smirnov distance of a feature, where `drift` is `ks`."""
    centroid: float = 0.1
    """Highest cosine distance between the mean vectors of the questions, where vectors are kept."""

    def __post_init__(self) -> None:
        _within(self, "answers", 1, 1_000_000)
        for name in ("refused", "supported", "up", "ks"):
            _within(self, name, 0, 1)
        _within(self, "seconds", 0.001, 86_400)
        _within(self, "psi", 0.001, 100)
        _within(self, "centroid", 0.001, 2)


@dataclass(frozen=True, kw_only=True)
class WatchOptions:
    """What is kept of live answers, on this machine alone, for `gezhi watch report`."""

    record: bool = True
    """Whether answers are recorded at all."""
    keep: Keep = "masked"
    """What is kept of the text of questions and of the reasons of thumbs."""
    answers: Keep = "nothing"
    """What is kept of the text of answers."""
    vectors: bool = False
    """Keep the vectors of questions, for drift by meaning. Texts can be guessed from them."""
    drift: Literal["psi", "ks"] = "psi"
    """How the numbers of questions are compared with the reference: population stability index with a chi-squared test,
    or Kolmogorov-Smirnov. Shares (of languages and routes) are always compared by psi."""
    alert: Thresholds = field(default_factory=Thresholds)
    """Where a figure raises an alert."""


def _within(options: Thresholds, name: str, low: float, high: float) -> None:
    value = getattr(options, name)
    if not low <= value <= high:
        raise BadOptions("watch.range", name=name, low=low, high=high, value=value)
