"""Rows of a spreadsheet to tables: what is title, header, data or remark is told by where it stands and what it is.

Rows part at empty ones; a part with the same columns and no header of its own goes on with the table above it. Tables
side by side are read as one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gezhi.documents.build import TextBuilder
from gezhi.documents.header import is_header, is_value

_MOST_HEAD = 10
"""Rows above the header, at most."""
_MOST_COLUMNS = 256
"""Of a wider sheet only the cells that are filled are shown."""
_YEAR = re.compile(r"(?:19|20)\d\d(?:年|[-/.年]\d\d?月?|Q[1-4])?$")
_REMARK = re.compile(
    r"\*|※|[（(]?\d?\s*(?:注|备注|说明|数据来源|来源|remarks?|notes?|source)\s*\d?\s*[：:.]", re.IGNORECASE
)
_LONG_REMARK = 25


@dataclass
class Row:
    """A row with text."""

    number: int
    cells: dict[int, str]
    """Column, from 0, to text that is not empty."""
    spans: dict[int, int] = field(default_factory=dict)
    """Column of a cell that is merged to the right, to the last column of it."""


@dataclass
class _Table:
    header: list[str]
    columns: list[int]
    rows: list[Row]


def add_rows(builder: TextBuilder, rows: Sequence[Row]) -> None:
    """Append the rows of one sheet as paragraphs and tables."""
    table: _Table | None = None
    for part in _parts(rows):
        head, start = _head(part)
        end = _end(part, start)
        body = part[start:end]
        fresh = _table(body) if body else None
        if fresh and table and not head and _goes_on(fresh, table):
            table.rows += body
        elif fresh or head:
            _write(builder, table)
            for row in head:
                builder.paragraph(_line(row))
            table = fresh
        if end < len(part):
            _write(builder, table)
            table = None
            for row in part[end:]:
                builder.paragraph(_line(row))
    _write(builder, table)


def _parts(rows: Sequence[Row]) -> list[list[Row]]:
    parts: list[list[Row]] = []
    for row in rows:
        if not parts or row.number > parts[-1][-1].number + 1:
            parts.append([])
        parts[-1].append(row)
    return parts


def _head(part: Sequence[Row]) -> tuple[Sequence[Row], int]:
    """The rows above the header or the data, and where those begin."""
    width = max(len(row.cells) for row in part)
    if width < 2:
        # Lines of text, or one column of data.
        text = sum(len(_line(row)) for row in part) > _LONG_REMARK * len(part)
        return (part, len(part)) if text or len(part) == 1 else ((), 0)
    for index, row in enumerate(part[:_MOST_HEAD]):
        if len(row.cells) * 2 > width or _spans(row):
            return part[:index], index
    return (), 0


def _spans(row: Row) -> bool:
    return len(row.cells) > 1 and bool(row.spans)


def _end(part: Sequence[Row], start: int) -> int:
    """Where the remarks below the data begin."""
    end = len(part)
    while end > start + 2 and len(part[end - 1].cells) == 1:
        text = _line(part[end - 1])
        if not _REMARK.match(text) and len(text) < _LONG_REMARK:
            break
        end -= 1
    return end


def _line(row: Row) -> str:
    return " ".join(row.cells[column] for column in sorted(row.cells))


def _table(rows: list[Row]) -> _Table:
    columns = sorted({column for row in rows for column in row.cells})
    first = _dense(rows[0], columns)
    if len(rows) > 2 and rows[0].spans and _is_names(_dense(rows[1], columns)) and not any(map(is_value, first)):
        return _Table(_joined(rows[0], rows[1], columns), columns, rows[2:])
    if len(rows) > 1 and _is_names(first):
        return _Table(first, columns, rows[1:])
    return _Table([], columns, rows)


def _is_names(row: list[str]) -> bool:
    """Whether it can be a header; years are names where several stand beside each other."""
    years = [cell for cell in row if _YEAR.match(cell)]
    if len(years) > 1 and len(set(years)) == len(years) < sum(bool(cell) for cell in row):
        row = [f"#{cell}" if cell in years else cell for cell in row]
    return is_header(row)


def _dense(row: Row, columns: Sequence[int]) -> list[str]:
    return [row.cells.get(column, "") for column in columns]


def _joined(upper: Row, lower: Row, columns: Sequence[int]) -> list[str]:
    """Names of columns in two rows: those above hold for all columns that they are merged over."""
    above: dict[int, str] = {}
    for column, text in upper.cells.items():
        last = upper.spans.get(column, column)
        above.update((place, text) for place in columns if column <= place <= last)
    names = []
    for column in columns:
        high, low = above.get(column, ""), lower.cells.get(column, "")
        names.append(high if high == low else f"{high} {low}".strip())
    return names


def _goes_on(fresh: _Table, table: _Table) -> bool:
    """Whether what stands below an empty row belongs to the table above it."""
    if not set(fresh.columns) <= set(table.columns) or len(fresh.columns) * 2 < len(table.columns):
        return False
    if not fresh.header:
        return True
    # A first row of words: data like the row above it, unless the columns below it hold values and it does not.
    below: Mapping[int, bool] = {column: _holds_values(fresh, column) for column in fresh.columns}
    return not any(below.values()) and fresh.header != table.header


def _holds_values(table: _Table, column: int) -> bool:
    texts = [row.cells[column] for row in table.rows[:20] if column in row.cells]
    return bool(texts) and sum(map(is_value, texts)) * 2 > len(texts)


def _write(builder: TextBuilder, table: _Table | None) -> None:
    if table is None:
        return
    if len(table.columns) > _MOST_COLUMNS:
        builder.table([row.cells[column] for column in sorted(row.cells)] for row in table.rows)
    else:
        builder.table((_dense(row, table.columns) for row in table.rows), header=table.header)
