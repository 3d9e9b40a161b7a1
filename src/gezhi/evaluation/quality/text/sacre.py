"""BLEU, chrF and chrF++ through sacrebleu: Chinese with its zh tokeniser, English with 13a, each pair by its language.

Texts are cut before sacrebleu counts, so that a file may hold both languages; with one language all is as sacrebleu's
own command prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import sacrebleu
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from gezhi.evaluation.quality.text.score import (
    Score,
    TextOptions,
    check_tokenize,
    language_of,
    number_of_references,
    signature,
)
from gezhi.evaluation.quality.text.tokens import jieba_words, tokenizer_name

SACRE = ("zh", "13a", "intl", "char", "none")
TOKENIZE = ("auto", "characters", "words", *SACRE)
_ORDERS = range(1, 5)


class Bleu:
    """BLEU (Papineni 2002), 0 to 100, of the corpus; of one text with effective order, as sacrebleu has it."""

    referenced = True

    def __init__(self, options: TextOptions) -> None:
        check_tokenize("bleu", options, TOKENIZE)
        self._cut = Cut(options)
        self._corpus = BLEU(tokenize="none", force=True)
        self._sentence = BLEU(tokenize="none", force=True, effective_order=True)

    def __call__(self, texts: Sequence[str], references: Sequence[Sequence[str]]) -> tuple[Score, ...]:
        """One score."""
        cuts = [self._cut.name(text, " ".join(several)) for text, several in zip(texts, references, strict=True)]
        sign = signature(
            nrefs=number_of_references(references), case="mixed", eff="no", tok="+".join(sorted(set(cuts))),
            smooth="exp", version=sacrebleu.__version__,
        )  # fmt: skip
        if not texts:
            return (Score(name="bleu", value=None, signature=sign),)
        pieces = [self._cut(name, text) for name, text in zip(cuts, texts, strict=True)]
        against = [[self._cut(name, one) for one in several] for name, several in zip(cuts, references, strict=True)]
        got = self._corpus.corpus_score(pieces, streams(against))
        counts = {"texts": len(texts), "length": got.sys_len, "reference_length": got.ref_len, "brevity": got.bp}
        for n, correct, total in zip(_ORDERS, got.counts, got.totals, strict=True):
            counts |= {f"matches_{n}": correct, f"ngrams_{n}": total}
        return (Score(name="bleu", value=got.score, signature=sign, counts=counts),)

    def of(self, text: str, references: Sequence[str]) -> Mapping[str, float]:
        """Of one text, against all references together."""
        cut = self._cut.name(text, " ".join(references))
        against = [self._cut(cut, one) for one in references]
        return {"bleu": float(self._sentence.sentence_score(self._cut(cut, text), against).score)}


class Chrf:
    """chrF2 (Popović 2015) and chrF2++ (2017, with words and pairs of words), 0 to 100. Blanks do not count.

    Chinese has no blanks between words: there chrF++ takes whole clauses for words and falls; chrF is the one to use.
    """

    referenced = True

    def __init__(self, options: TextOptions) -> None:
        # Characters in any language: there is nothing to choose.
        self._kinds = {"chrf": CHRF(), "chrf++": CHRF(word_order=2)}

    def __call__(self, texts: Sequence[str], references: Sequence[Sequence[str]]) -> tuple[Score, ...]:
        """The scores `chrf` and `chrf++`."""
        nrefs = number_of_references(references)
        return tuple(
            Score(
                name=name,
                value=metric.corpus_score(list(texts), streams(references)).score if texts else None,
                signature=signature(nrefs=nrefs, case="mixed", eff="yes", nc=metric.char_order, nw=metric.word_order,
                                    space="no", version=sacrebleu.__version__),
                counts={"texts": len(texts)},
            )
            for name, metric in self._kinds.items()
        )  # fmt: skip

    def of(self, text: str, references: Sequence[str]) -> Mapping[str, float]:
        """Of one text; the best over its references."""
        return {name: float(metric.sentence_score(text, references).score) for name, metric in self._kinds.items()}


class Cut:
    """Texts cut by the tokeniser that the options name, or that belongs to the language; tokens parted by blanks."""

    def __init__(self, options: TextOptions) -> None:
        self._options = options

    def name(self, text: str, reference: str) -> str:
        """The tokeniser for a pair, as it stands in the signature."""
        tokenize, language = self._options.tokenize, language_of(text, reference, self._options)
        if tokenize == "words":
            return tokenizer_name(language, self._options, english="13a")
        return {"auto": "zh" if language == "zh" else "13a", "characters": "char"}.get(tokenize, tokenize)

    def __call__(self, name: str, text: str) -> str:
        """The text cut by the tokeniser `name`."""
        if name.startswith("rjieba"):
            return " ".join(jieba_words(text))
        return str(_tokenizer(name)(text.rstrip()))


def streams(references: Sequence[Sequence[str]]) -> Any:
    """References of each text as sacrebleu takes them: the first of each, the second ..., None where there is none.

    Its annotations do not have the None that it takes.
    """
    most = max(map(len, references), default=0)
    return [[several[i] if i < len(several) else None for several in references] for i in range(most)]


@cache
def _tokenizer(name: str) -> Callable[[str], str]:
    tokenizer: Callable[[str], str] = BLEU(tokenize=name).tokenizer
    return tokenizer
