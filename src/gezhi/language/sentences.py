"""Where sentences end, in Chinese and English; a rule, no model.

A sentence ends at 。！？； and their half-width forms, at … and at a blank line or line break between blocks. Closing
quotes and brackets stay with their sentence. A full stop ends nothing inside numbers, addresses, initials and
abbreviations, nor where a small letter follows.
"""

from __future__ import annotations

import re

_CLOSERS = "”’\"'」』）)】》〉］\\]"  # as a character class
_ABBREVIATIONS = """
mr mrs ms dr prof sr jr st vs no nos vol fig figs eq eqs sec ch pp p cf e.g i.e etc al inc ltd co corp dept approx
jan feb mar apr jun jul aug sep sept oct nov dec a.m p.m u.s u.k ph.d
"""
_END = re.compile(rf"[。！？!?]+[{_CLOSERS}]*|；|;(?=\s)|…+[{_CLOSERS}]*|\.+[{_CLOSERS}]*|\n\s*")
_WORD_BEFORE = re.compile(r"[A-Za-z][A-Za-z.]*$")


def sentences(text: str) -> list[tuple[int, int]]:
    """Half-open spans of the sentences without the white space around them; all other characters are in one."""
    spans: list[tuple[int, int]] = []
    start = 0
    for end in _ends(text):
        _add(spans, text, start, end)
        start = end
    _add(spans, text, start, len(text))
    return spans


def _ends(text: str) -> list[int]:
    return [match.end() for match in _END.finditer(text) if _is_end(text, match)]


def _is_end(text: str, match: re.Match[str]) -> bool:
    mark = match.group()
    if mark[0] == "\n":
        return True
    following = text[match.end() : match.end() + 2]
    if mark[0] == "…":
        # 他说……然后走了: six dots inside a sentence are a pause
        return not following.strip() or following[0] in "“「『" or mark[-1] != "…"
    if mark[0] in "?!" and mark[-1] in "?!" and following[:1].isascii() and following[:1].strip():
        # example.com/search?q=1
        return False
    if mark[0] != ".":
        # ”，: what was quoted ends, the sentence around it goes on
        return following[:1] not in tuple("，,、：:")
    return _full_stop(text, match.start(), match.end(), following)


def _full_stop(text: str, start: int, end: int, following: str) -> bool:
    if following and not following[0].isspace():
        # 3.5, example.com, v1.2.b; but "结束.然后" with a careless half-width stop ends a sentence
        before = text[start - 1 : start]
        return not following[0].isascii() and not before.isascii()
    word = _WORD_BEFORE.search(text, max(0, start - 20), start)
    if word:
        letters = word.group().lower()
        if letters in _ABBREVIATIONS.split() or (len(letters) == 1 and word.group().isupper()):
            return not following.strip()
    rest = text[end : end + 40].lstrip()
    return not rest[:1].islower()


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        first = start + len(piece) - len(piece.lstrip())
        spans.append((first, first + len(stripped)))
