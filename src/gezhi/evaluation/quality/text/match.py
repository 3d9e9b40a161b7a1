"""Exact match and F1 of short answers, best over the references: English as in SQuAD, Chinese by characters.

Chinese is normalised as MLQA and XQuAD are evaluated, F1 counting characters as DRCD does. `f1-cmrc` counts the longest
common stretch, as CMRC 2018's own script does. Differences from that script: all Unicode punctuation is dropped (its
list lacks some marks, such as the half-width comma), blanks never count, and Latin runs are words (there: nltk tokens).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from gezhi.evaluation.quality.text.overlap import f_measure, longest_stretch
from gezhi.evaluation.quality.text.score import (
    Score,
    TextOptions,
    check_tokenize,
    language_of,
    languages,
    means,
    number_of_references,
    signature,
)
from gezhi.evaluation.quality.text.tokens import mixed_characters, squad_words

TOKENIZE = ("auto", "characters")


class ExactMatch:
    """1 where a text and a reference are the same once normalised, else 0; mean over the texts."""

    referenced = True

    def __init__(self, options: TextOptions) -> None:
        check_tokenize("em", options, TOKENIZE)
        self._options = options

    def __call__(self, texts: Sequence[str], references: Sequence[Sequence[str]]) -> tuple[Score, ...]:
        """The score `em`."""
        return means(("em",), self.of, texts, references, sign(texts, references, self._options))

    def of(self, text: str, references: Sequence[str]) -> Mapping[str, float]:
        """Of one text."""
        pairs = (answer_tokens(text, reference, self._options) for reference in references)
        return {"em": float(any(said == wanted for said, wanted in pairs))}


class F1:
    """Overlap of words (English) or characters (Chinese), 0 to 1; mean over the texts."""

    referenced = True

    def __init__(self, options: TextOptions) -> None:
        check_tokenize("f1", options, TOKENIZE)
        self._options = options

    def __call__(self, texts: Sequence[str], references: Sequence[Sequence[str]]) -> tuple[Score, ...]:
        """The scores `f1` (counts clipped, whatever the order) and `f1-cmrc` (the longest common stretch)."""
        return means(("f1", "f1-cmrc"), self.of, texts, references, sign(texts, references, self._options))

    def of(self, text: str, references: Sequence[str]) -> Mapping[str, float]:
        """Of one text."""
        pairs = [answer_tokens(text, reference, self._options) for reference in references]
        return {
            "f1": max(_f1(said, wanted, (Counter(said) & Counter(wanted)).total()) for said, wanted in pairs),
            "f1-cmrc": max(_f1(said, wanted, longest_stretch(said, wanted)) for said, wanted in pairs),
        }


def answer_tokens(text: str, reference: str, options: TextOptions) -> tuple[list[str], list[str]]:
    """Both normalised and cut, in the language of the pair."""
    cut = mixed_characters if language_of(text, reference, options) == "zh" else squad_words
    return cut(text), cut(reference)


def sign(texts: Sequence[str], references: Sequence[Sequence[str]], options: TextOptions) -> str:
    """The signature of both."""
    language = languages(texts, references, options)
    ways = {"en": "squad", "zh": "characters"}
    tok = "+".join(ways[one] for one in language.split("+") if one)
    return signature(nrefs=number_of_references(references), lang=language, norm=tok)


def _f1(said: list[str], wanted: list[str], shared: int) -> float:
    # As SQuAD 2 has it: nothing said is right where nothing is wanted.
    return f_measure(shared, len(said), len(wanted)) if said and wanted else float(said == wanted)
