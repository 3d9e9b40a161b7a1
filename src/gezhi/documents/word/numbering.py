"""Numbers that Word makes itself: 第三条, 一、, 2.1, (a) (ECMA-376 part 1, 17.9). Bullets of any shape become "-".

Differences: picture bullets and formats of other scripts are shown as decimal numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from gezhi.documents.ooxml import W


@dataclass(frozen=True)
class _Level:
    start: int
    form: str
    text: str
    """With %1 to %9 for the numbers of the levels."""
    suffix: str
    legal: bool
    restart: bool
    style: str


@dataclass
class _List:
    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)
    """Number given last, by level."""


class Numbering:
    """Counts the lists of one document; to be asked for each numbered paragraph in order."""

    def __init__(self, root: etree._Element | None, linked_styles: Mapping[str, str]) -> None:
        """`linked_styles`: the id of a numbering style to its numId."""
        self._starts: dict[str, dict[int, int]] = {}
        self._lists: dict[str, _List] = {}
        if root is None:
            return
        lists, names = {}, {}
        for element in root.iterfind(f"{W}abstractNum"):
            key = _value(element, "abstractNumId", own=True)
            names[key] = _value(element, "numStyleLink")
            lists[key] = _List({_int(_value(level, "ilvl", own=True), 0): _level(level)
                                for level in element.iterfind(f"{W}lvl")})  # fmt: skip
        abstracts = {_value(num, "numId", own=True): _value(num, "abstractNumId") for num in root.iterfind(f"{W}num")}
        for num in root.iterfind(f"{W}num"):
            key = _value(num, "numId", own=True)
            abstract = abstracts[key]
            linked = abstracts.get(linked_styles.get(names.get(abstract, ""), ""), abstract)
            if linked in lists:
                self._lists[key] = lists[linked]
                self._starts[key] = _overrides(num)

    def level_of_style(self, number: str, style: str) -> int:
        """The level of list `number` that belongs to a paragraph style; 0 where none does."""
        found = self._lists.get(number)
        levels = found.levels.items() if found else ()
        return next((index for index, level in levels if level.style == style), 0)

    def mark(self, number: str, level: int) -> str:
        """What stands before the next paragraph of list `number` ("2.1 ", "第三条 ", "- "); "" without a list."""
        found = self._lists.get(number)
        if found is None or level not in found.levels:
            return ""
        # The first paragraph of a list that shares its counting with another may start anew.
        start = self._starts[number].pop(level, None)
        kind = found.levels[level]
        if start is not None:
            found.counts[level] = start
        else:
            found.counts[level] = found.counts[level] + 1 if level in found.counts else kind.start
        for deeper in [index for index in found.counts if index > level]:
            if found.levels[deeper].restart:
                del found.counts[deeper]
        return _spaced(_text(found, level), kind)


def _overrides(num: etree._Element) -> dict[int, int]:
    starts = {}
    for override in num.iterfind(f"{W}lvlOverride"):
        start = _value(override, "startOverride")
        if start:
            starts[_int(_value(override, "ilvl", own=True), 0)] = _int(start, 1)
    return starts


def _level(element: etree._Element) -> _Level:
    return _Level(
        start=_int(_value(element, "start"), 1),
        form=_value(element, "numFmt") or "decimal",
        text=_value(element, "lvlText"),
        suffix=_value(element, "suff"),
        legal=element.find(f"{W}isLgl") is not None,
        restart=_value(element, "lvlRestart") != "0",
        style=_value(element, "pStyle"),
    )


def _text(found: _List, level: int) -> str:
    kind = found.levels[level]
    if kind.form == "bullet":
        return "-"
    text = kind.text
    for index in range(level + 1):
        if f"%{index + 1}" in text:
            upper = found.levels.get(index, kind)
            form = "decimal" if kind.legal else upper.form
            text = text.replace(f"%{index + 1}", numeral(found.counts.get(index, upper.start), form))
    return text.strip()


def _spaced(text: str, kind: _Level) -> str:
    return text if not text or kind.suffix == "nothing" or text[-1] in "、，。：；）】》" else f"{text} "


def _value(element: etree._Element, name: str, *, own: bool = False) -> str:
    """The value of a child element, or with `own` an attribute of the element itself; "" where it is missing."""
    if own:
        return element.get(f"{W}{name}") or ""
    child = element.find(f"{W}{name}")
    return "" if child is None else child.get(f"{W}val") or ""


def _int(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else default


def numeral(number: int, form: str) -> str:
    """`number` in one of the formats of ST_NumberFormat; decimal in those that are not known or cannot hold it."""
    if form == "none":
        return ""
    for names, write, highest in _FORMS:
        if form in names and 0 < number <= highest:
            return write(number)
    return str(number)


def _chinese(number: int, digits: str = "〇一二三四五六七八九", units: str = "十百千") -> str:
    text, gap = "", False
    for place, digit in zip(range(len(str(number)) - 1, -1, -1), str(number), strict=True):
        if digit == "0":
            gap = bool(text)
            continue
        text += (
            (digits[0].replace("〇", "零") if gap else "") + digits[int(digit)] + (units[place - 1] if place else "")
        )
        gap = False
    return text.removeprefix("一") if 10 <= number < 20 and digits[1] == "一" else text


def _chinese_legal(number: int) -> str:
    return _chinese(number, "零壹贰叁肆伍陆柒捌玖", "拾佰仟")


def _chinese_digits(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


def _letters(number: int) -> str:
    # After z comes aa, then bb (17.18.59).
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text


_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def _circled(number: int) -> str:
    return chr((0x2460 if number <= 20 else 0x3251 - 20) + number - 1)


_FORMS: tuple[tuple[frozenset[str], Callable[[int], str], int], ...] = (
    (frozenset(("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
                "taiwaneseCountingThousand")), _chinese, 9999),
    (frozenset(("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital")), _chinese_digits, 9999),
    (frozenset(("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal")), _chinese_legal, 9999),
    (frozenset(("ideographTraditional",)), lambda number: "甲乙丙丁戊己庚辛壬癸"[number - 1], 10),
    (frozenset(("ideographZodiac",)), lambda number: "子丑寅卯辰巳午未申酉戌亥"[number - 1], 12),
    (frozenset(("decimalEnclosedCircle", "decimalEnclosedCircleChinese")), _circled, 35),
    (frozenset(("decimalEnclosedParen",)), lambda number: f"({number})", 9999),
    (frozenset(("decimalZero",)), lambda number: f"{number:02}", 9999),
    (frozenset(("lowerLetter",)), _letters, 780),
    (frozenset(("upperLetter",)), lambda number: _letters(number).upper(), 780),
    (frozenset(("lowerRoman",)), _roman, 3999),
    (frozenset(("upperRoman",)), lambda number: _roman(number).upper(), 3999),
)  # fmt: skip
