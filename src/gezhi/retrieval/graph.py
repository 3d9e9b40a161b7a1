"""Vector search through a graph (HNSW in faiss, Malkov and Yashunin 2016) for collections too large to scan.

Differs from the usual: the graph holds 8-bit rows and only proposes; what it finds is compared again exactly. Rows
are appended; those of removed chunks stay as stepping stones and are passed over.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

import faiss

from gezhi.retrieval.approximate import add_rows, nearest, read_index, write_index
from gezhi.retrieval.vectors import Ids, Rows, Scores, StoredRows

_FILE = "graph.faiss"
_LINKS = 24
_BUILD_WIDTH = 100
_SEARCH_WIDTH = 256
"""Least number of rows kept in sight during a search: more finds more and takes longer."""


class GraphIndex:
    """8-bit rows in a graph."""

    def __init__(self, rows: StoredRows, index: faiss.Index) -> None:
        self.rows = rows
        self._index = index

    @classmethod
    def build(cls, rows: StoredRows, old: Self | None) -> Self:
        """Extend the graph of `old`, or begin one."""
        if old is None:
            kind = faiss.ScalarQuantizer.QT_8bit
            index = faiss.IndexHNSWSQ(rows.vectors.shape[1], kind, _LINKS, faiss.METRIC_INNER_PRODUCT)  # type: ignore[arg-type]
            index.hnsw.efConstruction = _BUILD_WIDTH
        else:
            index = old._index  # type: ignore[assignment]
        add_rows(index, rows.vectors)
        return cls(rows, index)

    @classmethod
    def load(cls, folder: Path, rows: StoredRows) -> Self:
        """From the file beside the rows."""
        return cls(rows, read_index(folder / _FILE))

    def save(self, folder: Path) -> None:
        """Write the file beside the rows."""
        write_index(self._index, folder / _FILE)

    def search(self, vector: Rows, limit: int) -> tuple[Ids, Scores]:
        """Ids of about the `limit` nearest living rows, best first, and their exact cosines."""
        return nearest(self.rows, vector, limit, first=max(2 * limit, _SEARCH_WIDTH), propose=self._propose)

    def _propose(self, queries: Rows, count: int) -> Ids:
        width = faiss.SearchParametersHNSW(efSearch=count)  # type: ignore[attr-defined]
        places: Ids = self._index.search(queries, count, params=width)[1][0]
        return places
