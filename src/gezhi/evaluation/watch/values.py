"""What a report on live answers consists of, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

By = Literal["day", "hour"]
DriftMethod = Literal["psi", "ks", "centroid"]
VerdictState = Literal["fine", "unsure", "alert", "too_few"]
"""unsure: beyond the limit, but not by more than so few answers may give by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Seconds of one stage: half of the answers, and 95 of 100, took no longer."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of a number of answers; None: nothing to measure it by."""

    answers: int
    refused: Mapping[str, int] = field(default_factory=dict)
    """Why to how many."""
    refusal_rate: float | None = None
    supported: int = 0
    """Drafted sentences with support ..."""
    unsupported: int = 0
    """... and without: left out, or marked."""
    support_rate: float | None = None
    up: int = 0
    down: int = 0
    up_rate: float | None = None
    confidence: float | None = None
    """Mean of those that have one."""
    cosine: float | None = None
    """Mean of the best passage's cosine, where the search by meaning found any."""
    latency: Mapping[str, Latency] = field(default_factory=dict)
    """By stage; `total` is what a person waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A day or an hour."""

    start: datetime
    """In the zone of the report."""
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One feature of the questions, then and now."""

    feature: str
    """`length`, `cosine` (of the best passage), `confidence`, `language`, `route`, or `meaning`."""
    method: DriftMethod
    """psi: population stability index, with a chi-squared test. ks: Kolmogorov-Smirnov distance, with its test.
    centroid: cosine distance of the mean vectors, with a permutation test."""
    value: float | None
    """0: nothing changed. None: one of the sides is empty."""
    p: float | None
    """How often so much comes by chance where nothing changed, 0 to 1."""
    reference: int
    """Questions then."""
    current: int
    """Questions now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One figure against its limit."""

    name: str
    """`refused`, `supported`, `up`, `seconds`, or `drift.` and a feature."""
    value: float | None
    limit: float
    state: VerdictState
    n: int
    """Answers, sentences, thumbs or questions it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchReport:
    """What happened between two times."""

    since: datetime
    until: datetime
    by: By
    total: Figures
    buckets: tuple[Bucket, ...]
    """Those with answers, by time."""
    reference: tuple[datetime, datetime]
    """What drift is measured against."""
    drift: tuple[Drift, ...]
    verdicts: tuple[Verdict, ...]
    complaints: tuple[tuple[str, str, str], ...] = ()
    """(answer id, question as kept, reason as kept) of thumbs that are down, the latest first, at most 20."""
