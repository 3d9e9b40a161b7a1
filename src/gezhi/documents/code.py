"""Source code, cut at its definitions: the names of class and function become headings, the code below stays verbatim.

Python is parsed; in other languages definitions are recognised line by line, and nested by indentation. Data formats
with sections (TOML, INI, YAML) are cut at these.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gezhi.documents.build import Parsed, Source, TextBuilder
from gezhi.documents.code_patterns import PATTERNS, Pattern
from gezhi.documents.text import text_of

_DEEPEST = 6
_LONGEST_NAME = 60
_LONGEST_LINE = 500
"""A longer line is minified code, in which nothing can be found line by line."""
_NO_CODE = frozenset(("", "#", "*", "/", "}", ")"))
_STATEMENTS = frozenset(("if", "for", "while", "switch", "return", "sizeof", "catch", "defined", "else"))
_CLOSERS = frozenset(("}", "};", "})", "});", ")", "]", "end", "fi", "done", "esac"))
_ABOVE = re.compile(r"\s*(//|#(?!\s*(include|define|if|endif|pragma)\b)|/\*|\*|--|@\w|\[[\w:]+.*\]\s*$|%|;;)")
"""Comments, decorators, attributes: directly above a definition they belong to it."""


class Definition(NamedTuple):
    """A named stretch of lines, `[first, last)` counted from 0."""

    name: str
    level: int
    first: int
    last: int


def read_code(source: Source) -> Parsed:
    """Any program text; one of an unknown language, or without definitions, is one piece of code."""
    builder = TextBuilder()
    text = text_of(source, builder)
    lines = text.split("\n")
    definitions = _python(text) if source.suffix in ("py", "pyi") else None
    if definitions is None:
        definitions = list(_by_lines(lines, PATTERNS.get(source.suffix, ())))
    _write(builder, lines, definitions)
    return builder.parsed(title=source.file_name)


def _write(builder: TextBuilder, lines: Sequence[str], definitions: Sequence[Definition]) -> None:
    """Headings and code in order; what stands between two definitions gets its first line for a heading."""
    writer = _Writer(builder, lines)
    open_ones: list[Definition] = []
    for definition in definitions:
        while open_ones and open_ones[-1].last <= definition.first:
            writer.close(open_ones.pop())
        writer.code_until(definition.first)
        writer.open(definition)
        open_ones.append(definition)
    while open_ones:
        writer.close(open_ones.pop())
    writer.code_until(len(lines))


class _Writer:
    def __init__(self, builder: TextBuilder, lines: Sequence[str]) -> None:
        self.builder, self.lines = builder, lines
        self.place = 0
        self.closed = 0
        """Level of the definition that ended last, 0 where code belongs to the heading above it."""

    def open(self, definition: Definition) -> None:
        self.builder.heading(definition.name, definition.level)
        self.closed = 0

    def close(self, definition: Definition) -> None:
        self.code_until(definition.last)
        self.closed = definition.level

    def code_until(self, last: int) -> None:
        code = self.lines[self.place : last]
        first = next((line.strip() for line in code if line.strip()), "")
        if self.closed and first and first not in _CLOSERS:
            self.builder.heading(first[:_LONGEST_NAME], self.closed)
            self.closed = 0
        self.builder.code("\n".join(code))
        self.place = max(self.place, last)


def _python(text: str) -> list[Definition] | None:
    """None where it is not the Python of this interpreter."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    lines = text.split("\n")
    return list(_python_definitions(tree.body, lines, 1))


def _python_definitions(body: Sequence[ast.stmt], lines: Sequence[str], level: int) -> Iterator[Definition]:
    for statement in body:
        if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            top = min([statement.lineno, *(decorator.lineno for decorator in statement.decorator_list)]) - 1
            yield Definition(statement.name, level, _with_comments(lines, top), statement.end_lineno or top + 1)
            if isinstance(statement, ast.ClassDef) and level < _DEEPEST:
                yield from _python_definitions(statement.body, lines, level + 1)


class _Hit(NamedTuple):
    """A line that looks like the first of a definition."""

    name: str
    pattern: Pattern
    depth: int
    number: int


def _by_lines(lines: Sequence[str], patterns: Sequence[Pattern]) -> Iterator[Definition]:
    """Definitions by the look of their first line; only what may hold others (a class) is gone into."""
    holders: list[_Hit] = []
    below = 0
    hits = [hit for number, line in enumerate(lines) if (hit := _hit(number, line, patterns))]
    for index, hit in enumerate(hits):
        while holders and holders[-1].depth >= hit.depth:
            holders.pop()
        if all(holder.pattern.holds for holder in holders):
            first = max(_with_comments(lines, hit.number), below)
            last = _end(lines, hit.number, hit.depth)
            if hit.pattern.section:
                last = _with_comments(lines, hits[index + 1].number) if index + 1 < len(hits) else len(lines)
            yield Definition(hit.name, min(len(holders) + 1, _DEEPEST), first, last)
            below = hit.number + 1
        holders.append(hit)


def _hit(number: int, line: str, patterns: Sequence[Pattern]) -> _Hit | None:
    if len(line) > _LONGEST_LINE or line.lstrip()[:1] in _NO_CODE:
        return None
    for pattern in patterns:
        match = pattern.look.match(line)
        if match:
            name = next((group for group in match.groups() if group), "").strip(" :")
            if name in _STATEMENTS:
                return None
            return _Hit(name, pattern, len(line) - len(line.lstrip()), number)
    return None


def _end(lines: Sequence[str], number: int, depth: int) -> int:
    """The line after the last that stands deeper, or closes the brace."""
    for place in range(number + 1, len(lines)):
        line = lines[place]
        text = line.strip()
        if text and len(line) - len(line.lstrip()) <= depth and text[0] != "{":
            return place + 1 if text[0] in "})]" or text in _CLOSERS else place
    return len(lines)


def _with_comments(lines: Sequence[str], first: int) -> int:
    while first > 0 and _ABOVE.match(lines[first - 1]):
        first -= 1
    return first
