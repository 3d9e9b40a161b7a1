"""In which order the shapes of a slide are read: cut along the widest gap, again and again (XY-cut, Nagy 1984).

Difference: of the two directions the one with the wider gap is cut, not each in turn, so that cards side by side are
read one by one and rows of a list from the top.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

Thing = TypeVar("Thing")
_MOST = 400
"""Shapes; more are read from the top."""


class Area(NamedTuple):
    """A rectangle in any unit, origin at the top left."""

    left: int
    top: int
    right: int
    bottom: int


def reading_order(shapes: Sequence[tuple[Area, Thing]]) -> list[Thing]:
    """What has an area, in reading order."""
    if len(shapes) > _MOST:
        return [thing for _, thing in sorted(shapes, key=_from_top)]
    return [thing for _, thing in _ordered(list(shapes))]


def _from_top(shape: tuple[Area, Thing]) -> tuple[int, int]:
    return (shape[0].top, shape[0].left)


def _ordered(shapes: list[tuple[Area, Thing]]) -> list[tuple[Area, Thing]]:
    """The parts before and after each cut wait on a list of their own: shapes may nest deeper than calls can."""
    waiting, done = [shapes], []
    while waiting:
        part = waiting.pop()
        down = _widest_gap([(area.top, area.bottom) for area, _ in part])
        across = _widest_gap([(area.left, area.right) for area, _ in part])
        if len(part) < 2 or (down is None and across is None):
            done += sorted(part, key=_from_top)
            continue
        in_rows = across is None or (down is not None and down[0] >= across[0])
        cut = down[1] if in_rows and down else across[1] if across else 0
        waiting.append([one for one in part if (one[0].top if in_rows else one[0].left) >= cut])
        waiting.append([one for one in part if (one[0].top if in_rows else one[0].left) < cut])
    return done


def _widest_gap(spans: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Its width and where it ends; None where the spans leave none. Touching counts as a gap of nothing."""
    best = None
    spans.sort()
    reach = spans[0][1] if spans else 0
    for start, end in spans[1:]:
        # What begins where all begin cannot be cut off, however thin they are.
        if start >= reach and start > spans[0][0] and (best is None or start - reach > best[0]):
            best = (start - reach, start)
        reach = max(reach, end)
    return best
