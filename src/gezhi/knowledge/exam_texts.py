"""A collection of the documents that an exam is about: its own texts, or the documents of another collection.

It stands beside the collections, under `exams` in the data folder, named by what is in it: filled once, kept, and
filled on where an earlier run was interrupted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from gezhi.core.paths import home
from gezhi.core.protocols import Embedder
from gezhi.core.types import Block, Document, Progress
from gezhi.documents.split import split
from gezhi.evaluation.exam import Exam
from gezhi.knowledge.base import Knowledge
from gezhi.knowledge.pipeline import Pipeline
from gezhi.retrieval import FileRecord


def documents_of(exam: Exam) -> list[Document]:
    """The texts that an exam brings along, a paragraph a block."""
    return [
        Document(id=_digest(source), source=source, title=source, text=text, blocks=tuple(_paragraphs(text)))
        for source, text in exam.texts.items()
    ]


def indexed(
    documents: Iterable[Document],
    pipeline: Pipeline,
    *,
    embedder: Embedder | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> Knowledge:
    """The documents, cut and embedded as `pipeline` says, to be asked by it."""
    documents = list(documents)
    content = _digest("\n".join(f"{document.source}\0{_digest(document.text)}" for document in documents))
    recipe = pipeline.recipe()
    knowledge = Knowledge(_folder(content, recipe), pipeline, embedder=embedder)
    by_source: dict[str, list[Document]] = {}
    for document in documents:
        by_source.setdefault(document.source, []).append(document)
    recorded = knowledge.collection.files()
    missing = [source for source in by_source if source not in recorded]
    with knowledge.collection.write() as writer:
        for number, source in enumerate(missing):
            progress("read", number, len(missing))
            own = by_source[source]
            size = sum(len(document.text) for document in own)
            record = FileRecord(source=source, sha256=content, size=size, mtime_ns=0, recipe=recipe)
            writer.put(record, [(document, split(document, pipeline.split)) for document in own])
        writer.embed(knowledge.embedder, progress)
        writer.publish()
    return knowledge


def _folder(content: str, recipe: str) -> Path:
    return home() / "exams" / f"{content[:12]}-{recipe[:8]}"


def _paragraphs(text: str) -> Iterable[Block]:
    at = 0
    for line in text.split("\n"):
        if line.strip():
            yield Block(kind="paragraph", start=at, end=at + len(line))
        at += len(line) + 1


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
