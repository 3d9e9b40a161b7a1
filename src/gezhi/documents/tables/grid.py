"""Tables with merged cells to rows and a header (Word, PowerPoint).

A cell over several columns stands in the first of them; one over several rows is repeated in each, for a row is read
alone. Names of columns in two rows ("住宿 | 住宿" above "一线 | 其他") become one: "住宿 一线".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gezhi.documents.build import TextBuilder
from gezhi.documents.header import header_and_rows, is_header

_LONGEST_REPEATED = 60
"""Characters; a longer cell over several rows stands in the first of them only."""


class Cell(NamedTuple):
    """A cell as the file has it."""

    text: str
    across: int = 1
    """Columns."""
    continues: bool = False
    """Is the lower part of the cell above."""


def add_grid(
    builder: TextBuilder, rows: Sequence[Sequence[Cell]], *, marked: int | None = None, page: int | None = None
) -> None:
    """Append a table.

    Args:
        marked: How many of the first rows the file calls its header; None where it does not say.
    """
    rows = [row for row in rows if row]
    # A single cell over the whole width above a table is its title.
    while len(rows) > 1 and len(rows[0]) == 1 and rows[0][0].across > 1 and not rows[0][0].continues:
        builder.paragraph(rows[0][0].text, page=page)
        rows = rows[1:]
        marked = max(marked - 1, 0) if marked else marked
    filled = _filled(rows)
    if marked is None:
        marked = 2 if _has_two_headers(rows, filled) else None
    if marked is None:
        header, rest = header_and_rows(filled)
    else:
        marked = min(marked, len(filled) - 1)
        header, rest = _names(rows[:marked], filled[:marked]), filled[marked:]
    builder.table(rest, header=header, page=page)


def _filled(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """Texts by column."""
    filled: list[list[str]] = []
    for row in rows:
        above = filled[-1] if filled else []
        cells: list[str] = []
        for cell in row:
            column = len(cells)
            text = cell.text
            if cell.continues:
                text = above[column] if column < len(above) and len(above[column]) <= _LONGEST_REPEATED else ""
            cells += [text, *[""] * (cell.across - 1)]
        filled.append(cells)
    return filled


def _has_two_headers(rows: Sequence[Sequence[Cell]], filled: Sequence[Sequence[str]]) -> bool:
    if len(rows) < 3 or all(cell.across == 1 for cell in rows[0]):
        return False
    return is_header([cell.text for cell in rows[0]]) and is_header(filled[1])


def _names(rows: Sequence[Sequence[Cell]], filled: Sequence[Sequence[str]]) -> list[str]:
    """One name for each column, from the top."""
    names = [""] * max((len(cells) for cells in filled), default=0)
    for row, cells in zip(rows, filled, strict=True):
        column = 0
        for cell in row:
            for place in range(column, column + cell.across):
                part = cells[column].strip()
                if part and not names[place].endswith(part):
                    names[place] = f"{names[place]} {part}".strip()
            column += cell.across
    return names
