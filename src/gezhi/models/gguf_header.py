"""What a GGUF file says about itself, read from its first bytes without an engine (GGUF versions 2 and 3).

Leaves out tensors, and the contents of arrays (vocabularies).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from gezhi.core.errors import ModelError

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT, _ARRAY = 8, 9
_LONGEST = 64 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class GgufHeader:
    """The facts about a model that matter before it is loaded; empty or 0 where the file is silent."""

    name: str
    architecture: str
    license: str
    context_length: int
    """Tokens it was trained with."""
    chat_template: str


def read_header(path: Path) -> GgufHeader:
    """Raises ModelError if there is no such file, or it is not a whole GGUF header."""
    if not path.is_file():
        raise ModelError("models.no_gguf", path=path)
    try:
        with path.open("rb") as file:
            values = _values(file)
    except (ValueError, KeyError, struct.error) as error:
        raise ModelError("models.broken_gguf", path=path, reason=error) from error
    architecture = str(values.get("general.architecture", ""))
    return GgufHeader(
        name=str(values.get("general.name", "")),
        architecture=architecture,
        license=str(values.get("general.license", "")),
        context_length=int(values.get(f"{architecture}.context_length", 0)),
        chat_template=str(values.get("tokenizer.chat_template", "")),
    )


def _values(file: BinaryIO) -> dict[str, Any]:
    if file.read(4) != b"GGUF":
        raise ValueError("it does not begin with GGUF")
    version, _, count = _unpack(file, "<IQQ")
    if version not in {2, 3}:
        raise ValueError(f"version {version}")
    return {_text(file): _value(file, *_unpack(file, "<I")) for _ in range(count)}


def _value(file: BinaryIO, kind: int) -> Any:
    if kind == _TEXT:
        return _text(file)
    if kind == _ARRAY:
        return _skip_array(file)
    return _unpack(file, f"<{_SCALARS[kind]}")[0]


def _text(file: BinaryIO) -> str:
    length = _length(file)
    data = file.read(length)
    if len(data) < length:
        raise ValueError("cut off inside a text")
    return data.decode("utf-8", "replace")


def _length(file: BinaryIO) -> int:
    (length,) = _unpack(file, "<Q")
    if length > _LONGEST:
        raise ValueError(f"a text of {length} bytes")
    return int(length)


def _skip_array(file: BinaryIO) -> None:
    kind, count = _unpack(file, "<IQ")
    if kind == _TEXT:
        for _ in range(count):
            file.seek(_length(file), 1)
    elif kind == _ARRAY:
        for _ in range(count):
            _skip_array(file)
    else:
        file.seek(count * struct.calcsize(_SCALARS[kind]), 1)


def _unpack(file: BinaryIO, layout: str) -> tuple[Any, ...]:
    return struct.unpack(layout, file.read(struct.calcsize(layout)))
