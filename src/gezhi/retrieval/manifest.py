"""Which index files belong to the published state, with their checksums; kept in the file of record.

A file that does not match - missing, cut short, garbled, of another version, of another state - is never read: the
index is built again. So index files need no fsync, and a crash while they are written costs time, never an answer.
"""

from __future__ import annotations

import json
import shutil
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

_FOLDERS = ("keyword-", "vectors-")


@dataclass(frozen=True, slots=True)
class Part:
    """One index on disk."""

    kind: str
    """Name in its table of backends."""
    folder: str
    files: Mapping[str, list[int]]
    """Name to [length, CRC-32]."""
    dead: int = 0
    """Entries taken out since it was built, of which traces are left in the files."""

    @classmethod
    def over(cls, kind: str, base: Path, folder: str, dead: int = 0) -> Part:
        """The index in `folder` as it is now."""
        names = sorted(path.name for path in (base / folder).iterdir() if not path.name.endswith(".lock"))
        sums = {name: _checksum(base / folder / name) for name in names}
        return cls(kind, folder, {name: found for name, found in sums.items() if found}, dead)

    def is_whole(self, base: Path) -> bool:
        """Whether all files are there with their checksums. Reading them also warms the system's cache."""
        return all(_checksum(base / self.folder / name) == sums for name, sums in self.files.items())


@dataclass(frozen=True, slots=True)
class Manifest:
    """The indexes of one publication."""

    keyword: Part | None = None
    vectors: Mapping[str, Part] = field(default_factory=dict)
    """By name of the embedder."""

    @classmethod
    def unpack(cls, packed: str) -> Manifest:
        """As `pack` wrote it; empty where another version did."""
        plain = json.loads(packed)
        if plain.get("format") != _format():
            return cls()
        return cls(Part(**plain["keyword"]), {name: Part(**part) for name, part in plain["vectors"].items()})

    def pack(self) -> str:
        """As JSON."""
        return json.dumps({"format": _format(), **asdict(self)})

    def parts(self) -> list[Part]:
        """All parts."""
        return [part for part in (self.keyword, *self.vectors.values()) if part]

    def sweep(self, base: Path) -> None:
        """Remove index folders that belong to no part. Readers that still have them open keep their files."""
        used = {part.folder for part in self.parts()}
        for path in base.iterdir():
            if path.name.startswith(_FOLDERS) and path.name not in used:
                shutil.rmtree(path, ignore_errors=True)


def has_indexes(base: Path) -> bool:
    """Whether anything but the record was ever written to the folder of a collection."""
    return base.is_dir() and any(path.name.startswith((*_FOLDERS, "originals")) for path in base.iterdir())


@cache
def _format() -> str:
    # Folding follows the Unicode tables, the files follow tantivy: another version of either means building again.
    from importlib.metadata import version

    return f"1, tantivy {version('tantivy')}, unicode {unicodedata.unidata_version}"


def _checksum(path: Path) -> list[int] | None:
    try:
        with path.open("rb") as file:
            size, total = 0, 0
            while block := file.read(1 << 20):
                size, total = size + len(block), zlib.crc32(block, total)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    return [size, total]
