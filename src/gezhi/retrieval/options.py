"""How passages are found and how a collection is kept: one options class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gezhi.core.errors import BadOptions


@dataclass(frozen=True, kw_only=True)
class RetrievalOptions:
    """How passages are found and how a collection is kept."""

    k: int = 8
    """Passages a search returns."""
    depth: int = 64
    """Passages each of keyword and vector search puts up before the two are fused; at least `k` are taken."""
    fusion: Literal["scores", "rrf"] = "scores"
    """How the two rankings become one: by normalised scores, or by reciprocal ranks."""
    keyword_weight: float = 0.65
    """Share of the keyword ranking in the fused score where it matches the question well; 0: vectors alone, 1: keywords
    alone."""
    vectors: Literal["auto", "exact", "sq8", "hnsw"] = "auto"
    """Vector index. auto: by the number of chunks, exact up to `exact_limit`, sq8 up to `scan_limit`, hnsw above."""
    exact_limit: int = 20_000
    """Chunks up to which `vectors = "auto"` compares a question with every chunk."""
    scan_limit: int = 100_000
    """Chunks up to which `vectors = "auto"` compares a question with an 8-bit copy of every chunk."""
    lock_wait: float = 10.0
    """Seconds a writer waits for another one to end."""
    keep_originals: bool = True
    """Copy indexed files into the collection, so that what was cited can be shown when the file is gone."""

    def __post_init__(self) -> None:
        _check("k", self.k, 1, 1000)
        _check("depth", self.depth, 1, 10_000)
        _check("keyword_weight", self.keyword_weight, 0, 1)
        _check("exact_limit", self.exact_limit, 0, 10_000_000)
        _check("scan_limit", self.scan_limit, self.exact_limit, 100_000_000)
        _check("lock_wait", self.lock_wait, 0, 86_400)


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise BadOptions("retrieval.range", name=name, low=low, high=high, value=value)
