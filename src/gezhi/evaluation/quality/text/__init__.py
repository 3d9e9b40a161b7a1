"""Scores of texts, right for Chinese and English: against references, by themselves, and by how likely they are.

What is published elsewhere is computed as there, to the fourth digit; every score says by what it was got.
"""

from gezhi.core.catalogue import say
from gezhi.core.names import resolve
from gezhi.evaluation.exam import Scorer
from gezhi.evaluation.quality.text.score import Score, TextMetric, TextOptions

TEXT_METRICS = {
    "bleu": "gezhi.evaluation.quality.text.sacre:Bleu",
    "chrf": "gezhi.evaluation.quality.text.sacre:Chrf",
    "rouge": "gezhi.evaluation.quality.text.rouge:Rouge",
    "rouge-set": "gezhi.evaluation.quality.text.rouge:RougeSet",
    "meteor": "gezhi.evaluation.quality.text.meteor:Meteor",
    "em": "gezhi.evaluation.quality.text.match:ExactMatch",
    "f1": "gezhi.evaluation.quality.text.match:F1",
    "distinct": "gezhi.evaluation.quality.text.variety:Distinct",
    "self-bleu": "gezhi.evaluation.quality.text.self_bleu:SelfBleu",
    "repetition": "gezhi.evaluation.quality.text.variety:Repetition",
    "length": "gezhi.evaluation.quality.text.variety:Length",
}
"""Name to `module:attribute`, which is called with the TextOptions. Perplexity, which needs a model, stands apart."""
TEXT_SCORERS = {
    "em": "gezhi.evaluation.quality.text.items:em",
    "f1": "gezhi.evaluation.quality.text.items:f1",
    "f1-cmrc": "gezhi.evaluation.quality.text.items:f1_cmrc",
    "rouge-1": "gezhi.evaluation.quality.text.items:rouge_1",
    "rouge-2": "gezhi.evaluation.quality.text.items:rouge_2",
    "rouge-l": "gezhi.evaluation.quality.text.items:rouge_l",
    "meteor": "gezhi.evaluation.quality.text.items:meteor",
    "bleu": "gezhi.evaluation.quality.text.items:bleu",
    "chrf": "gezhi.evaluation.quality.text.items:chrf",
    "chrf++": "gezhi.evaluation.quality.text.items:chrf_plus",
}
"""Scorers of one answer of an exam, 0 to 1: name to `module:attribute`, which is called with the TextOptions."""

__all__ = ["TEXT_METRICS", "TEXT_SCORERS", "Score", "TextMetric", "TextOptions", "text_metric", "text_scorer"]


def text_metric(name: str, options: TextOptions | None = None) -> TextMetric:
    """The metric of that name. Raises UnknownName, BadOptions."""
    metric: TextMetric = resolve(say("score.kind"), name, TEXT_METRICS)(options or TextOptions())
    return metric


def text_scorer(name: str, options: TextOptions | None = None) -> Scorer:
    """The scorer of exam answers of that name. Raises UnknownName, BadOptions."""
    scorer: Scorer = resolve(say("score.kind"), name, TEXT_SCORERS)(options or TextOptions())
    return scorer
