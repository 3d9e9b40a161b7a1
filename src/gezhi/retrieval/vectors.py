"""Vectors of chunks on disk, and what a vector index over them must offer.

A folder: `ids.npy` (int64, the chunk of each row; -1 for a dead row) and `vectors.npy` (float32, one unit vector a
row), both standard numpy files; the vectors are mapped, not copied into memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Scores = NDArray[np.float32]
Rows = NDArray[np.float32]

DEAD = -1
"""In place of an id: the chunk is gone, its row still stands."""


_BLOCK = 4096
_COPY_COST = 8
"""Rows that are multiplied in place in the time that it takes to copy one out and multiply it."""


class StoredRows:
    """Unit vectors, shape (n, dim), with the ids of their chunks, shape (n,)."""

    def __init__(self, ids: Ids, vectors: Rows) -> None:
        self.ids = ids
        self.vectors = vectors
        self._order = np.argsort(ids, kind="stable")
        self._sorted = ids[self._order]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """From the files in `folder`. Raises ValueError or OSError where they are not what they should be."""
        ids = np.load(folder / "ids.npy")
        vectors = np.load(folder / "vectors.npy", mmap_mode="r")
        if ids.shape != vectors.shape[:1]:
            raise ValueError(f"ids and vectors differ in number: {folder}")
        return cls(ids, vectors)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def living(self) -> Ids:
        """Ids of the rows that are not dead, ascending."""
        return self._sorted[np.searchsorted(self._sorted, 0) :]

    def without(self, wanted: Ids) -> Ids:
        """The ids of all rows, those that are not in `wanted` replaced by DEAD."""
        return np.where(np.isin(self.ids, wanted), self.ids, DEAD)

    def blocks(self, places: Ids) -> Iterator[Rows]:
        """The vectors of these rows, some at a time."""
        for start in range(0, len(places), _BLOCK):
            yield self.vectors[places[start : start + _BLOCK]]

    def among(self, vector: Rows, ids: Ids, every: Scores | None = None) -> tuple[Ids, Scores]:
        """Those of `ids` that have a row, in their order, and their exact cosines to `vector`, shape (dim,).

        Args:
            every: The cosines of all rows, where they are known.
        """
        if not len(self) or not len(ids):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        places = np.minimum(np.searchsorted(self._sorted, ids), len(self) - 1)
        there = self._sorted[places] == ids
        rows = self._order[places[there]]
        if every is None and len(rows) * _COPY_COST > len(self):
            every = self.vectors @ vector
        return ids[there], self.vectors[rows] @ vector if every is None else every[rows]

    def rescored(self, vector: Rows, places: Ids, limit: int) -> tuple[Ids, Scores]:
        """The best living rows among `places` (negative: none there) by their exact cosines."""
        places = np.sort(places[places >= 0])
        places = places[self.ids[places] != DEAD]
        return best(self.ids[places], self.vectors[places] @ vector, limit)


class VectorIndex(Protocol):
    """Finds the chunks whose vectors are nearest to a vector."""

    rows: StoredRows

    @classmethod
    def build(cls, rows: StoredRows, old: Self | None) -> Self:
        """Over `rows`; `old` is an index over the first of these rows, to be extended, or None."""
        ...

    @classmethod
    def load(cls, folder: Path, rows: StoredRows) -> Self:
        """The index saved in `folder`, over `rows` or the first of them. Raises OSError, ValueError, RuntimeError."""
        ...

    def save(self, folder: Path) -> None:
        """Write what there is beside the rows into `folder`."""
        ...

    def search(self, vector: Rows, limit: int) -> tuple[Ids, Scores]:
        """Ids of the `limit` nearest living rows, best first, and their exact cosines."""
        ...


def write_rows(folder: Path, ids: Ids, blocks: Iterable[Rows]) -> None:
    """Write the two files; `blocks` together have a row for each id.

    Streamed by plain writes: into a mapped file a full disk would be a signal that ends the process, not an error.
    """
    np.save(folder / "ids.npy", ids)
    with (folder / "vectors.npy").open("wb") as file:
        for number, block in enumerate(blocks):
            if number == 0:
                header = {"descr": "<f4", "fortran_order": False, "shape": (len(ids), block.shape[1])}
                npy.write_array_header_1_0(file, header)
            file.write(np.ascontiguousarray(block, "<f4").tobytes())


def best(ids: Ids, scores: Scores, limit: int) -> tuple[Ids, Scores]:
    """The `limit` highest, best first; equal scores by id."""
    if len(scores) > limit:
        chosen = np.argpartition(-scores, limit - 1)[:limit]
        ids, scores = ids[chosen], scores[chosen]
    order = np.lexsort((ids, -scores))
    return ids[order], scores[order]
