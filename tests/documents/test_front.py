from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from gezhi.core.errors import BadOptions, DocumentError
from gezhi.documents import READERS, SUFFIXES, ArchiveOptions, ReadOptions, fingerprint, read
from gezhi.documents.build import Source
from gezhi.documents.detect import family
from gezhi.documents.front import read_bytes

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def kind(name: str, data: bytes) -> str:
    return family(Source(name=name, data=data), READERS)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.md", b"# x", "markdown"),
        ("A.MD", b"# x", "markdown"),
        ("notes", b"plain words", "text"),
        ("notes.unknown", "没有后缀的文字".encode(), "text"),
        ("notes", "国标编码的文字说明".encode("gb18030"), "text"),
        ("notes", "utf-16 words".encode("utf-16"), "text"),
        ("page", b"<!DOCTYPE html><html><body>x</body></html>", "html"),
        ("a.txt", b"%PDF-1.7\n...", "pdf"),
        ("paper", b"%PDF-1.4", "pdf"),
        ("a.pdf", b"junk before\n%PDF-1.4", "pdf"),
        ("a.pdf", b"only words in here", "text"),
        ("pic.txt", PNG, "image"),
        ("a.jpeg", b"\xff\xd8\xff\xe0" + b"\0" * 30, "image"),
        ("old", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 30, "office"),
        ("a.doc", b"{\\rtf1 x}", "office"),
        ("a.zip", b"PK\x05\x06" + b"\0" * 18, "zip"),
        ("a.docx", b"PK\x03\x04 broken", "docx"),
        ("x.py", b"print(1)", "code"),
    ],
)
def test_kinds_of_files(name: str, data: bytes, expected: str) -> None:
    assert kind(name, data) == expected


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.rar", b"Rar!\x1a\x07\x01\x00" + b"\0" * 20, "RAR file"),
        ("a.bin", bytes(range(256)) * 4, "no known kind"),
        ("a.unknown", b"\0\0\0\0", "empty"),
    ],
)
def test_what_is_not_read_says_why(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        kind(name, data)


def test_every_suffix_has_a_reader() -> None:
    assert set(SUFFIXES.values()) == set(READERS)


def test_source_and_id(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("一行字", encoding="utf-8")
    (document,) = read(path)
    assert document.source == str(path)
    (named,) = read(path, source="docs/a.txt")
    assert named.source == "docs/a.txt"
    assert named.id == hashlib.sha256(b"docs/a.txt").hexdigest()[:16]


def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + "/手册.txt".encode("gbk")
    with open(path, "wb") as file:  # noqa: PTH123 - pathlib has no bytes paths
        file.write("内容".encode())
    (document,) = read(Path(os.fsdecode(path)))
    document.source.encode("utf-8")
    assert document.text == "内容"


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    pipe, loop = tmp_path / "pipe.txt", tmp_path / "loop.txt"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    for path, reason in ((tmp_path, "regular file"), (pipe, "regular file"), (tmp_path / "none.txt", "no such file")):
        with pytest.raises(DocumentError, match=reason):
            read(path)
    with pytest.raises(DocumentError):
        read(loop)


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(3 * 1024 * 1024)
    with pytest.raises(DocumentError, match="3 MB, more than the limit of 2 MB"):
        read(path, ReadOptions(max_mb=2))


def test_text_is_storable() -> None:
    (document,) = read_bytes(b"one\x00 two\x07\r\nthree \xed\xa0\x80 four", "a.txt")
    document.text.encode("utf-8")
    assert "\x00" not in document.text
    assert "\r" not in document.text


@pytest.mark.parametrize(
    "make",
    [
        lambda: ReadOptions(timeout=0),
        lambda: ReadOptions(memory_mb=10),
        lambda: ReadOptions(max_mb=0),
        lambda: ReadOptions(ocr="yes"),  # type: ignore[arg-type]
        lambda: ArchiveOptions(depth=0),
    ],
)
def test_options_are_checked(make: object) -> None:
    with pytest.raises(BadOptions):
        make()  # type: ignore[operator]


def test_fingerprint_changes_with_what_changes_texts() -> None:
    assert fingerprint(ReadOptions()) == fingerprint(ReadOptions(timeout=5))
    assert fingerprint(ReadOptions()) != fingerprint(ReadOptions(ocr="off"))
    assert fingerprint(ReadOptions()) != fingerprint(ReadOptions(archive=ArchiveOptions(depth=1)))
