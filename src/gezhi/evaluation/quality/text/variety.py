"""What texts show without references: how varied their n-grams are, how they repeat themselves, how long they are."""

from __future__ import annotations

from collections.abc import Sequence

from gezhi.evaluation.quality.text.overlap import ngrams
from gezhi.evaluation.quality.text.score import (
    Score,
    TextOptions,
    check_tokenize,
    language_of,
    languages,
    number_of_references,
    signature,
)
from gezhi.evaluation.quality.text.tokens import tokenizer_name, units


class Distinct:
    """distinct-1, -2, -3 (Li 2016): different n-grams over all n-grams of all texts together; falls with length."""

    referenced = False

    def __init__(self, options: TextOptions) -> None:
        check_tokenize("distinct", options)
        self._options = options

    def __call__(self, texts: Sequence[str], references: Sequence[Sequence[str]] = ()) -> tuple[Score, ...]:
        """Lower: the texts say the same in the same words."""
        tokens, sign = _cut(texts, self._options), _sign(texts, self._options)
        scores = []
        for n in (1, 2, 3):
            grams = [gram for text in tokens for gram in ngrams(text, n)]
            counts = {"texts": len(texts), "different": len(set(grams)), "ngrams": len(grams)}
            value = len(set(grams)) / len(grams) if grams else None
            scores.append(Score(name=f"distinct-{n}", value=value, signature=sign, counts=counts))
        return tuple(scores)


class Repetition:
    """How texts repeat themselves: share of repeated 4-grams (Welleck 2020), and the longest stretch told twice."""

    referenced = False
    n = 4

    def __init__(self, options: TextOptions) -> None:
        check_tokenize("repetition", options)
        self._options = options

    def __call__(self, texts: Sequence[str], references: Sequence[Sequence[str]] = ()) -> tuple[Score, ...]:
        """repetition-4: mean over the texts that have 4-grams; longest-repeat: tokens, the longest of any text."""
        tokens, sign = _cut(texts, self._options), _sign(texts, self._options)
        several = [grams for text in tokens if (grams := ngrams(text, self.n))]
        shares = [1 - len(set(grams)) / len(grams) for grams in several]
        longest = [longest_repeat(text) for text in tokens]
        at = max(range(len(longest)), key=longest.__getitem__, default=None)
        found = {"texts": len(texts)} if at is None else {"texts": len(texts), "in_text": at + 1}
        return (
            Score(name=f"repetition-{self.n}", value=sum(shares) / len(shares) if shares else None, signature=sign,
                  counts={"texts": len(texts), "long_enough": len(shares)}),
            Score(name="longest-repeat", value=None if at is None else float(longest[at]), signature=sign,
                  counts=found),
        )  # fmt: skip


class Length:
    """Mean characters and tokens of the texts; with references, tokens over those of the nearest in length."""

    referenced = False

    def __init__(self, options: TextOptions) -> None:
        check_tokenize("length", options)
        self._options = options

    def __call__(self, texts: Sequence[str], references: Sequence[Sequence[str]] = ()) -> tuple[Score, ...]:
        """length-characters, length-tokens, and length-ratio with references."""
        sign = _sign(texts, self._options, references)
        tokens = _cut(texts, self._options, references)
        known = {"texts": len(texts)}
        sizes = {"characters": sum(map(len, texts)), "tokens": sum(map(len, tokens))}
        scores = [
            Score(name=f"length-{name}", value=size / len(texts) if texts else None, signature=sign,
                  counts={**known, name: size})
            for name, size in sizes.items()
        ]  # fmt: skip
        if references:
            nearest = sum(map(self._nearest, texts, tokens, references))
            ratio = sizes["tokens"] / nearest if nearest else None
            counts = {**known, "tokens": sizes["tokens"], "reference_tokens": nearest}
            scores.append(Score(name="length-ratio", value=ratio, signature=sign, counts=counts))
        return tuple(scores)

    def _nearest(self, text: str, tokens: Sequence[str], references: Sequence[str]) -> int:
        lengths = [
            len(units(reference, language_of(text, reference, self._options), self._options))
            for reference in references
        ]
        return min(lengths, key=lambda length: (abs(length - len(tokens)), length))


def longest_repeat(tokens: Sequence[str]) -> int:
    """Length of the longest stretch that stands at two places, which may overlap.

    Where a stretch of n tokens repeats, one of n - 1 does: the length is found by halving.
    """
    low, high = 0, max(0, len(tokens) - 1)
    while low < high:
        middle = (low + high + 1) // 2
        grams = ngrams(tokens, middle)
        low, high = (middle, high) if len(set(grams)) < len(grams) else (low, middle - 1)
    return low


def _cut(texts: Sequence[str], options: TextOptions, references: Sequence[Sequence[str]] = ()) -> list[list[str]]:
    told = [" ".join(several) for several in references] or [""] * len(texts)
    pairs = zip(texts, told, strict=True)
    return [units(text, language_of(text, reference, options), options) for text, reference in pairs]


def _sign(texts: Sequence[str], options: TextOptions, references: Sequence[Sequence[str]] = ()) -> str:
    language = languages(texts, references, options)
    compared = {"nrefs": number_of_references(references)} if references else {}
    return signature(**compared, lang=language, tok=tokenizer_name(language, options), punct="no")
