"""Text scores of single exam answers, 0 to 1, and BLEU and chrF over all of them.

None where an item has no reference answers or must be refused; a refusal of one that has answers is wrong: 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from gezhi.core.types import Answer
from gezhi.evaluation.exam import Item
from gezhi.evaluation.quality.text.match import F1, ExactMatch
from gezhi.evaluation.quality.text.meteor import Meteor
from gezhi.evaluation.quality.text.rouge import Rouge
from gezhi.evaluation.quality.text.score import ItemMetric, Score, TextMetric, TextOptions


class TextScorer:
    """One score of a metric, as a scorer of exam answers.

    Args:
        most: What the metric gives at most; scores are divided by it.
    """

    higher_is_better = True

    def __init__(self, name: str, metric: ItemMetric, *, most: float = 1.0) -> None:
        self.name = name
        self._metric, self._most = metric, most

    def __call__(self, item: Item, answer: Answer) -> float | None:
        """The best over the reference answers."""
        if item.unanswerable or not item.answers:
            return None
        return 0.0 if answer.refused else self._metric.of(answer.text, item.answers)[self.name] / self._most


def over_items(metric: TextMetric, items: Sequence[Item], answers: Sequence[Answer]) -> tuple[Score, ...]:
    """The metric over all answers together, as BLEU is meant; items as in TextScorer, a refusal being an empty text."""
    pairs = [
        (answer, item.answers)
        for item, answer in zip(items, answers, strict=True)
        if item.answers and not item.unanswerable
    ]
    return metric(["" if answer.refused else answer.text for answer, _ in pairs], [wanted for _, wanted in pairs])


def em(options: TextOptions) -> TextScorer:
    """Exact match."""
    return TextScorer("em", ExactMatch(options))


def f1(options: TextOptions) -> TextScorer:
    """F1 over words or characters."""
    return TextScorer("f1", F1(options))


def f1_cmrc(options: TextOptions) -> TextScorer:
    """F1 of the longest common stretch."""
    return TextScorer("f1-cmrc", F1(options))


def rouge_1(options: TextOptions) -> TextScorer:
    """ROUGE-1."""
    return TextScorer("rouge-1", Rouge(options))


def rouge_2(options: TextOptions) -> TextScorer:
    """ROUGE-2."""
    return TextScorer("rouge-2", Rouge(options))


def rouge_l(options: TextOptions) -> TextScorer:
    """ROUGE-L."""
    return TextScorer("rouge-l", Rouge(options))


def meteor(options: TextOptions) -> TextScorer:
    """METEOR."""
    return TextScorer("meteor", Meteor(options))


def bleu(options: TextOptions) -> TextScorer:
    """Sentence BLEU."""
    from gezhi.evaluation.quality.text.sacre import Bleu

    return TextScorer("bleu", Bleu(options), most=100.0)


def chrf(options: TextOptions) -> TextScorer:
    """Of chrF."""
    from gezhi.evaluation.quality.text.sacre import Chrf

    return TextScorer("chrf", Chrf(options), most=100.0)


def chrf_plus(options: TextOptions) -> TextScorer:
    """Of chrF++."""
    from gezhi.evaluation.quality.text.sacre import Chrf

    return TextScorer("chrf++", Chrf(options), most=100.0)
