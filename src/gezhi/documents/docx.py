"""Word documents in document order: headings, lists with their numbers, tables, notes, text boxes, charts.

Headings are known by style or outline level; where a document has none, by how they look. Left out: headers and
footers, comments, tracked deletions, hidden text, tables of contents. Pages are not told: Word makes them when it shows
a document, and does not store them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from textwrap import dedent

from lxml import etree

from gezhi.documents.build import Parsed, Source, TextBuilder
from gezhi.documents.graphics import add_graphic
from gezhi.documents.ooxml import Package, W, shown_children
from gezhi.documents.outline import chapter_level, numbered_level
from gezhi.documents.tables.grid import Cell, add_grid
from gezhi.documents.word.numbering import Numbering
from gezhi.documents.word.runs import Paragraph, paragraph
from gezhi.documents.word.styles import Style, Styles, switched, value

_LONGEST_HEADING = 100
_LONGEST_ITEM = 120
"""Characters; a longer numbered paragraph is a paragraph, not an item of a list."""
_MOST_COLUMNS = 1000
_GONE = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "sectPr", "tblPr", "tblGrid", "sdtPr"))


def read_docx(source: Source) -> Parsed:
    """The text of a document.

    Raises:
        DocumentError: Damaged, or no Word document.
    """
    package = Package(source)
    name = package.main()
    document = package.root(name)
    body = document.find(f"{W}body")
    reader = _Reader(package, name, document if body is None else body)
    parsed = reader.builder.parsed(title=package.title() or reader.title, meta=package.meta())
    return parsed


class _Reader:
    """Goes through the body once."""

    def __init__(self, package: Package, name: str, body: etree._Element) -> None:
        self.builder = TextBuilder()
        self.title = ""
        self._package, self._links = package, package.links(name)
        self._styles = Styles(package.linked(name, "styles"))
        self._numbering = Numbering(package.linked(name, "numbering"), self._styles.lists())
        self._notes = {(kind, note.get(f"{W}id")): note for kind in ("footnotes", "endnotes")
                       for note in _children(package.linked(name, kind))}  # fmt: skip
        self._items: list[str] = []
        self._waiting: list[Paragraph] = []
        self._look = _Look(self._styles, body)
        self.blocks(body)
        self.flush()

    def blocks(self, container: etree._Element) -> None:
        for element in _blocks(container):
            if element.tag == f"{W}tbl":
                self.flush()
                self.table(element)
            else:
                self.paragraph(element)

    def paragraph(self, element: etree._Element) -> None:
        name, style = self._styles.style(element)
        content = paragraph(element, style)
        mark, depth = self._mark(element, name, style) if content.text else ("", 0)
        text = mark + content.text
        level = 0 if style.contents else self._level(element, style, content, text)
        if level:
            self.flush()
            self.builder.heading(text, level)
            self.title = self.title or (text if style.title or level == 1 else "")
        elif mark and len(text) <= _LONGEST_ITEM:
            self._items.append("  " * depth + text.replace("\n", " "))
        elif not style.contents:
            self.flush()
            self.builder.paragraph(text)
        self._waiting.append(content)
        if not self._items:
            self.flush()

    def flush(self) -> None:
        """Write the list that was collected, then what hangs on its paragraphs."""
        self.builder.bullets(dedent("\n".join(self._items)))
        waiting = self._waiting
        self._items, self._waiting = [], []
        for content in waiting:
            self._hanging(content)

    def _hanging(self, content: Paragraph) -> None:
        for reference in content.notes:
            if reference in self._notes:
                self.blocks(self._notes[reference])
                self.flush()
        for box in content.boxes:
            self.blocks(box)
            self.flush()
        for relation in content.graphics:
            if relation in self._links:
                add_graphic(self.builder, self._package, self._links[relation])

    def _mark(self, element: etree._Element, name: str, style: Style) -> tuple[str, int]:
        """The number or bullet of a paragraph with the level of its list."""
        number = value(element, f"{W}pPr/{W}numPr/{W}numId")
        depth = value(element, f"{W}pPr/{W}numPr/{W}ilvl")
        if depth.isdecimal():
            level = int(depth)
        elif number or style.depth is None:
            level = 0 if number else self._numbering.level_of_style(style.number, name)
        else:
            level = style.depth
        return self._numbering.mark(number or style.number, level), min(level, 8)

    def _level(self, element: etree._Element, style: Style, content: Paragraph, text: str) -> int:
        if not text or len(text) > _LONGEST_HEADING:
            return 0
        if style.title:
            return 1
        outline = value(element, f"{W}pPr/{W}outlineLvl")
        level = style.level
        if outline.isdecimal():
            level = int(outline) + 1 if int(outline) < 9 else 0
        if level:
            return level + self._look.titled
        return self._look.level(element, style, content, text)

    def table(self, element: etree._Element) -> None:
        rows = [row for row in _rows(element) if not _is_gone(row)]
        cells = [list(_cells(row)) for row in rows]
        if all(len(row) < 2 for row in cells):
            # A frame around text, not a table.
            for row in cells:
                for cell in row:
                    self.blocks(cell)
                    self.flush()
            return
        hanging: list[Paragraph] = []
        grid = [[self._cell(cell, hanging) for cell in row] for row in cells]
        add_grid(self.builder, grid, marked=_marked(rows, cells))
        for content in hanging:
            self._hanging(content)
        for row in cells:
            for cell in row:
                for inner in _blocks(cell):
                    if inner.tag == f"{W}tbl":
                        self.table(inner)

    def _cell(self, element: etree._Element, hanging: list[Paragraph]) -> Cell:
        texts = []
        for block in _blocks(element):
            if block.tag == f"{W}p":
                name, style = self._styles.style(block)
                content = paragraph(block, style)
                texts.append((self._mark(block, name, style)[0] if content.text else "") + content.text)
                hanging.append(content)
        properties = element.find(f"{W}tcPr")
        span = value(properties, f"{W}gridSpan")
        merge = properties.find(f"{W}vMerge") if properties is not None else None
        across = min(int(span), _MOST_COLUMNS) if span.isdecimal() else 1
        return Cell("\n".join(texts), max(across, 1), merge is not None and merge.get(f"{W}val") != "restart")


def _children(root: etree._Element | None) -> Iterator[etree._Element]:
    yield from root if root is not None else ()


def _blocks(container: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables, whatever they are wrapped in; a table of contents is passed over."""
    for element in shown_children(container):
        if element.tag in (f"{W}p", f"{W}tbl"):
            yield element
        elif element.tag == f"{W}sdt":
            if "table of contents" not in value(element, f"{W}sdtPr/{W}docPartObj/{W}docPartGallery").lower():
                yield from _blocks(element)
        elif element.tag not in _GONE:
            yield from _blocks(element)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for element in shown_children(table):
        if element.tag == f"{W}tr":
            yield element
        elif element.tag not in _GONE:
            yield from _rows(element)


def _is_gone(row: etree._Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for element in shown_children(row):
        if element.tag == f"{W}tc":
            if element.find(f"{W}tcPr/{W}cellDel") is None:
                yield element
        elif element.tag not in _GONE:
            yield from _cells(element)


def _marked(rows: list[etree._Element], cells: list[list[etree._Element]]) -> int | None:
    """How many rows are the header by repetition on each page, bold letters or shading; None: nothing says so."""
    repeated = 0
    for row in rows:
        if not switched(row.find(f"{W}trPr"), "tblHeader"):
            break
        repeated += 1
    if 0 < repeated < len(rows):
        return repeated
    standing = [[_stands_out(cell) for cell in row] for row in cells[:6]]
    if all(standing[0]):
        # All rows look alike in a table that stands out as a whole.
        return None if all(all(row) for row in standing) else 1
    # Names beside their values, as in a form.
    return 0 if len(cells) > 1 and all(row and row[0] for row in standing) else None


def _stands_out(cell: etree._Element) -> bool:
    shade = cell.find(f"{W}tcPr/{W}shd")
    if shade is not None and (shade.get(f"{W}fill") or "auto").lower() not in ("auto", "ffffff"):
        return True
    runs = [run for run in cell.iter(f"{W}r") if any((text.text or "").strip() for text in run.iter(f"{W}t"))]
    return bool(runs) and all(switched(run.find(f"{W}rPr"), "b") for run in runs)


class _Look:
    """Finds the headings of a document without heading styles by weight, size and numbers."""

    def __init__(self, styles: Styles, body: etree._Element) -> None:
        sizes: Counter[int] = Counter()
        levels = False
        self.titled = 0
        """1 where the document has a title above its headings of level 1."""
        for element in body.iter(f"{W}p"):
            style = styles.style(element)[1]
            content = paragraph(element, style)
            if content.text:
                levels |= style.level > 0 or element.find(f"{W}pPr/{W}outlineLvl") is not None
                self.titled |= int(style.title)
                sizes[content.size] += content.letters
        self._styled = levels
        self._body = sizes.most_common(1)[0][0] if sizes else 0

    def level(self, element: etree._Element, style: Style, content: Paragraph, text: str) -> int:
        """The level of a paragraph without a heading style, 0 for none."""
        if self._styled or "\n" in text:
            return 0
        larger = content.size - self._body if content.size and self._body else 0
        if larger >= 8 and value(element, f"{W}pPr/{W}jc") == "center":
            return 1
        stands_out = larger >= 2 or content.letters == content.bold
        return numbered_level(text) if stands_out else chapter_level(text)
