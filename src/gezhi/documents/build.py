"""What every reader takes and gives: a `Source` in, a `Parsed` out, made with a `TextBuilder` so that spans are exact.

A reader is a plain function `read_x(source: Source) -> Parsed`, named in the table of `readers.py`. It raises
DocumentError for a file that it cannot read; the front (`front.py`) turns any other exception into one.
XML and HTML from strangers go through the parsers of `markup.py`, which open no entity, DTD or address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from gezhi.core.types import Block, BlockKind, Box, Meta
from gezhi.core.unicode import well_formed
from gezhi.documents.options import ReadOptions

CELL = " | "
"""Stands between the cells of a table row."""
# Control characters but tab and newline, and two code points that are no characters: SQLite, JSON and XML choke on
# one or the other.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass
class Budget:
    """What is left for unpacking; one object is shared by an archive and all that stands inside it."""

    members: int
    size: int
    """Bytes."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """The bytes of one file, or of one member of an archive or mail."""

    name: str
    """As shown to people; the last part is the file name: `pack.zip/inner/file.md`."""
    data: bytes = field(repr=False)
    options: ReadOptions = field(default_factory=ReadOptions)
    depth: int = 0
    """How many containers it stands in."""
    budget: Budget | None = None
    step: Callable[[], None] = lambda: None
    """To be called after each piece of slow work (a page of OCR): the time limit starts anew."""

    @property
    def file_name(self) -> str:
        """The last part of the name."""
        return self.name.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """Of the file name, lower case, without the dot: `pdf`; "" where there is none."""
        stem, dot, suffix = self.file_name.rpartition(".")
        return suffix.lower() if dot and stem else ""

    def inside(self, name: str, data: bytes) -> Source:
        """A member of this one: `mail.eml/plan.docx`."""
        return replace(self, name=f"{self.name}/{well_formed(name)}", data=data, depth=self.depth + 1)


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """What a reader found in one source."""

    title: str = ""
    """From the file's own metadata or first heading; "" leaves it to the front, which takes the file name."""
    text: str = ""
    blocks: tuple[Block, ...] = ()
    meta: Meta = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    inside: Iterable[Callable[[], Source]] = ()
    """Members (of an archive) and attachments (of a mail), each called once when its turn comes, and read by the front
    like a file. One that raises DocumentError becomes a note. A Parsed with `inside` may have no text of its own."""


class TextBuilder:
    """Appends blocks to a text and knows where each begins and ends.

    Text is cleaned on the way in: newlines are LF, forbidden characters go, outer blank space goes. What is empty
    after that adds nothing. Blocks are separated by an empty line.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._notes: list[str] = []

    def heading(self, text: str, level: int, *, page: int | None = None, box: Box | None = None) -> None:
        """A heading of `level` 1 (outermost) to 6; becomes one line."""
        self._add("heading", " ".join(text.split()), level=min(max(level, 1), 6), page=page, box=box)

    def paragraph(
        self, text: str, *, page: int | None = None, box: Box | None = None, confidence: float | None = None
    ) -> None:
        """Running text; newlines inside it stay."""
        self._add("paragraph", text, page=page, box=box, confidence=confidence)

    def bullets(self, text: str, *, page: int | None = None, box: Box | None = None) -> None:
        """A list, one item a line, with its marks ("- ", "1. ") where the file has them."""
        self._add("list", text, page=page, box=box)

    def code(self, text: str, *, page: int | None = None) -> None:
        """Program text; leading spaces of the first line stay too."""
        self._add("code", text, page=page)

    def table(
        self,
        rows: Iterable[Sequence[str]],
        *,
        header: Sequence[str] = (),
        page: int | None = None,
        box: Box | None = None,
        confidence: float | None = None,
    ) -> None:
        """A table, one row a line, cells joined by " | ".

        Args:
            rows: The rows below the header; cells become one line, rows without any text are left out.
            header: The header row, "" cells allowed; it is the first line of the text and `Block.header`.
        """
        top = table_row(header) if any(cell.strip() for cell in header) else ""
        lines = [top, *(table_row(row) for row in rows if any(cell.strip() for cell in row))]
        text = "\n".join(line for line in lines if line)
        self._add("table", text, page=page, box=box, header=top, confidence=confidence)

    def note(self, text: str) -> None:
        """What a person should know about the reading; from the catalogue."""
        if text not in self._notes:
            self._notes.append(text)

    @property
    def empty(self) -> bool:
        """Whether nothing was added yet."""
        return not self._blocks

    def parsed(
        self, *, title: str = "", meta: Meta | None = None, inside: Iterable[Callable[[], Source]] = ()
    ) -> Parsed:
        """All that was added."""
        return Parsed(
            title=" ".join(clean(title).split()),
            text="".join(self._parts),
            blocks=tuple(self._blocks),
            meta=meta or {},
            notes=tuple(self._notes),
            inside=inside,
        )

    def _add(
        self,
        kind: BlockKind,
        text: str,
        *,
        level: int = 0,
        page: int | None = None,
        box: Box | None = None,
        header: str = "",
        confidence: float | None = None,
    ) -> None:
        text = clean(text).rstrip()
        text = text.lstrip("\n") if kind == "code" else text.lstrip()
        if not text.strip():
            return
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        self._blocks.append(
            Block(
                kind=kind,
                start=start,
                end=self._length,
                page=page,
                level=level,
                box=box,
                header=header,
                confidence=confidence,
            )
        )


def clean(text: str) -> str:
    """Newlines are LF; of what no store, JSON or XML can hold, half a character becomes U+FFFD, the rest is gone."""
    return _FORBIDDEN.sub("", well_formed(text).replace("\r\n", "\n").replace("\r", "\n"))


def table_row(cells: Sequence[str]) -> str:
    """One line: cells with their inner blank space folded, joined by " | "."""
    return CELL.join(" ".join(clean(cell).split()) for cell in cells).strip()
