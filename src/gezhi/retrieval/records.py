"""What a collection keeps and reports: plain values, and their form in the file of record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gezhi.core.types import Block, Box, Chunk, Document


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """A file as it was when it was read."""

    source: str
    """Path or URI; identifies the file within its collection."""
    sha256: str
    size: int
    mtime_ns: int
    recipe: str
    """Identifies how the file was read and split; another recipe means reading it again."""
    documents: tuple[str, ...] = ()
    """Ids of what was read from it; filled in by the collection."""
    notes: tuple[str, ...] = ()
    """What a person should know about the reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a write did, in chunks."""

    added: int = 0
    removed: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """How much a collection holds."""

    files: int
    documents: int
    chunks: int
    embedded: dict[str, int] = field(default_factory=dict)
    """Embedder to the number of chunks that need no more from it: they have their vector, or say nothing."""
    bytes: int = 0
    """On disk: record, indexes and originals."""
    published: bool = True
    """Whether the indexes hold everything on record."""


def chunk_keys(chunks: Iterable[Chunk]) -> list[bytes]:
    """Identities of one document's chunks: what they say, not where. Equal ones are numbered in order."""
    seen: dict[tuple[str, str], int] = {}
    keys = []
    for chunk in chunks:
        content = (chunk.context, chunk.text)
        number = seen[content] = seen.get(content, -1) + 1
        keys.append(chunk_key(chunk.context, chunk.text, number))
    return keys


def chunk_key(context: str, text: str, number: int) -> bytes:
    """16 bytes: a hash of the content, then the number, so that the content can be checked when it is read back."""
    return content_hash(context, text) + number.to_bytes(4, "big")


def content_hash(context: str, text: str) -> bytes:
    """The first 12 bytes of a chunk's key."""
    # The length in front keeps ("a", "bc") and ("ab", "c") apart.
    return hashlib.blake2b(f"{len(context)} {context}{text}".encode(), digest_size=12).digest()


def text_digest(embedded_text: str) -> bytes:
    """Identifies a text among those with vectors; empty for one that says nothing, which gets none.

    A vector of `)` or `——` means nothing, and yet is near to many questions, to all those in another language even.
    """
    if not any(character.isalnum() for character in embedded_text):
        return b""
    return hashlib.blake2b(embedded_text.encode(), digest_size=16).digest()


def pack_json(value: object) -> str:
    """Compact JSON, the same for equal values."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def pack_blocks(blocks: Sequence[Block]) -> str:
    """Blocks as JSON rows."""
    return pack_json([[b.kind, b.start, b.end, b.page, b.level, b.box, b.header, b.confidence] for b in blocks])


def unpack_blocks(packed: str) -> tuple[Block, ...]:
    """The blocks that `pack_blocks` packed."""
    return tuple(_block(*row) for row in json.loads(packed))


def _block(kind: Any, start: int, end: int, page: int | None, level: int, box: Any, header: str, sure: Any) -> Block:  # noqa: PLR0913,PLR0917
    return Block(kind=kind, start=start, end=end, page=page, level=level, box=Box(*box) if box else None,
                 header=header, confidence=sure)  # fmt: skip


def document_of(row: Sequence[Any]) -> Document:
    """From a row (id, source, title, text, meta, blocks, notes)."""
    return Document(id=row[0], source=row[1], title=row[2], text=row[3], meta=json.loads(row[4]),
                    blocks=unpack_blocks(row[5]), notes=tuple(json.loads(row[6])))  # fmt: skip


def chunk_of(row: Sequence[Any]) -> Chunk:
    """From a row (document id, source, text, start, end, context, page, meta)."""
    return Chunk(document_id=row[0], source=row[1], text=row[2], start=row[3], end=row[4], context=row[5],
                 page=row[6], meta=json.loads(row[7]))  # fmt: skip
