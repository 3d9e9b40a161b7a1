"""Plain text and logs: paragraphs stand between empty lines, else each line is one; chapter lines are headings."""

from __future__ import annotations

import re

from gezhi.core.catalogue import say
from gezhi.core.errors import DocumentError
from gezhi.documents.build import Parsed, Source, TextBuilder, clean
from gezhi.documents.decode import decode
from gezhi.documents.outline import chapter_level

_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LONG = 1200
"""Characters above which a paragraph of several lines is taken for lines that are paragraphs."""
_LONGEST_TITLE = 60


def read_text(source: Source) -> Parsed:
    """Any encoding of Chinese or Latin text; what cannot be decoded stands as U+FFFD and in a note."""
    text = text_of(source, builder := TextBuilder())
    add_text(builder, text)
    return builder.parsed(title="" if source.suffix == "log" else _title(text))


def text_of(source: Source, builder: TextBuilder, declared: str | None = None) -> str:
    """The decoded bytes; `builder` gets a note where they could not all be decoded.

    Raises:
        DocumentError: So few of them could that it is no text.
    """
    decoded = decode(source.data, declared)
    if decoded.broken > len(decoded.text) // 20 + 2:
        raise DocumentError("documents.unknown_kind", path=source.name)
    if decoded.broken:
        builder.note(say("documents.bad_bytes", count=decoded.broken, encoding=decoded.encoding))
    return clean(decoded.text)


def add_text(builder: TextBuilder, text: str) -> None:
    """Append the paragraphs of a plain text."""
    for paragraph in _paragraphs(text):
        _add(builder, paragraph)


def _paragraphs(text: str) -> list[str]:
    paragraphs = _EMPTY_LINE.split(text.strip("\n"))
    if len(paragraphs) == 1:
        return text.split("\n")
    return [part for paragraph in paragraphs for part in paragraph.split("\n" if len(paragraph) > _LONG else "\n\n")]


def _add(builder: TextBuilder, paragraph: str) -> None:
    """Lines that are chapter headings end the paragraph before them."""
    lines: list[str] = []
    for line in paragraph.split("\n"):
        level = chapter_level(line)
        if level:
            builder.paragraph("\n".join(lines))
            builder.heading(line, level)
            lines = []
        else:
            lines.append(line)
    builder.paragraph("\n".join(lines))


def _title(text: str) -> str:
    first = text.strip().partition("\n")[0].strip()
    return first if len(first) <= _LONGEST_TITLE and not first.endswith(tuple("。；，,;")) else ""
