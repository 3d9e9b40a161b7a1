"""PDF: pages a CPU second of the whole parse, beside PDFium giving nothing but the characters of the same file.

Run: python benchmarks/pdf_speed.py [FILE.pdf ...] [--pages N] [--rounds N]

A file of N pages is generated: two columns of text, a running head, a page number, a ruled table on each tenth page.
The parse finds columns, paragraphs, headings, tables and running heads, and gives blocks with page and box. Both are
measured in turns in this process, one thread, the fastest round of each.
"""

from __future__ import annotations

import argparse
import ctypes
import io
import random
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from gezhi.documents import ReadOptions
from gezhi.documents.front import read_bytes
from report import SHARED, report

TEXT = (
    "The maintenance schedule of each station is reviewed by the regional office, and whenever a filter has to be "
    "replaced before its time the reason is written down together with the hours it has run and the air it has moved. "
)
WIDTH = 46
"""Characters a line of a column."""


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[SHARED / "Comp_zh_0.pdf", SHARED / "Math_en_0.pdf"])
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    files = {path.name: path.read_bytes() for path in options.files}
    files[f"generated, {options.pages} pages"] = generated(options.pages)
    rows = [row(name, data, options.rounds) for name, data in files.items()]
    report("pdf_speed", "python benchmarks/pdf_speed.py", rows, ["CPU seconds of one thread, OCR off."])


def row(name: str, data: bytes, rounds: int) -> dict[str, object]:
    """One file: both speeds, and what the parse found."""
    plain, parsed = [], []
    for _ in range(rounds):
        plain.append(cpu_seconds(lambda: characters(data)))
        parsed.append(cpu_seconds(lambda: read_bytes(data, "a.pdf", ReadOptions(ocr="off"))))
    (document,) = read_bytes(data, "a.pdf", ReadOptions(ocr="off"))
    pages = int(document.meta["pages"])
    return {
        "file": name,
        "pages": pages,
        "characters": len(document.text),
        "blocks": len(document.blocks),
        "tables": sum(block.kind == "table" for block in document.blocks),
        "parse, pages/s": pages / min(parsed),
        "PDFium characters, pages/s": pages / min(plain),
        "ratio": min(plain) / min(parsed),
    }


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def characters(data: bytes) -> int:
    """What any reader has to do first: load each page and take its text."""
    document = pypdfium2.PdfDocument(data)
    count = 0
    for page in document:
        text = page.get_textpage()
        count += len(text.get_text_range())
        text.close()
        page.close()
    document.close()
    return count


def generated(pages: int) -> bytes:
    """A PDF of so many A4 pages, always the same."""
    rng = random.Random(1)
    document = pypdfium2.PdfDocument.new()
    font = pdfium.FPDFText_LoadStandardFont(document, b"Helvetica")
    for number in range(pages):
        page = document.new_page(595, 842)
        write(document, page, font, 60, 40, 8, f"Operations handbook, part {number // 50 + 1}")
        write(document, page, font, 290, 815, 9, str(number + 1))
        write(document, page, font, 60, 75, 16, f"{number + 1} Section of page {number + 1}")
        top = 100.0
        if number % 10 == 0:
            top = 220.0
            table(document, page, font, rng)
        for left in (60, 315):
            wanted = int((790 - top) / 13)
            for line, text in enumerate(wrapped(rng)[:wanted]):
                write(document, page, font, left, top + 13 * line, 10, text)
        page.gen_content()
        page.close()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def wrapped(rng: random.Random) -> list[str]:
    """A column: paragraphs of two to five sentences."""
    return [line for _ in range(12) for line in textwrap.wrap(TEXT * rng.randint(2, 5), WIDTH)]


def table(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, font: object, rng: random.Random) -> None:
    """Four ruled columns, six rows."""
    for row in range(7):
        rule(page, 60, 100 + 16 * row, 480, 0.5)
    for column in range(5):
        rule(page, 60 + 120 * column, 100, 0.5, 96)
    for row in range(6):
        for column in range(4):
            text = ("Station", "Filter", "Hours", "Cost")[column] if row == 0 else str(rng.randint(10, 9999))
            write(document, page, font, 66 + 120 * column, 112 + 16 * row, 9, text)


def rule(page: pypdfium2.PdfPage, left: float, top: float, width: float, height: float) -> None:
    """A thin filled rectangle, as word processors draw them."""
    shape = pdfium.FPDFPageObj_CreateNewRect(left, 842 - top - height, width, height)
    pdfium.FPDFPath_SetDrawMode(shape, pdfium.FPDF_FILLMODE_ALTERNATE, 0)
    pdfium.FPDFPage_InsertObject(page, shape)


def write(
    document: pypdfium2.PdfDocument,
    page: pypdfium2.PdfPage,
    font: object,
    left: float,
    base: float,
    size: float,
    text: str,
) -> None:
    """One line of text, its base so far below the top of the page."""
    item = pdfium.FPDFPageObj_CreateTextObj(document, font, size)
    wide = ctypes.create_string_buffer((text + "\x00").encode("utf-16-le"))
    pdfium.FPDFText_SetText(item, ctypes.cast(wide, ctypes.POINTER(ctypes.c_ushort)))
    pdfium.FPDFPageObj_Transform(item, 1, 0, 0, 1, left, 842 - base)
    pdfium.FPDFPage_InsertObject(page, item)


if __name__ == "__main__":
    main()
