"""Markdown (CommonMark with tables): its text as it is read, without the marks of emphasis and links.

Front matter gives title, date, author and language; its other keys are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from gezhi.documents.build import Parsed, Source, TextBuilder
from gezhi.documents.html import add_html
from gezhi.documents.markup import html_root
from gezhi.documents.properties import properties
from gezhi.documents.text import text_of

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(\w+)\s*:\s*(.*?)\s*$", re.MULTILINE)


def read_markdown(source: Source) -> Parsed:
    """Headings with their levels, paragraphs, lists, tables, code; HTML inside as what it shows."""
    builder = TextBuilder()
    text = text_of(source, builder)
    front = _FRONT.match(text)
    fields = {name.lower(): value.strip("\"'") for name, value in _FIELD.findall(front[1])} if front else {}
    tokens = MarkdownIt("commonmark").enable("table").parse(text[front.end() :] if front else text)
    _Writer(builder, tokens).write()
    meta = properties(
        date=fields.get("date"), author=fields.get("author"), language=fields.get("language") or fields.get("lang")
    )
    return builder.parsed(title=fields.get("title") or _first_heading(tokens), meta=meta)


def _first_heading(tokens: Sequence[Token]) -> str:
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            return plain(tokens[number + 1])
    return ""


class _Writer:
    """Goes through the flat list of tokens, in which a block stands between its `_open` and its `_close`."""

    def __init__(self, builder: TextBuilder, tokens: Sequence[Token]) -> None:
        self.builder, self.tokens = builder, tokens

    def write(self) -> None:
        place = 0
        while place < len(self.tokens):
            place = self._block(place)

    def _block(self, place: int) -> int:
        """Write the block that begins at `place`; where the next one begins."""
        token = self.tokens[place]
        if token.type in ("bullet_list_open", "ordered_list_open", "table_open", "heading_open"):
            end = self._end(place)
            inside = self.tokens[place : end + 1]
            if token.type == "heading_open":
                self.builder.heading(plain(inside[1]), int(token.tag[1]))
            elif token.type == "table_open":
                header, *rows = _rows(inside)
                self.builder.table(rows, header=header)
            else:
                self.builder.bullets("\n".join(_list_lines(inside)))
            return end + 1
        if token.type == "inline":
            self.builder.paragraph(plain(token))
        elif token.type in ("fence", "code_block"):
            self.builder.code(token.content)
        elif token.type == "html_block":
            root = html_root(token.content)
            if root is not None:
                add_html(self.builder, root)
        return place + 1

    def _end(self, place: int) -> int:
        level = self.tokens[place].level
        return next(end for end in range(place + 1, len(self.tokens)) if self.tokens[end].level == level)


def plain(token: Token) -> str:
    """The text of an inline token as it is read."""
    return "".join(_plain_parts(token.children or ())).strip()


def _plain_parts(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n"
        elif token.type == "image":
            alt = "".join(_plain_parts(token.children or ()))
            yield f"[{alt}]" if alt else ""
        elif token.type == "html_inline" and token.content.lower().startswith("<br"):
            yield "\n"


def _rows(tokens: Sequence[Token]) -> Iterator[list[str]]:
    row: list[str] = []
    for token in tokens:
        if token.type == "inline":
            row.append(plain(token))
        elif token.type == "tr_close":
            yield row
            row = []


def _list_lines(tokens: Sequence[Token]) -> Iterator[str]:
    """Lines with marks, inner lists indented; what else stands in an item follows it, indented too."""
    numbers: list[int | None] = []
    mark = ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            numbers.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            numbers.pop()
        elif token.type == "list_item_open":
            number = numbers[-1]
            mark = "- " if number is None else f"{number}. "
            numbers[-1] = None if number is None else number + 1
        elif token.type in ("inline", "fence", "code_block"):
            text = plain(token) if token.type == "inline" else token.content.rstrip("\n")
            indent = "  " * (len(numbers) - 1)
            for line in text.split("\n"):
                yield indent + (mark or "  ") + line
                mark = ""
