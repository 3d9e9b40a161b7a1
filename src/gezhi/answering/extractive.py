"""An answer without a chat model: the sentences of the passages that answer the question, verbatim and in order.

The best sentence comes first; another follows only when it is nearly as good and says something new. A sentence that
begins with a pronoun brings the one before it, a list comes with its introduction, a table row with its header.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from gezhi.answering.kinds import asked_kind, has_kind
from gezhi.answering.terms import content_terms
from gezhi.answering.units import (
    Unit,
    introduction,
    items_after,
    leads_in,
    leans_on_previous,
)
from gezhi.core.protocols import Embedder
from gezhi.core.types import Passage

_LONGEST_PIECE = 400
"""Characters of one piece; a sentence before or a list is left out where it would grow longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of one passage to be said: `passage.chunk.text[start:end]` is its quote."""

    passage: int
    start: int
    end: int
    text: str
    """As shown: the quote itself, or a table row with the names of its columns."""
    own_line: bool
    """Lists and rows begin a line of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A unit and how well it answers, and what of the question it has."""

    unit: Unit
    score: float
    terms: frozenset[str]


def extract(
    question: str, passages: Sequence[Passage], units: Sequence[Sequence[Unit]], embedder: Embedder, most: int
) -> list[Piece]:
    """At most `most` pieces, the answering one first; none where there is no unit.

    Args:
        units: Of each passage, those that may be quoted.
    """
    ranked = sorted(score(question, passages, units, embedder), key=lambda scored: -scored.score)
    pieces: list[Piece] = []
    for scored in _chosen(ranked, most):
        piece = _piece(scored.unit, units[scored.unit.passage], passages[scored.unit.passage], question)
        if not any(_covers(earlier, piece) for earlier in pieces):
            pieces.append(piece)
    return pieces


def separator(piece: Piece, before: str) -> str:
    """What stands between the text so far and a piece: a line break, a space, or nothing in Chinese."""
    if piece.own_line or "\n" in before.rsplit("\n\n", 1)[-1]:
        return "\n"
    return "" if not before or not before[-1].isascii() else " "


def score(
    question: str, passages: Sequence[Passage], units: Sequence[Sequence[Unit]], embedder: Embedder
) -> list[Scored]:
    """Every unit with its score; roughly 0 (unrelated) to 1."""
    flat = [unit for of_passage in units for unit in of_passage]
    if not flat:
        return []
    shown = [unit.shown for unit in flat]
    cosines = embedder.embed_passages(shown) @ embedder.embed_queries([question])[0]
    asked, wanted = asked_kind(question), content_terms(question)
    terms = [content_terms(text) for text in shown]
    weights = _rarity(wanted, terms)
    results = []
    for unit, cosine, has in zip(flat, cosines, terms, strict=True):
        overlap = sum(weights[term] for term in wanted & has) / (sum(weights.values()) or 1.0)
        fits = 0.0 if asked is None else 1.0 if has_kind(unit.text, asked) else -1.0
        total = 2.0 * float(cosine) + 0.5 * overlap + 0.08 * fits + 0.1 * passages[unit.passage].score
        results.append(Scored(unit=unit, score=total, terms=wanted & has))
    return results


def _rarity(wanted: frozenset[str], texts: Sequence[frozenset[str]]) -> dict[str, float]:
    counts = Counter(term for terms in texts for term in terms)
    return {term: log(1 + len(texts) / (1 + counts[term])) for term in wanted}


def _chosen(ranked: Sequence[Scored], most: int) -> list[Scored]:
    if not ranked:
        return []
    chosen, covered = [ranked[0]], set(ranked[0].terms)
    for scored in ranked[1:]:
        if len(chosen) == most or scored.score < ranked[0].score - 0.06:
            break
        if scored.terms - covered:
            chosen.append(scored)
            covered |= scored.terms
    return chosen


def _piece(unit: Unit, units: Sequence[Unit], passage: Passage, question: str) -> Piece:
    """The unit with what it leans on."""
    first, last = unit, unit
    here = units.index(unit)
    if leads_in(unit):
        following = items_after(units, here)
        while following and following[-1].end - unit.start > _LONGEST_PIECE:
            following.pop()
        last = following[-1] if following else unit
    elif leans_on_previous(unit) and here > 0 and unit.end - units[here - 1].start <= _LONGEST_PIECE:
        first = units[here - 1]
    elif unit.kind == "item":
        intro = introduction(units, here)
        if intro and unit.end - intro.start <= _LONGEST_PIECE:
            first = intro
            if asked_kind(question) == "list":
                last = _end_of_list(units, here, intro)
    text = passage.chunk.text[first.start : last.end]
    if unit.kind == "row" and first is last:
        text = unit.shown
    return Piece(
        passage=unit.passage,
        start=first.start,
        end=last.end,
        text=text,
        own_line=first is not last or unit.kind != "sentence",
    )


def _end_of_list(units: Sequence[Unit], here: int, intro: Unit) -> Unit:
    items = [units[here], *items_after(units, here)]
    fitting = [item for item in items if item.kind == units[here].kind and item.end - intro.start <= _LONGEST_PIECE]
    return fitting[-1]


def _covers(earlier: Piece, piece: Piece) -> bool:
    return earlier.text == piece.text or (
        earlier.passage == piece.passage and earlier.start < piece.end and piece.start < earlier.end
    )
