"""What the text of a block is made of when it is cut: lines, sentences, clauses, words; finer only where it must be.

An atom is refined only if it is longer than the limit: a sentence that fits is never cut.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from math import inf
from zlib import crc32

from gezhi.core.types import Block, BlockKind
from gezhi.documents.cut import BLOCK, CHARACTER, CLAUSE, INNER_LINE, LINE, SENTENCE, WORD, Atom
from gezhi.language.sentences import sentences

_CLAUSE = re.compile(
    r"[，、：；—）】」』》”’]+"
    r"|(?<=[^\x00-\x7f])[,:;]|[,:;|](?=[^\x00-\x7f]|\s)"  # half-width: not in 1,000 and https://
)
_BLANK = re.compile(r"\s+")
_WORD_CHARACTER = re.compile(r"[0-9A-Za-z_]")
_SHORTEST_PART = 4
_Span = tuple[int, int]


def block_atoms(text: str, block: Block, limit: int) -> list[Atom]:
    """The atoms of a block, none longer than `limit` characters; empty for one of blank space alone."""
    start, end = stripped(text, block.start, block.end)
    if start == end:
        return []
    short = end - start <= (limit if block.kind in ("paragraph", "heading") else (limit - 1) // 2)
    if short:
        return [Atom(start, end, BLOCK)]
    if block.kind in ("paragraph", "heading"):
        return [Atom(first, last, rank) for first, last, rank in refined(text, start, end, BLOCK, limit)]
    return list(_lines(text, start, end, limit, block.kind))


def stripped(text: str, start: int, end: int) -> _Span:
    """The span without the blank space around it."""
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    return (first, first + len(piece.strip()))


def refined(text: str, start: int, end: int, rank: int, limit: int) -> Iterator[Atom]:
    """Atoms of at most `limit` characters, from the largest units that fit; `rank` is that of the first boundary."""
    yield from _refined(text, (start, end), rank, limit, 0)


def _refined(text: str, span: _Span, rank: int, limit: int, level: int) -> Iterator[Atom]:
    if span[1] - span[0] <= limit:
        yield Atom(*span, rank)
        return
    split, own_rank = _LEVELS[level]
    for part in split(text, *span, limit):
        start, end = stripped(text, *part)
        if start < end:
            # A line break ends a sentence and is a better place than a full stop.
            line = own_rank == SENTENCE and "\n" in text[max(0, start - 3) : start]
            first = rank if start == span[0] else LINE if line else own_rank
            yield from _refined(text, (start, end), first, limit, level + 1)


def _sentences(text: str, start: int, end: int, limit: int) -> Iterable[_Span]:
    return [(start + first, start + last) for first, last in sentences(text[start:end])]


def clauses(text: str, start: int, end: int, limit: int = 0) -> Iterator[_Span]:
    """Spans that end after a comma and its kind; a comma inside a number ends nothing."""
    return _after(_CLAUSE, text, start, end)


def _words(text: str, start: int, end: int, limit: int) -> Iterator[_Span]:
    return _after(_BLANK, text, start, end)


def _after(mark: re.Pattern[str], text: str, start: int, end: int) -> Iterator[_Span]:
    first = start
    for match in mark.finditer(text, start, end):
        yield first, match.end()
        first = match.end()
    if first < end:
        yield first, end


def _characters(text: str, start: int, end: int, limit: int) -> Iterator[_Span]:
    """Parts of text without any blank or mark, at places chosen by the characters before them."""
    first = start
    for place in range(start + _SHORTEST_PART, end):
        length = place - first
        if length >= limit or (length >= _SHORTEST_PART and length >= _wanted(text, place)):
            yield first, place
            first = place
    yield first, end


def _wanted(text: str, place: int) -> float:
    """How long a part must be to end at this place."""
    before, after = text[place - 1], text[place]
    # Marks that combine with the letter before, joiners, variation selectors, skin tones; numbers.
    if unicodedata.combining(after) or after in "\u200d\ufe0e\ufe0f" or before == "\u200d":
        return inf
    if "\U0001f3fb" <= after <= "\U0001f3ff" or (before.isdigit() and after.isdigit()):
        return inf
    lot = crc32(text[place - _SHORTEST_PART : place].encode("utf-8", "surrogatepass"))
    if _WORD_CHARACTER.match(before) and _WORD_CHARACTER.match(after):
        return 0 if lot % 32 == 0 else inf
    return 0 if lot % 8 == 0 else 8 * _SHORTEST_PART


_LEVELS: tuple[tuple[Callable[[str, int, int, int], Iterable[_Span]], int], ...] = (
    (_sentences, SENTENCE),
    (clauses, CLAUSE),
    (_words, WORD),
    (_characters, CHARACTER),
)


def _lines(text: str, start: int, end: int, limit: int, kind: BlockKind) -> Iterator[Atom]:
    blank, place = True, start
    for line in text[start:end].splitlines(keepends=True):
        first, last = stripped(text, place, place + len(line))
        if first < last:
            rank = BLOCK if first == start else _line_rank(kind, text[place:last], blank)
            yield from refined(text, first, last, rank, limit)
        blank = first == last
        place += len(line)


def _line_rank(kind: BlockKind, line: str, after_blank: bool) -> int:
    """Of the boundary before a line: what stands deeper clings to the line above."""
    deeper = line[0].isspace()
    if kind == "table" or (kind != "code" and not deeper):
        return LINE
    if kind != "code":
        return INNER_LINE
    if line[0] in ")]}":
        return CHARACTER
    if deeper:
        return SENTENCE if after_blank else CLAUSE
    return LINE if after_blank else INNER_LINE
