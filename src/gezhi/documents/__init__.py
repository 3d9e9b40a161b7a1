"""From files of any kind to documents: readers by file type, OCR, splitting, and a report on the quality of it all."""

from gezhi.documents.build import Parsed, Source, TextBuilder
from gezhi.documents.front import fingerprint, read
from gezhi.documents.options import ArchiveOptions, ReadOptions
from gezhi.documents.readers import READERS, SUFFIXES
from gezhi.documents.split import SplitOptions, split
from gezhi.documents.workers import ReadResult, read_files

__all__ = [
    "READERS",
    "SUFFIXES",
    "ArchiveOptions",
    "Parsed",
    "ReadOptions",
    "ReadResult",
    "Source",
    "SplitOptions",
    "TextBuilder",
    "fingerprint",
    "read",
    "read_files",
    "split",
]
