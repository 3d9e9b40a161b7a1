"""From one vector a token to one a text, as sentence-transformers defines its pooling modes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def pooled(hidden: Floats, mask: Floats, modes: Sequence[str]) -> Floats:
    """Pool each text; several modes are joined in order.

    Args:
        hidden: Shape (batch, length, width).
        mask: 1 for tokens that count, 0 for the others, shape (batch, length); at least one 1 in each row.

    Returns:
        Shape (batch, width * len(modes)).
    """
    return np.concatenate([_pooled(hidden, mask, mode) for mode in modes], axis=1)


def _pooled(hidden: Floats, mask: Floats, mode: str) -> Floats:
    if mode == "max":
        highest: Floats = np.where(mask[:, :, None] > 0, hidden, -np.inf).max(axis=1)
        return highest
    weights = _weights(mask, mode)
    sums: Floats = np.matmul(weights[:, None, :], hidden)[:, 0]
    return sums


def _weights(mask: Floats, mode: str) -> Floats:
    """What each token counts, shape (batch, length)."""
    length = mask.shape[1]
    if mode == "cls":
        return _marked(mask.argmax(axis=1), length)
    if mode == "lasttoken":
        return _marked(length - 1 - mask[:, ::-1].argmax(axis=1), length)
    weights = mask * np.arange(1, length + 1, dtype=np.float32) if mode == "weightedmean" else mask
    total = weights.sum(axis=1, keepdims=True)
    scaled: Floats = weights / (np.sqrt(total) if mode == "mean_sqrt_len_tokens" else total)
    return scaled


def _marked(places: NDArray[np.intp], length: int) -> Floats:
    marked: Floats = (np.arange(length) == places[:, None]).astype(np.float32)
    return marked
