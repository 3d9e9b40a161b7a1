"""PowerPoint presentations: a slide is a page, its title a heading; shapes in reading order, then the speaker's notes.

Left out: masters, dates, footers and slide numbers, comments, pictures.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from gezhi.core.catalogue import say
from gezhi.core.errors import DocumentError
from gezhi.documents.build import Parsed, Source, TextBuilder
from gezhi.documents.graphics import add_graphic
from gezhi.documents.ooxml import Link, P, Package, R
from gezhi.documents.slides.shapes import Shape, shapes
from gezhi.documents.tables.grid import add_grid

_LONGEST_HEADING = 60


def read_pptx(source: Source) -> Parsed:
    """The text of all slides, hidden ones too.

    Raises:
        DocumentError: Damaged, or no presentation.
    """
    package = Package(source)
    main = package.main()
    links = package.links(main)
    deck = package.root(main)
    builder = TextBuilder()
    name = package.title() or source.file_name.rpartition(".")[0]
    for page, entry in enumerate(deck.iterfind(f"{P}sldIdLst/{P}sldId"), 1):
        link = links.get(entry.get(f"{R}id") or "")
        try:
            slide = _Slide(package, link.target if link else "", page)
        except DocumentError:
            builder.note(say("documents.page_broken", page=page))
            continue
        slide.write(builder, f"{name} {page}")
    return builder.parsed(title=package.title(), meta=package.meta())


class _Slide:
    def __init__(self, package: Package, name: str, page: int) -> None:
        self._package, self._page = package, page
        root = package.root(name)
        self._links = package.links(name)
        layout, notes = self._target("slideLayout"), self._target("notesSlide")
        bases = (package.optional(layout), package.linked(layout, "slideMaster") if layout else None)
        self._shapes = shapes(root, bases)
        self._notes = _notes(package.optional(notes))

    def write(self, builder: TextBuilder, name: str) -> None:
        """Append the slide; `name` is its heading where it has no title."""
        if not self._shapes and not self._notes:
            return
        title = self._take_title()
        builder.heading(title or name, 1, page=self._page)
        for shape in self._shapes:
            self._write_shape(builder, shape)
        for text in self._notes:
            builder.paragraph(text, page=self._page)

    def _take_title(self) -> str:
        """The title, else the first text if it is short; taken away from the shapes."""
        titles = [shape for shape in self._shapes if shape.is_title and shape.lines]
        first = self._shapes[0] if self._shapes else None
        if not titles and first and len(first.lines) == 1 and len(first.lines[0]) <= _LONGEST_HEADING:
            titles = [first] if not first.listed else []
        self._shapes = [shape for shape in self._shapes if shape not in titles[:1]]
        return " ".join(titles[0].lines) if titles else ""

    def _write_shape(self, builder: TextBuilder, shape: Shape) -> None:
        if shape.rows:
            add_grid(builder, shape.rows, marked=1 if shape.header else None, page=self._page)
        elif shape.graphic in self._links:
            add_graphic(builder, self._package, self._links[shape.graphic], self._page)
        elif shape.listed:
            builder.bullets("\n".join(shape.lines), page=self._page)
        else:
            builder.paragraph("\n".join(shape.lines), page=self._page)

    def _target(self, kind: str) -> str:
        links: Iterable[Link] = self._links.values()
        return next((link.target for link in links if link.kind == kind), "")


def _notes(root: etree._Element | None) -> list[str]:
    found = shapes(root) if root is not None else []
    return [text for shape in found if (text := "\n".join(line.removeprefix("- ") for line in shape.lines))]
