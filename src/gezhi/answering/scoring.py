"""Which units of the passages answer a question: words and meaning in common, and the kind of thing asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

from gezhi.answering.kinds import asked_kind, has_kind
from gezhi.answering.terms import content_terms
from gezhi.answering.units import Unit
from gezhi.core.protocols import Embedder
from gezhi.core.types import Passage
from gezhi.language.tokens import is_chinese

# Fitted as logits of a choice among the units of all passages (softmax over units, positive where the gold answer
# stands in the unit) on 625 questions of CMRC 2018 trial, DRCD dev and XQuAD in Chinese, English and across both:
# benchmarks/fit_answers.py.
_COSINE, _OVERLAP, _FITS, _MISFITS, _PASSAGE = 42.0, 3.3, 0.6, -0.4, 5.9
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
    flat = [unit for of_passage in units for unit in of_passage]
    asked, wanted, chinese = asked_kind(question), content_terms(question), is_chinese(question)
    shared = [wanted & content_terms(unit.shown) for unit in flat]
    weights = _rarity(wanted, [content_terms(unit.shown) for unit in flat])
    whole = sum(weights.values()) or 1.0
    scored = []
    for unit, terms in zip(flat, shared, strict=True):
        same = is_chinese(unit.text) == chinese
        total = _PASSAGE * passages[unit.passage].score
        if same:
            total += _OVERLAP * sum(weights[term] for term in terms) / whole
        if asked is not None:
            total += _FITS if has_kind(unit.shown, asked) else _MISFITS
        scored.append(Scored(unit=unit, score=total, terms=terms, same_language=same))
    # Only these are embedded: measured, no question lost its best unit by it.
    best = sorted(scored, key=lambda one: -one.score)[:_EMBEDDED]
    if not best:
        return []
    cosines = embedder.embed_passages([one.unit.shown for one in best]) @ embedder.embed_queries([question])[0]
    return [replace(one, score=one.score + _COSINE * float(c)) for one, c in zip(best, cosines, strict=True)]


def _rarity(wanted: frozenset[str], texts: Sequence[frozenset[str]]) -> dict[str, float]:
    counts = Counter(term for terms in texts for term in terms)
    return {term: log(1 + len(texts) / (1 + counts[term])) for term in wanted}
