"""Tables without vertical lines: text lines whose cells stand under each other, to rows and columns.

No model: a table is a run of lines with wide gaps at the same places. Horizontal rules, where the page has them, say
which lines make one row; without them a line is a row, unless it only continues the cells above.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from gezhi.core.types import Box
from gezhi.documents.pages.layout import Line, Piece, Rule, Table, side_by_side, table_of
from gezhi.documents.pages.wording import joined

_LABEL = re.compile(r"[(\[（【]?[\w.+-]{1,12}[)\]）】.、]|[•●○■□▪◦‣▶–—*-]")
"""What stands before the items of a list or a bibliography: two columns of that are no table."""
_GAP = 1.2
"""Ems of blank space between two cells."""


def find_tables(lines: Sequence[Line], rules: Sequence[Rule]) -> list[tuple[int, int, Table]]:
    """(first line, line behind the last, table) for each table among the lines of one region."""
    cells = [_cells(line) for line in lines]
    found: list[tuple[int, int, Table]] = []
    start = 0
    while start < len(lines):
        end = _run(lines, cells, start, rules)
        table = _table(lines[start:end], cells[start:end], rules) if end - start >= 2 else None
        if table is None:
            start += 1
        else:
            found.append((start, end, table))
            start = end
    return found


def _cells(line: Line) -> list[Piece]:
    """The pieces of a line, those that stand close joined."""
    cells: list[Piece] = []
    for piece in line.pieces:
        if cells and piece.left - cells[-1].right < _GAP * line.size:
            before = cells[-1]
            cells[-1] = Piece(
                side_by_side([before, piece]),
                before.left,
                min(before.top, piece.top),
                max(before.right, piece.right),
                max(before.bottom, piece.bottom),
                max(before.size, piece.size),
                before.font,
                before.confidence if piece.confidence is None else min(before.confidence or 1.0, piece.confidence),
            )
        else:
            cells.append(piece)
    return cells


def _run(lines: Sequence[Line], cells: list[list[Piece]], start: int, rules: Sequence[Rule]) -> int:
    """The line behind the last one that may belong to a table that begins at `start`."""
    if len(cells[start]) < 2:
        return start
    end = start + 1
    while end < len(lines):
        line, before = lines[end], lines[end - 1]
        if line.top - before.bottom > 1.8 * max(line.size, before.size):
            break
        if len(cells[end]) < 2 and not _continues(cells[end][0], cells[start:end]):
            break
        end += 1
    while end > start and len(cells[end - 1]) < 2 and not _ruled_below(lines[end - 1], rules):
        end -= 1
    return end


def _continues(cell: Piece, above: list[list[Piece]]) -> bool:
    """Whether a line of one cell stands under one cell of the rows above, rather than being a new paragraph."""
    widest = max(above, key=len)
    under = [other for other in widest if other.left < cell.right and cell.left < other.right]
    alone = len(under) == 1 and cell.left >= under[0].left - cell.size
    return alone and under[0] is not widest[0] and cell.right <= max(other.right for other in widest) + cell.size


def _ruled_below(line: Line, rules: Sequence[Rule]) -> bool:
    return any(
        rule.horizontal
        and 0 <= rule.top - line.bottom + 3 < 1.5 * line.size
        and rule.left < line.right < rule.right + 9
        for rule in rules
    )


def _table(lines: Sequence[Line], cells: list[list[Piece]], rules: Sequence[Rule]) -> Table | None:
    columns = _columns(cells)
    box = Box(
        min(line.left for line in lines),
        min(line.top for line in lines),
        max(line.right for line in lines),
        max(line.bottom for line in lines),
    )
    inside = _inside(rules, box)
    full = sum(len(row) >= 2 for row in cells)
    if len(columns) < 2 or full < (2 if inside else 3):
        return None
    sizes = [line.size for line in lines]
    # Without rules, rows of different sizes are a diagram or a formula.
    if not inside and max(sizes) > 1.25 * min(sizes):
        return None
    if len(columns) == 2 and all(_LABEL.fullmatch(row[0].text) for row in cells if len(row) == 2):
        return None
    groups = _rows(lines, cells, columns, inside)
    rows = [_row([cells[i] for i in group], columns) for group in groups]
    rows = [row for row in rows if any(row)]
    if len(rows) < 2:
        return None
    return table_of(rows, box, [cell for row in cells for cell in row])


def _inside(rules: Sequence[Rule], box: Box) -> list[float]:
    """Heights of the horizontal rules that run over a good part of the table."""
    heights = sorted(
        rule.top
        for rule in rules
        if rule.horizontal
        and box.top - 12 < rule.top < box.bottom + 12
        and min(rule.right, box.right) - max(rule.left, box.left) > 0.2 * (box.right - box.left)
    )
    return [height for i, height in enumerate(heights) if i == 0 or height - heights[i - 1] > 3]


def _columns(cells: list[list[Piece]]) -> list[tuple[float, float]]:
    """The stretch of each column, from the rows that have as many cells as most."""
    counts = Counter(len(row) for row in cells if len(row) >= 2)
    for count, _ in sorted(counts.items(), key=lambda entry: (-entry[1], -entry[0])):
        stretches: list[list[float]] = []
        for cell in sorted((cell for row in cells if len(row) == count for cell in row), key=lambda cell: cell.left):
            if stretches and cell.left < stretches[-1][1]:
                stretches[-1][1] = max(stretches[-1][1], cell.right)
            else:
                stretches.append([cell.left, cell.right])
        if len(stretches) == count:
            return [(left, right) for left, right in stretches]
    return []


def _rows(
    lines: Sequence[Line], cells: list[list[Piece]], columns: list[tuple[float, float]], inside: list[float]
) -> list[list[int]]:
    """Indices of the lines that make up each row."""
    bands = [sum(height < (line.top + line.bottom) / 2 for height in inside) for line in lines]
    # More bands than head and body: every row stands between rules of its own.
    if len(set(bands)) > 2:
        return [[i for i, band in enumerate(bands) if band == wanted] for wanted in sorted(set(bands))]
    pitches = [lower.base - upper.base for upper, lower in pairwise(lines)]
    usual = median(pitches) if pitches else 0.0
    groups: list[list[int]] = []
    for index, row in enumerate(cells):
        first = _column(row[0], columns)
        tight = index > 0 and pitches[index - 1] < 0.8 * usual
        if groups and first > 0 and (tight or len(row) < 2) and len(row) < len(columns):
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def _row(parts: list[list[Piece]], columns: list[tuple[float, float]]) -> tuple[str, ...]:
    texts: list[list[str]] = [[] for _ in columns]
    for cells in parts:
        for cell in cells:
            texts[_column(cell, columns)].append(cell.text)
    return tuple(joined(text) for text in texts)


def _column(cell: Piece, columns: list[tuple[float, float]]) -> int:
    def closeness(index: int) -> float:
        left, right = columns[index]
        return min(cell.right, right) - max(cell.left, left)

    return max(range(len(columns)), key=closeness)
