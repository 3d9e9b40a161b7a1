"""Vector search through a graph (HNSW in faiss, Malkov and Yashunin 2016) for collections too large to scan.

Differs from the usual: the graph holds 8-bit rows and only proposes; what it finds is compared again exactly. Rows
are appended; those of removed chunks stay as stepping stones and are passed over.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

import faiss
import numpy as np

from gezhi.retrieval.quantised import add_rows
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
        return cls(rows, faiss.read_index(str(folder / _FILE)))

    def save(self, folder: Path) -> None:
        """Write the file beside the rows."""
        # Not faiss.write_index: it does not notice a disk that fills with the last bytes.
        (folder / _FILE).write_bytes(faiss.serialize_index(self._index).data)

    def search(self, vector: Rows, limit: int) -> tuple[Ids, Scores]:
        """Ids of about the `limit` nearest living rows, best first, and their exact cosines."""
        wanted = min(max(2 * limit, _SEARCH_WIDTH), len(self.rows))
        while True:
            width = faiss.SearchParametersHNSW(efSearch=wanted)  # type: ignore[attr-defined]
            places = self._index.search(vector[np.newaxis], wanted, params=width)[1][0]
            ids, scores = self.rows.rescored(vector, places, limit)
            if len(ids) == limit or wanted == len(self.rows):
                return ids, scores
            wanted = min(4 * wanted, len(self.rows))
