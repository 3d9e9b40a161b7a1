"""Garbled text: bytes of one encoding read as another, and characters that were lost on the way.

The proof is the way back: a stretch of "Chinese" whose GBK bytes are valid UTF-8 was UTF-8 once; real Chinese hardly
ever is. The same for Latin letters whose bytes are UTF-8 or GBK.
"""

from __future__ import annotations

import re

_LOST = re.compile("\ufffd|锟斤拷|[\x80-\x9f]|烫烫烫|屯屯屯|\\?{4,}")
_IDEOGRAPHS = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef\ue000-\uf8ff·€]{3,}")
# Latin-1 letters and signs, and what Windows-1252 has in place of its control characters.
_WINDOWS = bytes(set(range(0x80, 0xA0)) - {0x81, 0x8D, 0x8F, 0x90, 0x9D}).decode("cp1252")
_LATIN = re.compile(f"[\u00a1-\u00ff{_WINDOWS}]{{2,}}")
_LONGEST = 200_000
"""Characters of a document that are looked at."""


def garbled_share(text: str) -> float:
    """Share of the characters of `text` that are garbled, 0 to 1."""
    text = text[:_LONGEST]
    if not text:
        return 0.0
    lost = sum(len(match.group()) for match in _LOST.finditer(text))
    chinese = sum(len(run) for run in _IDEOGRAPHS.findall(text) if _is_chinese(_way_back(run, "gb18030", "utf-8")))
    latin = sum(len(run) for run in _LATIN.findall(text) if _was_other(run))
    return (lost + chinese + latin) / len(text)


def _was_other(run: str) -> bool:
    for wrong in ("cp1252", "latin-1"):
        back = _way_back(run, wrong, "utf-8")
        if "\ufffd" not in back[:-1] and any(_is_usual(character) for character in back[:-1] or back):
            return True
    return len(run) >= 4 and _is_chinese(_way_back(run, "latin-1", "gbk"))


def _is_usual(character: str) -> bool:
    """A Latin letter, punctuation or an ideograph: what may have been garbled here."""
    return "\u0080" < character < "\u0250" or character > "\u2000"


def _is_chinese(text: str) -> bool:
    """Mostly ideographs: 通讯员 in GBK happens to be UTF-8 too, of a few Greek and Cyrillic letters."""
    return 2 * sum("\u3000" <= character <= "\uffef" for character in text) > len(text)


def _way_back(run: str, wrong: str, right: str) -> str:
    """The text that was meant, with U+FFFD where characters were lost; "" where there is no way back."""
    try:
        return run.encode(wrong).decode(right, "replace")
    except UnicodeEncodeError:
        return ""
