"""Self-BLEU (Zhu 2018): how alike texts are, as the mean BLEU of each against all others; 0 to 100, high: all the same.

Each text's n-grams are looked up in one table for all, so that a thousand texts take a second, not a million pairs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

import sacrebleu
from sacrebleu.metrics.bleu import BLEU

from gezhi.evaluation.quality.text.overlap import ngrams
from gezhi.evaluation.quality.text.sacre import TOKENIZE, Cut
from gezhi.evaluation.quality.text.score import Score, TextOptions, check_tokenize, signature

Gram = tuple[str, ...]
_ORDER = 4


class SelfBleu:
    """Sentence BLEU as sacrebleu computes it (effective order, exp smoothing), each text against all others at once."""

    referenced = False

    def __init__(self, options: TextOptions) -> None:
        check_tokenize("self-bleu", options, TOKENIZE)
        self._cut = Cut(options)

    def __call__(self, texts: Sequence[str], references: Sequence[Sequence[str]] = ()) -> tuple[Score, ...]:
        """None where there are fewer than two texts."""
        cuts = [self._cut.name(text, "") for text in texts]
        sign = signature(case="mixed", eff="yes", tok="+".join(sorted(set(cuts))), smooth="exp",
                         version=sacrebleu.__version__)  # fmt: skip
        tokens = [self._cut(name, text).split() for name, text in zip(cuts, texts, strict=True)]
        scores = list(_each(tokens)) if len(tokens) > 1 else []
        value = sum(scores) / len(scores) if scores else None
        return (Score(name="self-bleu", value=value, signature=sign, counts={"texts": len(texts)}),)


def _each(tokens: Sequence[Sequence[str]]) -> Iterator[float]:
    grams = [Counter(gram for n in range(1, _ORDER + 1) for gram in ngrams(text, n)) for text in tokens]
    best = _best_two(grams)
    lengths = sorted(map(len, tokens))
    for i, counted in enumerate(grams):
        correct, total = [0] * _ORDER, [0] * _ORDER
        for gram, count in counted.items():
            owner, most, second = best[gram]
            total[len(gram) - 1] += count
            correct[len(gram) - 1] += min(count, second if owner == i else most)
        nearest = _nearest(lengths, len(tokens[i]))
        yield BLEU.compute_bleu(
            correct, total, len(tokens[i]), nearest, smooth_method="exp", effective_order=True
        ).score


def _best_two(grams: Sequence[Counter[Gram]]) -> dict[Gram, tuple[int, int, int]]:
    """Of each n-gram: which text has it most often, how often that is, and how often the next one has it."""
    best: dict[Gram, tuple[int, int, int]] = {}
    for i, counted in enumerate(grams):
        for gram, count in counted.items():
            owner, most, second = best.get(gram, (-1, 0, 0))
            best[gram] = (i, count, most) if count > most else (owner, most, max(second, count))
    return best


def _nearest(lengths: Sequence[int], length: int) -> int:
    """The length nearest to `length` among the others, the shorter of two: `lengths` holds `length` itself once."""
    at = bisect_left(lengths, length)
    others = [*lengths[max(0, at - 1) : at], *lengths[at + 1 : at + 2]]
    return min(others, key=lambda other: (abs(other - length), other))
