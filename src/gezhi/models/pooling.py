"""From one vector a token to one a text, as sentence-transformers defines its pooling modes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def pooled(hidden: NDArray[np.float32], mask: NDArray[np.float32], modes: Sequence[str]) -> NDArray[np.float32]:
    """Pool each text; several modes are joined in order.

    Args:
        hidden: Shape (batch, length, width).
        mask: 1 for tokens that count, 0 for the others, shape (batch, length); at least one 1 in each row.

    Returns:
        Shape (batch, width * len(modes)).
    """
    return np.concatenate([_one(hidden, mask, mode) for mode in modes], axis=1)


def _one(hidden: NDArray[np.float32], mask: NDArray[np.float32], mode: str) -> NDArray[np.float32]:
    rows, length = np.arange(len(hidden)), mask.shape[1]
    if mode == "cls":
        return hidden[rows, mask.argmax(axis=1)]
    if mode == "lasttoken":
        return hidden[rows, length - 1 - mask[:, ::-1].argmax(axis=1)]
    if mode == "max":
        return np.where(mask[:, :, None] > 0, hidden, -np.inf).max(axis=1)
    weights = mask * np.arange(1, length + 1, dtype=np.float32) if mode == "weightedmean" else mask
    total = weights.sum(axis=1, keepdims=True)
    sums = np.matmul(weights[:, None, :], hidden)[:, 0]
    return sums / (np.sqrt(total) if mode == "mean_sqrt_len_tokens" else total)
