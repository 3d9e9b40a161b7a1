"""Which units of the passages answer a question: words and meaning in common, and the kind of thing asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log
from typing import NamedTuple

from gezhi.answering.kinds import asked_kind, counted_in, has_kind
from gezhi.answering.question import codes, stands
from gezhi.answering.terms import content_terms
from gezhi.answering.units import Unit
from gezhi.core.protocols import Embedder
from gezhi.core.types import Passage
from gezhi.language.tokens import is_chinese

_EMBEDDED = 16
"""Units whose meaning is compared: those that words, kind and passage speak for. Of 1,500 questions none lost its best
unit by it."""


class Features(NamedTuple):
    """What speaks for a unit, each about 0 to 1."""

    cosine: float
    """Of question and unit, above what the question gets from the unit's language by chance where that is known
    (texts of its own language are all nearer to a question); 0 before it is known."""
    overlap: float
    """Share of the question's words that the unit has, rare words counting more, those in headings half; 0 for a unit
    in another language, where the few words in common are names that every unit has."""
    fits: float
    """1 where the unit has the kind of thing that is asked for."""
    misfits: float
    """1 where it has not."""
    passage: float
    """The passage's score in the search."""
    names: float
    """1 for each product number of the question that it names, half for one in its heading, less where it names
    another instead."""


# Fitted by benchmarks/fit_answers.py as logits of a choice among the units of all passages (softmax; right are those
# with the gold answer), on CMRC 2018 trial, DRCD dev, and XQuAD in Chinese, in English, across both and mixed.
# `names` is set by hand: those sets have no product numbers.
WEIGHTS = Features(cosine=38.0, overlap=3.6, fits=0.8, misfits=-0.7, passage=5.9, names=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A unit and how well it answers, and what of the question it has."""

    unit: Unit
    features: Features
    terms: frozenset[str]
    same_language: bool
    """As the question."""

    @property
    def score(self) -> float:
        """A logit: only differences mean anything."""
        return sum(weight * feature for weight, feature in zip(WEIGHTS, self.features, strict=True))


def score(
    question: str, passages: Sequence[Passage], units: Sequence[Sequence[Unit]], embedder: Embedder
) -> list[Scored]:
    """The most promising units, best first."""
    flat = [unit for of_passage in units for unit in of_passage if unit.kind != "title"]
    if not flat:
        return []
    asked = _Asked(question, flat)
    scored = [asked.score(unit, passages[unit.passage].score) for unit in flat]
    best = sorted(scored, key=lambda one: -one.score)[:_EMBEDDED]
    cosines = embedder.embed_passages([one.unit.shown for one in best]) @ embedder.embed_queries([question])[0]
    chances = _chances(passages)
    whole = [
        replace(one, features=one.features._replace(cosine=float(c) - chances[one.unit.passage]))
        for one, c in zip(best, cosines, strict=True)
    ]
    return sorted(whole, key=lambda one: -one.score)


def _chances(passages: Sequence[Passage]) -> list[float]:
    """For each passage the cosine that texts of its language may well have by chance; one for all where unknown."""
    chinese = [is_chinese(passage.chunk.embedded_text) for passage in passages]
    known = {
        language: passage.found_by["dense"] - passage.found_by["dense_above"]
        for language, passage in zip(chinese, passages, strict=True)
        if "dense_above" in passage.found_by
    }
    usual = max(known.values(), default=0.0)
    return [known.get(language, usual) for language in chinese]


class _Asked:
    """The question, taken apart once for all units."""

    def __init__(self, question: str, units: Sequence[Unit]) -> None:
        self._kind, self._counted = asked_kind(question), counted_in(question)
        self._codes, self._chinese = codes(question), is_chinese(question)
        wanted = content_terms(question)
        self._has = {unit.shown: wanted & content_terms(unit.shown) for unit in units}
        self._above = {about: wanted & content_terms(about) for about in {unit.about for unit in units}}
        self._rarity = _rarity(wanted, list(self._has.values()))
        self._whole = sum(self._rarity.values()) or 1.0

    def score(self, unit: Unit, passage_score: float) -> Scored:
        terms, same_language = self._has[unit.shown], is_chinese(unit.text) == self._chinese
        overlap = self._weight(terms) + self._weight(self._above[unit.about] - terms) / 2
        fits = self._kind is not None and has_kind(unit.shown, self._kind, self._counted)
        features = Features(
            cosine=0.0,
            overlap=overlap / self._whole if same_language else 0.0,
            fits=float(fits),
            misfits=float(self._kind is not None and not fits),
            passage=passage_score,
            names=sum(self._named(code, unit) for code in self._codes),
        )
        return Scored(unit=unit, features=features, terms=terms, same_language=same_language)

    def _weight(self, terms: frozenset[str]) -> float:
        return sum(self._rarity[term] for term in terms)

    def _named(self, code: str, unit: Unit) -> float:
        if stands(code, unit.shown, exactly=True):
            return 1.0
        if codes(unit.shown):
            return -1.5
        return 0.5 if stands(code, unit.about, exactly=True) else 0.0


def _rarity(wanted: frozenset[str], texts: Sequence[frozenset[str]]) -> dict[str, float]:
    counts = Counter(term for terms in texts for term in terms)
    return {term: log(1 + len(texts) / (1 + counts[term])) for term in wanted}
