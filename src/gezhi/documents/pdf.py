"""PDF through PDFium: text in reading order with page and box; pages without text by OCR where that is installed.

PDFium gives characters and their places only; columns, paragraphs, headings, tables and running heads are found here.
Left out: form fields, annotations, and tagged structure (most files have none, and it is often wrong).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from gezhi.core.catalogue import say
from gezhi.core.errors import DocumentError
from gezhi.core.extras import have
from gezhi.core.types import Meta
from gezhi.documents.build import Parsed, Source, TextBuilder
from gezhi.documents.pages.layout import Line, Piece, Rule, regions
from gezhi.documents.pages.paragraphs import add_blocks, body_of, page_blocks
from gezhi.documents.pages.ruled import without_tables
from gezhi.documents.pages.running import without_running
from gezhi.documents.pdf_text import PageText, page_text

_DPI = 150
_LONGEST = 2000
"""Pixels of the longer side of a page under OCR."""
_FEW = 16
"""Characters: a page with fewer, and an image on it, is a scan."""
_STAMP = 80
"""Characters: a page with fewer, and an image over most of it, is a scan with a stamp."""
_OUTLINES = 200
"""Shapes on a page without text from which they may be letters."""
_UNIDENTIFIED = 0.3
"""Share of glyphs without a Unicode value from which the text layer is worthless."""
_NO_TITLE = re.compile(
    r"untitled|无标题|未命名|^microsoft (word|powerpoint)|\.(docx?|pptx?|xlsx?|indd|tex|dvi|pdf|wps)$", re.I
)


@dataclass(slots=True)
class _Page:
    """One page on its way."""

    number: int
    pieces: list[Piece] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    height: float = 1.0
    scanned: bool = False
    """Its text has to come from OCR."""
    recognised: bool = False


def read_pdf(source: Source) -> Parsed:
    """All pages of a PDF.

    Raises:
        DocumentError: Encrypted, damaged, without pages, or without text while OCR is off or not installed.
    """
    document = _opened(source)
    out = TextBuilder()
    try:
        pages = list(_pages(document, source, out))
        _recognise(document, pages, source, out)
        meta = _meta(document, pages)
        title = _title(document)
    finally:
        document.close()
    _write(out, pages)
    if out.empty:
        scans = any(page.scanned for page in pages)
        raise DocumentError("documents.scanned" if scans else "documents.no_text", path=source.name, reason="")
    parsed = out.parsed(title=title, meta=meta)
    return parsed if parsed.title else replace(parsed, title=_first_heading(parsed))


def _opened(source: Source) -> Any:
    try:
        return pypdfium2.PdfDocument(source.data)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise DocumentError("documents.encrypted", path=source.name) from error
        raise DocumentError("documents.broken", path=source.name, reason=error) from error


def _pages(document: Any, source: Source, out: TextBuilder) -> Iterator[_Page]:
    for index in range(len(document)):
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            out.note(say("documents.page_broken", page=index + 1))
            yield _Page(index + 1)
            continue
        try:
            text = page_text(page)
        finally:
            page.close()
        source.step()
        yield _Page(index + 1, text.pieces, text.aside, text.rules, text.height, _is_scan(text), False)


def _is_scan(text: PageText) -> bool:
    characters = sum(len(piece.text) for piece in text.pieces)
    if text.unmapped > _UNIDENTIFIED * max(1, characters):
        return True
    if characters < _FEW:
        return text.images > 0.05 or text.paths > _OUTLINES
    # Scanning programs leave a line of their own on each page.
    return characters < _STAMP and text.images > 0.6


def _recognise(document: Any, pages: Sequence[_Page], source: Source, out: TextBuilder) -> None:
    scans = [page for page in pages if page.scanned]
    if not scans:
        return
    if source.options.ocr == "off" or not have("rapidocr"):
        listed = ", ".join(str(page.number) for page in scans[:8]) + (" …" if len(scans) > 8 else "")
        out.note(say("documents.pages_without_text", pages=listed))
        return
    from gezhi.documents.images import note_confidence
    from gezhi.documents.ocr import recognised

    for page in scans:
        pixels, scale = _rendered(document, page.number - 1)
        page.pieces, page.recognised = recognised(pixels, scale), True
        # Rules are where the page draws them; a scan has none that PDFium could tell.
        page.rules = []
        note_confidence(out, page.pieces, page.number)
        source.step()


def _rendered(document: Any, index: int) -> tuple[Any, float]:
    """(height, width, 3) BGR, and points a pixel."""
    page = document[index]
    try:
        scale = min(_DPI / 72, _LONGEST / max(page.get_size()))
        bitmap = page.render(scale=scale, rev_byteorder=False, force_bitmap_format=pdfium.FPDFBitmap_BGR)
        pixels = np.array(bitmap.to_numpy(), dtype=np.uint8)
        bitmap.close()
    finally:
        page.close()
    return pixels, 1 / scale


def _write(out: TextBuilder, pages: Sequence[_Page]) -> None:
    kept = without_running([page.pieces for page in pages], [page.height for page in pages])
    laid = []
    for page, pieces in zip(pages, kept, strict=True):
        flowing, page.rules = without_tables(pieces, page.rules)
        laid.append(regions(flowing, page.rules))
    body = body_of(line for parts in laid for part in parts for line in part)
    words = _words(line for parts in laid for part in parts for line in part)
    for page, parts in zip(pages, laid, strict=True):
        add_blocks(out, page_blocks(parts, page.rules, body, words), page.number)
        for text in page.aside:
            out.paragraph(text, page=page.number)


def _words(lines: Iterator[Line]) -> Collection[str]:
    """Words and compounds that do not stand at the end of a line: they decide about hyphens at line ends."""
    words: set[str] = set()
    for line in lines:
        for piece in line.pieces:
            if "-" in piece.text:
                words.update(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*(?=.)", piece.text.lower()))
    return words


def _meta(document: Any, pages: Sequence[_Page]) -> Meta:
    meta: dict[str, str | int | float | bool] = {"pages": len(pages)}
    author = _told(document, "Author")
    if author:
        meta["author"] = author
    if any(page.recognised for page in pages):
        meta["ocr"] = True
    return meta


def _title(document: Any) -> str:
    title = _told(document, "Title")
    return "" if _NO_TITLE.search(title) or len(title) < 2 else title


def _told(document: Any, key: str) -> str:
    return " ".join(str(document.get_metadata_value(key)).replace("\x00", "").split())[:200]


def _first_heading(parsed: Parsed) -> str:
    """The outermost heading of the first page, "" where there is none."""
    headings = [block for block in parsed.blocks if block.kind == "heading" and block.page == parsed.blocks[0].page]
    if not headings:
        return ""
    first = min(headings, key=lambda block: (block.level, block.start))
    return parsed.text[first.start : first.end]
