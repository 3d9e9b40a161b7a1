"""The collection (the file of record), keyword and vector indexes, fusion, filters."""

from gezhi.retrieval.collection import Collection
from gezhi.retrieval.options import RetrievalOptions
from gezhi.retrieval.records import Change, FileRecord, Statistics
from gezhi.retrieval.writer import Writer

VECTOR_INDEXES = {
    "exact": "gezhi.retrieval.exact:ExactIndex",
    "sq8": "gezhi.retrieval.quantised:QuantisedIndex",
    "hnsw": "gezhi.retrieval.graph:GraphIndex",
}
FUSIONS = {
    "scores": "gezhi.retrieval.fusion:by_scores",
    "rrf": "gezhi.retrieval.fusion:by_ranks",
}

__all__ = [
    "FUSIONS",
    "VECTOR_INDEXES",
    "Change",
    "Collection",
    "FileRecord",
    "RetrievalOptions",
    "Statistics",
    "Writer",
]
