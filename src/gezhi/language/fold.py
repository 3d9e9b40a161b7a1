"""Folding: what should count as the same text for search and comparison becomes the same string.

NFKC (full-width and compatibility forms), case folding, traditional to simplified Chinese. Shown text is never folded.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from opencc import OpenCC

_NEVER_NORMAL = "\u0340"
"""A character that no NFKC text has."""


def fold(text: str) -> str:
    """The folded text. NFKC may change its length: positions do not carry over."""
    # Three times as fast as normalising: characters fold each by itself unless they combine with their neighbours, and
    # then what comes out is not normal - combining marks see to that - and the text goes the long way.
    folded = text.translate(_FOLDED)
    return folded if unicodedata.is_normalized("NFKC", folded) else _fold(text)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLIFIED)


class _Folded(dict[int, str]):
    """Each character folded by itself, once it has been met; those that combine stand as one that is not normal."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = self[code] = _NEVER_NORMAL if unicodedata.combining(character) else _fold(character)
        return folded


class _Simplified(dict[int, str]):
    """Each Han character in its simplified form, once it has been met."""

    def __missing__(self, code: int) -> str:
        # Character by character, not by phrase as OpenCC does for readers: a character must fold the same way in a
        # question and in a document, whatever stands beside it.
        character = chr(code)
        han = 0x3400 <= code <= 0x4DBF or 0x4E00 <= code <= 0x9FFF
        # Twice, since a few characters take two steps (薴 苧 苎): folding what is folded must change nothing.
        self[code] = _converter().convert(_converter().convert(character)) if han else character
        return self[code]


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


_FOLDED = _Folded()
_SIMPLIFIED = _Simplified()
