"""Tables of HTML: rows and header of those with data; those used for layout are gone through like any other block."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from gezhi.documents.build import TextBuilder
from gezhi.documents.header import header_and_rows
from gezhi.documents.inline import fold_blanks, is_hidden, tag_of

_MOST = 1000
"""A span of more is a mistake or an attack."""


def add_table(builder: TextBuilder, table: etree._Element, walk: Callable[[etree._Element], None]) -> None:
    """Append a table; `walk` goes through the cells of one that is layout."""
    rows = list(_rows(table))
    if _is_layout(table, rows):
        for row in rows:
            for cell in row:
                walk(cell)
        return
    for caption in table.iterchildren("caption"):
        builder.paragraph(_text(caption))
    cells = _cells(rows)
    marked = next((n for n, row in enumerate(rows) if not _is_header(row)), len(rows))
    if 0 < marked < len(rows):
        names = [" ".join(part for part in column if part) for column in _columns(cells[:marked])]
        builder.table(cells[marked:], header=names)
    else:
        header, rest = header_and_rows(cells)
        builder.table(rest, header=header)


def _rows(table: etree._Element) -> Iterator[list[etree._Element]]:
    for row in table.iter("tr"):
        owner = next((parent for parent in row.iterancestors() if tag_of(parent) == "table"), None)
        if owner is table and not is_hidden(row):
            yield [cell for cell in row if tag_of(cell) in ("td", "th")]


def _is_layout(table: etree._Element, rows: list[list[etree._Element]]) -> bool:
    if table.get("role") == "presentation" or max((len(row) for row in rows), default=0) < 2:
        return True
    return any(tag_of(inner) in ("table", "h1", "h2", "h3", "ul", "ol", "pre") for inner in table.iterdescendants())


def _is_header(row: list[etree._Element]) -> bool:
    in_head = bool(row) and any(tag_of(parent) == "thead" for parent in row[0].iterancestors())
    return bool(row) and (in_head or all(tag_of(cell) == "th" for cell in row))


def _cells(rows: Sequence[Sequence[etree._Element]]) -> list[list[str]]:
    """Texts by row and column: a cell over several columns or rows stands in the first of them alone."""
    table: list[list[str]] = []
    covered: dict[int, int] = {}
    for row in rows:
        cells: list[str] = []
        below: dict[int, int] = {}
        for cell in row:
            while covered.get(len(cells), 0):
                cells.append("")
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            below |= dict.fromkeys(range(len(cells), len(cells) + width), height)
            cells += [_text(cell), *[""] * (width - 1)]
        covered = {column: left - 1 for column, left in (covered | below).items() if left > 1}
        table.append(cells)
    return table


def _span(cell: etree._Element, name: str) -> int:
    value = cell.get(name) or "1"
    return min(max(int(value), 1), _MOST) if value.isdecimal() else 1


def _columns(rows: list[list[str]]) -> Iterator[list[str]]:
    for column in range(max(len(row) for row in rows)):
        yield [row[column] if column < len(row) else "" for row in rows]


def _text(element: etree._Element) -> str:
    parts: list[str] = []
    for inner in element.iter():
        if tag_of(inner) in ("script", "style"):
            continue
        separator = " " if tag_of(inner) in ("br", "p", "div", "li") else ""
        parts.append(separator + (inner.text or "" if isinstance(inner.tag, str) else ""))
        parts.append(inner.tail or "" if inner is not element else "")
    return fold_blanks("".join(parts)).strip()
