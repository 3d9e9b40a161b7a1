"""What all embedders do around the model itself: blank texts left out, vectors of length 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from gezhi.core.unicode import well_formed

if TYPE_CHECKING:
    from gezhi.core.protocols import Vectors


def embedded(texts: Sequence[str], dim: int, embed: Callable[[list[str]], Vectors]) -> Vectors:
    """Vectors of `texts`, shape (len(texts), dim), scaled to length 1.

    Args:
        embed: Given the texts that are not blank, as valid Unicode; the others get zeros.
    """
    vectors = np.zeros((len(texts), dim), np.float32)
    rows = [row for row, text in enumerate(texts) if text.strip()]
    if rows:
        # Half of a surrogate pair, as broken files have them, is not Unicode: no tokenizer or server takes it.
        vectors[rows] = unit(embed([well_formed(texts[row]) for row in rows]))
    return vectors


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return scaled
