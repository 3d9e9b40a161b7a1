"""Whether a stretch of a document is one of the places that answer a question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gezhi.core.types import Citation, Passage
from gezhi.evaluation.exam import Relevant
from gezhi.language.fold import fold

_TELLING = 12
"""Characters of a quote, folded and bare, that are hardly said twice in a document."""
_SHORTEST_PART = 4
"""Characters of a quote that is cut by the border of a passage."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """`text` at `[start, end)` of a document."""

    source: str
    text: str
    start: int
    end: int


def of_passage(passage: Passage) -> Stretch:
    """What was found."""
    chunk = passage.chunk
    return Stretch(chunk.source, chunk.text, chunk.start, chunk.end)


def of_citation(citation: Citation) -> Stretch:
    """What was quoted."""
    return Stretch(citation.source, citation.quote, citation.source_start, citation.source_end)


def is_at(stretch: Stretch, place: Relevant) -> bool:
    """Whether the stretch has to do with the place.

    The source must be that of the place, or end with it as a path does. A span must be touched, unless its text there
    is not the quote: then the document has changed, and the quote decides. A quote must be in the stretch, or the
    stretch in it, or half of it at a border; compared without case, blank space and punctuation, since rows of tables
    are joined in different ways.
    """
    if not (stretch.source == place.source or stretch.source.endswith(f"/{place.source}")):
        return False
    if place.start is None or place.end is None:
        return not place.quote or _has(bare(stretch.text), bare(place.quote))
    if not place.quote:
        return _touches(stretch, place.start, place.end)
    if _touches(stretch, place.start, place.end) and _agrees(stretch, place.start, place.quote):
        return True
    # A short quote says nothing away from its place: 308 stands in many a paragraph.
    return len(bare(place.quote)) >= _TELLING and _has(bare(stretch.text), bare(place.quote))


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """Folded, without blank space and punctuation."""
    return re.sub(r"[\W_]+", "", fold(text))


def _touches(stretch: Stretch, start: int, end: int) -> bool:
    return stretch.start < end and start < stretch.end


def _agrees(stretch: Stretch, start: int, quote: str) -> bool:
    """Whether the part of the stretch that stands where the quote should is that part of the quote."""
    first, last = max(stretch.start, start), min(stretch.end, start + len(quote))
    there = stretch.text[first - stretch.start : last - stretch.start]
    return bare(there) == bare(quote[first - start : last - start])


def _has(text: str, quote: str) -> bool:
    if not text or not quote:
        return False
    if quote in text or text in quote:
        return True
    least = max(_SHORTEST_PART, (len(quote) + 1) // 2)
    longest = min(len(quote) - 1, len(text))
    return any(text.endswith(quote[:n]) or text.startswith(quote[-n:]) for n in range(least, longest + 1))
