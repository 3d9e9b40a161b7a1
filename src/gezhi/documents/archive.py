"""ZIP archives, and the limits that hold for every file that is a ZIP inside (DOCX, XLSX, PPTX, EPUB)."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import PurePosixPath

from gezhi.core.errors import DocumentError
from gezhi.documents.build import Budget, Parsed, Source

_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
_HARMLESS = 16 * 1024 * 1024
"""Bytes an archive may unpack to without being asked for its ratio."""


def read_zip(source: Source) -> Parsed:
    """All members, each read like a file of its own, named `pack.zip/inner/file.md`.

    Raises:
        DocumentError: Not a ZIP, damaged, or over a limit. An encrypted or damaged member fails alone.
    """
    with _opened(source) as pack:
        members = [info for info in pack.infolist() if not info.is_dir() and not _is_litter(info.filename)]
    if not members:
        raise DocumentError("documents.empty_archive", path=source.name)
    return Parsed(inside=_members(source, members))


def check_pack(source: Source) -> None:
    """Count the archive against its budget before anything is unpacked.

    The declared sizes can be trusted: zipfile stops unpacking a member at its declared size.

    Raises:
        DocumentError: Too many members, too large, or packed too tightly to be honest.
    """
    limits = source.options.archive
    budget = source.budget or Budget(members=limits.members, size=limits.unpacked_mb * 1024 * 1024)
    with _opened(source) as pack:
        infos = pack.infolist()
    unpacked = sum(info.file_size for info in infos)
    budget.members -= len(infos)
    budget.size -= unpacked
    if budget.members < 0:
        raise DocumentError("documents.bomb_members", path=source.name, limit=limits.members)
    if budget.size < 0:
        raise DocumentError("documents.bomb_size", path=source.name, limit=limits.unpacked_mb)
    if unpacked > _HARMLESS and unpacked > limits.ratio * len(source.data):
        raise DocumentError("documents.bomb_ratio", path=source.name, limit=limits.ratio)


def _members(source: Source, infos: list[zipfile.ZipInfo]) -> Iterator[Callable[[], Source]]:
    for info in infos:
        yield partial(_member, source, info)


def _member(source: Source, info: zipfile.ZipInfo) -> Source:
    name = member_name(info)
    shown = f"{source.name}/{name}"
    if info.flag_bits & _ENCRYPTED_FLAG:
        raise DocumentError("documents.encrypted", path=shown)
    if info.file_size > source.options.max_mb * 1024 * 1024:
        size = info.file_size // 1024 // 1024
        raise DocumentError("documents.too_large", path=shown, size=size, limit=source.options.max_mb)
    try:
        with _opened(source) as pack:
            data = pack.read(info)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
        zlib.error,
    ) as error:
        raise DocumentError("documents.broken", path=shown, reason=error) from error
    if not data:
        raise DocumentError("documents.empty", path=shown)
    return source.inside(name, data)


def member_name(info: zipfile.ZipInfo) -> str:
    """The member's path, harmless: never absolute, no `..`, no drive.

    Without the UTF-8 flag the format says CP437, but Chinese Windows writes GBK and most others UTF-8.
    """
    name = info.filename
    if not info.flag_bits & _UTF8_FLAG:
        name = _decoded(name)
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", "..", ".")]
    return "/".join(part.rstrip(":") for part in parts) or "?"


def _decoded(name: str) -> str:
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gbk"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _is_litter(name: str) -> bool:
    last = name.rpartition("/")[2]
    return name.startswith("__MACOSX/") or last in (".DS_Store", "Thumbs.db", "desktop.ini")


@contextmanager
def _opened(source: Source) -> Iterator[zipfile.ZipFile]:
    try:
        pack = zipfile.ZipFile(io.BytesIO(source.data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise DocumentError("documents.broken", path=source.name, reason=error) from error
    with pack:
        yield pack
