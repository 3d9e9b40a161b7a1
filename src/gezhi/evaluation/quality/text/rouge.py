"""ROUGE-1, -2 and -L (Lin 2004) with clipped counts, and the form over sets that rouge-chinese prints.

English as rouge-score 0.1.2 has it. Chinese by characters or words without punctuation, counted in the same way;
rouge-chinese keeps punctuation and counts a word once however often it comes, so that its figures are not comparable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from gezhi.evaluation.quality.text.overlap import f_measure, longest_common, ngrams
from gezhi.evaluation.quality.text.score import (
    Score,
    TextLanguage,
    TextOptions,
    check_tokenize,
    language_of,
    languages,
    means,
    number_of_references,
    signature,
)
from gezhi.evaluation.quality.text.tokens import jieba_words, rouge_words, tokenizer_name, units


class Rouge:
    """F1 of each, 0 to 1; the best over the references, mean over the texts."""

    referenced = True

    def __init__(self, options: TextOptions) -> None:
        check_tokenize("rouge", options)
        self._options = options

    def __call__(self, texts: Sequence[str], references: Sequence[Sequence[str]]) -> tuple[Score, ...]:
        """The scores `rouge-1`, `rouge-2`, `rouge-l`."""
        language = languages(texts, references, self._options)
        english = "rouge-score" + ("-porter" if self._options.stem else "")
        sign = signature(nrefs=number_of_references(references), lang=language, counts="clipped",
                         tok=tokenizer_name(language, self._options, english), punct="no")  # fmt: skip
        return means(("rouge-1", "rouge-2", "rouge-l"), self.of, texts, references, sign)

    def of(self, text: str, references: Sequence[str]) -> Mapping[str, float]:
        """Of one text."""
        pairs = [self._of_pair(text, reference) for reference in references]
        return {name: max(pair[name] for pair in pairs) for name in pairs[0]}

    def _of_pair(self, text: str, reference: str) -> dict[str, float]:
        language = language_of(text, reference, self._options)
        said, wanted = self._tokens(text, language), self._tokens(reference, language)
        scores = {}
        for n in (1, 2):
            one, other = Counter(ngrams(said, n)), Counter(ngrams(wanted, n))
            scores[f"rouge-{n}"] = f_measure((one & other).total(), one.total(), other.total())
        scores["rouge-l"] = f_measure(longest_common(said, wanted), len(said), len(wanted))
        return scores

    def _tokens(self, text: str, language: TextLanguage) -> list[str]:
        if language == "en":
            return rouge_words(text, stem=self._options.stem)
        return units(text, language, self._options)


class RougeSet:
    """rouge-chinese 1.0.3's rouge-1 and rouge-2: F1 over sets of n-grams, punctuation among them, case as written."""

    referenced = True

    def __init__(self, options: TextOptions) -> None:
        check_tokenize("rouge-set", options)
        self._options = options

    def __call__(self, texts: Sequence[str], references: Sequence[Sequence[str]]) -> tuple[Score, ...]:
        """The scores `rouge-set-1`, `rouge-set-2`."""
        language = languages(texts, references, self._options)
        sign = signature(nrefs=number_of_references(references), lang=language, counts="sets",
                         tok=tokenizer_name(language, self._options, "blanks"), punct="yes")  # fmt: skip
        return means(("rouge-set-1", "rouge-set-2"), self.of, texts, references, sign)

    def of(self, text: str, references: Sequence[str]) -> Mapping[str, float]:
        """Of one text."""
        scores: dict[str, float] = {}
        for n in (1, 2):
            scores[f"rouge-set-{n}"] = max(self._of_pair(text, reference, n) for reference in references)
        return scores

    def _of_pair(self, text: str, reference: str, n: int) -> float:
        language = language_of(text, reference, self._options)
        one, other = (set(ngrams(self._tokens(each, language), n)) for each in (text, reference))
        return f_measure(len(one & other), len(one), len(other))

    def _tokens(self, text: str, language: TextLanguage) -> list[str]:
        if language == "en":
            return text.split()
        return jieba_words(text) if self._options.tokenize == "words" else [c for c in text if not c.isspace()]
