"""What the support model looks at: what is new in a sentence or in one of its clauses, and how far that is in meaning.

Conflicts of values, names and negation are not features: they decide by themselves (`gezhi.language.conflicts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gezhi.core.protocols import Embedder
from gezhi.language.alignment import Alignment, Pieces, align, pieces
from gezhi.language.conflicts import Conflict, conflicts, crosses_languages, without_attribution
from gezhi.language.names import missing_words
from gezhi.language.sentences import sentences
from gezhi.language.values import values
from gezhi.language.words import words

MODELS = {
    "words": ("new",),
    "meaning": ("new_and_far",),
    "across": ("values",),
    "meaning_across": ("values", "cosine"),
}
"""The four models and what each looks at: without and with an embedder, within one language and across two.

`new`: the longest run of new pieces (of twelve) plus the share of new words, of the sentence or of its worst clause.
`new_and_far`: the same, times ten times the distance in meaning. A paraphrase is new but near, a trimmed sentence far
but not new: each of the two alone is a bad reason to refuse a sentence. `values`: exact values (of three), all of which
the quotes have, as else there is a conflict. `cosine`: to the nearest sentence of the quotes.
"""
_MOST_WINDOWS = 12
_REMEMBERED = 2000
"""Texts whose vectors are kept: 3 MB."""
_LONGEST_WHOLE = 400
"""Characters of quotes that are embedded as one text too."""
_SHORTEST_CLAUSE = 4
"""Pieces. Shorter ones say too little to be judged alone."""
_CLAUSE = re.compile(r"[，；,;]|\s(?=and\s)")


@dataclass(frozen=True, slots=True)
class Compared:
    """One sentence with its quotes, compared by rules; its parts and windows are still to be embedded."""

    sentence: str
    conflicts: tuple[Conflict, ...]
    crosses: bool
    features: dict[str, float]
    parts: dict[str, float]
    """The sentence and its clauses, and how much is new in each."""
    windows: tuple[str, ...]
    """What of the quotes they are compared with."""

    @property
    def model(self) -> str:
        """Which of MODELS can judge it as it stands."""
        name = "meaning" if "cosine" in self.features else ""
        return "_".join(filter(None, (name, "across" if self.crosses else ""))) or "words"


def compared(sentence: str, quotes: Sequence[str]) -> Compared:
    """Everything that needs no embedder."""
    bare = without_attribution(sentence)
    crosses = crosses_languages(bare, quotes)
    aligned = align(bare, quotes)
    found = tuple(conflicts(bare, quotes, aligned))
    windows = _windows(aligned, quotes, crosses)
    if crosses:
        strong = sum(not value.weak for value in values(bare))
        return Compared(bare, found, crosses, {"values": min(3, strong) / 3}, {bare: 0.0}, windows)
    parts = {bare: _new(aligned, quotes)}
    if not found:
        parts |= {clause: _new(align(clause, quotes), quotes) for clause in _clauses(bare)}
    return Compared(bare, found, crosses, {"new": max(parts.values())}, parts, windows)


class Remembered:
    """Vectors of texts, the last ones kept: a draft cites the same quotes sentence after sentence."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def vectors(self, texts: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        """Unit vectors by text. All that are not known yet are embedded in one batch."""
        known = self._vectors
        wanted = dict.fromkeys(texts)
        unknown = [text for text in wanted if text not in known]
        if not unknown:
            return {text: known[text] for text in wanted}
        # both sides as queries: the comparison is symmetric, as the makers of e5 advise for such
        known = {**known, **dict(zip(unknown, self._embedder.embed_queries(unknown), strict=True))}
        # replaced as a whole, since another thread may be reading it
        self._vectors = dict(list(known.items())[-_REMEMBERED:])
        return {text: known[text] for text in wanted}


def add_cosines(items: Sequence[Compared], remembered: Remembered) -> None:
    """Set the features of meaning of all items."""
    vectors = remembered.vectors(text for item in items for text in (*item.parts, *item.windows))
    for item in items:
        cosines = {
            part: max((float(vectors[window] @ vectors[part]) for window in item.windows), default=0.0)
            for part in item.parts
        }
        item.features["cosine"] = cosines[item.sentence]
        if not item.crosses:
            far = [new * 10 * max(0.0, 1 - cosines[part]) for part, new in item.parts.items()]
            item.features["new_and_far"] = max(far)


def _clauses(sentence: str) -> list[str]:
    """The clauses of a sentence that has several and are long enough to be judged alone."""
    clauses = [clause.strip() for clause in _CLAUSE.split(sentence)]
    return [clause for clause in clauses if len(pieces(clause).folded) >= _SHORTEST_CLAUSE and clause != sentence]


def _new(aligned: Alignment, quotes: Sequence[str]) -> float:
    """How much of a sentence or clause the quotes lack: the longest new run and the share of new words, 0 to 2."""
    said = aligned.sentence
    known = aligned.copied().keys() | _valued(said)
    longest = run = 0
    for k, piece in enumerate(said.folded):
        run = 0 if k in known else run + (piece not in words("function"))
        longest = max(longest, run)
    return min(12, longest) / 12 + missing_words(said.text, quotes)


def _valued(said: Pieces) -> set[int]:
    """Pieces of values: written otherwise they are not new, and where they are not supported that decides by itself."""
    spans = [(value.start, value.end) for value in values(said.text)]
    return {k for k, (start, end) in enumerate(said.spans) if any(a <= start and end <= b for a, b in spans)}


def _windows(aligned: Alignment, quotes: Sequence[str], crosses: bool) -> tuple[str, ...]:
    """Sentences of the quotes to compare with, and the quotes as a whole where they are short."""
    joined = "\n".join(quotes)
    windows = [joined[a:b] for a, b in sentences(joined)]
    if not crosses and len(windows) > 3:
        said = set(aligned.sentence.folded)
        windows = sorted(windows, key=lambda text: -len(said & set(pieces(text).folded)))[:3]
    whole = [joined] if len(joined) <= _LONGEST_WHOLE and len(windows) > 1 else []
    return tuple(windows[:_MOST_WINDOWS] + whole)
