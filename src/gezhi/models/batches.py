"""What all embedders do around the model itself: blank texts, batches of like length, the order kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gezhi.core.protocols import Vectors


def embedded(texts: Sequence[str], dim: int, embed: Callable[[list[str]], Vectors]) -> Vectors:
    """Vectors of `texts`, shape (len(texts), dim); `embed` is given those that are not blank, the others get zeros."""
    vectors = np.zeros((len(texts), dim), np.float32)
    rows = [row for row, text in enumerate(texts) if text.strip()]
    if rows:
        vectors[rows] = embed([texts[row] for row in rows])
    return vectors


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
