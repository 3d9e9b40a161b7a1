"""JSON and JSON lines, flattened to `path: value` lines; each record of a list is a paragraph of its own.

Numbers stand as they are written in the file. What is not valid JSON is read as plain text, with a note.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from gezhi.core.catalogue import say
from gezhi.documents.build import Parsed, Source, TextBuilder
from gezhi.documents.properties import properties
from gezhi.documents.text import add_text, text_of

_TITLES = ("title", "name", "标题", "名称")
_LONGEST_LIST = 200
"""Characters of a list of plain values that still stands on one line."""
_LONGEST_TITLE = 100


def read_json(source: Source) -> Parsed:
    """Lists of records by record; other values by the keys of the outermost object."""
    builder = TextBuilder()
    text = text_of(source, builder)
    try:
        value = _loads(text)
    except json.JSONDecodeError as error:
        builder.note(say("documents.not_json", line=error.lineno))
        add_text(builder, text)
        return builder.parsed()
    _add(builder, value)
    return builder.parsed(title=_title(value), meta=_meta(value))


def read_jsonl(source: Source) -> Parsed:
    """One record a line; lines that are no JSON are kept as they are, with a note."""
    builder = TextBuilder()
    wrong = []
    for number, line in enumerate(text_of(source, builder).split("\n"), 1):
        if line.strip():
            try:
                builder.paragraph("\n".join(_lines("", _loads(line))))
            except json.JSONDecodeError:
                wrong.append(number)
                builder.paragraph(line)
    if wrong:
        builder.note(say("documents.not_json_lines", count=len(wrong), line=wrong[0]))
    return builder.parsed()


def _loads(text: str) -> Any:
    # As text: 3.10 is a version to some and not 3.1, and no digits of a long number are lost.
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)


def _add(builder: TextBuilder, value: Any) -> None:
    if isinstance(value, dict):
        plain = {name: inner for name, inner in value.items() if not _is_records(inner)}
        for name, inner in plain.items():
            builder.paragraph("\n".join(_lines(name, inner)))
        for name, inner in value.items():
            if name not in plain:
                builder.heading(name, 1)
                _add(builder, inner)
    elif _is_records(value):
        for record in value:
            builder.paragraph("\n".join(_lines("", record)))
    else:
        builder.paragraph("\n".join(_lines("", value)))


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(record, dict) for record in value)


def _lines(path: str, value: Any) -> Iterator[str]:
    """`a.b[2]: text` for every plain value below `value`; null and "" say nothing and are left out."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _lines(f"{path}.{name}" if path else name, inner)
    elif isinstance(value, list):
        plain = [_shown(inner) for inner in value if not isinstance(inner, dict | list)]
        together = ", ".join(text for text in plain if text)
        if len(plain) == len(value) and len(together) <= _LONGEST_LIST and "\n" not in together:
            value = together
        else:
            for number, inner in enumerate(value, 1):
                yield from _lines(f"{path}[{number}]", inner)
            return
        yield from _lines(path, value)
    elif text := _shown(value):
        yield f"{path}: {text}" if path else text


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _title(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    titles = (value.get(name) for name in _TITLES)
    return next((title for title in titles if isinstance(title, str) and len(title) <= _LONGEST_TITLE), "")


def _meta(value: Any) -> dict[str, str | int]:
    fields = value if isinstance(value, dict) else {}
    texts = {name: fields.get(name) for name in ("date", "author", "language")}
    known = {name: text for name, text in texts.items() if isinstance(text, str)}
    return properties(date=known.get("date"), author=known.get("author"), language=known.get("language"))
