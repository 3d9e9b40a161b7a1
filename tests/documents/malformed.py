"""More than sixty files that are broken, hostile or odd, made here. Each is a name and bytes, or a thing on disk."""

from __future__ import annotations

import io
import os
import random
import struct
import zipfile
import zlib
from pathlib import Path

from documents.pdf_maker import Page, make_pdf
from documents.samples import SAMPLES

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 10))
    + "]>{}"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>{}'


def malformed() -> dict[str, bytes]:
    """File name to bytes."""
    return {**_cut(), **_disguised(), **_pdfs(), **_packs(), **_marked_up(), **_texts(), **_tables()}


def odd_places(folder: Path) -> list[Path]:
    """Things in the file system that are no readable file."""
    directory, pipe, loop = folder / "folder.pdf", folder / "pipe.txt", folder / "loop.md"
    directory.mkdir()
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    dangling = folder / "dangling.docx"
    dangling.symlink_to(folder / "nowhere.docx")
    places = [directory, pipe, loop, dangling, folder / "absent.txt"]
    if os.geteuid():
        closed = folder / "closed.txt"
        closed.write_text("secret", encoding="utf-8")
        closed.chmod(0)
        places.append(closed)
    return places


def _cut() -> dict[str, bytes]:
    """Each format cut off, emptied, and with bytes in the middle overwritten."""
    files = {}
    for family, (name, make) in SAMPLES.items():
        if family in ("image", "office"):
            continue
        data, suffix = make(), name.rpartition(".")[2]
        files[f"cut-{family}.{suffix}"] = data[: len(data) * 2 // 3]
        if family in ("pdf", "docx", "pptx", "xlsx", "epub", "zip"):
            noise = random.Random(family).randbytes(len(data) // 5)
            files[f"holed-{family}.{suffix}"] = data[: len(data) // 3] + noise + data[len(data) // 3 + len(noise) :]
    files |= {f"empty.{suffix}": b"" for suffix in ("txt", "pdf", "docx", "zip", "json")}
    image = SAMPLES["image"][1]()
    return {**files, "cut.png": image[: len(image) // 3], "cut.rtf": b"{\\rtf1\\ansi{\\b"}


def _disguised() -> dict[str, bytes]:
    noise = random.Random(7).randbytes(4096)
    pdf, docx = SAMPLES["pdf"][1](), SAMPLES["docx"][1]()
    return {
        "noise.pdf": noise,
        "noise.docx": noise,
        "noise.png": noise,
        "noise.txt": noise,
        "noise": noise,
        "magic-only.pdf": b"%PDF-1.7\n",
        "magic-only.zip": b"PK\x03\x04",
        "magic-only.png": b"\x89PNG\r\n\x1a\n",
        "magic-only.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "really-a-pdf.docx": pdf,
        "really-a-docx.pdf": docx,
        "really-words.pdf": b"These are only words.",
        "program.exe": b"MZ" + noise,
        "elf.md": b"\x7fELF" + noise,
        "archive.rar": b"Rar!\x1a\x07\x01\x00" + noise,
        "archive.7z": b"7z\xbc\xaf\x27\x1c" + noise,
    }


def _pdfs() -> dict[str, bytes]:
    good = make_pdf(Page().text(60, 60, "words"))
    endless = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [2 0 R]"
    return {
        "encrypted.pdf": make_pdf(Page().text(60, 60, "secret"), encrypted=True),
        "blank.pdf": make_pdf(Page()),
        "no-pages.pdf": make_pdf(),
        "circular.pdf": endless + b" /Count 1 >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF",
        "million-pages.pdf": good.replace(b"/Count 1", b"/Count 9999999"),
        "no-xref.pdf": good.split(b"xref")[0],
        "huge-page.pdf": good.replace(b"595", b"9e9"),
        "negative-page.pdf": good.replace(b"595 842", b"-595 -842"),
        "bad-stream.pdf": good.replace(b" Tf ", b" ( [ << "),
        "bad-length.pdf": good.replace(b"/Length ", b"/Length 9"),
    }


def _packs() -> dict[str, bytes]:
    deep = _zip(("a.txt", b"deep"))
    for _ in range(12):
        deep = _zip(("next.zip", deep))
    lying = bytearray(_zip(("a.txt", b"x" * 1000)))
    struct.pack_into("<I", lying, 22, 10)
    return {
        "bomb.zip": _zip(("zeros.txt", b"\0" * 60_000_000)),
        "bomb.docx": _zip(("word/document.xml", b" " * 60_000_000)),
        "bomb.xlsx": _zip(("xl/workbook.xml", b" " * 60_000_000)),
        "crowd.zip": _zip(*((f"{number}.txt", b"x") for number in range(10_050))),
        "deep.zip": deep,
        "lying.zip": bytes(lying),
        "no-members.zip": _zip(),
        "only-folders.zip": _zip(("a/", b""), ("a/b/", b"")),
        "locked.zip": _locked(),
        "hollow.docx": _zip(("word/document.xml", b"")),
        "hollow.pptx": _zip(("ppt/presentation.xml", b"<p/>")),
        "hollow.xlsx": _zip(("xl/workbook.xml", b"<workbook/>")),
        "hollow.epub": _zip(("META-INF/container.xml", b"<container/>")),
        "escape.epub": _zip(
            ("META-INF/container.xml", b'<container><rootfile full-path="../../../../etc/passwd"/></container>')
        ),
        "encrypted.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 632 + "EncryptedPackage\0".encode("utf-16-le"),
    }


def _marked_up() -> dict[str, bytes]:
    deep = "<div>" * 200_000 + "words"
    laughing = LAUGHS.format("<w>&lol9;</w>").encode()
    return {
        "laughs.xml": laughing,
        "laughs.html": LAUGHS.format("<p>&lol9;</p>").encode(),
        "laughs.docx": _with(SAMPLES["docx"][1](), "word/document.xml", laughing),
        "laughs.xlsx": _with(SAMPLES["xlsx"][1](), "xl/workbook.xml", laughing),
        "laughs.epub": _with(SAMPLES["epub"][1](), "c.opf", laughing),
        "outside.docx": _with(SAMPLES["docx"][1](), "word/document.xml", OUTSIDE.format("<w>&x;</w>").encode()),
        "outside.epub": _with(SAMPLES["epub"][1](), "a.xhtml", OUTSIDE.format("<html>&x;</html>").encode()),
        "deep.html": deep.encode(),
        "unclosed.html": b"<html><body><table><tr><td><p>words" * 50,
        "no-text.html": b"<html><script>var a = 1</script></html>",
        "deep.md": b"> " * 20_000 + b"words",
        "brackets.md": b"[" * 100_000,
        "table.md": b"|" * 50_000 + b"\n" + b"|-" * 25_000,
    }


def _texts() -> dict[str, bytes]:
    return {
        "nuls.txt": b"before\0\0\0after" * 100,
        "only-nuls.txt": b"\0" * 5000,
        "blank.txt": b" \n\t\r\n" * 100,
        "surrogates.txt": b"a \xed\xa0\x80 b \xed\xbf\xbf c",
        "half-utf16.txt": "ab".encode("utf-16")[:-1],
        "two-encodings.txt": "中文说明".encode() + "另一种编码".encode("gbk"),
        "one-line.txt": b"word " * 1_000_000,
        "controls.log": bytes(range(1, 32)) * 50,
        "no-break.txt": "字".encode() * 500_000,
    }


def _tables() -> dict[str, bytes]:
    return {
        "huge-cell.csv": b'a,b\n"' + b"x" * 3_000_000 + b'",2\n',
        "open-quote.csv": b'a,b\n1,"never closed\n' + b"1,2\n" * 100,
        "wide.csv": b",".join(b"x" for _ in range(20_000)) + b"\n1",
        "nuls.csv": b"a,b\n1\0,2\n",
        "deep.json": b"[" * 100_000 + b"]" * 100_000,
        "open.json": b'{"a": [1, 2, {"b": "',
        "number.json": b"1" * 100_000,
        "infinite.json": b'{"a": NaN, "b": Infinity, "c": 1e999}',
        "twice.json": b'{"a": 1}{"a": 2}',
        "bad-line.jsonl": b'{"text": "good words"}\n{"text": broken\n',
        "surrogate.json": b'{"text": "\\ud800 lone"}',
        "headless.eml": b"no header here at all\n\nwords",
        "endless-parts.eml": b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n" * 3000,
        "bad-base64.eml": b"Subject: x\nContent-Transfer-Encoding: base64\n\n!!!!not base64!!!!",
        "bad-charset.eml": b"Subject: x\nContent-Type: text/plain; charset=no-such\n\nwords \xff\xfe",
        "unclosed.py": b'def f(:\n  """never closed\n' + b"(" * 5000,
        "bomb.png": _png(60_000, 60_000),
    }


def _zip(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def _with(data: bytes, name: str, content: bytes) -> bytes:
    """The archive with one member replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    return _zip(*((other, content if other == name else old) for other, old in members))


def _locked() -> bytes:
    data = bytearray(_zip(("a.txt", b"secret words")))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def _png(width: int, height: int) -> bytes:
    """A head that claims many pixels, and no pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
