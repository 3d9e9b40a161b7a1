"""Small real parts for answering: a folder in memory with character search, an embedder of character pairs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray

from gezhi.answering import Answerer, AnswerOptions, OutputFilter
from gezhi.core.protocols import ChatModel
from gezhi.core.types import Chunk, Passage
from gezhi.language.tokens import tokens


class CharacterEmbedder:
    """Hashed terms, so that texts that share words are near each other; knows no meaning."""

    name, dim = "characters", 256

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            for term in tokens(text):
                vectors[row, crc32(term.encode()) % self.dim] += 1.0
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        units: NDArray[np.float32] = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
        return units

    embed_passages = embed_queries


@dataclass
class Library:
    """Texts by name, one chunk each, or the chunks that are given; counts what was searched."""

    texts: dict[str, str]
    chunks: list[Chunk] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.chunks:
            self.chunks = [
                Chunk(document_id=name, source=name, text=text, start=0, end=len(text), meta={"title": name})
                for name, text in self.texts.items()
            ]

    def search(self, question: str, k: int, where: str | None = None) -> list[Passage]:
        self.asked.append(question)
        wanted = set(tokens(question))
        chunks = [chunk for chunk in self.chunks if where is None or re.fullmatch(where, chunk.source)]
        scores = [len(wanted & set(tokens(chunk.embedded_text))) / (len(wanted) or 1) for chunk in chunks]
        ranked = sorted(zip(scores, range(len(chunks)), strict=True), key=lambda pair: (-pair[0], pair[1]))
        return [Passage(chunk=chunks[i], score=score) for score, i in ranked[:k] if score > 0]


@dataclass(frozen=True)
class Sure:
    """Answerability as the test wants it."""

    value: float | None

    def probability(self, question: str, passages: Sequence[Passage]) -> float | None:
        return self.value


MakeAnswerer = Callable[..., Answerer]


@pytest.fixture
def answerer() -> MakeAnswerer:
    def make(
        texts: dict[str, str] | Library,
        model: ChatModel | None = None,
        filters: Sequence[OutputFilter] = (),
        sure: float | None = None,
        **options: object,
    ) -> Answerer:
        library = texts if isinstance(texts, Library) else Library(texts)
        return Answerer(
            library,
            CharacterEmbedder(),
            model,
            AnswerOptions(**options),  # type: ignore[arg-type]
            empty=lambda: not library.texts,
            document_text=library.texts.__getitem__,
            output_filters=filters,
            answerability=Sure(sure),
        )

    return make


@pytest.fixture
def library() -> type[Library]:
    return Library
