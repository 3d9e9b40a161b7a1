"""Is free text grounded in its sources? Sentence by sentence, by words, values, names and meaning; no citations needed.

Unlike `support`, which is told the quotes, each sentence is held against the stretches of the sources nearest to it.
A judge (a chat model, an entailment model) is only asked where one is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gezhi.core.protocols import Embedder
from gezhi.core.types import Answer
from gezhi.evaluation.exam import Item
from gezhi.evaluation.quality.support import Conflict, Support, SupportChecker
from gezhi.language.sentences import sentences
from gezhi.language.tokens import is_chinese, tokens

NEAREST = 6
"""Sentences of the sources, nearest by shared words, that each sentence is held against, with their neighbours."""


class Judge(Protocol):
    """Says how likely it is that a text follows from others: an entailment model, or a chat model that is asked."""

    def __call__(self, statement: str, sources: Sequence[str]) -> float | None:
        """0 to 1; None where it gave no usable verdict."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounded:
    """One sentence of a text."""

    start: int
    end: int
    score: float
    """Probability that the sources say it; the judge's, where one gave a verdict."""
    conflicts: tuple[Conflict, ...] = ()
    judged: bool = False


class Groundedness:
    """Measures texts against sources.

    Args:
        embedder: For meaning; None: words and values decide.
        judge: Asked for each sentence; None: none is.
    """

    def __init__(self, embedder: Embedder | None = None, judge: Judge | None = None) -> None:
        self._checker = SupportChecker(embedder)
        self._judge = judge

    def sentences(self, text: str, sources: Sequence[str]) -> list[Grounded]:
        """A verdict on each sentence."""
        spans = sentences(text)
        pairs = [(text[a:b], evidence(text[a:b], sources)) for a, b in spans]
        checked = self._checker.check_many(pairs)
        return [self._verdict(span, *pair, support) for span, pair, support in zip(spans, pairs, checked, strict=True)]

    def score(self, text: str, sources: Sequence[str]) -> float | None:
        """Share of the sentences that the sources are likely to say (mean probability); None where there is none."""
        found = self.sentences(text, sources)
        return sum(one.score for one in found) / len(found) if found else None

    def _verdict(self, span: tuple[int, int], sentence: str, near: Sequence[str], support: Support) -> Grounded:
        told = self._judge(sentence, near) if self._judge else None
        score = support.score if told is None else told
        return Grounded(start=span[0], end=span[1], score=score, conflicts=support.conflicts, judged=told is not None)


def of_answer(item: Item, answer: Answer, embedder: Embedder | None = None) -> float | None:
    """How much of an answer its passages say, cited or not; None for a refusal, or where nothing was found."""
    if answer.refused is not None or not answer.passages:
        return None
    return Groundedness(embedder).score(answer.text, [passage.chunk.embedded_text for passage in answer.passages])


def evidence(sentence: str, sources: Sequence[str]) -> list[str]:
    """The stretches of the sources nearest to a sentence, in their order; all of them where they are few.

    Sentences in another language have no words in common: then the first of each source stand for it.
    """
    pieces = [(k, source[a:b]) for k, source in enumerate(sources) for a, b in sentences(source)]
    if len(pieces) <= NEAREST:
        return [piece for _, piece in pieces]
    wanted = set(tokens(sentence))
    if is_chinese(sentence) != is_chinese(" ".join(sources)):
        wanted |= {token for token in wanted if token.isdecimal()}
    shared = [len(wanted & set(tokens(piece))) for _, piece in pieces]
    best = sorted(range(len(pieces)), key=lambda n: -shared[n])[:NEAREST]
    kept = {n for centre in best[:2] for n in (centre - 1, centre + 1) if 0 <= n < len(pieces)} | set(best)
    return [pieces[n][1] for n in sorted(kept)]


def lexical(text: str, sources: Sequence[str]) -> float | None:
    """The baseline: share of the text's words and character pairs that any source has; None for an empty text."""
    said = tokens(text)
    there = {token for source in sources for token in tokens(source)}
    return sum(token in there for token in said) / len(said) if said else None
