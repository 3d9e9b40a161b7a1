from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from gezhi.core.errors import DocumentError
from gezhi.core.types import Document
from gezhi.documents import ArchiveOptions, ReadOptions
from gezhi.documents.front import read_bytes

TEXT = "产品X1的保修期是二十四个月。"


def pack(*members: tuple[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def raw_pack(name: bytes, data: bytes, *, flags: int = 0, size: int | None = None) -> bytes:
    """One stored member, its name and size written as given."""
    size = len(data) if size is None else size
    crc = zlib.crc32(data)
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, flags, 0, 0, 0, crc, len(data), size, len(name), 0)
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, flags, 0, 0, 0, crc, len(data), size, len(name), 0, 0, 0, 0, 0, 0
    )
    body = local + name + data
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(entry) + len(name), len(body), 0)
    return body + entry + name + end


def sources(data: bytes, options: ReadOptions | None = None) -> list[str]:
    return [document.source for document in documents(data, options)]


def documents(data: bytes, options: ReadOptions | None = None) -> tuple[Document, ...]:
    return read_bytes(data, "pack.zip", options)


def test_members_are_documents_of_their_own() -> None:
    first, second = documents(pack(("a.txt", TEXT), ("inner/b.md", f"# 标题\n\n{TEXT}")))
    assert (first.source, second.source) == ("pack.zip/a.txt", "pack.zip/inner/b.md")
    assert first.text == TEXT
    assert second.title == "标题"
    assert first.id != second.id


def test_archives_in_archives() -> None:
    inner = pack(("deep.txt", TEXT))
    assert sources(pack(("inner.zip", inner), ("a.txt", TEXT))) == ["pack.zip/inner.zip/deep.txt", "pack.zip/a.txt"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_chinese_names_without_the_utf8_flag(encoding: str) -> None:
    assert sources(raw_pack("说明/保修.txt".encode(encoding), TEXT.encode())) == ["pack.zip/说明/保修.txt"]


def test_names_lead_nowhere_else() -> None:
    data = pack(("../../etc/passwd.txt", TEXT), ("/abs.txt", TEXT), ("C:\\win\\x.txt", TEXT))
    assert sources(data) == ["pack.zip/etc/passwd.txt", "pack.zip/abs.txt", "pack.zip/C/win/x.txt"]


def test_a_bad_member_is_a_note_and_the_rest_is_read() -> None:
    (document,) = documents(pack(("bad.pdf", b"%PDF-1.7 broken"), ("a.txt", TEXT), ("blob.bin", bytes(range(256)))))
    assert document.source == "pack.zip/a.txt"
    assert len(document.notes) == 2
    assert "pack.zip/bad.pdf" in document.notes[0]
    assert "pack.zip/blob.bin" in document.notes[1]


def test_an_encrypted_member_is_a_note() -> None:
    locked = raw_pack(b"a.txt", b"x" * 20, flags=1)
    with pytest.raises(DocumentError, match=r"pack\.zip/a\.txt is encrypted"):
        documents(locked)
    (document,) = read_bytes(pack(("locked.zip", locked), ("b.txt", TEXT)), "outer.zip")
    assert any("encrypted" in note for note in document.notes)


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(DocumentError, match="zip bomb"):
        documents(pack(("a.txt", b"0" * 40_000_000)))


def test_limits_hold_for_all_that_stands_inside() -> None:
    inner = pack(*((f"{n}.txt", TEXT) for n in range(6)))
    limited = ReadOptions(archive=ArchiveOptions(members=10))
    (document, *_) = found = documents(pack(("one.zip", inner), ("two.zip", inner)), limited)
    assert len(found) == 6
    assert any("two.zip has more than 10 files" in note or "more than 10 files" in note for note in document.notes)
    with pytest.raises(DocumentError, match="more than 1 MB"):
        documents(pack(("a.txt", b"ab" * 1_000_000)), ReadOptions(archive=ArchiveOptions(unpacked_mb=1)))


def test_depth_is_limited() -> None:
    data = pack(("core.txt", TEXT))
    for _ in range(2):
        data = pack(("next.zip", data))
    with pytest.raises(DocumentError, match="1 archives deep"):
        documents(data, ReadOptions(archive=ArchiveOptions(depth=1)))
    assert len(documents(data)) == 1


def test_a_member_that_lies_about_its_size_or_sum() -> None:
    with pytest.raises(DocumentError):
        documents(raw_pack(b"a.txt", TEXT.encode(), size=5))
    broken = bytearray(pack(("a.txt", TEXT.encode())))
    broken[40] ^= 0xFF
    with pytest.raises(DocumentError):
        documents(bytes(broken))


def test_litter_is_passed_over() -> None:
    assert sources(pack(("__MACOSX/._a.txt", "junk"), (".DS_Store", b"\0\0"), ("a.txt", TEXT))) == ["pack.zip/a.txt"]


def test_an_empty_archive() -> None:
    with pytest.raises(DocumentError, match="no files"):
        documents(pack())
