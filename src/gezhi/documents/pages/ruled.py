"""Tables drawn with lines: the lines make a grid, and what stands in a field of it is a cell.

Sides may be open, as in most Chinese tables. A cell that spans fields keeps its text in the field where its middle is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gezhi.core.types import Box
from gezhi.documents.pages.layout import Piece, Rule, Table, lines, table_of
from gezhi.documents.pages.wording import joined

_TOUCH = 3.0
"""Points between lines that meet."""
_MOST = 2000
"""Lines on a page: with more it is a drawing."""


@dataclass(slots=True)
class _Grid:
    rules: list[Rule]
    columns: list[float] = field(default_factory=list)
    """Edges, from the left; one more than columns."""
    rows: list[float] = field(default_factory=list)


def without_tables(pieces: Sequence[Piece], rules: Sequence[Rule]) -> tuple[list[Piece], list[Rule]]:
    """The pieces with those in ruled tables replaced by one piece a table, and the rules that belong to none."""
    left, free = list(pieces), list(rules)
    for grid in _grids(rules):
        table, inside = _table(grid, left)
        if table is not None:
            taken = set(map(id, inside))
            left = [piece for piece in left if id(piece) not in taken]
            box = table.box
            left.append(Piece("", box.left, box.top, box.right, box.bottom, inside[0].size, table=table))
            free = [rule for rule in free if rule not in grid.rules]
    return left, free


def _grids(rules: Sequence[Rule]) -> list[_Grid]:
    """Groups of rules that touch and make at least two columns and two rows."""
    if not any(not rule.horizontal for rule in rules) or len(rules) > _MOST:
        return []
    grids = []
    for group in _touching(rules):
        across = [rule for rule in group if rule.horizontal]
        down = [rule for rule in group if not rule.horizontal]
        if not across or not down:
            continue
        edges = [min(rule.left for rule in group), max(rule.right for rule in group)]
        ends = [min(rule.top for rule in group), max(rule.bottom for rule in group)]
        columns = _distinct([*((rule.left + rule.right) / 2 for rule in down), *edges])
        rows = _distinct([*((rule.top + rule.bottom) / 2 for rule in across), *ends])
        if len(columns) > 2 and len(rows) > 2:
            grids.append(_Grid(group, columns, rows))
    return grids


def _touching(rules: Sequence[Rule]) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.top):
        met = [group for group in groups if any(_meets(rule, other) for other in group)]
        groups = [group for group in groups if group not in met]
        groups.append([rule, *(other for group in met for other in group)])
    return groups


def _meets(one: Rule, other: Rule) -> bool:
    return (
        one.left <= other.right + _TOUCH
        and other.left <= one.right + _TOUCH
        and one.top <= other.bottom + _TOUCH
        and other.top <= one.bottom + _TOUCH
    )


def _distinct(values: Iterable[float]) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > 2 * _TOUCH:
            kept.append(value)
    return kept


def _table(grid: _Grid, pieces: Sequence[Piece]) -> tuple[Table | None, list[Piece]]:
    left, right, top, bottom = grid.columns[0], grid.columns[-1], grid.rows[0], grid.rows[-1]
    fields: list[list[list[Piece]]] = [[[] for _ in grid.columns[1:]] for _ in grid.rows[1:]]
    inside = []
    for piece in pieces:
        middle = (piece.left + piece.right) / 2
        if piece.table is None and left < middle < right and top < piece.middle < bottom:
            row = sum(edge < piece.middle for edge in grid.rows) - 1
            column = sum(edge < middle for edge in grid.columns) - 1
            fields[row][column].append(piece)
            inside.append(piece)
    # A frame around running text, or the axes of a drawing, is no table.
    full = sum(sum(bool(cell) for cell in row) >= 2 for row in fields)
    if full < 2 or full * 2 < sum(any(row) for row in fields):
        return None, []
    rows = [tuple(joined([line.text for line in lines(cell)]) for cell in row) for row in fields if any(row)]
    return table_of(rows, Box(left, top, right, bottom), inside), inside
