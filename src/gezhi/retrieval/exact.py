"""Vector search by comparing with every row: exact, nothing to build, fast enough for tens of thousands of chunks."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np

from gezhi.retrieval.vectors import DEAD, Ids, Rows, Scores, StoredRows, best


class ExactIndex:
    """All rows, compared one by one."""

    def __init__(self, rows: StoredRows) -> None:
        self.rows = rows
        self._dead = np.flatnonzero(rows.ids == DEAD)

    @classmethod
    def build(cls, rows: StoredRows, old: Self | None) -> Self:
        """Nothing to build."""
        return cls(rows)

    @classmethod
    def load(cls, folder: Path, rows: StoredRows) -> Self:
        """Nothing to load."""
        return cls(rows)

    def save(self, folder: Path) -> None:
        """Nothing to save."""

    def search(self, vector: Rows, limit: int) -> tuple[Ids, Scores]:
        """Ids of the `limit` nearest living rows, best first, and their cosines."""
        scores = self.rows.vectors @ vector
        scores[self._dead] = -np.inf
        return best(self.rows.ids, scores, min(limit, len(scores) - len(self._dead)))
