"""Writes small PDF files by hand: text at places, lines, one image a page. No fonts are embedded."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field


@dataclass
class Page:
    """Places in points from the top left; `y` is the baseline."""

    width: float = 595
    height: float = 842
    rotate: int = 0
    content: list[str] = field(default_factory=list)
    image: tuple[int, int, bytes] | None = None
    """Width, height, RGB; fills the page."""

    def text(
        self, x: float, y: float, text: str, size: float = 10, *, bold: bool = False, turned: bool = False
    ) -> Page:
        font, shown = ("B" if bold else "F", _latin(text)) if text.isascii() else ("C", _chinese(text))
        place = f"0 1 -1 0 {x} {self.height - y}" if turned else f"1 0 0 1 {x} {self.height - y}"
        self.content.append(f"BT /{font} {size} Tf {place} Tm {shown} Tj ET")
        return self

    def lines(self, x: float, y: float, texts: list[str], size: float = 10, pitch: float = 1.2) -> Page:
        for number, text in enumerate(texts):
            self.text(x, y + number * pitch * size, text, size)
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> Page:
        self.content.append(f"0.5 w {x0} {self.height - y0} m {x1} {self.height - y1} l S")
        return self


def make_pdf(*pages: Page, title: str = "", encrypted: bool = False) -> bytes:
    """The file. Encrypted: asks for a password that nobody knows."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>")
    objects.append(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>"
    )
    objects.append(
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /CIDSystemInfo"
        b" << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 7 0 R >>"
    )
    objects.append(
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0"
        b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >>"
    )
    objects.append(f"<< /Title {_utf16(title)} >>".encode() if title else b"<< >>")
    kids = []
    for page in pages:
        content = list(page.content)
        resources = "/Font << /F 3 0 R /B 4 0 R /C 5 0 R >>"
        if page.image:
            width, height, pixels = page.image
            head = f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB"
            objects.append(_stream(pixels, f"{head} /BitsPerComponent 8 /Filter /FlateDecode", packed=True))
            resources += f" /XObject << /I {len(objects)} 0 R >>"
            content.insert(0, f"q {page.width} 0 0 {page.height} 0 0 cm /I Do Q")
        objects.append(_stream("\n".join(content).encode("latin-1"), "", packed=False))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width} {page.height}] /Rotate {page.rotate}"
            f" /Resources << {resources} >> /Contents {len(objects)} 0 R >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    secret = f"<{'41' * 32}>"
    lock = f" /Encrypt << /Filter /Standard /V 1 /R 2 /O {secret} /U {secret} /P -4 >> /ID [{secret} {secret}]"
    return _file(objects, lock if encrypted else "")


def _file(objects: list[bytes], extra: str) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 8 0 R{extra} >>\n".encode()
    return bytes(out + f"startxref\n{start}\n%%EOF\n".encode())


def _stream(data: bytes, head: str, *, packed: bool) -> bytes:
    data = zlib.compress(data) if packed else data
    return f"<< {head} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _latin(text: str) -> str:
    return "(" + text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ")"


def _chinese(text: str) -> str:
    return f"<{text.encode('utf-16-be').hex()}>"


def _utf16(text: str) -> str:
    return f"<feff{text.encode('utf-16-be').hex()}>"
