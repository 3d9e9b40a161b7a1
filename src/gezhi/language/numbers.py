"""Numbers as they are written: digits, Chinese numerals, English words, and mixtures (1.2万, 3.5 million).

Works on plain text (`gezhi.language.plain`). Leaves out what a number counts: units are in `gezhi.language.units`.
Chinese numeral characters inside words (一些, 三明治, 四川) are told from numbers by what stands beside them, later,
in `gezhi.language.values`; here only fixed expressions are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from gezhi.language.words import groups

Style = Literal["digits", "chinese", "english"]

_WRITTEN = ("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
DIGITS = {character: i for i, characters in enumerate(_WRITTEN) for character in characters}
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GROUPS = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_TENS = {"廿": 20, "卅": 30}
_VULGAR = {"½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅕": 1 / 5, "⅖": 2 / 5, "⅗": 3 / 5, "⅘": 4 / 5,
           "⅙": 1 / 6, "⅚": 5 / 6, "⅛": 1 / 8, "⅜": 3 / 8, "⅝": 5 / 8, "⅞": 7 / 8}  # fmt: skip
_ONES, _TENS_WORDS = groups("cardinals")
_WORDS = {word: i for i, word in enumerate(_ONES)} | {word: 10 * i for i, word in enumerate(_TENS_WORDS, 2)}
_POWERS = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT = {"k": 10**3, "K": 10**3, "mn": 10**6, "bn": 10**9, "tn": 10**12}

CHINESE_DIGITS = "".join(DIGITS)
_HAN = CHINESE_DIGITS + "".join(_PLACES) + "".join(_TENS)
_ASCII = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_COEFFICIENT = rf"(?:{_ASCII}|[{_HAN}]+(?:点[{CHINESE_DIGITS}]+)?)"
_CHINESE = re.compile(
    rf"(?P<vague>[数几]|上(?=[百千万亿]))?(?P<body>(?:{_COEFFICIENT}|(?<=[数几上])[十百千])(?:[多余]?[百千]?[万亿]|兆(?![瓦赫帕字]))*"
    rf"(?:{_COEFFICIENT}(?:[百千]?[万亿])*)*|(?<=[数几上])[百千]?[万亿]+)(?P<few>几)?(?P<vulgar>[{''.join(_VULGAR)}])?"
)
_HALF = re.compile("(?<![一两上下前后大多过])半(?=[年天日]|小时|个(?:月|小时|世纪|学期|多))")
_WORD = "|".join([*_WORDS, *_POWERS])
_ENGLISH = re.compile(
    rf"(?<![A-Za-z-])(?:(?:an?|several|a few)\s+(?=(?:{'|'.join(_POWERS)})\b))?(?:{_WORD})"
    rf"(?:(?:-|\s+|(?<=hundred) and |(?<=thousand) and |(?<=million) and )(?:{_WORD}))*(?![A-Za-z])"
    r"(?:\s+and\s+a\s+half)?",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"(?<![A-Za-z-])(dozens|hundreds|thousands|millions|billions)(?![A-Za-z])", re.IGNORECASE)
_BEHIND = re.compile(rf"[ -]?({'|'.join(_POWERS)})(?![A-Za-z])|({'|'.join(_SHORT)})(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number at `text[start:end]`."""

    start: int
    end: int
    low: float
    high: float
    """Equals `low` unless the number is vague (十几, several hundred)."""
    style: Style
    written: str


def numerals(text: str) -> list[Numeral]:
    """All numbers, left to right, not overlapping."""
    found = [*_digits_and_chinese(text), *_english(text)]
    found.sort(key=lambda numeral: (numeral.start, -numeral.end))
    kept: list[Numeral] = []
    for numeral in found:
        if not kept or numeral.start >= kept[-1].end:
            kept.append(numeral)
    return kept


def number(written: str) -> float | None:
    """The exact number that the whole of `written` stands for: 二〇二四, 12, 一百零五, twelve."""
    found = numerals(written)
    whole = len(found) == 1 and found[0].start == 0 and found[0].end == len(written)
    return found[0].low if whole and found[0].low == found[0].high else None


def _digits_and_chinese(text: str) -> list[Numeral]:
    found = []
    for match in _CHINESE.finditer(text):
        start, end, body = match.start(), match.end(), match["body"]
        if match["vague"] or match["few"]:
            low, high = _vague(body, match["vague"], match["few"])
        else:
            low, high = _range_of_neighbours(body)
        end, factor = _multiplied(text, end) if body[-1].isdigit() else (end, 1)
        fraction = _VULGAR.get(match["vulgar"] or "", 0.0)
        style: Style = "digits" if body[0].isdigit() else "chinese"
        low, high = (low + fraction) * factor, (high + fraction) * factor
        found.append(Numeral(start, end, low, high, style, text[start:end]))
    found.extend(Numeral(m.start(), m.end(), 0.5, 0.5, "chinese", "半") for m in _HALF.finditer(text))
    found.extend(
        Numeral(m.start(), m.end(), _VULGAR[m.group()], _VULGAR[m.group()], "digits", m.group())
        for m in re.finditer(f"[{''.join(_VULGAR)}]", text)
    )
    return found


def _multiplied(text: str, end: int) -> tuple[int, float]:
    behind = _BEHIND.match(text, end)
    if not behind:
        return end, 1
    word = behind[1]
    return behind.end(), _POWERS[word] if word else _SHORT[behind[2]]


def _vague(body: str, before: str | None, few: str | None) -> tuple[float, float]:
    value = _value(body)
    if few:  # 十几, 三十几
        place = 10.0 if value >= 10 else 1.0
        return value + place / 10, value + place - place / 10
    return (value, value * 10) if before == "上" else (value, value * 10 - 1)


def _range_of_neighbours(body: str) -> tuple[float, float]:
    """三四十 is thirty to forty, 七八 is seven or eight; other runs of digits are read place by place."""
    pair = re.match(rf"([{CHINESE_DIGITS}])([{CHINESE_DIGITS}])(?![{CHINESE_DIGITS}点])", body)
    if pair and DIGITS[pair[1]] > 0 and DIGITS[pair[2]] - DIGITS[pair[1]] == 1:
        return _value(pair[1] + body[2:]), _value(body[1:])
    value = _value(body)
    return value, value


def _value(body: str) -> float:
    if all(c in DIGITS for c in body) and len(body) > 1:
        return float("".join(str(DIGITS[c]) for c in body))
    total = section = 0.0
    current: float | None = None
    place = 1.0  # the last place or group met: 三万五 is 35,000
    for piece in re.findall(rf"{_ASCII}|[{CHINESE_DIGITS}]+点[{CHINESE_DIGITS}]+|点[{CHINESE_DIGITS}]+|.", body):
        if piece in _PLACES:
            section += (1.0 if current is None else current) * _PLACES[piece]
            current, place = None, float(_PLACES[piece])
        elif piece in _GROUPS:
            amount = section + (current or 0.0)
            base = amount or (0.0 if total else 1.0)
            total = (
                (total + base) * _GROUPS[piece]
                if place < _GROUPS[piece] and not amount
                else (total + base * _GROUPS[piece])
            )
            section, current, place = 0.0, None, float(_GROUPS[piece])
        elif piece in "多余":  # 20多万: read by those who ask how much more
            continue
        elif piece in ("零", "〇"):
            current, place = None if current is None else current * 10, 1.0
        else:
            current = _coefficient(piece, current)
    last_is_short = place >= 100 and current is not None and body[-1] in DIGITS
    return total + section + (current or 0.0) * (place / 10 if last_is_short else 1.0)


def _coefficient(piece: str, before: float | None) -> float:
    if piece in _TENS:
        return float(_TENS[piece])
    if piece[0].isascii():
        return float(piece.replace(",", ""))
    if before in _TENS.values() and piece in DIGITS:
        return float(before or 0) + DIGITS[piece]  # 廿三
    whole, _, fraction = piece.partition("点")
    digits = "".join(str(DIGITS[c]) for c in whole)
    value = float(f"{digits or 0}.{''.join(str(DIGITS[c]) for c in fraction) or 0}")
    return value + (before or 0.0) * (10 ** len(whole) if not fraction else 1)


def _english(text: str) -> list[Numeral]:
    found = []
    for match in _ENGLISH.finditer(text):
        written = match.group()
        low = _english_value(written)
        vague = written.lower().startswith(("several", "a few"))
        high = low * 10 - 1 if vague else low
        found.append(Numeral(match.start(), match.end(), low, high, "english", written))
    for match in _PLURAL.finditer(text):
        low = float(_POWERS[match[1].lower()[:-1]])
        found.append(Numeral(match.start(), match.end(), low, low * 10 - 1, "english", match[1]))
    return found


def _english_value(written: str) -> float:
    words = re.findall("[a-z]+", written.lower())
    total = section = 0.0
    for word in words:
        if word in _WORDS:
            # nineteen ninety-eight: a year said as two numbers
            section = (
                section * 100 + _WORDS[word] if 10 <= section < 21 and _WORDS[word] >= 10 else (section + _WORDS[word])
            )
        elif word in ("hundred", "dozen"):
            section = (section or 1.0) * _POWERS[word]
        elif word in _POWERS:
            total, section = total + (section or 1.0) * _POWERS[word], 0.0
    return total + section + (0.5 if words[-1] == "half" else 0.0)
