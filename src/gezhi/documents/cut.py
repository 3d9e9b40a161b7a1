"""Where a sequence of atoms is cut into pieces, decided locally: an edit moves only the cuts next to it.

Each boundary between two atoms has a strength: its structural rank, then a hash of the atom to its left. A boundary is
cut where it is the strongest within `window` characters on both sides (a content-defined local maximum), so that cuts
are more than a window apart and none depends on anything further away. docs/decisions/0015 has the proof and figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

BLOCK, LINE, INNER_LINE, SENTENCE, CLAUSE, WORD, CHARACTER = 7, 6, 5, 4, 3, 2, 1
"""Ranks of boundaries; an inner line stands deeper than the one before."""


class Atom(NamedTuple):
    """What is not cut: a paragraph, list item, table row, sentence ... without blank space around it."""

    start: int
    end: int
    rank: int
    """Of the boundary before it: higher is a better place to cut."""


class _Order(NamedTuple):
    """A stretch with the strengths of its boundaries, and which of those are local maxima."""

    atoms: Sequence[Atom]
    strengths: Sequence[int]
    maxima: frozenset[int]
    size: int
    window: int


def pieces(text: str, atoms: Sequence[Atom], size: int, window: int) -> list[tuple[int, int]]:
    """Group `atoms`, in order and none longer than `size`, into spans of at most `size` characters.

    Atoms of half the size and more stand alone, but for a few words beside them (below an eighth) that fit; what is
    between them is cut into pieces of at least `window` characters, of twice the window in the mean.
    """
    found: list[tuple[int, int]] = []
    alone: list[bool] = []
    first = 0
    for index in range(len(atoms) + 1):
        if index < len(atoms) and not _is_large(atoms[index], size):
            continue
        if first < index:
            stretch = _stretch(text, atoms[first:index], size, window)
            found += stretch
            alone += [False] * len(stretch)
        if index < len(atoms):
            found.append(atoms[index][:2])
            alone.append(True)
        first = index + 1
    return _without_scraps(found, alone, size)


def _is_large(atom: Atom, size: int) -> bool:
    return atom.end - atom.start >= size / 2


def _stretch(text: str, atoms: Sequence[Atom], size: int, window: int) -> list[tuple[int, int]]:
    """Pieces of a stretch whose both ends are cuts."""
    start, end = atoms[0].start, atoms[-1].end
    if end - start <= window:
        return [(start, end)]
    strengths = _strengths(text, atoms)
    natural = _local_maxima(atoms, strengths, window)
    cuts = [k for k in natural if atoms[k].start - start >= window and end - atoms[k].start >= window]
    found: list[tuple[int, int]] = []
    order = _Order(atoms, strengths, frozenset(natural), size, window)
    for a, b in zip([0, *cuts], [*cuts, len(atoms)], strict=True):
        found += _fitting(order, a, b)
    return found


def _strengths(text: str, atoms: Sequence[Atom]) -> list[int]:
    """Of the boundary before each atom; that before the first is never asked for."""
    strengths = [0]
    for left, right in pairwise(atoms):
        # What is introduced by a colon belongs to it: the weakest place of all.
        rank = 0 if text[left.end - 1] in "：:" else right.rank
        # Single words are too often the same, so that more of the text before the boundary decides there.
        start = max(atoms[0].start, left.end - 16) if right.rank <= WORD else left.start
        digest = blake2b(text[start : left.end].encode("utf-8", "surrogatepass"), digest_size=7).digest()
        strengths.append(rank << 56 | int.from_bytes(digest))
    return strengths


def _local_maxima(atoms: Sequence[Atom], strengths: Sequence[int], window: int) -> list[int]:
    """Boundaries stronger than all others within `window`; of equal ones the first."""
    clear_left = [False] * len(atoms)
    stack: list[int] = []
    for k in range(1, len(atoms)):
        while stack and strengths[stack[-1]] < strengths[k]:
            stack.pop()
        clear_left[k] = not stack or atoms[k].start - atoms[stack[-1]].start > window
        stack.append(k)
    found: list[int] = []
    stack = []
    for k in range(len(atoms) - 1, 0, -1):
        while stack and strengths[stack[-1]] <= strengths[k]:
            stack.pop()
        if clear_left[k] and (not stack or atoms[stack[-1]].start - atoms[k].start > window):
            found.append(k)
        stack.append(k)
    return found[::-1]


def _fitting(order: _Order, a: int, b: int) -> list[tuple[int, int]]:
    """Pieces of atoms [a, b), which had no local maximum to be cut at but may be too long: few and stable ones."""
    atoms = order.atoms
    found: list[tuple[int, int]] = []
    while b - a > 1 and atoms[b - 1].end - atoms[a].start > order.size:
        k = _best_cut(order, a, b)
        found.append((atoms[a].start, atoms[k - 1].end))
        a = k
    return [*found, (atoms[a].start, atoms[b - 1].end)]


def _best_cut(order: _Order, a: int, b: int) -> int:
    atoms, strengths, maxima, size, window = order
    start, end = atoms[a].start, atoms[b - 1].end
    reach = a + 1
    while reach + 1 < b and atoms[reach].end - start <= size:
        reach += 1
    # Best is one cut that leaves two pieces of fitting length; else one that leaves a fitting piece on the left.
    for low, high in ((max(end - size, start + window), end - window), (start + window, end)):
        candidates = [k for k in range(a + 1, reach + 1) if low <= atoms[k].start <= high]
        if candidates:
            # Of equal ones the last: repeated lines fill their pieces.
            return max(candidates, key=lambda k: (k in maxima, strengths[k], k))
    return reach


def _without_scraps(found: list[tuple[int, int]], alone: list[bool], size: int) -> list[tuple[int, int]]:
    """Join stretches of a few words to a large neighbour: the one they lead to, else the one they follow."""
    scrap = size / 8
    joined: list[tuple[int, int]] = []
    carried: int | None = None
    for index, (begin, end) in enumerate(found):
        start = begin if carried is None else carried
        carried = None
        if not alone[index] and end - start < scrap:
            if index + 1 < len(found) and alone[index + 1] and found[index + 1][1] - start <= size:
                carried = start
                continue
            if index and alone[index - 1] and end - joined[-1][0] <= size:
                joined[-1] = (joined[-1][0], end)
                continue
        joined.append((start, end))
    return joined
