"""What the faiss indexes share: filling, their file, and comparing again exactly what they propose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np

from gezhi.retrieval.vectors import Ids, Rows, Scores, StoredRows

_TRAINED_ON = 20_000
"""Rows that set the range of each dimension, and rows that are added at once."""


def add_rows(index: faiss.Index, vectors: Rows) -> None:
    """Train `index` where it is new, and add the rows it lacks, block by block."""
    if not index.is_trained:
        step = max(1, len(vectors) // _TRAINED_ON)
        index.train(np.ascontiguousarray(vectors[::step][:_TRAINED_ON]))
    for start in range(index.ntotal, len(vectors), _TRAINED_ON):
        index.add(np.ascontiguousarray(vectors[start : start + _TRAINED_ON]))


def read_index(file: Path) -> faiss.Index:
    """The index in `file`. Raises RuntimeError."""
    return faiss.read_index(str(file))


def write_index(index: faiss.Index, file: Path) -> None:
    """Write `index` into `file`. Raises OSError."""
    # Not faiss.write_index: it does not notice a disk that fills with the last bytes.
    file.write_bytes(faiss.serialize_index(index).data)


def nearest(
    rows: StoredRows, vector: Rows, limit: int, *, first: int, propose: Callable[[Rows, int], Ids]
) -> tuple[Ids, Scores]:
    """Ids of the best `limit` living rows, best first, and their exact cosines.

    Args:
        first: How many rows are proposed at first: more, up to all, while too few of them live.
        propose: From queries, shape (1, dim), and a count to that many places of rows (negative: none).
    """
    wanted = min(first, len(rows))
    while True:
        ids, scores = rows.rescored(vector, propose(vector[np.newaxis], wanted), limit)
        if len(ids) == limit or wanted == len(rows):
            return ids, scores
        wanted = min(4 * wanted, len(rows))
