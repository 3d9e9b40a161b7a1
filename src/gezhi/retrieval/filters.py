"""Filters over metadata: `source:*.pdf AND year>=2024`, read into a small tree and compiled to SQL over chunks.

    filter   = all { OR all }          all = one { AND one }         one = [NOT] ( "(" filter ")" | test )
    test     = field ":" glob | field ("=" | "!=" | "<" | "<=" | ">" | ">=") value | field "exists"

Fields: source, title, page, heading, and any name in the metadata. `*` and `?` in a glob; a value with spaces stands in
double quotes. Text is compared folded, numbers as numbers wherever both sides are numbers. A test on a field that a
document lacks fails - also `!=`; `NOT year=2024` includes documents without a year.
"""

from __future__ import annotations

import operator as op
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from typing import Any as Anything
from typing import Literal, NamedTuple

from gezhi.core.catalogue import say
from gezhi.core.errors import BadFilter
from gezhi.language.fold import fold

Operator = Literal[":", "=", "!=", "<", "<=", ">", ">=", "exists"]

_TOKEN = re.compile(
    r'\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<mark><=|>=|!=|[:=<>()])|(?P<word>[^\s"():=<>!]+)|(?P<bad>\S))'
)
_COMPARE: dict[str, Callable[[Anything, Anything], object]] = {
    "=": op.eq, "!=": op.ne, "<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge,
}  # fmt: skip
_DEEPEST = 50
"""Nested parentheses and NOTs; beyond it nobody means it."""


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison."""

    field: str
    operator: Operator
    value: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    """True where the part is not."""

    part: Filter


@dataclass(frozen=True, slots=True)
class All:
    """True where every part is."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """True where a part is."""

    parts: tuple[Filter, ...]


Filter = Test | Not | All | Any


def parse(text: str) -> Filter:
    """The tree of a filter.

    Raises:
        BadFilter: With the place of the mistake and what was expected there.
    """
    return _Parser(text).whole()


def compile_sql(tree: Filter) -> tuple[str, list[str]]:
    """A condition over `chunks` for a connection prepared by `prepare`, and its parameters."""
    match tree:
        case Test():
            return _test_sql(tree)
        case Not(part):
            sql, values = compile_sql(part)
            return f"NOT {sql}", values
        case All(parts) | Any(parts):
            compiled = [compile_sql(part) for part in parts]
            word = " AND " if isinstance(tree, All) else " OR "
            return f"({word.join(sql for sql, _ in compiled)})", [value for _, values in compiled for value in values]


def prepare(connection: sqlite3.Connection) -> None:
    """Give a connection the function that the conditions call."""
    connection.create_function("passes", 3, passes, deterministic=True)


def passes(have: str | float | None, operator: Operator, wanted: str) -> bool:
    """Whether the value `have` of a field (None: absent) passes a test."""
    return have is not None and _predicate(operator, wanted)(have)


@lru_cache(maxsize=256)
def _predicate(operator: Operator, wanted: str) -> Callable[[str | float], bool]:
    if operator == "exists":
        return lambda have: True
    if operator == ":":
        # `[` is an ordinary character here: file names have brackets more often than people mean a set
        glob = re.compile(translate(fold(wanted).replace("[", "[[]")), re.DOTALL)
        return lambda have: glob.match(fold(_shown(have))) is not None
    compare, number, text = _COMPARE[operator], _number(wanted), fold(wanted)

    def compared(have: str | float) -> bool:
        own = None if number is None else _number(have)
        return bool(compare(fold(_shown(have)), text) if own is None else compare(own, number))

    return compared


def _test_sql(test: Test) -> tuple[str, list[str]]:
    # Each set is found once a query, not once a chunk: few documents and headings stand for many chunks.
    tested = [test.operator, test.value]
    if test.field == "page":
        return "coalesce(passes(page, ?, ?), 0)", tested
    if test.field in ("source", "title"):
        inside = f"SELECT number FROM documents WHERE passes({test.field}, ?, ?)"
        return f"document IN ({inside})", tested
    path = '$."' + test.field.replace('"', "") + '"'
    return "meta IN (SELECT id FROM metas WHERE passes(json_extract(meta, ?), ?, ?))", [path, *tested]


def _shown(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)


_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*")


def _number(value: str | float) -> float | None:
    if not isinstance(value, str):
        return float(value)
    return float(value) if _NUMBER.fullmatch(value) else None


class _Token(NamedTuple):
    kind: Literal["quoted", "mark", "word", "end"]
    text: str
    place: int


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._split())
        self._next = 0

    def whole(self) -> Filter:
        tree = self._any(0)
        if self._peek.kind != "end":
            raise self._expected(say("retrieval.expect_and_or"))
        return tree

    def _any(self, depth: int) -> Filter:
        parts = [self._all(depth)]
        while self._take_word("OR"):
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _all(self, depth: int) -> Filter:
        parts = [self._one(depth)]
        while self._take_word("AND"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self, depth: int) -> Filter:
        if depth > _DEEPEST:
            raise self._expected(say("retrieval.expect_less_depth", limit=_DEEPEST))
        if self._take_word("NOT"):
            return Not(self._one(depth + 1))
        if self._take_mark("("):
            inside = self._any(depth + 1)
            if not self._take_mark(")"):
                raise self._expected(say("retrieval.expect_closing"))
            return inside
        return self._test()

    def _test(self) -> Test:
        name = self._peek
        if name.kind not in ("word", "quoted"):
            raise self._expected(say("retrieval.expect_field"))
        self._next += 1
        if self._take_word("EXISTS"):
            return Test(_plain(name), "exists")
        mark = self._peek
        if mark.kind != "mark" or mark.text in "()":
            raise self._expected(say("retrieval.expect_operator", field=_plain(name)))
        self._next += 1
        value = self._peek
        if value.kind not in ("word", "quoted"):
            raise self._expected(say("retrieval.expect_value"))
        self._next += 1
        return Test(_plain(name), mark.text, _plain(value))  # type: ignore[arg-type]

    @property
    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take_word(self, word: str) -> bool:
        taken = self._peek.kind == "word" and self._peek.text.upper() == word
        self._next += taken
        return taken

    def _take_mark(self, mark: str) -> bool:
        taken = self._peek.kind == "mark" and self._peek.text == mark
        self._next += taken
        return taken

    def _split(self) -> Iterator[_Token]:
        for match in _TOKEN.finditer(self._text):
            kind = match.lastgroup
            if kind == "bad":
                self._tokens = [_Token("mark", match[kind], match.start(kind))]
                self._next = 0
                raise self._expected(say("retrieval.expect_field"))
            yield _Token(kind, match[kind or 0], match.start(kind or 0))  # type: ignore[arg-type]
        yield _Token("end", "", len(self._text))

    def _expected(self, what: str) -> BadFilter:
        token = self._peek
        found = token.text or say("retrieval.the_end")
        return BadFilter("retrieval.bad_filter", text=self._text, place=token.place + 1, found=found, expected=what)


def _plain(token: _Token) -> str:
    return re.sub(r"\\(.)", r"\1", token.text[1:-1]) if token.kind == "quoted" else token.text
