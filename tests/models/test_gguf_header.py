from __future__ import annotations

import struct
from pathlib import Path

import pytest

from gezhi.core.errors import ModelError
from gezhi.models.gguf_header import GgufHeader, read_header

TEXT, ARRAY, U32, BOOL, F32 = 8, 9, 4, 7, 6


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def entry(key: str, kind: int, value: bytes) -> bytes:
    return text(key) + struct.pack("<I", kind) + value


def array(kind: int, *values: bytes) -> bytes:
    return struct.pack("<IQ", kind, len(values)) + b"".join(values)


def header(*entries: bytes, version: int = 3, magic: bytes = b"GGUF") -> bytes:
    return magic + struct.pack("<IQQ", version, 0, len(entries)) + b"".join(entries)


WHOLE = header(
    entry("general.architecture", TEXT, text("qwen3")),
    entry("general.name", TEXT, text("通义")),
    entry("general.license", TEXT, text("apache-2.0")),
    entry("general.file_type", U32, struct.pack("<I", 15)),
    entry("qwen3.rope", F32, struct.pack("<f", 1e6)),
    entry("tokenizer.ggml.tokens", ARRAY, array(TEXT, text("保"), text("修"))),
    entry("tokenizer.ggml.scores", ARRAY, array(F32, struct.pack("<f", 1), struct.pack("<f", 2))),
    entry("nested", ARRAY, array(ARRAY, array(BOOL, b"\x01"), array(TEXT, text("x")))),
    entry("qwen3.context_length", U32, struct.pack("<I", 40960)),
    entry("tokenizer.chat_template", TEXT, text("{{ messages }}")),
)


def write(folder: Path, data: bytes) -> Path:
    path = folder / "model.gguf"
    path.write_bytes(data)
    return path


def test_what_a_file_says(tmp_path: Path) -> None:
    assert read_header(write(tmp_path, WHOLE + b"tensors")) == GgufHeader(
        name="通义",
        architecture="qwen3",
        license="apache-2.0",
        context_length=40960,
        chat_template="{{ messages }}",
    )


def test_a_silent_file(tmp_path: Path) -> None:
    assert read_header(write(tmp_path, header())) == GgufHeader(
        name="", architecture="", license="", context_length=0, chat_template=""
    )


@pytest.mark.parametrize("size", [0, 3, 4, 10, 24, 30, 60, 150, len(WHOLE) - 3])
def test_a_file_cut_off(tmp_path: Path, size: int) -> None:
    with pytest.raises(ModelError, match="not a whole GGUF"):
        read_header(write(tmp_path, WHOLE[:size]))


@pytest.mark.parametrize(
    "data",
    [
        header(magic=b"PK\x03\x04"),
        header(version=99),
        header(entry("x", 77, b"")),
        header(struct.pack("<Q", 2**63)),
        header(entry("qwen3.context_length", ARRAY, struct.pack("<IQ", 77, 3))),
    ],
)
def test_another_kind_of_file(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ModelError, match="not a whole GGUF"):
        read_header(write(tmp_path, data))


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no model file"):
        read_header(tmp_path)
