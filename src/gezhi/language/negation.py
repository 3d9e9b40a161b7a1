"""Negation and opposites, compared around what two texts have in common - never by counting over whole texts.

A negator turns the piece it stands before (不 … 使用, did not … win). Where that piece is copied from the quotes but
not turned there, or the reverse, the two contradict each other. Double negation (不得不) turns nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from gezhi.language.alignment import Alignment, Edit, Pieces, pieces
from gezhi.language.fold import fold
from gezhi.language.words import pattern, words

_SHARED = 0.6
"""Share of the pieces around a negated one that must be copied for two texts to speak of the same."""
_WINDOW = 6
"""Pieces before a piece in which a negator turns it."""


@lru_cache(maxsize=1)
def _opposite_pairs() -> frozenset[tuple[str, str]]:
    pairs = [tuple(pair.split("|")) for pair in words("opposites")]
    return frozenset((a, b) for a, b in [*pairs, *((b, a) for a, b in pairs)])


def turned(text: str) -> bool:
    """Whether the negators of `text` turn it; an even number of them cancels out."""
    return len(_negators(pieces(text))) % 2 == 1


def negations(alignment: Alignment) -> Iterator[tuple[str, str]]:
    """Pairs of stretches, of the sentence and of the quotes, that say the opposite of each other."""
    said, found = alignment.sentence, alignment.quotes
    copied = alignment.copied()
    back = {j: i for i, j in copied.items()}

    negating = {k for start, end in _negators(said) for k in range(start, end)}
    negating |= {k for k, piece in enumerate(said.folded) if piece in "不没未无"}

    def near(piece: int) -> bool:
        """Whether the words around stand beside it there too: 不在保修范围内 and 免费保修 share a word, no more."""
        around = range(max(0, piece - _WINDOW), min(len(said.folded), piece + _WINDOW + 1))
        own = [
            k
            for k in around
            if said.clauses[k] == said.clauses[piece]
            and k not in negating
            and said.folded[k] not in words("auxiliaries")
        ]
        place = found.clauses[copied[piece]]
        together = [k for k in own if k in copied and found.clauses[copied[k]] == place]
        return len(together) >= _SHARED * len(own)

    for start, end in _negators(said):
        head = _head(said, end)
        if head in copied and not _is_turned(found, copied[head]) and _is_turned(said, head) and near(head):
            yield said.slice(start, head + 1), _around(found, copied[head])
    for _start, end in _negators(found):
        head = _head(found, end)
        if head in back and not _is_turned(said, back[head]) and _is_turned(found, head) and near(back[head]):
            yield _around(said, back[head]), _around(found, head)
    for edit in alignment.edits:
        if _opposite_sign(alignment, edit):
            yield said.slice(edit.said_start, edit.said_end), found.slice(edit.found_start, edit.found_end)


def opposites(alignment: Alignment) -> Iterator[tuple[str, str]]:
    """Pairs of opposite words (增加, 减少) that stand in each other's place."""
    said, found = alignment.sentence, alignment.quotes
    for edit in alignment.edits:
        if edit.said_start == edit.said_end or edit.found_start == edit.found_end:
            continue
        if edit.found_end - edit.found_start > 12 or edit.said_end - edit.said_start > 12:
            continue
        a, b = said.folded[edit.said_start : edit.said_end], found.folded[edit.found_start : edit.found_end]
        left = said.folded[edit.said_start - 1 : edit.said_start] if edit.anchor > 1 else ()
        right = said.folded[edit.said_end : edit.said_end + 1] if edit.anchor > 1 else ()
        yield from _opposite(a, b, left, right)


def _opposite(
    a: tuple[str, ...], b: tuple[str, ...], left: tuple[str, ...], right: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    pairs = _opposite_pairs()
    # single characters are opposites only as the whole edit: 大 and 小 inside longer words mean little
    if ("".join(a), "".join(b)) in pairs:
        yield "".join(a), "".join(b)
        return
    wide_a, wide_b = _words(left + a + right), _words(left + b + right)
    for one in wide_a:
        for other in wide_b:
            if len(one) > 1 and (one, other) in pairs and one not in wide_b and other not in wide_a:
                yield one, other
                return


def _words(parts: tuple[str, ...]) -> list[str]:
    """Words, and pairs and triples of Chinese characters."""
    joined = [*parts]
    for size in (2, 3):
        joined += ["".join(parts[i : i + size]) for i in range(len(parts) - size + 1) if not parts[i].isascii()]
    return joined


def _opposite_sign(alignment: Alignment, edit: Edit) -> bool:
    """A negator that was put in or taken out between two copied blocks."""
    said, found = alignment.sentence, alignment.quotes
    if edit.anchor < 2 or edit.said_end - edit.said_start > 5 or edit.found_end - edit.found_start > 5:
        return False
    crosses = any(
        text.clauses[max(start - 1, 0)] != text.clauses[min(end, len(text.clauses) - 1)]
        for text, start, end in (
            (said, edit.said_start, edit.said_end),
            (found, edit.found_start, edit.found_end),
        )
    )
    if crosses:
        return False
    return _count(said, edit.said_start, edit.said_end) % 2 != _count(found, edit.found_start, edit.found_end) % 2


def _count(text: Pieces, start: int, end: int) -> int:
    return sum(start <= first and last <= end for first, last in _negators(text))


def _is_turned(text: Pieces, piece: int) -> bool:
    """Whether the nearest negator before `piece` turns it; 不能不 and other chains of negators count as one."""
    behind = piece
    chain = 0
    for start, end in reversed(_negators(text)):
        if end > piece or text.clauses[start] != text.clauses[piece]:
            continue
        between = text.folded[end:behind]
        near = len(between) < _WINDOW if not chain else all(word in words("auxiliaries") for word in between)
        if not near:
            break
        chain, behind = chain + 1, start
    return chain % 2 == 1


def _head(text: Pieces, at: int) -> int | None:
    """The first piece from `at` on, in the same clause, that is not an auxiliary."""
    for piece in range(at, min(at + _WINDOW, len(text.folded))):
        if text.clauses[piece] != text.clauses[at - 1]:
            return None
        if text.folded[piece] not in words("auxiliaries"):
            return piece
    return None


def _around(text: Pieces, piece: int) -> str:
    start = piece
    while start > 0 and piece - start < _WINDOW and text.clauses[start - 1] == text.clauses[piece]:
        start -= 1
    return text.slice(start, min(piece + 2, len(text.folded)))


@lru_cache(maxsize=1024)
def _negators(text: Pieces) -> tuple[tuple[int, int], ...]:
    """Piece spans of the negators."""
    joined, starts = _joined_pieces(text)
    blanked = pattern("not_negating").sub(lambda match: "\0" * len(match.group()), joined)
    at = {start: piece for piece, start in enumerate(starts)}
    spans = []
    for match in pattern("negators").finditer(blanked):
        first = at.get(match.start())
        if first is not None:
            last = first
            while last < len(starts) and starts[last] < match.end():
                last += 1
            spans.append((first, last))
    return tuple(spans)


def _joined_pieces(text: Pieces) -> tuple[str, list[int]]:
    """Folded pieces joined, with a space between words, and where each begins; borders of clauses are kept apart."""
    joined, starts = "", []
    for k, piece in enumerate(text.folded):
        if k and text.clauses[k] != text.clauses[k - 1]:
            joined += "\n"
        elif k and piece.isascii() and text.folded[k - 1].isascii():
            joined += " "
        starts.append(len(joined))
        joined += fold(piece)
    return joined, starts
