"""An answer without a chat model: the sentences of the passages that answer the question, verbatim.

The best sentence comes first; another follows only when it is nearly as good and says something new. A sentence that
begins with a pronoun brings the one before it, one with an exception behind it brings that, a list comes with its
introduction, a table row with the names of its columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gezhi.answering.kinds import asked_kind, wants_value
from gezhi.answering.scoring import Scored, score
from gezhi.answering.terms import content_terms
from gezhi.answering.units import (
    Unit,
    introduction,
    items_around,
    items_behind,
    leads_in,
    leans_on_previous,
    limits_previous,
)
from gezhi.answering.writing import Quote
from gezhi.core.protocols import Embedder
from gezhi.core.types import Passage

_MARGIN, _MARGIN_ACROSS = 1.5, 0.75
"""How much lower a further unit may score, in the language of the question or in another one. Measured on the sets of
benchmarks/answers.py: 1.2 sentences an answer, and the gold answer in 5 to 12 of 100 more of them than with one."""
_TOO_FAR = 2.5
_LONGEST_PIECE = 400
"""Characters of one piece; what would make it longer is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What is said in one go, from one passage."""

    quotes: tuple[Quote, ...]
    """In order; stretches that touch are one."""
    text: str
    """As shown: the quotes, or a table row with the names of its columns."""
    own_line: bool
    """Lists and rows begin a line of their own."""
    sentences: int
    """How many it counts as."""


def extract(
    question: str, passages: Sequence[Passage], units: Sequence[Sequence[Unit]], embedder: Embedder, most: int
) -> list[Piece]:
    """Pieces of at most `most` sentences in all, the answering one first; none where there is no unit.

    Args:
        units: Of each passage, those that may be quoted.
    """
    ranked = _with_values(question, score(question, passages, units, embedder))
    pieces: list[Piece] = []
    left = most
    for scored in _chosen(ranked, most):
        if left and not any(_says(piece, scored.unit) for piece in pieces):
            group = _with_context(scored.unit, units[scored.unit.passage], question, left)
            pieces.append(_piece(group, passages[scored.unit.passage]))
            left -= pieces[-1].sentences
    return pieces


def separator(piece: Piece, previous: Piece | None, before: str) -> str:
    """What stands between the text so far and a piece: a line break, a space, or nothing in Chinese."""
    if piece.own_line or (previous is not None and previous.own_line) or "\n" in before:
        return "\n"
    return " " if before and before[-1].isascii() else ""


def _chosen(ranked: Sequence[Scored], most: int) -> list[Scored]:
    """The best, and others that are nearly as good and have words of the question that those before lack."""
    if not ranked:
        return []
    chosen, covered = [ranked[0]], set(ranked[0].terms)
    for scored in ranked[1:]:
        margin = _MARGIN if scored.same_language else _MARGIN_ACROSS
        if len(chosen) == most or scored.score < ranked[0].score - margin:
            break
        if (scored.terms - covered or not scored.same_language) and not _same_table(scored.unit, chosen):
            chosen.append(scored)
            covered |= scored.terms
    return chosen


def _same_table(unit: Unit, chosen: Sequence[Scored]) -> bool:
    """Whether a row stands in a table that has answered already: another row is about something else."""
    return unit.kind == "row" and any(one.unit.kind == "row" and one.unit.header == unit.header for one in chosen)


def _with_values(question: str, ranked: Sequence[Scored]) -> Sequence[Scored]:
    """Only units with a value where nothing else can answer; none where the best of them is far behind the others."""
    if not ranked or not wants_value(question):
        return ranked
    named = ranked[0].features.names
    fitting = [scored for scored in ranked if scored.features.fits and scored.features.names >= named]
    return fitting if fitting and fitting[0].score > ranked[0].score - _TOO_FAR else []


def _says(piece: Piece, unit: Unit) -> bool:
    quote = Quote(passage=unit.passage, start=unit.start, end=unit.end)
    return unit.shown in piece.text or any(quote.overlaps(earlier) for earlier in piece.quotes)


def _with_context(unit: Unit, units: Sequence[Unit], question: str, left: int) -> list[Unit]:
    """The unit with what it cannot be understood without, in order, as far as length and number allow."""
    here, group = unit.order, [unit]
    if leads_in(unit):
        group = [unit, *items_behind(units, here)]
    elif unit.kind == "item":
        intro = introduction(units, here)
        items = items_around(units, here) if asked_kind(question) == "list" else [unit]
        # "现将有关事项通知如下：" above item seven helps nobody; "申请材料包括：" does.
        helps = intro is not None and (intro.kind == "title" or content_terms(intro.text) & content_terms(question))
        group = [*([intro] if intro and helps else []), *items]
    elif unit.kind == "sentence":
        before = units[here - 1 : here] if here and leans_on_previous(unit) and left > 1 else []
        behind = units[here + 1 : here + 2] if left > 1 + len(before) else []
        group = [*before, unit, *(one for one in behind if limits_previous(one))]
    return group if _length(group) <= _LONGEST_PIECE else _shortened(group, unit)


def _shortened(group: list[Unit], unit: Unit) -> list[Unit]:
    """Without the units at its end, or down to the one that counts where that one would go."""
    while len(group) > 1 and group[-1] is not unit and _length(group) > _LONGEST_PIECE:
        group = group[:-1]
    return group if _length(group) <= _LONGEST_PIECE else [unit]


def _length(group: Sequence[Unit]) -> int:
    return sum(unit.end - unit.start for unit in group)


def _piece(group: Sequence[Unit], passage: Passage) -> Piece:
    text, quotes, shown = passage.chunk.text, list[Quote](), ""
    for unit in group:
        between = text[quotes[-1].end : unit.start] if quotes else ""
        if quotes and not between.strip():
            quotes[-1] = Quote(passage=unit.passage, start=quotes[-1].start, end=unit.end)
        else:
            quotes.append(Quote(passage=unit.passage, start=unit.start, end=unit.end))
            between = "\n"
        shown += (between if shown else "") + unit.shown
    if shown.endswith(("；", ";")):
        shown = shown[:-1] + ("。" if shown.endswith("；") else ".")
    listed = any(unit.kind != "sentence" for unit in group)
    return Piece(
        quotes=tuple(quotes), text=shown, own_line=listed, sentences=1 if listed or leads_in(group[0]) else len(group)
    )
