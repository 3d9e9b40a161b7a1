"""The probability that passages answer a question, from the question and the passages alone; no model is asked.

Calibrated where half of the questions can be answered. The fit belongs to the cosines of one embedder.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from gezhi.core.types import Passage
from gezhi.evaluation.logistic import Logistic, stored
from gezhi.evaluation.quality.answerability_features import MODELS, by_model, features


class Answerability:
    """A calibrated logistic model, fitted for the vectors of one embedder.

    Args:
        embedder: Name of the embedder whose cosines stand in `Passage.found_by["dense"]`; None without one.
    """

    def __init__(self, embedder: str | None) -> None:
        self.embedder = embedder

    def probability(self, question: str, passages: Sequence[Passage]) -> float | None:
        """Probability that `passages` (best first) answer `question`; None if fitted for another embedder."""
        fitted_for, models = _fit()
        if self.embedder != fitted_for:
            return None
        if not passages or not question.strip():
            return 0.0
        # Scores of another language mean something else: each is judged by itself, and one that answers is enough.
        judged = by_model(question, passages).items()
        return max(float(models[name].probability([features(question, found)])[0]) for name, found in judged)


@cache
def _fit() -> tuple[str, dict[str, Logistic]]:
    record = stored("answerability")
    return record["embedder"], {name: Logistic.from_json(record["models"][name]) for name in MODELS}
