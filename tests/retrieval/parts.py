"""What the tests of this room build with: an embedder that needs no model, and small collections."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gezhi.core.types import Chunk, Document, Meta
from gezhi.language.tokens import tokens
from gezhi.retrieval import Collection, FileRecord, RetrievalOptions

Piece = tuple[Document, list[Chunk]]


Vectors = NDArray[np.float32]


class HashedTerms:
    """Unit vectors that are near for texts that share terms; counts what it was given."""

    def __init__(self, dim: int = 64, name: str = "hashed") -> None:
        self.name = name
        self.dim = dim
        self.embedded: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._vector(text) for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        return self.embed_queries(texts)

    def _vector(self, text: str) -> Vectors:
        vector = np.full(self.dim, 1e-3, np.float32)
        for term in tokens(text):
            digest = hashlib.md5(term.encode(), usedforsecurity=False).digest()
            vector[int.from_bytes(digest[:4], "little") % self.dim] += 1
        return vector / np.linalg.norm(vector)


def record(source: str, content: str = "") -> FileRecord:
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    return FileRecord(source=source, sha256=sha256, size=len(content), mtime_ns=1, recipe="r1")


def piece(source: str, paragraphs: Sequence[str], meta: Meta | None = None, title: str = "") -> Piece:
    """A document of these paragraphs, each a chunk."""
    name = hashlib.sha256(source.encode()).hexdigest()[:16]
    text = "\n".join(paragraphs)
    document = Document(id=name, source=source, title=title or Path(source).stem, text=text, meta=meta or {})
    chunks, start = [], 0
    for number, paragraph in enumerate(paragraphs):
        chunks.append(
            Chunk(
                document_id=name,
                source=source,
                text=paragraph,
                start=start,
                end=start + len(paragraph),
                page=number // 3 + 1,
                meta={**document.meta, "title": document.title},
            )
        )
        start += len(paragraph) + 1
    return document, chunks


def put_all(collection: Collection, embedder: HashedTerms, texts: Mapping[str, Sequence[str]]) -> int:
    """Put files of these paragraphs, embed, publish; returns how many texts were embedded."""
    with collection.write() as writer:
        for source, paragraphs in texts.items():
            writer.put(record(source, "\n".join(paragraphs)), [piece(source, paragraphs)])
        embedded = writer.embed(embedder)
        writer.publish()
    return embedded


def sources(
    collection: Collection, embedder: HashedTerms, question: str, k: int = 8, where: str | None = None
) -> list[str]:
    return [passage.chunk.source for passage in collection.seen_by(None, embedder).search(question, k, where)]


def leg_options(leg: str, **others: object) -> RetrievalOptions:
    """Options under which only one leg decides the order."""
    return RetrievalOptions(keyword_weight=1.0 if leg == "keyword" else 0.0, **others)  # type: ignore[arg-type]
