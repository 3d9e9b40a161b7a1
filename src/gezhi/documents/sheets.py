"""Spreadsheets: each sheet of an XLSX below its name, row by row; CSV and TSV in any encoding and dialect.

Values are those that Excel stored last, as it shows them; formulas are not computed. Left out: hidden sheets, charts,
pictures, comments.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from gezhi.core.catalogue import say
from gezhi.documents.build import Parsed, Source, TextBuilder
from gezhi.documents.markup import xml_elements
from gezhi.documents.ooxml import DAMAGED, Package, R, S
from gezhi.documents.tables.formats import format_code, shown_value
from gezhi.documents.tables.sheet import Row, add_rows
from gezhi.documents.text import text_of

_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_DEFAULT_NAME = re.compile(r"(?:sheet|工作表|表)\s*\d*$", re.IGNORECASE)
_MOST_FILLED = 1_000_000
_LONGEST_REPEATED = 60
"""Characters; a longer cell merged over several rows stands in the first of them only."""


def read_xlsx(source: Source) -> Parsed:
    """All sheets that are shown.

    Raises:
        DocumentError: Damaged, or no workbook.
    """
    package = Package(source)
    main = package.main()
    book, links = package.root(main), package.links(main)
    cells = _Cells(package, main, book)
    builder = TextBuilder()
    sheets = list(book.iterfind(f"{S}sheets/{S}sheet"))
    for sheet in sheets:
        name = sheet.get("name") or ""
        link = links.get(sheet.get(f"{R}id") or "")
        if link is None or link.kind != "worksheet":
            continue
        if sheet.get("state") in ("hidden", "veryHidden"):
            builder.note(say("documents.sheet_hidden", sheet=name))
            continue
        rows = _sheet(package, link.target, cells, builder, name)
        if rows and not (len(sheets) == 1 and _DEFAULT_NAME.match(name)):
            builder.heading(name, 1)
        add_rows(builder, rows)
        source.step()
    return builder.parsed(title=package.title(), meta=package.meta())


class _Cells:
    """Turns cells into text with the strings and formats of their workbook."""

    def __init__(self, package: Package, main: str, book: etree._Element) -> None:
        self._strings = list(_strings(package, main))
        styles = package.linked(main, "styles")
        own: dict[int, str] = {}
        used: list[int] = []
        if styles is not None:
            own = {_int(one.get("numFmtId")): one.get("formatCode") or "" for one in styles.iter(f"{S}numFmt")}
            used = [_int(one.get("numFmtId")) for one in styles.iterfind(f"{S}cellXfs/{S}xf")]
        self._codes = [format_code(number, own) for number in used]
        told = book.find(f"{S}workbookPr")
        self._epoch_1904 = told is not None and told.get("date1904") in ("1", "true")

    def text(self, cell: etree._Element, value: str) -> str:
        """A cell with this stored value as it is shown; "" for an error."""
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            return _plain(cell)
        if kind == "s":
            index = _int(value, -1)
            return self._strings[index] if 0 <= index < len(self._strings) else ""
        if kind == "n" and value:
            style = _int(cell.get("s"))
            code = self._codes[style] if style < len(self._codes) else "General"
            return shown_value(value, code, epoch_1904=self._epoch_1904)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "d":
            return value.replace("T00:00:00", "").replace("T", " ").removesuffix(".000")
        return "" if kind == "e" else value


def _strings(package: Package, main: str) -> Iterator[str]:
    found = (link.target for link in package.links(main).values() if link.kind == "sharedStrings")
    name = next(found, None)
    if name:
        with package.open(name) as file:
            yield from (_plain(element) for element in xml_elements(file, "si"))


def _plain(element: etree._Element) -> str:
    """All text but the readings of Japanese and Chinese words."""
    texts = (one.text or "" for one in element.iter("{*}t") if not one.getparent().tag.endswith("}rPh"))
    # Characters that XML cannot hold are written as _x000D_ (ECMA-376 part 1, 22.9.2.19).
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), "".join(texts)).strip()


@dataclass
class _Found:
    """What one sheet has."""

    rows: dict[int, Row] = field(default_factory=dict)
    merges: list[str] = field(default_factory=list)
    uncomputed: int = 0
    """Formulas without a result."""
    last: int = 0
    """Number of the row read last; rows need not tell theirs."""


def _sheet(package: Package, target: str, cells: _Cells, builder: TextBuilder, name: str) -> list[Row]:
    """The rows with text, merged cells filled downwards."""
    found = _Found()
    try:
        with package.open(target) as file:
            for element in xml_elements(file, "row", "mergeCell"):
                if element.tag.endswith("}mergeCell"):
                    found.merges.append(element.get("ref") or "")
                else:
                    _add_row(found, element, cells)
    except DAMAGED:
        builder.note(say("documents.sheet_broken", sheet=name))
    if found.uncomputed:
        builder.note(say("documents.sheet_uncomputed", sheet=name, count=found.uncomputed))
    _fill(found)
    return [found.rows[number] for number in sorted(found.rows)]


def _add_row(found: _Found, element: etree._Element, cells: _Cells) -> None:
    number = _int(element.get("r"), found.last + 1)
    found.last = number
    texts: dict[int, str] = {}
    column = -1
    for cell in element:
        place = _place(cell.get("r") or "")
        column = place[1] if place else column + 1
        inside = {child.tag[child.tag.rfind("}") + 1 :]: child.text for child in cell if isinstance(child.tag, str)}
        text = cells.text(cell, inside.get("v") or "")
        if text and column < _LAST_COLUMN:
            texts[column] = text
        elif "f" in inside and "v" not in inside:
            found.uncomputed += 1
    if texts and 0 < number <= _LAST_ROW:
        found.rows[number] = Row(number, texts)


def _fill(found: _Found) -> None:
    numbers = sorted(found.rows)
    left = _MOST_FILLED
    for reference in found.merges:
        first, _, last = reference.partition(":")
        start, end = _place(first), _place(last)
        row = found.rows.get(start[0]) if start else None
        if not start or not end or row is None or start[1] not in row.cells:
            continue
        if end[1] > start[1]:
            row.spans[start[1]] = end[1]
        text = row.cells[start[1]]
        if len(text) <= _LONGEST_REPEATED:
            for number in _between(numbers, start[0] + 1, end[0]):
                found.rows[number].cells.setdefault(start[1], text)
                left -= 1
                if not left:
                    return


def _between(numbers: Sequence[int], first: int, last: int) -> Sequence[int]:
    return numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]


_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})$")


def _place(reference: str) -> tuple[int, int] | None:
    """Row, from 1, and column, from 0, of "B3"."""
    match = _PLACE.match(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column - 1


def _int(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else default


_SNIFFED = 60
"""Lines."""
_DELIMITERS = ",\t;|"
_RUNAWAY = 200
"""Lines in one field, from which a quotation mark that is never closed is taken for a character like others."""


def read_csv(source: Source) -> Parsed:
    """The rows of a CSV or TSV as one table, what stands above and below it as paragraphs.

    Raises:
        DocumentError: No text in any encoding.
    """
    # Python refuses cells of more than 128 KiB; how large files may be is the front's to say.
    csv.field_size_limit(sys.maxsize)
    builder = TextBuilder()
    text = text_of(source, builder)
    told = re.match(r"sep=(.)\r?\n", text)
    delimiter = told[1] if told else _delimiter(text, "\t" if source.suffix == "tsv" else ",")
    rows = _records(text[told.end() :] if told else text, delimiter)
    numbered = ({place: cell.strip() for place, cell in enumerate(row) if cell.strip()} for row in rows)
    add_rows(builder, [Row(number, cells) for number, cells in enumerate(numbered, 1) if cells])
    return builder.parsed()


def _delimiter(text: str, default: str) -> str:
    """The one that gives most lines the same number of cells, more than one."""
    lines = "".join(text.splitlines(keepends=True)[:_SNIFFED])
    best, best_score = default, 0.0
    for delimiter in sorted(_DELIMITERS, key=lambda one: one != default):
        widths = [len(row) for row in csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter) if row]
        usual = max(set(widths), key=widths.count) if widths else 1
        score = widths.count(usual) / len(widths) if usual > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _records(text: str, delimiter: str) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if text.count('"') % 2 and any(cell.count("\n") > _RUNAWAY for row in rows for cell in row):
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE))
    return rows
