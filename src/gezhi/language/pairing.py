"""Who did it to whom, and which value belongs to what: the right words of the quotes, wrongly put together.

Both look at clauses: two names in the other order around the same verb (甲收购乙), and a value beside words that stand
beside another value of its kind in the quotes (一线城市400元). Where either is in doubt nothing is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gezhi.language.alignment import Alignment, Pieces
from gezhi.language.tagging import tagged
from gezhi.language.values import Value, supports
from gezhi.language.words import words

_LATIN_NAME = re.compile(r"[A-Z][A-Za-z0-9'’-]*")
_CLEARLY = 2
"""Pieces that the clause of the other value must share more."""


@dataclass(frozen=True, slots=True)
class _Named:
    start: int
    end: int
    key: tuple[str, ...]


def swapped_roles(alignment: Alignment) -> Iterator[tuple[str, str]]:
    """(said, found): two names stand in the other order around a verb that both have."""
    said, found = alignment.sentence, alignment.quotes
    copied = alignment.copied()
    for first, second in _neighbours(_names(said), said):
        straight = copied.get(first.start, -1) < copied.get(second.start, -2)
        if straight or first.key == second.key or _turns(said, first, second):
            continue
        verb = {piece for piece in said.folded[first.end : second.start] if piece not in words("function")}
        orders = list(_orders(found, first.key, second.key, verb))
        if orders and not any(straight for straight, _ in orders):
            yield said.slice(first.start, second.end), orders[0][1]


def mispaired(alignment: Alignment, ours: Sequence[Value], theirs: Sequence[Value]) -> Iterator[tuple[Value, Value]]:
    """(said, found): a value that the quotes have, beside words that stand beside another value there.

    Args:
        ours: Values of the sentence.
        theirs: Values of the quotes of the alignment, joined as there.
    """
    said, found = alignment.sentence, alignment.quotes
    clauses = _clauses(found)
    holding = [(value, _clause_of(found, value)) for value in theirs]
    for value in ours:
        if value.weak or not _is_measured(value):
            continue
        beside = _beside(said, value, ours)
        alike = [(other, clause) for other, clause in holding if clause is not None and _same_kind(other, value)]
        right = {clause for other, clause in alike if supports(other, value)}
        wrong = [(other, clause) for other, clause in alike if clause not in right]
        if len(beside) < 3 or not right or not wrong:
            continue
        counted = {clause for _, clause in alike}
        best_right = max(len(beside & _context(clauses, clause, counted)) for clause in right)
        best_wrong, other = max(((len(beside & clauses[clause]), other) for other, clause in wrong), key=lambda x: x[0])
        if best_wrong >= max(2 * best_right, best_right + _CLEARLY) and best_wrong * 2 >= len(beside):
            yield value, other


def _names(text: Pieces) -> list[_Named]:
    """Names in order, as pieces: tagged Chinese ones, and Latin words with a capital (the first word may be one)."""
    spans = [(word.start, word.end) for word in tagged(text.text) if word.is_name]
    named = []
    k = 0
    while k < len(text.folded):
        start, end = text.spans[k]
        last = k + 1
        beside_han = last < len(text.folded) and not text.folded[last].isascii()  # A公司 names, "A company" does not
        latin = _LATIN_NAME.fullmatch(text.text[start:end])
        if latin and (beside_han or text.folded[k] not in words("function")):
            named.append(_Named(k, last, text.folded[k:last]))
        else:
            whole = next(((a, b) for a, b in spans if a == start), None)
            while whole and last < len(text.folded) and text.spans[last][1] <= whole[1]:
                last += 1
            if whole and last > k + 1:
                named.append(_Named(k, last, text.folded[k:last]))
        k = last
    return named


def _neighbours(named: Sequence[_Named], text: Pieces) -> Iterator[tuple[_Named, _Named]]:
    for first, second in pairwise(named):
        if text.clauses[first.start] == text.clauses[second.start] and second.start > first.end:
            yield first, second


def _turns(text: Pieces, first: _Named, second: _Named) -> bool:
    start = first.start
    while start > 0 and text.clauses[start - 1] == text.clauses[first.start]:
        start -= 1
    return any(piece in words("turning") for piece in text.folded[start : second.start])


def _orders(
    text: Pieces, first: tuple[str, ...], second: tuple[str, ...], verb: set[str]
) -> Iterator[tuple[bool, str]]:
    """For each clause with both names around the verb: whether they stand in this order, and its words."""
    for start, end in _clause_spans(text):
        clause = text.folded[start:end]
        a, b = _place(clause, first), _place(clause, second)
        if a is None or b is None or any(piece in words("turning") for piece in clause):
            if a is not None and b is not None:
                yield True, ""  # in doubt
            continue
        between = clause[min(a, b) : max(a, b)]
        if verb & set(between):
            yield a < b, text.slice(start + min(a, b), start + max(a + len(first), b + len(second)))


def _place(clause: tuple[str, ...], name: tuple[str, ...]) -> int | None:
    return next((i for i in range(len(clause) - len(name) + 1) if clause[i : i + len(name)] == name), None)


def _clause_spans(text: Pieces) -> Iterator[tuple[int, int]]:
    start = 0
    for k in range(1, len(text.clauses) + 1):
        if k == len(text.clauses) or text.clauses[k] != text.clauses[start]:
            yield start, k
            start = k


def _clauses(text: Pieces) -> dict[int, set[str]]:
    """Content pieces by number of the clause."""
    return {
        text.clauses[start]: {piece for piece in text.folded[start:end] if piece not in words("function")}
        for start, end in _clause_spans(text)
    }


def _clause_of(text: Pieces, value: Value) -> int | None:
    return next((text.clauses[k] for k, (a, b) in enumerate(text.spans) if a < value.end and value.start < b), None)


def _beside(text: Pieces, value: Value, every: Sequence[Value]) -> set[str]:
    """Content pieces of the clause of `value` that belong to no value."""
    clause = _clause_of(text, value)
    taken = [(other.start, other.end) for other in every]
    return {
        piece
        for k, piece in enumerate(text.folded)
        if text.clauses[k] == clause
        and piece not in words("function")
        and not any(a <= text.spans[k][0] < b for a, b in taken)
    }


def _context(clauses: dict[int, set[str]], clause: int, counted: set[int]) -> set[str]:
    """Pieces of a clause and of the two before it, unless those have values of the same kind of their own."""
    context = set(clauses[clause])
    for before in (clause - 1, clause - 2):
        if before in counted:
            break
        context |= clauses.get(before, set())
    return context


def _is_measured(value: Value) -> bool:
    """Money, time, size, share ...: bare numbers, counts and dates too often stand beside each other in one clause."""
    return value.kind == "quantity" and value.unit.dimension not in ("", "count", "ordinal", "times")


def _same_kind(one: Value, other: Value) -> bool:
    dimensions = (value.unit.dimension.partition("/")[0] for value in (one, other))
    return one.kind == other.kind and len(set(dimensions)) == 1
