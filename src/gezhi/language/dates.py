"""Dates and times of day as ranges that can be compared: 二〇二四年三月, 2024/3, March 2024, 90年代, 14:30.

Works on plain text (`gezhi.language.plain`). Leaves out durations (units) and days named from the speaker (昨天).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

from gezhi.language.numbers import CHINESE_DIGITS, number
from gezhi.language.words import groups

Range = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date or time as far as it was said; None is left open. Ranges are inclusive."""

    years: Range | None = None
    """Years before Christ are negative."""
    decade: int | None = None
    """Last two digits of a decade's first year whose century was not said (80年代)."""
    months: Range | None = None
    days: Range | None = None
    weekday: int | None = None
    """1 is Monday."""
    minutes: Range | None = None
    """Minutes since midnight; both readings where morning or afternoon was not said (3点: 180 and 900)."""

    def said(self) -> Iterator[str]:
        """Names of the parts that are not open."""
        return (part.name for part in fields(self) if getattr(self, part.name) is not None)


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment at `text[start:end]`."""

    start: int
    end: int
    moment: Moment


def dates(text: str) -> list[Dated]:
    """All dates and times, left to right, not overlapping; adjacent parts (3月5日 14:30) stay apart."""
    found = [
        Dated(match.start(), match.end(), moment)
        for pattern, read in _PATTERNS
        for match in pattern.finditer(text)
        if (moment := read(match)) is not None
    ]
    found.sort(key=lambda dated: (dated.start, -dated.end))
    kept: list[Dated] = []
    for dated in found:
        if not kept or dated.start >= kept[-1].end:
            kept.append(dated)
    return kept


def refines(precise: Moment, said: Moment) -> bool:
    """Whether `precise` says all that `said` does, within its ranges: 2024-03-05 refines 2024年, not the reverse."""
    return all(_within(getattr(precise, part), getattr(said, part), precise, part) for part in said.said())


def contradicts(one: Moment, other: Moment) -> bool:
    """Whether a part that both say differs."""
    shared = set(one.said()) & set(other.said())
    return any(not _within(getattr(one, part), getattr(other, part), one, part)
               and not _within(getattr(other, part), getattr(one, part), other, part) for part in shared)  # fmt: skip


def _within(inner: Range | int | None, outer: Range | int, moment: Moment, part: str) -> bool:
    if part == "years" and inner is None and moment.decade is not None and isinstance(outer, tuple):
        return outer[0] % 100 == moment.decade and outer[1] - outer[0] < 10
    if part == "decade":
        return inner == outer or (moment.years is not None and moment.years[0] % 100 // 10 * 10 == outer
                                  and moment.years[1] - moment.years[0] < 10)  # fmt: skip
    if part == "minutes" and isinstance(inner, tuple) and isinstance(outer, tuple):
        return bool(set(inner) & set(outer))
    if isinstance(inner, tuple) and isinstance(outer, tuple):
        if part == "years" and outer[1] - outer[0] not in (9, 99):
            return inner == outer  # a decade or a century holds its years; 2001–02 is just that
        return outer[0] <= inner[0] and inner[1] <= outer[1]
    return inner == outer


_N = rf"(?:\d{{1,2}}|[{CHINESE_DIGITS}十廿卅]{{1,3}})"
_YEAR = rf"(?:(?<!\d)[12]\d{{3}}|(?<=公元)\d{{1,3}}|(?<=前)\d{{1,3}}|(?<!\d)0\d|[{CHINESE_DIGITS}]{{4}})(?!\d)"
_MONTHS = [
    "january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul", "august|aug",
    "september|sept|sep", "october|oct", "november|nov", "december|dec",
]  # fmt: skip
_MONTH = "(?:" + "|".join(n.capitalize() for names in _MONTHS for n in names.split("|")) + r")(?![a-z])\.?"
_MONTH_FOLLOWS = re.compile(r"\b(?i:in|of|by|since|until|till|from|to|last|next|this|early|late|mid)[ -]$")
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_ORDINALS = {word: i for i, word in enumerate((word for line in groups("ordinals") for word in line), 1)}


def _group(match: re.Match[str], name: str) -> str:
    """A named group; empty where it did not match, or the rule has no such group."""
    return match.groupdict().get(name) or ""


def _int(written: str) -> int | None:
    value = number(written) if written else None
    return None if value is None else int(value)


def _single(value: int | None) -> Range | None:
    return None if value is None else (value, value)


def _full_year(written: str, before: str) -> int | None:
    year = _int(written)
    if year is None:
        return None
    if "前" in before:
        return -year
    return 2000 + year if len(written) == 2 else year


def _chinese_date(match: re.Match[str]) -> Moment | None:
    year = _full_year(_group(match, "year"), _group(match, "era")) if _group(match, "year") else None
    if _group(match, "republic"):
        year = 1911 + (_int(_group(match, "republic")) or 0)
    month, day = _int(_group(match, "month")), _int(_group(match, "day"))
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    months, days = _single(month), _single(day)
    if _group(match, "part"):
        months, days = _part_of(_group(match, "part"), months)
    if year is None and months is None and days is None:
        return None
    return Moment(years=_single(year), months=months, days=days)


def _part_of(part: str, months: Range | None) -> tuple[Range | None, Range | None]:
    tens = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
    if part in tens:
        return months, tens[part]
    if part.startswith(("上半年", "下半年")):
        return ((1, 6) if part[0] == "上" else (7, 12)), None
    quarter = _int(part.removeprefix("第")[:1]) or 1
    return (quarter * 3 - 2, quarter * 3), None


def _digits_date(match: re.Match[str]) -> Moment | None:
    month, day = int(_group(match, "month")), _int(_group(match, "day"))
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    return Moment(years=_single(int(_group(match, "year"))), months=(month, month), days=_single(day))


def _english_date(match: re.Match[str]) -> Moment | None:
    name = _group(match, "month").rstrip(".").lower()
    month = next(i for i, names in enumerate(_MONTHS, 1) if name in names.split("|"))
    written = _group(match, "before") or _group(match, "after")
    day = int(written) if written else None
    if name in ("may", "march", "mar", "dec", "jan") and day is None and not _group(match, "year"):
        # "March" may be a march, "May" a wish: a preposition makes them months
        return Moment(months=(month, month)) if _MONTH_FOLLOWS.search(match.string[: match.start()]) else None
    return Moment(years=_single(_int(_group(match, "year"))), months=(month, month), days=_single(day))


def _decade(match: re.Match[str]) -> Moment:
    tens = _int(_group(match, "tens")) or 0
    if tens >= 100:
        return Moment(years=(tens, tens + 9))
    century = _int(_group(match, "century")) if _group(match, "century") else 20 if "上" in match.group() else None
    if century is None:
        return Moment(decade=tens)
    first = (century - 1) * 100 + tens
    return Moment(years=(first, first + 9))


def _century(match: re.Match[str]) -> Moment | None:
    written = _group(match, "number")
    century = _ORDINALS.get(written.lower()) or _int(written)
    if not century or century > 30:
        return None
    if _group(match, "before"):
        return Moment(years=(-century * 100, -(century - 1) * 100 - 1))
    return Moment(years=((century - 1) * 100, century * 100 - 1))


def _before_christ(match: re.Match[str]) -> Moment:
    year = int(_group(match, "year")) * (-1 if _group(match, "mark").startswith("B") else 1)
    return Moment(years=(year, year))


def _seasons(match: re.Match[str]) -> Moment | None:
    """2001–02: from one year to another."""
    first = int(match["year"])
    last = first // 100 * 100 + int(match["last"])
    return Moment(years=(first, last)) if last > first else None


def _quarter(match: re.Match[str]) -> Moment:
    names = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
    written = _group(match, "q") or _group(match, "word")
    quarter = int(written) if written.isdigit() else names[written.lower()]
    year = _group(match, "year") or _group(match, "before")
    return Moment(years=_single(_int(year)), months=(quarter * 3 - 2, quarter * 3))


def _weekday(match: re.Match[str]) -> Moment:
    written = _group(match, "day")
    if written in _WEEKDAYS:
        return Moment(weekday=_WEEKDAYS.index(written) + 1)
    return Moment(weekday="一二三四五六日".index(written.replace("天", "日")) + 1)


def _clock(match: re.Match[str]) -> Moment | None:
    hour, mark = _int(_group(match, "hour")), _group(match, "mark").lower()
    rest = _group(match, "minute")
    minute = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, "钟": 0}.get(rest, _int(rest) or 0)
    if hour is None or hour > 24 or minute > 59:
        return None
    night = mark in ("晚上", "晚", "夜间", "夜里") and hour < 5  # 每晚两点 is early the next morning
    late = (mark in ("下午", "晚上", "傍晚", "晚", "夜间", "夜里") and not night) or mark.startswith("p")
    noon = mark == "中午"
    if (late and hour < 12) or (noon and hour < 5):
        return Moment(minutes=_single((hour + 12) * 60 + minute))
    if mark.startswith("a") and hour == 12:
        return Moment(minutes=_single(minute))
    exact = bool(mark) or hour > 12 or hour == 0 or re.match(r"0\d", _group(match, "hour")) is not None
    return Moment(minutes=(hour * 60 + minute, (hour if exact else (hour + 12) % 24) * 60 + minute))


_MARK = "(?P<mark>凌晨|清晨|早上|上午|中午|下午|晚上|傍晚|夜间|夜里|早|晚)"
_MINUTE = rf"(?P<minute>{_N}(?=分)|半|一刻|三刻|整|钟)"
_PART = "(?P<part>[上中下]旬|[上下]半年|第?[一二三四1-4]季度)"
_NO_DIGIT = rf"(?<![\d{CHINESE_DIGITS}十])"
_RULES: tuple[tuple[str, Callable[[re.Match[str]], Moment | None]], ...] = (
    (r"(?<![\d.])(?P<year>[12]\d{3})(?P<s>[-/.])(?P<month>\d{1,2})(?P=s)(?P<day>\d{1,2})(?![\d.]\d|\d)", _digits_date),
    (r"(?<![\d.\-/])(?P<year>[12]\d{3})[-/](?P<month>0?[1-9]|1[0-2])(?![\d\-/.]\d|\d|年)", _digits_date),
    (
        rf"(?:(?P<era>公元前|公元|(?<![以之目从提])前)?(?P<year>{_YEAR})年|民国(?P<republic>{_N})年)"
        rf"(?:(?P<month>{_N})月(?!票|薪))?(?:(?P<day>{_N})[日号])?{_PART}?",
        _chinese_date,
    ),
    (rf"{_NO_DIGIT}(?P<month>{_N})月(?![票薪球光])(?:(?P<day>{_N})[日号])?(?P<part>[上中下]旬)?", _chinese_date),
    (rf"{_NO_DIGIT}(?<![第\-.])(?P<day>{_N})日(?!内|以内|之内|游)", _chinese_date),
    # 阿波罗11号 and 5号线 are names: a day's 号 stands behind a preposition or no word at all
    (rf"(?:(?<!\w)|(?<=[在于至到从和与及自本]))(?P<day>{_N})号(?![楼线门车机院厅店馆])", _chinese_date),
    (r"(?<!\d)(?P<year>[12]\d{3})(?:[–—]|-(?=1[3-9]|[2-9]\d|\d\d年))(?P<last>\d\d)(?![\d\-/])", _seasons),
    ("(?P<part>[上下]半年|第?[一二三四1-4]季度)", _chinese_date),
    (
        rf"\b(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?\b(?P<month>{_MONTH})"
        r"(?:\s+(?P<after>\d{1,2})(?:st|nd|rd|th)?(?!\d|[,.]\d))?"
        r"(?:(?:,\s*|\s+|\s+of\s+)(?P<year>[12]\d{3})(?!\d))?",
        _english_date,
    ),
    (
        rf"(?:上(?:个)?世纪|(?P<century>{_N})世纪)?(?P<tens>(?:1\d|20)?\d0|[{CHINESE_DIGITS}]{{1,4}}十?)年代",
        _decade,
    ),
    (r"(?<!\d)(?P<tens>(?:1\d|20)\d0)'?s\b", _decade),
    (rf"(?P<before>公元前|(?<![以之目])前)?(?P<number>{_N})世纪(?!之?前)", _century),
    (
        rf"(?i:\b(?P<number>\d{{1,2}}(?=st|nd|rd|th)|(?:{'|'.join(reversed(_ORDINALS))}))(?:st|nd|rd|th)?"
        r"[ -]centur(?:y|ies))",
        _century,
    ),
    (r"(?<!\d)(?P<year>\d{1,4}) ?(?P<mark>BCE?|AD|CE)\b", _before_christ),
    (
        r"\b(?:(?P<before>[12]\d{3})\s?)?(?:Q(?P<q>[1-4])|(?P<word>first|second|third|fourth|1st|2nd|3rd|4th) quarter)"
        r"(?:\s+(?:of\s+)?(?P<year>[12]\d{3}))?\b",
        _quarter,
    ),
    (rf"(?<![{CHINESE_DIGITS}\d十每])(?:星期|礼拜|周)(?P<day>[一二三四五六日天])(?![年岁边围])", _weekday),
    (rf"\b(?P<day>{'|'.join(_WEEKDAYS)})s?\b", _weekday),
    (
        rf"{_MARK}?(?<![\d.:])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d:])(?!\s?[apAP]\.?m)",
        _clock,
    ),
    (rf"{_MARK}?(?<![\d.{CHINESE_DIGITS}])(?P<hour>{_N})[点时]{_MINUTE}分?", _clock),
    (rf"{_MARK}(?P<hour>{_N})[点时]{_MINUTE}?分?", _clock),
    (rf"{_NO_DIGIT}(?P<hour>{_N})[点时](?=[至到前后起开\-~、,，。)）]|左右|以前|以后|之前|之后|$)", _clock),
    (rf"(?<=[至到])(?P<hour>{_N})[点时](?!钟|间|候|期|代|段)", _clock),
    (rf"(?P<hour>\d{{1,2}})[点时](?!\d|[{CHINESE_DIGITS}]|间|候|期|代|段)", _clock),
    (r"\b(?P<hour>1[0-2]|0?[1-9])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<mark>[apAP])\.?m\b\.?", _clock),
)
_PATTERNS = [(re.compile(rule), read) for rule, read in _RULES]
