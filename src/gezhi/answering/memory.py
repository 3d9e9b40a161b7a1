"""An embedder that remembers, for the length of one question: checks ask for the same quotes again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from gezhi.core.protocols import Embedder

if TYPE_CHECKING:
    from gezhi.core.protocols import Vectors


class RememberingEmbedder:
    """Each text is embedded once; otherwise the same as the embedder it is given."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.dim = embedder.name, embedder.dim
        self._embedder = embedder
        self._queries: dict[str, Vectors] = {}
        self._passages: dict[str, Vectors] = {}

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """float32 unit vectors, shape (len(texts), dim)."""
        return self._remembered(texts, self._queries, self._embedder.embed_queries)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """float32 unit vectors, shape (len(texts), dim)."""
        return self._remembered(texts, self._passages, self._embedder.embed_passages)

    def _remembered(
        self, texts: Sequence[str], known: dict[str, Vectors], embed: Callable[[Sequence[str]], Vectors]
    ) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, embed(new), strict=True))
        return np.stack([known[text] for text in texts]) if texts else np.zeros((0, self.dim), np.float32)
