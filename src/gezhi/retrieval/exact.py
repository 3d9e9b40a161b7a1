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

    @classmethod
    def build(cls, rows: StoredRows, old: Self | None) -> Self:
        """Nothing to build."""
        return cls(rows)

    @classmethod
    def load(cls, folder: Path, rows: StoredRows) -> Self:
        """Nothing to load beside the rows."""
        return cls(rows)

    def save(self, folder: Path) -> None:
        """Nothing to save beside the rows."""

    def search(self, vector: Rows, limit: int) -> tuple[Ids, Scores]:
        """Ids of the `limit` nearest living rows, best first, and their cosines."""
        scores = np.where(self.rows.ids == DEAD, np.float32(-2), self.rows.vectors @ vector)
        ids, scores = best(self.rows.ids, scores, limit)
        living = ids != DEAD
        return ids[living], scores[living]
