"""What the support model looks at: how much of a sentence stands in its quotes, what is new in it, and meaning.

Conflicts of values, names and negation are not features: they decide by themselves (`gezhi.language.conflicts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gezhi.core.protocols import Embedder
from gezhi.language.alignment import Alignment, Pieces, align, pieces
from gezhi.language.conflicts import (
    Conflict,
    conflicts,
    crosses_languages,
    without_attribution,
)
from gezhi.language.names import missing_words
from gezhi.language.sentences import sentences
from gezhi.language.values import values
from gezhi.language.words import words

WORDS = ("copied", "new_run", "new_words")
"""Features of texts in one language."""
MEANING = ("new_and_far",)
"""With an embedder: how much is new in words, times how far it is in meaning. A paraphrase is new but near, a trimmed
sentence far but not new; each of the two alone is a bad reason for a refusal (measured in docs/decisions/0041)."""
ACROSS = ("shared_values",)
"""Features across languages."""
MODELS = {"words": WORDS, "meaning": MEANING, "across": ACROSS, "meaning_across": (*ACROSS, "cosine")}
"""The four models and what each looks at: with and without an embedder, within one language and across two."""
_MOST_WINDOWS = 12
_LONGEST_WHOLE = 400
"""Characters of quotes that are embedded as one text too."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One sentence with its quotes, compared by rules; `texts` are still to be embedded."""

    sentence: str
    conflicts: tuple[Conflict, ...]
    crosses: bool
    features: dict[str, float]
    windows: tuple[str, ...]

    @property
    def model(self) -> str:
        """Which of MODELS can judge it as it stands."""
        return (
            ("meaning_across" if self.crosses else "meaning")
            if "cosine" in self.features
            else ("across" if self.crosses else "words")
        )


def compared(sentence: str, quotes: Sequence[str]) -> Compared:
    """Everything that needs no embedder."""
    bare = without_attribution(sentence)
    crosses = crosses_languages(bare, quotes)
    aligned = align(bare, quotes)
    found = tuple(conflicts(bare, quotes, aligned))
    features = _of_values(bare, quotes) if crosses else _of_words(aligned, bare, quotes)
    return Compared(bare, found, crosses, features, _windows(aligned, quotes, crosses))


def add_cosines(items: Sequence[Compared], embedder: Embedder) -> None:
    """Set the features of meaning of all items; texts that repeat are embedded once."""
    order: dict[str, int] = {}
    for item in items:
        for text in (item.sentence, *item.windows):
            order.setdefault(text, len(order))
    if not order:
        return
    # both sides as queries: the comparison is symmetric, as the makers of e5 advise for such
    vectors = embedder.embed_queries(list(order))
    for item in items:
        own = vectors[order[item.sentence]]
        others = vectors[[order[text] for text in item.windows]] if item.windows else np.zeros((1, len(own)))
        cosine = float((others @ own).max())
        item.features["cosine"] = cosine
        if not item.crosses:
            new = item.features["new_run"] + item.features["new_words"]
            item.features["new_and_far"] = 10 * new * max(0.0, 1 - cosine)


def _of_words(aligned: Alignment, sentence: str, quotes: Sequence[str]) -> dict[str, float]:
    said, _found = aligned.sentence, aligned.quotes
    valued = _valued(said, sentence)
    return {
        "copied": _share(len(valued | aligned.copied().keys()), len(said.folded)),
        "new_run": min(12, _longest_new(aligned, valued)) / 12,
        "new_words": missing_words(sentence, quotes),
    }


def _of_values(sentence: str, quotes: Sequence[str]) -> dict[str, float]:
    """Across languages: exact values that both have speak for support, and their conflicts stand apart."""
    strong = [value for value in values(sentence) if not value.weak]
    return {"shared_values": min(3, len(strong)) / 3}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _valued(said: Pieces, sentence: str) -> set[int]:
    """Pieces of values: written otherwise they are not new, and where they are not supported that decides by itself."""
    spans = [(value.start, value.end) for value in values(sentence)]
    return {k for k, (start, end) in enumerate(said.spans) if any(a <= start and end <= b for a, b in spans)}


def _longest_new(aligned: Alignment, valued: set[int]) -> int:
    copied = valued | aligned.copied().keys()
    longest = run = 0
    for k, piece in enumerate(aligned.sentence.folded):
        run = 0 if k in copied else run + (piece not in words("function"))
        longest = max(longest, run)
    return longest


def _windows(aligned: Alignment, quotes: Sequence[str], crosses: bool) -> tuple[str, ...]:
    """Sentences of the quotes to compare with, and the quotes as a whole where they are short."""
    joined = "\n".join(quotes)
    windows = [joined[a:b] for a, b in sentences(joined)]
    if not crosses and len(windows) > 3:
        said = set(aligned.sentence.folded)
        windows = sorted(windows, key=lambda text: -len(said & set(pieces(text).folded)))[:3]
    whole = [joined] if len(joined) <= _LONGEST_WHOLE and len(windows) > 1 else []
    return tuple(windows[:_MOST_WINDOWS] + whole)
