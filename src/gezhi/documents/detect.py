"""What kind of file some bytes are: by clear magic first, then by suffix, then by looking at the content."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from gezhi.core.errors import DocumentError
from gezhi.documents.build import Source
from gezhi.documents.readers import SUFFIXES

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"{\\rtf", "office"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
)
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"GIF8", "GIF"),
    (b"\x7fELF", "ELF"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"ID3", "MP3"),
    (b"OggS", "Ogg"),
)
"""Kinds that are known and not read: named in the reason."""
_INNER: tuple[tuple[str, str], ...] = (
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("xl/workbook.xml", "xlsx"),
    ("META-INF/container.xml", "epub"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def family(source: Source, readers: Mapping[str, str]) -> str:
    """The name of the reader in `readers` for these bytes.

    Raises:
        DocumentError: No reader for what this is.
    """
    by_suffix = _by_suffix(source.suffix, readers)
    by_magic = _by_magic(source, by_suffix)
    if by_magic:
        return by_magic
    if by_suffix and not (by_suffix in _BINARY_FAMILIES and looks_like_text(source.data)):
        return by_suffix
    return _by_content(source)


_BINARY_FAMILIES = frozenset(("docx", "pptx", "xlsx", "epub", "zip", "pdf", "image", "office"))


def _by_suffix(suffix: str, readers: Mapping[str, str]) -> str | None:
    # A reader added under the name of its suffix needs no line in SUFFIXES.
    return suffix if suffix in readers else SUFFIXES.get(suffix)


def _by_magic(source: Source, by_suffix: str | None) -> str | None:
    head = source.data[:1024]
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image"
    # Other programs' headers may stand before the PDF's own (ISO 32000-1, annex H.3.4.1).
    if b"%PDF-" in head and (head.startswith(b"%PDF-") or by_suffix in (None, "pdf")):
        return "pdf"
    if head.startswith(_ZIP):
        return _zip_family(source.data, by_suffix)
    for magic, kind in _FOREIGN:
        if head.startswith(magic) and (by_suffix is None or not looks_like_text(head)):
            raise DocumentError("documents.foreign", path=source.name, kind=kind)
    return None


def _zip_family(data: bytes, by_suffix: str | None) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            names = set(pack.namelist())
            for inner, kind in _INNER:
                if inner in names:
                    return kind
            if "mimetype" in names and by_suffix == "office":
                return "office"
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        pass  # the reader that is named next says what is wrong with it
    return by_suffix if by_suffix in ("docx", "pptx", "xlsx", "epub", "office") else "zip"


def _by_content(source: Source) -> str:
    data = source.data
    if not data.strip(b"\x00 \t\r\n"):
        raise DocumentError("documents.empty", path=source.name)
    if not looks_like_text(data):
        raise DocumentError("documents.unknown_kind", path=source.name)
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if re.match(rb"<!doctype html|<html", head):
        return "html"
    return "text"


def looks_like_text(data: bytes) -> bool:
    """Whether the beginning of `data` can be text: valid UTF-8, UTF-16 with a mark, or few control characters."""
    head = data[:8192]
    if head.startswith(_BYTE_ORDER_MARKS):
        return True
    if b"\x00" in head:
        return False
    control = sum(byte < 9 or (13 < byte < 32 and byte != 27) for byte in head)
    if control > len(head) // 100:
        return False
    try:
        head[: len(head) - 4 if len(data) > 8192 else None].decode("utf-8")
    except UnicodeDecodeError:
        # Not UTF-8: an older encoding of Chinese or Latin text has runs of printable bytes and no control characters.
        return control == 0
    return True
