"""Names made of letters and digits, compared as names: X1, ISO 9001, GPT-4, 3.11.7, telephone numbers, addresses.

Works on plain text (`gezhi.language.plain`).
"""

from __future__ import annotations

import re

from gezhi.language.units import NONE, unit_behind

_PATTERN = re.compile(
    r"""
    (?P<address>https?://[^\s，。；）)>\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    |(?P<phone>(?<![\d.])(?:\+?86[ -]?)?
        (?:1[3-9]\d{9}|400-?\d{3}-?\d{4}|0\d{2,3}[ -]\d{7,8}|\+\d{1,3}(?:[ -]\d{2,5}){2,4})(?!\d))
    |(?P<version>(?<![\w.])(?![12]\d{3}\.\d\d?\.\d\d?(?![.\d]))[vV]?\d+(?:\.\d+){2,}(?![\d]))
    |(?P<standard>(?<![A-Za-z0-9])
        (?:ISO|IEC|IEEE|GB/T|GBT|GB|RFC|DIN|ANSI|ASTM|EN|JIS|HIPAA|SOC|GPT|RTX|GTX)[ -]?\d[\d.:-]*\d*
        (?![A-Za-z0-9]))
    |(?P<mixed>(?<![A-Za-z0-9.])(?=[A-Za-z0-9_.-]*[A-Za-z])(?=[A-Za-z0-9_.-]*\d)[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*(?![A-Za-z0-9]))
    """,
    re.VERBOSE,
)
_QUANTITY = re.compile(r"\d+(?:[.,]\d+)*(?:-|th|st|nd|rd|s|k|K|bn|mn|am|pm|AM|PM)?")
_SEPARATORS = re.compile(r"[\s_./:-]+")


def identifiers(text: str) -> list[tuple[int, int]]:
    """Half-open spans of the identifiers, left to right."""
    return [match.span() for match in _PATTERN.finditer(text) if not _is_quantity(match)]


def identity(written: str) -> str:
    """What two ways of writing one identifier share: ISO 9001 and iso-9001; version numbers keep their points."""
    if written.replace(".", "").isdigit():
        return written
    if written.lower()[:1] == "v" and written[1:].replace(".", "").isdigit():
        return written[1:]
    return _SEPARATORS.sub("", written).casefold()


def _is_quantity(match: re.Match[str]) -> bool:
    """5km, 20k, 3rd, 24-hour and 1990s begin with a number that counts something; a year may touch a word."""
    text = match["mixed"]
    if text and re.search(r"[A-Za-z][12]\d{3}$", text) and match.string[match.end() : match.end() + 1] == "年":
        return True  # NBA2014年
    if text is None or not text[0].isdigit():
        return False
    counted = _QUANTITY.match(text)
    assert counted is not None  # it begins with a digit
    rest = counted.end()
    if rest == len(text) or text[rest - 1] == "-":
        # 5-star and 2-inch count; 2023-A7 has letters and digits behind the hyphen, a contract number
        return not re.search(r"\d", text[rest:])
    digits = re.match(r"\d+(?:[.,]\d+)*", text)
    end, unit = unit_behind(text, digits.end() if digits else 0)
    return unit is not NONE and (end == len(text) or text[end] in "-/")
