"""Writes the files of examples/handbook that are not plain UTF-8 text from the texts in examples/sources.

Run by hand after a text was changed:  python examples/make_handbook.py
The two PDFs need the font of the Debian package fonts-wqy-microhei; the other files need no font. Every run writes the
same files: dates are fixed and the noise of the scan is seeded. A source is Markdown in little: `#` headings,
`1.` and `-` lists, `|` tables (`<` merges a cell with the one to its left), `>` right-aligned lines, `---` for the
place where one column becomes two; any other line is a paragraph.
"""

from __future__ import annotations

import io
import random
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl.styles import Font, PatternFill
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from pptx.util import Inches
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

SOURCES = Path(__file__).with_name("sources")
HANDBOOK = Path(__file__).with_name("handbook")
FONT = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
WRITTEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def main(folder: Path) -> None:
    """Write all files into `folder`."""
    for name, write in {**WITHOUT_FONT, **WITH_FONT}.items():
        (folder / name).write_bytes(write())
        print(f"{name}: {(folder / name).stat().st_size:,} bytes")


@dataclass(frozen=True)
class Piece:
    """A line of a source, or a whole table."""

    kind: str
    """h1, h2, h3, paragraph, item, number, right, columns, table"""
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


MARKS = {"### ": "h3", "## ": "h2", "# ": "h1", "- ": "item", ">": "right", "---": "columns"}


def pieces(name: str) -> list[Piece]:
    """The source `name`, read into its pieces; the rule below a table's header is left out."""
    found: list[Piece] = []
    for line in (SOURCES / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
            if set("".join(cells)) == {"-"}:
                continue
            rows = found.pop().rows if found[-1].kind == "table" else ()
            found.append(Piece("table", rows=(*rows, cells)))
        elif line.strip():
            found.append(_piece(line))
    return found


def _piece(line: str) -> Piece:
    for mark, kind in MARKS.items():
        if line.startswith(mark):
            return Piece(kind, line.removeprefix(mark))
    if re.match(r"\d+\. (?!\d)", line):
        return Piece("number", line.partition(" ")[2])
    return Piece("paragraph", line)


def manual_pdf() -> bytes:
    """The product manual: title and ruled table over the full width, then two columns; header and footer."""
    pdfmetrics.registerFont(TTFont("body", FONT, subfontIndex=0))
    total = _typeset(pages=0)[1]
    return _typeset(pages=total)[0]


def _typeset(pages: int) -> tuple[bytes, int]:
    width, height = A4
    margin, gap, top = 20 * mm, 9 * mm, 96 * mm
    column, full = (width - 2 * margin - gap) / 2, width - 2 * margin
    low, high = 22 * mm, height - 24 * mm

    def frame(left: float, frame_width: float, bottom: float, ceiling: float) -> Frame:
        return Frame(left, bottom, frame_width, ceiling - bottom, leftPadding=0, rightPadding=0, topPadding=0)

    def both(ceiling: float) -> list[Frame]:
        return [frame(margin, column, low, ceiling), frame(margin + column + gap, column, low, ceiling)]

    def furniture(canvas: Canvas, layout: BaseDocTemplate) -> None:
        canvas.setFont("body", 8)
        canvas.setFillColor(colors.grey)
        canvas.drawString(margin, height - 15 * mm, "澄明科技产品手册　2026年版")
        canvas.drawRightString(width - margin, height - 15 * mm, "内部与经销商使用")
        canvas.line(margin, height - 17 * mm, width - margin, height - 17 * mm)
        canvas.drawString(margin, 12 * mm, "客服热线 400-000-6618")
        canvas.drawRightString(width - margin, 12 * mm, f"第 {layout.page} 页 / 共 {pages} 页")

    layout_file = io.BytesIO()
    layout = BaseDocTemplate(
        layout_file, pagesize=A4, title="澄明科技产品手册", author="澄明科技", invariant=1, lang="zh-CN"
    )
    first = [frame(margin, full, high - top, high), *both(high - top)]
    layout.addPageTemplates(
        [
            PageTemplate("first", first, onPage=furniture),
            PageTemplate("rest", both(high), onPage=furniture),
        ]
    )
    layout.build([NextPageTemplate("rest"), *_flowables(pieces("产品手册.md"), full, column)])
    return layout_file.getvalue(), layout.page


def _flowables(found: list[Piece], full: float, column: float) -> list[Flowable]:
    style = ParagraphStyle("body", fontName="body", fontSize=11, leading=18.5, wordWrap="CJK", spaceAfter=5)
    styles = {
        "h1": ParagraphStyle("h1", style, fontSize=22, leading=30, alignment=TA_CENTER),
        "h2": ParagraphStyle(
            "h2", style, fontSize=14, leading=21, spaceBefore=10, textColor=colors.HexColor("#1a5276")
        ),
        "h3": ParagraphStyle("h3", style, fontSize=12, leading=18, spaceBefore=4),
    }
    cell = ParagraphStyle("cell", style, fontSize=9, leading=13, spaceAfter=0)
    flow: list[Flowable] = []
    wide = True
    for piece in found:
        if piece.kind == "columns":
            wide = False
        elif piece.kind == "table":
            flow += [_ruled(piece.rows, full if wide else column, cell), Spacer(1, 8)]
        else:
            chosen = styles.get(piece.kind, style)
            flow.append(_paragraph(piece.text, full if wide else column, chosen))
    return flow


def _paragraph(text: str, width: float, style: ParagraphStyle) -> Paragraph:
    def measure(line: str) -> float:
        return float(pdfmetrics.stringWidth(line, style.fontName, style.fontSize))

    return Paragraph("<br/>".join(_lines(text, width, measure)), style)


def _ruled(rows: tuple[tuple[str, ...], ...], width: float, style: ParagraphStyle) -> Table:
    longest = [max(len(row[i]) for row in rows) + 3 for i in range(len(rows[0]))]
    widths = [width * n / sum(longest) for n in longest]
    padding = 12
    cells = [[_paragraph(text, widths[i] - padding, style) for i, text in enumerate(row)] for row in rows]
    table = Table(cells, widths, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.6, colors.black),
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#d6e4ee")),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        )
    )
    return table


def _lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines = [""]
    # A line neither begins with closing punctuation nor breaks a number or a Latin word.
    for token in re.findall(r"[“（]?(?:[!-~]+|.)[，。；：、）”]*", text):
        if measure(lines[-1] + token) > width:
            lines.append("")
        lines[-1] += token
    return [line.strip(" ") for line in lines]


DPI = 170
PAGE = (round(8.27 * DPI), round(11.69 * DPI))


def scan_pdf() -> bytes:
    """The notice as a scanner leaves it: only an image, half a degree askew, grey paper, specks, soft edges."""
    page = _drawn(pieces("扫描通知.md")).rotate(0.5, Image.Resampling.BICUBIC, fillcolor=247)
    photo = io.BytesIO()
    _specked(page).filter(ImageFilter.GaussianBlur(0.6)).save(photo, "JPEG", quality=35, dpi=(DPI, DPI))
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1)
    canvas.setTitle("扫描件")
    canvas.drawImage(ImageReader(photo), 0, 0, *A4)
    canvas.save()
    return made.getvalue()


def _drawn(found: list[Piece]) -> Image.Image:
    page = Image.new("L", PAGE, 247)
    draw = ImageDraw.Draw(page)
    fonts = {"h1": ImageFont.truetype(FONT, 46), "text": ImageFont.truetype(FONT, 30)}
    left, right, y = 150, PAGE[0] - 150, 190
    for piece in found:
        if piece.kind == "h1":
            draw.text((PAGE[0] / 2, y), piece.text, 30, fonts["h1"], anchor="ma")
            y += 110
        elif piece.kind == "right":
            draw.text((right, y + 40), piece.text, 40, fonts["text"], anchor="ra")
            y += 56
        else:
            for line in _lines(piece.text, right - left, fonts["text"].getlength):
                draw.text((left, y), line, 40, fonts["text"])
                y += 52
            y += 14
    return page


def _specked(page: Image.Image) -> Image.Image:
    chance = random.Random(20260306)
    draw = ImageDraw.Draw(page)
    for _ in range(260):
        x, y = chance.randrange(page.width), chance.randrange(page.height)
        draw.point([(x, y), (x + chance.randrange(2), y)], chance.randrange(120, 200))
    # The shadow of the lid along one edge.
    for x in range(14):
        draw.line([(x, 0), (x, page.height)], 170 + 5 * x)
    return page


def policy_docx() -> bytes:
    """The personnel policy: headings, numbered list, a table with merged cells."""
    document = docx.Document()
    document.core_properties.title = "人事制度"
    document.core_properties.author = "人力资源部"
    document.core_properties.created = document.core_properties.modified = WRITTEN
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Microsoft YaHei", Pt(10.5)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "微软雅黑")
    styles = {"h1": "Title", "h2": "Heading 1", "h3": "Heading 2", "number": "List Number", "item": "List Bullet"}
    for piece in pieces("人事制度.md"):
        if piece.kind == "table":
            _word_table(document, piece.rows)
        else:
            document.add_paragraph(piece.text, styles.get(piece.kind, "Normal"))
    made = io.BytesIO()
    document.save(made)
    return _settled(made)


def _word_table(document: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(len(rows), len(rows[0]), "Table Grid")
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            if text == "<":
                table.cell(i, j - 1).merge(table.cell(i, j))
            else:
                table.cell(i, j).text = text


def rates_xlsx() -> bytes:
    """The rates: one sheet a table; amounts are numbers and dates are dates."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.creator, book.properties.created = "财务部", WRITTEN.replace(tzinfo=None)
    for piece in pieces("费用标准.md"):
        if piece.kind == "h1":
            sheet = book.create_sheet(piece.text)
            continue
        for row in piece.rows:
            sheet.append([_cell(text) for text in row])
        for cell in sheet[1]:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="D6E4EE")
            sheet.column_dimensions[cell.column_letter].width = 20
        sheet.freeze_panes = "A2"
    made = io.BytesIO()
    book.save(made)
    return _settled(made)


def _cell(text: str) -> str | int | date:
    if re.fullmatch(r"\d+", text):
        return int(text)
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


def plan_pptx() -> bytes:
    """The product plan: a title slide, two slides of points, one with a table; the remark is a speaker's note."""
    deck = pptx.Presentation()
    deck.core_properties.title, deck.core_properties.author = "2026年产品规划", "产品与研发部"
    deck.core_properties.created = deck.core_properties.modified = WRITTEN
    title, *found = pieces("产品规划.md")
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text, slide.placeholders[1].text = title.text, found.pop(0).text
    for piece in found:
        if piece.kind == "h1":
            # Layout 1 has title and body, layout 5 only a title: nothing empty is left beside the table.
            slide = deck.slides.add_slide(deck.slide_layouts[5 if piece.text == "资源与风险" else 1])
            slide.shapes.title.text = piece.text
        elif piece.kind == "item":
            body = slide.placeholders[1].text_frame
            (body.add_paragraph() if body.text else body.paragraphs[0]).text = piece.text
        elif piece.kind == "table":
            _slide_table(slide, piece.rows)
        else:
            slide.notes_slide.notes_text_frame.text = piece.text
    made = io.BytesIO()
    deck.save(made)
    return _settled(made)


def _slide_table(slide: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    frame = slide.shapes.add_table(len(rows), len(rows[0]), Inches(0.6), Inches(2), Inches(8.8), Inches(2.4))
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            frame.table.cell(i, j).text = text


def releases_txt() -> bytes:
    """The release notes, in GB18030 as older Windows editors save them."""
    text = (SOURCES / "发布记录.md").read_text(encoding="utf-8")
    return text.replace("\n", "\r\n").encode("gb18030")


def meeting_eml() -> bytes:
    """The mail about the all-hands meeting, base64 and UTF-8."""
    subject, *body = pieces("全员大会.md")
    mail = EmailMessage()
    mail["From"] = "总经理办公室 <office@chengming.example>"
    mail["To"] = "全体员工 <all@chengming.example>"
    mail["Subject"] = subject.text
    mail["Date"] = datetime(2026, 3, 16, 1, 30, tzinfo=UTC)
    mail["Message-ID"] = "<20260316-all-hands@chengming.example>"
    mail.set_content("\n\n".join(piece.text for piece in body), cte="base64")
    return mail.as_bytes()


def _settled(made: io.BytesIO) -> bytes:
    """An Office file without the time of its making: fixed dates in the archive and in its properties."""
    again = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                stamp = WRITTEN.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                data = re.sub(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            new.writestr(zipfile.ZipInfo(name, (2026, 3, 2, 9, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return again.getvalue()


WITHOUT_FONT = {
    "人事制度.docx": policy_docx,
    "费用标准.xlsx": rates_xlsx,
    "产品规划.pptx": plan_pptx,
    "发布记录.txt": releases_txt,
    "全员大会.eml": meeting_eml,
}
WITH_FONT = {"产品手册.pdf": manual_pdf, "扫描通知.pdf": scan_pdf}


if __name__ == "__main__":
    if not FONT.exists():
        sys.exit(f"no font at {FONT}. Type:  apt-get install fonts-wqy-microhei")
    main(HANDBOOK)
