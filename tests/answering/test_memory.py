from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gezhi.answering.memory import RememberingEmbedder


class Counting:
    name, dim = "counting", 1

    def __init__(self) -> None:
        self.seen: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen += [f"q:{text}" for text in texts]
        return np.array([[len(text)] for text in texts], np.float32)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen += [f"p:{text}" for text in texts]
        return np.array([[-len(text)] for text in texts], np.float32)


def test_each_text_is_embedded_once_as_what_it_is() -> None:
    inner = Counting()
    embedder = RememberingEmbedder(inner)
    assert embedder.embed_passages(["a", "bb", "a"]).tolist() == [[-1], [-2], [-1]]
    assert embedder.embed_passages(["bb", "ccc"]).tolist() == [[-2], [-3]]
    assert embedder.embed_queries(["a"]).tolist() == [[1]]
    assert inner.seen == ["p:a", "p:bb", "p:ccc", "q:a"]
    assert embedder.embed_passages([]).shape == (0, 1)
    assert (embedder.name, embedder.dim) == ("counting", 1)
