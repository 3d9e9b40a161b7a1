"""How lines of text are put together again: Chinese without spaces, English with, divided words made whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

HYPHEN = "\u00ad"
"""Stands at the end of a line whose last word is divided."""
# CJK symbols and punctuation, kana, ideographs, full-width forms: between two of these no space belongs.
_WIDE = (
    "\u2e80-\u303f\u3040-\u30ff\u3100-\u31bf\u3400-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
)
_WIDE_PAIR = re.compile(f"(?<=[{_WIDE}]) +(?=[{_WIDE}])")
_IS_WIDE = re.compile(f"[{_WIDE}“”‘’…—]")
_DIVIDED = re.compile(r"([^\W\d_]+)[-\u00ad\u2010]$")
_HYPHENS = "-\u00ad\u2010"
_LOWER_START = re.compile(r"^([^\W\d_]*)")
# TeX's older fonts set an accent and then the letter below it; ASCII accents only inside a word, else they are quotes.
_ACCENTED = re.compile(r"([´¨˜ˇ˘˚])([A-Za-zı])|(?<=[A-Za-z])([`^~])([aeiouAEIOU])(?=[a-z])")
_ASCII_ACCENT = re.compile(r"[`^~]")
_COMBINING = {"´": "\u0301", "¨": "\u0308", "˜": "\u0303", "ˇ": "\u030c", "˘": "\u0306", "˚": "\u030a", "`": "\u0300",
              "^": "\u0302", "~": "\u0303"}  # fmt: skip
# Word's Symbol and Wingdings bullets live in the private use area; the rest there is glyphs of unknown meaning.
_BULLETS = re.compile("[\uf0b7\uf0a7\uf0d8\uf0fc\uf06c\uf06e\uf075]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def joined(texts: Sequence[str], words: Collection[str] = ()) -> str:
    """One text from lines or pieces that follow each other.

    Args:
        words: Words of the document, lower case. `co-` + `operate` keeps its hyphen where they have `co-operate`.
    """
    text = ""
    for piece in texts:
        text = _with(text, piece, words) if text else piece
    return text.replace(HYPHEN, "-")


def _with(text: str, piece: str, words: Collection[str]) -> str:
    if not piece:
        return text
    # Only the end is looked at: a paragraph that grows line by line would otherwise be searched again and again.
    divided = _DIVIDED.search(text[-40:]) if text[-1] in _HYPHENS else None
    if divided and (piece[0].islower() or text.endswith(HYPHEN)):
        follows = _LOWER_START.match(piece)
        after = follows.group(1) if follows else ""
        kept = f"{divided.group(1)}-{after}".lower() in words and f"{divided.group(1)}{after}".lower() not in words
        hyphen = "-" if kept or (piece[0].isupper() and not divided.group(1).isupper()) else ""
        return f"{text[:-1]}{hyphen}{piece}"
    # Chinese beside Latin or figures at a line break: what stood between them is not known, and no space is usual.
    if _IS_WIDE.match(text[-1]) or _IS_WIDE.match(piece[0]):
        return text + piece
    return f"{text.rstrip()} {piece.lstrip()}"


def tidy(text: str) -> str:
    """Spaces that justification put between ideographs gone, TeX accents composed, unknown private glyphs gone."""
    if text.isascii() and not _ASCII_ACCENT.search(text):
        return text
    text = _PRIVATE.sub("", _BULLETS.sub("•", text))
    text = _ACCENTED.sub(_composed, text)
    return _WIDE_PAIR.sub("", text) if _spaced_out(text) else text


def _spaced_out(text: str) -> bool:
    """Whether spaces stand between most ideographs: justified or stretched, rather than set on purpose."""
    pairs = len(_WIDE_PAIR.findall(text)) if " " in text else 0
    return pairs > 2 and pairs * 3 > len(text) - pairs


def _composed(match: re.Match[str]) -> str:
    mark, letter = match.group(1) or match.group(3), match.group(2) or match.group(4)
    return unicodedata.normalize("NFC", ("i" if letter == "ı" else letter) + _COMBINING[mark])
