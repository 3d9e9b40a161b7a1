"""Which units of the passages answer a question: words and meaning in common, and the kind of thing asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

from gezhi.answering.kinds import asked_kind, has_kind
from gezhi.answering.question import codes, stands
from gezhi.answering.terms import content_terms
from gezhi.answering.units import Unit
from gezhi.core.protocols import Embedder
from gezhi.core.types import Passage
from gezhi.language.tokens import is_chinese

# Fitted as logits of a choice among the units of all passages (softmax over units, positive where the gold answer
# stands in the unit) on 625 questions of CMRC 2018 trial, DRCD dev and XQuAD in Chinese, English and across both:
# benchmarks/fit_answers.py.
_COSINE, _OVERLAP, _FITS, _MISFITS, _PASSAGE = 42.0, 3.3, 0.6, -0.4, 5.9
# Not fitted, since those sets have neither headings nor product numbers.
_ABOVE, _NAMED, _OTHER = 0.5, 1.0, 1.5
_EMBEDDED = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A unit and how well it answers, and what of the question it has."""

    unit: Unit
    score: float
    terms: frozenset[str]
    same_language: bool
    """As the question."""


def score(
    question: str, passages: Sequence[Passage], units: Sequence[Sequence[Unit]], embedder: Embedder
) -> list[Scored]:
    """The most promising units with their scores: logits, of which only differences mean anything."""
    flat = [unit for of_passage in units for unit in of_passage if unit.kind != "title"]
    if not flat:
        return []
    asked = _Asked(question, flat)
    scored = [asked.score(unit, passages[unit.passage].score) for unit in flat]
    # Only these are embedded: measured, no question lost its best unit by it.
    best = sorted(scored, key=lambda one: -one.score)[:_EMBEDDED]
    cosines = embedder.embed_passages([one.unit.shown for one in best]) @ embedder.embed_queries([question])[0]
    return [replace(one, score=one.score + _COSINE * float(c)) for one, c in zip(best, cosines, strict=True)]


class _Asked:
    """The question, taken apart once for all units."""

    def __init__(self, question: str, units: Sequence[Unit]) -> None:
        self._kind, self._codes, self._chinese = asked_kind(question), codes(question), is_chinese(question)
        wanted = content_terms(question)
        self._has = {unit.shown: wanted & content_terms(unit.shown) for unit in units}
        self._above = {about: wanted & content_terms(about) for about in {unit.about for unit in units}}
        self._rarity = _rarity(wanted, list(self._has.values()))
        self._whole = sum(self._rarity.values()) or 1.0

    def score(self, unit: Unit, passage_score: float) -> Scored:
        terms, same_language = self._has[unit.shown], is_chinese(unit.text) == self._chinese
        total = _PASSAGE * passage_score + self._about_the_same(unit)
        if same_language:
            above = self._above[unit.about] - terms
            total += _OVERLAP * (self._weight(terms) + _ABOVE * self._weight(above)) / self._whole
        if self._kind is not None:
            total += _FITS if has_kind(unit.shown, self._kind) else _MISFITS
        return Scored(unit=unit, score=total, terms=terms, same_language=same_language)

    def _weight(self, terms: frozenset[str]) -> float:
        return sum(self._rarity[term] for term in terms)

    def _about_the_same(self, unit: Unit) -> float:
        """Speaks for a unit that names the product of the question, against one that names another instead."""
        total = 0.0
        for code in self._codes:
            if stands(code, unit.shown, exactly=True):
                total += _NAMED
            elif codes(unit.shown):
                total -= _OTHER
            elif stands(code, unit.about, exactly=True):
                total += _NAMED / 2
        return total


def _rarity(wanted: frozenset[str], texts: Sequence[frozenset[str]]) -> dict[str, float]:
    counts = Counter(term for terms in texts for term in terms)
    return {term: log(1 + len(texts) / (1 + counts[term])) for term in wanted}
