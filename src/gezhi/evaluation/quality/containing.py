"""Does a text say a reference answer? By its words, or by its values: 两年 says 24个月, 2014年6月18日 says 2014年."""

from __future__ import annotations

import re
from functools import lru_cache

from gezhi.language.fold import fold
from gezhi.language.tokens import CJK
from gezhi.language.values import Value, supports, values

PARTS = "；"
"""Between the parts of a reference all of which must be said."""
_PIECE = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]")
_GAP = r"[\W_]*"
_NEGATING = "不没未无非勿别"


def says(text: str, reference: str) -> bool:
    """Whether every part of the reference is said in the text.

    Words are compared folded, without blank space and punctuation; numbers and Latin words whole (18 is not in 180,
    "no" not in "know"), and not right behind a negation that the reference lacks (支持 is not in 不支持). Where the
    reference has values, the text may write them otherwise; the words beside them must be there.
    """
    return all(_stands(text, part) or _by_value(text, part) for part in reference.split(PARTS) if part.strip())


def _stands(text: str, reference: str) -> bool:
    pattern = _pattern(fold(reference))
    return pattern is not None and pattern.search(fold(text)) is not None


@lru_cache(maxsize=4096)
def _pattern(reference: str) -> re.Pattern[str] | None:
    pieces: list[tuple[int, int, str]] = [(*m.span(), m.group()) for m in _PIECE.finditer(reference)]
    if not pieces:
        # nothing but signs: ± or →
        return re.compile(re.escape(reference.strip())) if reference.strip() else None
    parts = []
    for at, (start, end, piece) in enumerate(pieces):
        joined = at > 0 and pieces[at - 1][1] == start
        parts.append(("" if joined and _is_latin(piece) and _is_latin(pieces[at - 1][2]) else _GAP) if at else "")
        parts.append(_number(piece) if piece[0].isdecimal() else re.escape(piece))
        followed = at + 1 < len(pieces) and pieces[at + 1][0] == end
        if _is_latin(piece) and not (followed and _is_latin(pieces[at + 1][2])):
            parts.append("(?![a-z])")
    return re.compile(_before(pieces[0][2]) + "".join(parts))


def _before(piece: str) -> str:
    if _is_latin(piece):
        return "(?<![a-z])"
    return f"(?<![{_NEGATING}])" if re.match(f"[{CJK}]", piece) and piece not in _NEGATING else ""


def _number(written: str) -> str:
    digits = re.sub(r",(?=\d)", "", written)
    return r"(?<!\d)(?<!\d[.,])" + ",?".join(map(re.escape, digits)).replace(r",?\.,?", r"\.") + r"(?![.,]?\d)"


def _is_latin(piece: str) -> bool:
    return piece.isalpha() and not re.match(f"[{CJK}]", piece)


def _by_value(text: str, reference: str) -> bool:
    wanted = [value for value in values(reference) if not value.weak]
    if not wanted:
        return False
    there = values(text)
    return all(any(_same(found, said) for found in there) for said in wanted) and _rest_stands(text, reference, wanted)


def _same(found: Value, said: Value) -> bool:
    # "at most 30 days" is another statement than "30 days", in both directions
    return found.comparator == said.comparator and supports(found, said)


def _rest_stands(text: str, reference: str, wanted: list[Value]) -> bool:
    """Whether the words beside the values are there."""
    rest, last = [], 0
    for value in wanted:
        rest.append(reference[last : value.start])
        last = value.end
    rest.append(reference[last:])
    return all(_stands(text, part) for part in rest if _PIECE.search(fold(part)))
