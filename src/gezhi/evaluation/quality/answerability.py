"""The probability that passages answer a question, from the question and the passages alone; no model is asked."""

from __future__ import annotations

from collections.abc import Sequence

from gezhi.core.types import Passage


class Answerability:
    """A calibrated logistic model, fitted for the vectors of one embedder.

    Args:
        embedder: Name of the embedder whose cosines stand in `Passage.found_by["dense"]`; None without one.
    """

    def __init__(self, embedder: str | None) -> None:
        self.embedder = embedder

    def probability(self, question: str, passages: Sequence[Passage]) -> float | None:
        """Probability that `passages` (best first) answer `question`; None if fitted for another embedder."""
        return None
