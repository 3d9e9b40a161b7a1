"""Where each stretch of a sentence stands in its quotes, and what was put in the place of what.

Pieces are characters of Chinese and whole words of everything else, folded. Copied blocks are chained by dynamic
programming (as sparse chaining of local alignments is done for genomes), so that clauses may change their order; what
lies between two neighbouring blocks on both sides is an edit. Leaves out what an edit means.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from gezhi.language.fold import fold
from gezhi.language.plain import plain
from gezhi.language.tokens import CJK

_PIECE = re.compile(rf"[{CJK}]|[A-Za-z]+(?:['’]t)?(?![A-Za-z])|[^\W_{CJK}A-Za-z]+(?:[.,]\d+)*|[A-Za-z0-9]+")
_BREAK = re.compile(r"[，。；！？,;!?：:\n()（）—…]|\.(?=[\s\"”’)]|$)")
_NEAR = 24
"""Pieces that may lie between two copied blocks of one passage."""
_MOST_BLOCKS = 300


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text in pieces; all tuples have one entry a piece."""

    text: str
    folded: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    clauses: tuple[int, ...]
    """Number of the clause; quotes that are aligned together never share one."""

    def slice(self, start: int, end: int) -> str:
        """The original text of the pieces `[start, end)`."""
        return self.text[self.spans[start][0] : self.spans[end - 1][1]] if start < end else ""


@dataclass(frozen=True, slots=True)
class Block:
    """Pieces `[said, said + length)` of the sentence stand at `[found, found + length)` of the quotes."""

    said: int
    found: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Pieces `[said_start, said_end)` stand where the quotes have `[found_start, found_end)`; either may be empty."""

    said_start: int
    said_end: int
    found_start: int
    found_end: int
    anchor: int
    """Pieces of the shorter of the copied blocks on its two sides; a clause border counts as one piece."""
    longer: int
    """Pieces of the longer of the two."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """A sentence aligned with its quotes."""

    sentence: Pieces
    quotes: Pieces
    blocks: tuple[Block, ...]
    edits: tuple[Edit, ...]

    def copied(self) -> dict[int, int]:
        """Piece of the sentence to the piece of the quotes it stands at."""
        return {b.said + k: b.found + k for b in self.blocks for k in range(b.length)}


def align(sentence: str, quotes: Sequence[str]) -> Alignment:
    """Align `sentence` with all `quotes` taken together."""
    said = pieces(sentence)
    found = _joined(tuple(quotes))
    blocks = _chain(_copies(said.folded, found.folded))
    return Alignment(said, found, tuple(blocks), tuple(_edits(said, found, blocks)))


def copied_share(alignment: Alignment) -> float:
    """Share of the sentence's pieces that stand in blocks copied from the quotes."""
    return sum(block.length for block in alignment.blocks) / max(1, len(alignment.sentence.folded))


@lru_cache(maxsize=512)
def pieces(text: str) -> Pieces:
    """`text` in pieces."""
    made = plain(text)
    folded, spans, clauses = [], [], []
    clause = last = 0
    for match in _PIECE.finditer(made.text):
        clause += bool(_BREAK.search(made.text, last, match.start()))
        last = match.end()
        folded.append(fold(match.group().replace(",", "").replace("’", "'")))
        spans.append(made.span(*match.span()))
        clauses.append(clause)
    return Pieces(text, tuple(folded), tuple(spans), tuple(clauses))


@lru_cache(maxsize=64)
def _joined(quotes: tuple[str, ...]) -> Pieces:
    return pieces("\n".join(quotes))


def _copies(said: Sequence[str], found: Sequence[str]) -> list[Block]:
    """All stretches of two or more pieces (or one whole word) that both have, each as long as it gets."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for j, piece in enumerate(found):
        places[piece].append(j)
    blocks = []
    for i, piece in enumerate(said):
        for j in places.get(piece, ()):
            if i and j and said[i - 1] == found[j - 1]:
                continue
            length = 1
            while i + length < len(said) and j + length < len(found) and said[i + length] == found[j + length]:
                length += 1
            if length > 1 or (len(piece) > 3 or piece.isdigit()):
                blocks.append(Block(i, j, length))
    if len(blocks) > _MOST_BLOCKS:
        blocks = sorted(blocks, key=lambda block: -block.length)[:_MOST_BLOCKS]
    return sorted(blocks, key=lambda block: (block.said, block.found))


def _chain(blocks: list[Block]) -> list[Block]:
    """The chain of blocks that copies most with the fewest jumps; blocks are cut where they overlap."""
    gains: list[float] = []
    before: list[int | None] = []
    for k, block in enumerate(blocks):
        gain, previous = block.length - 1.0, None
        for p in range(k):
            joined = gains[p] + _joint(blocks[p], block)
            if joined > gain:
                gain, previous = joined, p
        gains.append(gain)
        before.append(previous)
    chain: list[Block] = []
    at: int | None = max(range(len(blocks)), key=gains.__getitem__, default=None)
    while at is not None:
        block, following = blocks[at], chain[-1] if chain else None
        overlap = max(0, block.said + block.length - following.said) if following else 0
        chain.append(Block(block.said, block.found, block.length - overlap))
        at = before[at]
    return [block for block in reversed(chain) if block.length > 0]


def _joint(before: Block, block: Block) -> float:
    """What `block` adds behind `before`, where the earlier one is cut if they overlap."""
    overlap = max(0, before.said + before.length - block.said)
    if overlap >= min(before.length, block.length):
        return -1e9
    gap = block.said - (before.said + before.length - overlap)
    jump = block.found - (before.found + before.length - overlap)
    near = 0 <= jump <= _NEAR and gap <= _NEAR
    return block.length - overlap - (0.3 + 0.04 * abs(jump - gap) if near else 1.6)


def _edits(said: Pieces, found: Pieces, blocks: list[Block]) -> list[Edit]:
    edits = []
    for before, after in zip([None, *blocks], [*blocks, None], strict=True):
        start = before.said + before.length if before else 0
        end = after.said if after else len(said.folded)
        if before and after:
            found_start, found_end = before.found + before.length, after.found
            if 0 <= found_end - found_start <= _NEAR and end - start <= _NEAR:
                if end > start or found_end > found_start:
                    lengths = sorted((before.length, after.length))
                    edits.append(Edit(said_start=start, said_end=end, found_start=found_start, found_end=found_end,
                                      anchor=lengths[0], longer=lengths[1]))  # fmt: skip
                continue
        edits += _at_borders(said, found, before, after, (start, end))
    return edits


def _at_borders(
    said: Pieces, found: Pieces, before: Block | None, after: Block | None, gap: tuple[int, int]
) -> list[Edit]:
    """Edits between a block and the border of its clause: the only neighbour of a first or last word."""
    start, end = gap
    edits = []
    if before and start < end and said.clauses[start] == said.clauses[start - 1]:
        last = _clause_end(said, start - 1, end)
        place = before.found + before.length
        found_end = _clause_end(found, place - 1, len(found.folded))
        if last < end or after is None:
            edits.append(Edit(said_start=start, said_end=last, found_start=place, found_end=found_end,
                              anchor=1, longer=before.length))  # fmt: skip
        start = last
    if after and start < end and said.clauses[end - 1] == said.clauses[end]:
        first = next((k + 1 for k in range(end - 1, start - 1, -1) if said.clauses[k] != said.clauses[end]), start)
        found_start = after.found
        while found_start > 0 and found.clauses[found_start - 1] == found.clauses[after.found]:
            found_start -= 1
        if first > gap[0] or before is None:
            edits.append(Edit(said_start=first, said_end=end, found_start=found_start, found_end=after.found,
                              anchor=1, longer=after.length))  # fmt: skip
    return edits


def _clause_end(text: Pieces, at: int, limit: int) -> int:
    end = at + 1
    while end < limit and text.clauses[end] == text.clauses[at]:
        end += 1
    return end
