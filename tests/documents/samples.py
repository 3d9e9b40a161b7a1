"""One good file of each family, made here; all of them say the same sentence."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

from docx import Document as Docx
from openpyxl import Workbook
from PIL import Image, ImageDraw, ImageFont
from pptx import Presentation

from documents.pdf_maker import Page, make_pdf

SENTENCE = "The warranty of product X1 lasts 24 months."
CHINESE = "产品X1的保修期为24个月。"


def text() -> bytes:
    return f"{CHINESE}\n\n{SENTENCE}\n".encode()


def markdown() -> bytes:
    table = "| Model | Price |\n|---|---|\n| X1 | 1999 |\n"
    return f"# 手册\n\n## 保修\n\n{CHINESE}\n\n{table}\n- one\n- two\n\n```\ncode()\n```\n\n{SENTENCE}\n".encode()


def html() -> bytes:
    table = "<table><tr><th>Model</th><th>Price</th></tr><tr><td>X1</td><td>1999</td></tr></table>"
    return f"<html><head><title>T</title></head><body><h1>手册</h1><p>{SENTENCE}</p>{table}</body></html>".encode()


def pdf() -> bytes:
    page = Page().text(60, 80, "Handbook", 20).text(60, 120, SENTENCE).text(60, 140, CHINESE)
    return make_pdf(page, Page().text(60, 80, "Second page stands here."))


def docx() -> bytes:
    document = Docx()
    document.add_heading("手册", 1)
    document.add_paragraph(SENTENCE)
    table = document.add_table(rows=2, cols=2)
    for row, cells in enumerate((("Model", "Price"), ("X1", "1999"))):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    return _saved(document)


def pptx() -> bytes:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "手册"
    slide.placeholders[1].text = SENTENCE
    return _saved(deck)


def xlsx() -> bytes:
    book = Workbook()
    sheet = book.active
    for row in (("Model", "Text"), ("X1", SENTENCE), ("X2", CHINESE)):
        sheet.append(row)
    return _saved(book)


def csv() -> bytes:
    return f"Model,Text\nX1,{SENTENCE}\nX2,{CHINESE}\n".encode()


def json_() -> bytes:
    return json.dumps({"title": "手册", "items": [{"text": SENTENCE}, {"text": CHINESE}]}).encode()


def jsonl() -> bytes:
    return b"".join(json.dumps({"text": line}).encode() + b"\n" for line in (SENTENCE, CHINESE))


def eml() -> bytes:
    head = "From: a@example.com\nTo: b@example.com\nSubject: Warranty\nMIME-Version: 1.0\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{SENTENCE}\n{CHINESE}\n".encode()


def epub() -> bytes:
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>手册</dc:title></metadata><manifest>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    chapter = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>保修</h1><p>{SENTENCE}</p></body></html>'
    return _zipped(
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", container),
        ("c.opf", package),
        ("a.xhtml", chapter),
    )


def code() -> bytes:
    return f'"""{SENTENCE}"""\n\n\ndef price(model: str) -> int:\n    return 1999\n'.encode()


def image() -> bytes:
    picture = Image.new("RGB", (1000, 200), "white")
    ImageDraw.Draw(picture).text((30, 66), SENTENCE, "black", ImageFont.load_default(40))
    return _saved(picture, format="PNG")


def zip_() -> bytes:
    return _zipped(("inner/a.txt", text()))


def office() -> bytes:
    return (r"{\rtf1\ansi{\b Handbook}\par " + SENTENCE + r"\par}").encode()


SAMPLES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "text": ("a.txt", text),
    "markdown": ("a.md", markdown),
    "html": ("a.html", html),
    "pdf": ("a.pdf", pdf),
    "docx": ("a.docx", docx),
    "pptx": ("a.pptx", pptx),
    "xlsx": ("a.xlsx", xlsx),
    "csv": ("a.csv", csv),
    "json": ("a.json", json_),
    "jsonl": ("a.jsonl", jsonl),
    "eml": ("a.eml", eml),
    "epub": ("a.epub", epub),
    "code": ("a.py", code),
    "image": ("a.png", image),
    "zip": ("a.zip", zip_),
    "office": ("a.rtf", office),
}
"""Family to file name and maker."""


def _saved(document: object, **options: str) -> bytes:
    out = io.BytesIO()
    document.save(out, **options)  # type: ignore[attr-defined]
    return out.getvalue()


def _zipped(*members: tuple[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()
