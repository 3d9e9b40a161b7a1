"""Texts out of files: one a line, or JSON Lines with the text in a field. Blank lines of text files are empty texts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gezhi.core.errors import DocumentError, NotFound, UsageError
from gezhi.core.names import hint
from gezhi.core.unicode import well_formed

_JSON_LINES = (".jsonl", ".ndjson")


def read_texts(path: Path, field: str = "text") -> tuple[str, ...]:
    """The texts of a file: a `.jsonl` or `.ndjson` has objects with `field`, any other one text a line.

    Raises:
        NotFound: There is no such file.
        DocumentError: It is empty, no UTF-8, a line is no JSON object or lacks the field; with line and column.
    """
    texts = []
    for number, several in enumerate(_texts(path, field), 1):
        if len(several) != 1:
            raise DocumentError("score.not_one_text", path=path, line=number, field=field)
        texts.extend(several)
    return tuple(texts)


def read_references(paths: Sequence[Path], field: str = "text", *, beside: Path, count: int) -> list[list[str]]:
    """The references of each text: one from each file, or several where the field holds a list of texts.

    Args:
        beside: The file with the texts, of which there are `count`: for the message.

    Raises:
        UsageError: A file has more or fewer lines than there are texts.
        NotFound, DocumentError: As `read_texts`.
    """
    references: list[list[str]] = [[] for _ in range(count)]
    for path in paths:
        lines = list(_texts(path, field))
        if len(lines) != count:
            raise UsageError("score.line_counts", path=path, lines=len(lines), beside=beside, count=count)
        for several, more in zip(references, lines, strict=True):
            several.extend(more)
    return references


def _texts(path: Path, field: str) -> Iterator[list[str]]:
    text = _text(path)
    # Only at line feeds: JSON strings may hold U+2028 and other characters that splitlines() takes for line ends.
    lines = text.removesuffix("\n").split("\n")
    if path.suffix.lower() not in _JSON_LINES:
        yield from ([line.removesuffix("\r")] for line in lines)
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _field(_parsed(line, path, number), field, path, number)


def _text(path: Path) -> str:
    if not path.is_file():
        raise NotFound("score.no_file", path=path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError("score.not_utf8", path=path, byte=error.start) from error
    if not text.strip():
        raise DocumentError("score.empty", path=path)
    return text


def _parsed(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise DocumentError(
            "score.broken_line", path=path, line=number, column=error.colno, reason=error.msg
        ) from error
    if not isinstance(value, dict):
        raise DocumentError("score.broken_line", path=path, line=number, column=1, reason="{...}")
    return value


def _field(value: dict[str, Any], field: str, path: Path, number: int) -> list[str]:
    if field not in value:
        raise DocumentError(
            "score.no_field", path=path, line=number, field=field, hint=hint(field, value), known=", ".join(value)
        )
    told = value[field]
    texts = told if isinstance(told, list) else [told]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise DocumentError("score.not_text", path=path, line=number, field=field)
    return [well_formed(text) for text in texts]
