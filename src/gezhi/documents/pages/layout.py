"""Pieces of text on a page to regions in reading order: columns left to right, what spans them in between.

A kind of XY-cut (Nagy and Seth 1984) that first looks for a gutter between two columns of running text and cuts
horizontally only at what crosses it: titles, wide tables. Differences: candidates for the gutter are the left edges
that many pieces share, so columns whose lines do not stand level are found too, and ruled lines across the
gutter count as crossing, so that a table of wide cells is not taken for columns. Shared by PDF text and OCR.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from gezhi.core.types import Box
from gezhi.documents.pages.wording import tidy


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; `header` is the first row, () where that one holds figures too."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    box: Box
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that stands together on one line. Points, origin at the top left of the page, y downwards."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    """Of the font, in points; the height of the line where it is not known."""
    font: str = ""
    confidence: float | None = None
    table: Table | None = None
    """A whole table that stands here; it has no text of its own then."""

    @property
    def middle(self) -> float:
        """Of its height."""
        return (self.top + self.bottom) / 2


def table_of(rows: Sequence[tuple[str, ...]], box: Box, cells: Sequence[Piece]) -> Table:
    """A table from at least two rows, the first of which may be its header."""
    rows = [tuple(tidy(cell) for cell in row) for row in rows]
    figures = sum(bool(_FIGURES.fullmatch(cell)) for cell in rows[0] if cell)
    header = rows[0] if figures * 2 <= len(rows[0]) else ()
    return Table(header, tuple(rows[1:] if header else rows), box, mean_confidence(cells))


def mean_confidence(pieces: Iterable[Piece]) -> float | None:
    """Of what a recogniser read, weighted by length; None for text that was not recognised."""
    told = [(piece.confidence, len(piece.text)) for piece in pieces if piece.confidence is not None]
    return round(sum(c * n for c, n in told) / max(1, sum(n for _, n in told)), 4) if told else None


def side_by_side(pieces: Sequence[Piece]) -> str:
    """The text of pieces on one line, with a space where there is a gap."""
    text = pieces[0].text
    for before, piece in pairwise(pieces):
        gap = piece.left - before.right
        text += (" " if gap > 0.2 * max(before.size, piece.size) else "") + piece.text
    return text


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line drawn on the page, horizontal or vertical."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def horizontal(self) -> bool:
        """Wider than high."""
        return self.right - self.left > self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces side by side, from the left."""

    pieces: tuple[Piece, ...]
    left: float
    top: float
    right: float
    bottom: float
    size: float
    """Of most of its characters."""
    base: float
    """Bottom of most of its characters: what hangs lower or stands higher does not count."""
    font: str
    text: str


_FIGURES = re.compile(r"[-+±()\d.,%‰¥$€£\s/:–—]+")
_FEWEST = 4
"""Lines of running text that a column has at least."""
_READABLE = 7.0
"""Ems: lines narrower than this are cells of a table, not a column of text."""


def regions(pieces: Sequence[Piece], rules: Sequence[Rule] = ()) -> list[list[Line]]:
    """Regions in reading order, each with its lines from top to bottom."""
    return [lines(region) for region in _cut(list(pieces), [rule for rule in rules if rule.horizontal], 4) if region]


def lines(pieces: Sequence[Piece]) -> list[Line]:
    """Pieces that stand level, joined into lines from top to bottom.

    Superscripts and subscripts stay in the line they belong to: what counts is the overlap with the line's main height.
    """
    rows: list[list[Piece]] = []
    heights: list[float] = []
    # Larger text first: it opens the rows, and what is raised or lowered beside it finds its place.
    for piece in sorted(pieces, key=lambda piece: (-round(piece.size), piece.middle)):
        place = bisect(heights, piece.middle)
        near = [] if piece.table else [row for row in rows[max(0, place - 2) : place + 2] if _level(piece, row[0])]
        if near:
            min(near, key=lambda row: abs(row[0].middle - piece.middle)).append(piece)
        else:
            heights.insert(place, piece.middle)
            rows.insert(place, [piece])
    return [_line(row) for row in rows]


def _level(piece: Piece, other: Piece) -> bool:
    if other.table:
        return False
    overlap = min(piece.bottom, other.bottom) - max(piece.top, other.top)
    return overlap > 0.45 * min(piece.bottom - piece.top, other.bottom - other.top)


def _line(row: list[Piece]) -> Line:
    if len(row) == 1:
        one = row[0]
        box = one.left, one.top, one.right, one.bottom
        return Line((one,), *box, one.size, one.bottom, one.font, tidy(one.text))
    row.sort(key=lambda piece: piece.left)
    main = max(row, key=lambda piece: len(piece.text))
    return Line(
        pieces=tuple(row),
        left=row[0].left,
        top=min(piece.top for piece in row),
        right=max(piece.right for piece in row),
        bottom=max(piece.bottom for piece in row),
        size=main.size,
        base=main.bottom,
        font=main.font,
        text=tidy(side_by_side(row)),
    )


def _cut(pieces: list[Piece], rules: list[Rule], depth: int) -> list[list[Piece]]:
    gutter = _gutter(pieces, rules) if depth else None
    if gutter is None:
        return [pieces]
    ordered: list[list[Piece]] = []
    for across, left, right in _bands(pieces, rules, gutter):
        # A band with text on one side only is the rest of what spans both, such as the short last line of an abstract.
        if ordered and across and not (left and right):
            ordered.append(across + left + right)
        else:
            ordered += [across, *_cut(left, rules, depth - 1), *_cut(right, rules, depth - 1)]
    return [part for part in ordered if part]


def _gutter(pieces: list[Piece], rules: list[Rule]) -> float | None:
    """Where a column begins whose left neighbour is a column too; the candidate with most text on both sides wins."""
    if len(pieces) < 2 * _FEWEST:
        return None
    edges = Counter(round(piece.left / 3) for piece in pieces if _is_text(piece))
    starts = sorted({min(p.left for p in pieces if round(p.left / 3) == edge) for edge, n in edges.items() if n >= 3})
    best, score = None, 0.0
    for start in starts[1:]:
        if sum(piece.right < start and _is_text(piece) for piece in pieces) < _FEWEST:
            continue
        found = sum(_both_sides(left, right) for _, left, right in _bands(pieces, rules, start - 1))
        if found > score:
            best, score = start - 1, found
    return best


def _bands(pieces: list[Piece], rules: list[Rule], x: float) -> list[tuple[list[Piece], list[Piece], list[Piece]]]:
    """(what crosses x, then left of x, then right of x), from top to bottom."""
    crossing = [piece for piece in pieces if piece.left < x < piece.right]
    walled = set(map(id, crossing))
    walled.update(
        id(piece) for piece in pieces if id(piece) not in walled and any(_level(piece, other) for other in crossing)
    )
    marks: list[tuple[float, Piece | None]] = [(piece.middle, piece) for piece in pieces]
    marks += [(rule.top, None) for rule in rules if rule.left < x - 10 and rule.right > x + 10]
    bands: list[tuple[list[Piece], list[Piece], list[Piece]]] = [([], [], [])]
    for _, piece in sorted(marks, key=lambda mark: mark[0]):
        if piece is None or id(piece) in walled:
            if bands[-1][1] or bands[-1][2]:
                bands.append(([], [], []))
            if piece is not None:
                bands[-1][0].append(piece)
        else:
            bands[-1][1 if piece.right <= x else 2].append(piece)
    return [_topped(*band) for band in bands]


def _topped(across: list[Piece], left: list[Piece], right: list[Piece]) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """Columns begin level: what stands above the other side's first line belongs to what spans both."""
    if across and left and right:
        begin = max(min(piece.top for piece in left), min(piece.top for piece in right))
        above = [piece for piece in left + right if piece.bottom <= begin + 1]
        if len(above) < _FEWEST:
            across = across + above
            moved = set(map(id, above))
            left = [piece for piece in left if id(piece) not in moved]
            right = [piece for piece in right if id(piece) not in moved]
    return across, left, right


def _both_sides(left: list[Piece], right: list[Piece]) -> float:
    """Points of height over which running text stands on both sides; 0 where one side is no column of text."""
    return min(_height(left), _height(right))


def _height(side: list[Piece]) -> float:
    if len(side) < _FEWEST:
        return 0.0
    rows: list[list[Piece]] = []
    for piece in sorted(side, key=lambda piece: piece.middle):
        if rows and piece.middle - rows[-1][0].middle < 0.5 * piece.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    widths = [max(piece.right for piece in row) - min(piece.left for piece in row) for row in rows]
    if len(rows) < _FEWEST or median(widths) < _READABLE * median(piece.size for piece in side):
        return 0.0
    return rows[-1][-1].bottom - rows[0][0].top


def _is_text(piece: Piece) -> bool:
    return piece.right - piece.left >= _READABLE * piece.size
