"""Folding: what should count as the same text for search and comparison becomes the same string.

NFKC (full-width and compatibility forms), case folding, traditional to simplified Chinese. Shown text is never folded.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from opencc import OpenCC


def fold(text: str) -> str:
    """The folded text. NFKC may change its length: positions do not carry over."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_simplified())


@cache
def _simplified() -> dict[int, str]:
    # Character by character, not by phrase as OpenCC does for readers: a character must fold the same way in a
    # question and in a document, whatever stands beside it.
    characters = [chr(code) for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF)) for code in range(first, last + 1)]
    convert = OpenCC("t2s").convert
    # Twice, since a few characters take two steps (薴 苧 苎): folding what is folded must change nothing.
    converted = convert(convert("\n".join(characters))).split("\n")
    return {ord(old): new for old, new in zip(characters, converted, strict=True) if old != new}
