"""What reports are given: numbers with their intervals, as plain values, and how these numbers are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from gezhi.core.catalogue import say
from gezhi.evaluation.exam import Outcome
from gezhi.evaluation.statistics import Interval

Unit = Literal["share", "number", "seconds"]
"""Shares lie in 0 to 1 and are shown as percentages, their differences as percentage points."""
Verdict = Literal["better", "worse", "not_shown"]
Passing = Literal["pass", "regression", "inconclusive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One metric over a set of items."""

    name: str
    interval: Interval | None
    """None: measured on no item. `interval.n` is how many it was measured on."""
    missing: int = 0
    """Items on which it could not be measured or does not apply."""
    unit: Unit = "share"
    higher_is_better: bool = True
    told: str = ""
    """What it measures, in a few words."""
    signature: str = ""
    """Tokeniser, version, options."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskCoverage:
    """Share of wrong answers when only the surest share of questions is answered; two sequences of one length."""

    coverage: Sequence[float]
    """Ascending, above 0 to 1."""
    risk: Sequence[float]
    """0 to 1."""
    constant: float
    """Risk of a system that is equally sure of everything: that at full coverage."""
    area: float | None = None
    """Below the curve; the smaller the better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Confidence held against how often answers were right; sequences of one length, an entry a bin."""

    confidence: Sequence[float]
    """Mean of the bin."""
    right: Sequence[float]
    """Share of right answers in the bin, with its interval."""
    low: Sequence[float]
    high: Sequence[float]
    counts: Sequence[int]
    error: float | None = None
    """Expected calibration error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One solver on one exam."""

    name: str
    outcomes: Sequence[Outcome]
    scores: Sequence[Score]
    """The first is the headline, and what items are ordered by."""
    tags: Mapping[str, Sequence[Score]] = field(default_factory=dict)
    environment: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Title of a group (options, versions, machine) to its names and values."""
    risk: RiskCoverage | None = None
    reliability: Reliability | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One metric of two runs on the same items."""

    name: str
    before: Interval | None
    after: Interval | None
    difference: Interval | None
    """After minus before, paired; None: measured on no item in both."""
    verdict: Verdict
    p: float | None = None
    """Of the test named, corrected where several metrics are compared."""
    test: str = ""
    """Which test, as people know it."""
    needed: int | None = None
    """How many more questions would show a difference of this size; None: not known, or not asked."""
    unit: Unit = "share"
    higher_is_better: bool = True
    confidence: float = 0.95
    """Of the intervals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One condition of a gate: a metric of the candidate must not fall behind the baseline's by more than `margin`."""

    change: Change
    margin: float
    """In the unit of the metric, at least 0."""
    result: Passing
    reason: str
    """In a sentence."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """All conditions between two runs of an exam."""

    name: str
    """Of the exam."""
    baseline: str
    candidate: str
    checks: Sequence[Check]
    notes: Sequence[str] = ()
    """What else must be known: the items are drafts, the gate was forced and why."""
    environment: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def result(self) -> Passing:
        """A regression outweighs doubt, doubt outweighs a pass; nothing checked is doubt."""
        results = {check.result for check in self.checks}
        if "regression" in results:
            return "regression"
        return "inconclusive" if "inconclusive" in results or not results else "pass"


def unit_text(value: float, unit: Unit | Literal["points"]) -> str:
    """A number as people read it: `87.1 %`, `+3.2` percentage points, `1.24 s`, `0.871`."""
    if unit == "share":
        return say("report.percent", value=f"{100 * value:.1f}")
    if unit == "points":
        rounded = _zero(100 * value, 1)
        return f"{rounded:+.1f}" if rounded else "0.0"
    return say("report.seconds", value=_plain(value)) if unit == "seconds" else _plain(value)


def difference_text(value: float, unit: Unit) -> str:
    """A difference with its sign, shares in percentage points."""
    if unit == "share":
        return unit_text(value, "points")
    return ("+" if value >= 0 else "") + unit_text(value, unit)


def range_text(interval: Interval, unit: Unit, *, difference: bool = False) -> str:
    """`84.2 % - 89.9 %`, with the dash of the language."""
    low, high = interval.low, interval.high
    if difference:
        return say("report.range", low=difference_text(low, unit), high=difference_text(high, unit))
    if unit == "share":
        # A normal interval may reach beyond what a share can be.
        low, high = max(0.0, low), min(1.0, high)
    return say("report.range", low=unit_text(low, unit), high=unit_text(high, unit))


def verdict_text(change: Change) -> str:
    """The outcome of a comparison in a sentence that needs no statistics to be understood."""
    if change.difference is None or change.before is None or change.after is None:
        return say("report.verdict_unmeasured", name=change.name)
    values = {
        "name": change.name,
        "size": difference_text(change.difference.mean, change.unit),
        "points": say("report.points") if change.unit == "share" else "",
        "range": range_text(change.difference, change.unit, difference=True),
        "before": unit_text(change.before.mean, change.unit),
        "after": unit_text(change.after.mean, change.unit),
        "n": change.difference.n,
        "confidence": f"{100 * change.confidence:g}",
    }
    told = say(f"report.verdict_{change.verdict}", **values)
    if change.verdict == "not_shown" and change.needed is not None:
        told += say("report.verdict_needed", needed=change.needed)
    return told


def _plain(value: float) -> str:
    return f"{_zero(value, 3):.3f}" if abs(value) < 10 else f"{value:.1f}"


def _zero(value: float, digits: int) -> float:
    """The value rounded, without the sign of a rounded zero."""
    return round(value, digits) + 0.0
