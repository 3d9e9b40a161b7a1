"""Vectors of chunks on disk: float32 rows compared exactly. The approximate indexes build on this one.

A folder: `ids.npy` (int64, the chunk of each row; -1 for a row that is dead) and `vectors.npy` (float32, one unit
vector a row), both standard numpy files, mapped and not copied into memory.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Scores = NDArray[np.float32]
Rows = NDArray[np.float32]

DEAD = -1


class VectorIndex(Protocol):
    """Finds the chunks whose vectors are nearest to a vector."""

    rows: StoredRows

    @classmethod
    def load(cls, folder: Path, rows: StoredRows) -> Self:
        """The index in `folder` over `rows`, of which it may lack the last ones (then it can only be extended)."""
        ...

    @classmethod
    def build(cls, rows: StoredRows, old: Self | None) -> Self:
        """Over `rows`; `old` is an index over a beginning of the same rows, to be extended, or None."""
        ...

    def save(self, folder: Path) -> None:
        """Write what there is beside the rows into `folder`."""
        ...

    def search(self, vector: Rows, limit: int) -> tuple[Ids, Scores]:
        """Ids of the `limit` nearest living rows, best first, and their exact cosines."""
        ...


class StoredRows:
    """Unit vectors with the ids of their chunks."""

    def __init__(self, ids: Ids, vectors: Rows) -> None:
        self.ids = ids
        self.vectors = vectors
        self._order = np.argsort(ids, kind="stable")
        self._sorted = ids[self._order]

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Mapped from the files in `folder`. Raises ValueError or OSError where they are not what they should be."""
        ids = np.load(folder / "ids.npy")
        vectors = np.load(folder / "vectors.npy", mmap_mode="r")
        if ids.dtype != np.int64 or vectors.dtype != np.float32 or ids.shape != vectors.shape[:1]:
            raise ValueError(f"not the vectors of a collection: {folder}")
        return cls(ids, vectors)

    @classmethod
    def none(cls, dim: int) -> Self:
        """No rows."""
        return cls(np.empty(0, np.int64), np.empty((0, dim), np.float32))

    @property
    def living(self) -> Ids:
        """Ids of the rows that are not dead, ascending."""
        return self._sorted[np.searchsorted(self._sorted, 0) :]

    def among(self, vector: Rows, ids: Ids) -> tuple[Ids, Scores]:
        """Those of `ids` that have a row, and their exact cosines to `vector`, in the order of `ids`."""
        if not len(self) or not len(ids):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        places = np.minimum(np.searchsorted(self._sorted, ids), len(self) - 1)
        there = self._sorted[places] == ids
        return ids[there], self.vectors[self._order[places[there]]] @ vector


def best(ids: Ids, scores: Scores, limit: int) -> tuple[Ids, Scores]:
    """The `limit` highest, best first; equal scores by id."""
    if len(scores) > limit:
        chosen = np.argpartition(-scores, limit - 1)[:limit]
        ids, scores = ids[chosen], scores[chosen]
    order = np.lexsort((ids, -scores))
    return ids[order], scores[order]
