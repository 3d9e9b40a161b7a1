"""Does a quote support a sentence? Values compared by what they mean, names and negation in place, then meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gezhi.core.protocols import Embedder
from gezhi.language.tokens import tokens
from gezhi.language.conflicts import Conflict, conflicts

__all__ = ["Conflict", "Support", "SupportChecker"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """The verdict on one sentence."""

    supported: bool
    score: float
    """Calibrated probability of support, 0 to 1; below one half wherever something conflicts."""
    conflicts: tuple[Conflict, ...] = ()


class SupportChecker:
    """Checks sentences against quotes.

    Args:
        embedder: For meaning; None leaves characters, words and values to decide.
    """

    def __init__(self, embedder: Embedder | None) -> None:
        self.embedder = embedder

    def check(self, sentence: str, quotes: Sequence[str]) -> Support:
        """Whether `quotes`, taken together, support `sentence`."""
        return self.check_many([(sentence, quotes)])[0]

    def check_many(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[Support]:
        """One verdict a pair of sentence and quotes; all texts are embedded in one batch."""
        return [_verdict(sentence, quotes) for sentence, quotes in pairs]


def _verdict(sentence: str, quotes: Sequence[str]) -> Support:
    found = tuple(conflicts(sentence, quotes))
    said, there = set(tokens(sentence)), {term for quote in quotes for term in tokens(quote)}
    score = len(said & there) / len(said) if said else 0.0
    return Support(supported=not found and score >= 0.5, score=min(score, 0.49) if found else score, conflicts=found)
