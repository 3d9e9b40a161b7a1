"""Text made plain for matching, with the way back: every character knows where it stood in the original."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from gezhi.language.fold import fold
from gezhi.language.tokens import CJK


@dataclass(frozen=True, slots=True)
class Plain:
    """Half-width, simplified text; letters keep their case, since MB and Mb differ."""

    text: str
    origins: tuple[int, ...]
    """Of each character of `text`, its index in the original."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]`, which must not be empty, stood in the original."""
        return self.origins[start], self.origins[end - 1] + 1


def plain(text: str) -> Plain:
    """`text`, character by character: full-width to half-width, traditional to simplified, ㎞ to km.

    Blanks beside Chinese characters go (10 月 8 日). Fractions (½) and raised digits (²) stay as they are: NFKC would
    turn 6½ into 61⁄2 and 10² into 102.
    """
    if text.isascii():
        return Plain(text, tuple(range(len(text))))
    pieces = [_plain_character(character) for character in text]
    for blank in _BESIDE_HAN.finditer(text):
        pieces[blank.start()] = ""
    origins = tuple(i for i, piece in enumerate(pieces) for _ in piece)
    return Plain("".join(pieces), origins)


_BLANK = "[ \u3000\u00a0]"
_BESIDE_HAN = re.compile(rf"(?<=[{CJK}]){_BLANK}(?=[{CJK}\d])|(?<=\d){_BLANK}(?=[{CJK}])")


@lru_cache(maxsize=16384)
def _plain_character(character: str) -> str:
    if character.isascii() or unicodedata.category(character) == "No":
        return character
    normal = unicodedata.normalize("NFKC", character)
    return normal if normal != normal.casefold() else fold(character)
