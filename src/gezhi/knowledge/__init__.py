"""The wiring: one pipeline, one object to index, search and ask with. cli and serving only parse, call and present."""

from gezhi.knowledge.base import Knowledge, Status, collections, open
from gezhi.knowledge.handbook import handbook
from gezhi.knowledge.ingest import FileReport, IndexReport
from gezhi.knowledge.pipeline import Pipeline, load_pipeline

__all__ = [
    "FileReport",
    "IndexReport",
    "Knowledge",
    "Pipeline",
    "Status",
    "collections",
    "handbook",
    "load_pipeline",
    "open",
]
