"""Running heads, running feet and page numbers: found by what neighbouring pages share at their edges, and left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from gezhi.documents.pages.layout import Line, Piece, lines

_ZONE = 0.12
"""Share of the height of a page, at the top and at the bottom, where they may stand."""
_DEEP = 3
"""Lines from the edge that are looked at."""
_NEAR = 2
"""Pages away: left and right pages alternate."""
_PAGE_NUMBER = re.compile(
    r"""[-–—·.\s(\[]*(?:第\s*)?(?:page|p\.|seite)?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*(?:页|頁)?
        (?:\s*(?:/|of|,|，|共)\s*(?:第|共)?\s*\d{1,4}\s*(?:页|頁)?)?[-–—·.\s)\]]*""",
    re.IGNORECASE | re.VERBOSE,
)


def without_running(pages: Sequence[Sequence[Piece]], heights: Sequence[float]) -> list[list[Piece]]:
    """The pieces of each page without those that run.

    Args:
        pages: Pieces by page.
        heights: Of the pages, in points.
    """
    edges = [_edges(pieces, height) for pieces, height in zip(pages, heights, strict=True)]
    shared = [_keys(page) for page in edges]
    kept = []
    for number, pieces in enumerate(pages):
        near = [shared[n] for n in range(max(0, number - _NEAR), min(len(pages), number + _NEAR + 1)) if n != number]
        gone: set[int] = set()
        for line in edges[number]:
            if _runs(line, near) or _is_page_number(line):
                gone.update(map(id, line.pieces))
        kept.append([piece for piece in pieces if id(piece) not in gone])
    return kept


def _edges(pieces: Sequence[Piece], height: float) -> list[Line]:
    """The outermost lines in the two zones; titles of slides and chapters are larger than the text, and stay."""
    usual = median(piece.size for piece in pieces) if pieces else 0.0
    top = lines([piece for piece in pieces if piece.bottom < height * _ZONE])[:_DEEP]
    bottom = lines([piece for piece in pieces if piece.top > height * (1 - _ZONE)])[-_DEEP:]
    return [line for line in (*top, *bottom) if line.size < 1.2 * usual]


def _keys(page: list[Line]) -> set[tuple[str, int]]:
    return {key for line in page for piece in line.pieces for key in _key(piece)}


def _key(piece: Piece) -> list[tuple[str, int]]:
    """Its text with numbers left open, and its height on the page, to 4 points (both neighbours, for the rounding)."""
    text = re.sub(r"\d+", "#", piece.text.casefold())
    return (
        [(text, round(piece.middle / 4) + near) for near in (0, 1)]
        if sum(map(str.isalpha, text)) > 2 or (text.isalpha() and not text.isascii())
        else []
    )


def _runs(line: Line, near: list[set[tuple[str, int]]]) -> bool:
    # One shared piece condemns its whole line: the other may be a chapter's title or a mirrored date.
    return any(key in page for piece in line.pieces for key in _key(piece) for page in near)


def _is_page_number(line: Line) -> bool:
    return len(line.pieces) == 1 and bool(_PAGE_NUMBER.fullmatch(line.pieces[0].text))
