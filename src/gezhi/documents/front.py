"""One file, or one file's bytes, to documents: finds the reader, holds the limits, follows archives and attachments.

Runs in the calling process; `workers.py` runs it in processes of their own.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from gezhi.core.catalogue import say
from gezhi.core.errors import DocumentError, GezhiError
from gezhi.core.extras import have
from gezhi.core.names import resolve
from gezhi.core.types import Document
from gezhi.core.unicode import well_formed
from gezhi.documents.archive import check_pack
from gezhi.documents.build import Budget, Parsed, Source
from gezhi.documents.detect import family
from gezhi.documents.options import ReadOptions
from gezhi.documents.readers import READERS

_READING = 2
"""Raised by hand whenever a reader gives other text for the same file."""
_NO_UTF8 = re.compile("[\udc80-\udcff]")
"""Bytes of names and arguments as Python keeps them (PEP 383)."""
_PACKED = frozenset(("docx", "pptx", "xlsx", "epub", "zip"))


def read(
    path: Path | str,
    options: ReadOptions | None = None,
    source: str | None = None,
    *,
    readers: Mapping[str, str] = READERS,
    step: Callable[[], None] = lambda: None,
) -> tuple[Document, ...]:
    """The documents in one file: one for most, several for an archive or a mail with attachments.

    Time and memory are not limited here: `read_files` does that.

    Args:
        source: The name shown to people; the path where it is None. Ids are made from it.
        readers: Family to `module:function`; a family may be named like a suffix.
        step: Called after each piece of slow work.

    Raises:
        DocumentError: Nothing of the file can be read, and why.
    """
    options = options or ReadOptions()
    path = Path(path)
    name = source if source is not None else shown(path)
    return read_bytes(_bytes_of(path, name, options), name, options, readers=readers, step=step)


def read_bytes(
    data: bytes,
    name: str,
    options: ReadOptions | None = None,
    *,
    readers: Mapping[str, str] = READERS,
    step: Callable[[], None] = lambda: None,
) -> tuple[Document, ...]:
    """As `read`, for bytes that are no file: an upload, a download."""
    options = options or ReadOptions()
    limits = options.archive
    budget = Budget(members=limits.members, size=limits.unpacked_mb * 1024 * 1024)
    start = Source(name=well_formed(name), data=data, options=options, budget=budget, step=step)
    notes: list[str] = []
    documents = list(_documents(start, readers, notes))
    if not documents:
        raise DocumentError("documents.nothing_inside", path=name, reason=notes[0] if notes else "")
    if notes:
        documents[0] = replace(documents[0], notes=(*documents[0].notes, *notes))
    return tuple(documents)


def fingerprint(options: ReadOptions) -> str:
    """Changes when reading the same file could give other text: another reader version, option, or OCR now there."""
    ocr = version("rapidocr") if options.ocr == "auto" and have("rapidocr") else "none"
    text = f"{_READING} {version('pypdfium2')} {ocr} {options.archive}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def shown(path: Path | str) -> str:
    """A path as text that can be stored: bytes that are no UTF-8 are written as hexadecimal escapes."""
    return well_formed(_NO_UTF8.sub(lambda byte: f"\\x{ord(byte[0]) & 0xFF:x}", os.fspath(path)))


def _bytes_of(path: Path, name: str, options: ReadOptions) -> bytes:
    try:
        if not path.exists():
            raise DocumentError("documents.not_there", path=name)
        # A named pipe would block for ever, a device never end.
        if not path.is_file():
            raise DocumentError("documents.no_file", path=name)
        size = path.stat().st_size
        if size > options.max_mb * 1024 * 1024:
            raise DocumentError("documents.too_large", path=name, size=size // 1024 // 1024, limit=options.max_mb)
        data = path.read_bytes()
    except PermissionError as error:
        raise DocumentError("documents.no_permission", path=name) from error
    except OSError as error:
        raise DocumentError("documents.unreadable", path=name, reason=error.strerror or error) from error
    if not data:
        raise DocumentError("documents.empty", path=name)
    return data


def _documents(source: Source, readers: Mapping[str, str], notes: list[str]) -> Iterator[Document]:
    parsed = _parsed(source, readers)
    if parsed.text:
        yield Document(
            id=hashlib.sha256(source.name.encode()).hexdigest()[:16],
            source=source.name,
            title=parsed.title or source.file_name,
            text=parsed.text,
            meta=parsed.meta,
            blocks=parsed.blocks,
            notes=tuple(map(well_formed, parsed.notes)),
        )
    else:
        notes.extend(map(well_formed, parsed.notes))
    for member in parsed.inside:
        try:
            yield from _documents(member(), readers, notes)
        except DocumentError as error:
            notes.append(well_formed(str(error)))
        source.step()


def _parsed(source: Source, readers: Mapping[str, str]) -> Parsed:
    if source.depth > source.options.archive.depth:
        raise DocumentError("documents.too_deep", path=source.name, depth=source.options.archive.depth)
    kind = family(source, readers)
    if kind in _PACKED:
        check_pack(source)
    reader = resolve(say("documents.reader"), kind, readers)
    try:
        parsed: Parsed = reader(source)
    except (GezhiError, MemoryError):
        raise
    except RecursionError as error:
        raise DocumentError("documents.too_nested", path=source.name) from error
    except Exception as error:  # the door of strangers' bytes: parsers raise anything
        raise DocumentError("documents.broken", path=source.name, reason=_reason(error)) from error
    if not parsed.text and not parsed.inside:
        raise DocumentError("documents.no_text", path=source.name, reason=" ".join(parsed.notes))
    return parsed


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
