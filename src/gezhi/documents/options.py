"""What a person may set about reading files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gezhi.core.errors import BadOptions


@dataclass(frozen=True, kw_only=True)
class ArchiveOptions:
    """How far archives (ZIP, and the ZIP inside DOCX, XLSX, PPTX, EPUB) are unpacked."""

    members: int = 10_000
    """Most files in one archive, those of archives inside it counted too."""
    unpacked_mb: int = 1024
    """Most megabytes that one archive may unpack to, archives inside it counted too."""
    ratio: int = 200
    """Most times larger than packed; archives that unpack to less than 16 MB are not asked."""
    depth: int = 3
    """How many archives may stand inside each other."""

    def __post_init__(self) -> None:
        for name in ("members", "unpacked_mb", "ratio", "depth"):
            if getattr(self, name) < 1:
                raise BadOptions("documents.option_low", name=f"archive.{name}", low=1, value=getattr(self, name))


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """How files are read."""

    timeout: float = 120.0
    """Seconds that one file may take; each page under OCR and each member of an archive has as much again."""
    memory_mb: int = 3072
    """Most megabytes of address space for the process that reads a file (not held on macOS)."""
    max_mb: int = 256
    """Larger files are not read, in megabytes."""
    ocr: Literal["auto", "off"] = "auto"
    """`auto` recognises images, and pages without text, where the extra `ocr` is installed."""
    archive: ArchiveOptions = field(default_factory=ArchiveOptions)

    def __post_init__(self) -> None:
        for name, low in (("timeout", 0.1), ("memory_mb", 256), ("max_mb", 1)):
            if getattr(self, name) < low:
                raise BadOptions("documents.option_low", name=name, low=low, value=getattr(self, name))
        if self.ocr not in ("auto", "off"):
            raise BadOptions("documents.option_ocr", value=self.ocr)
