"""Values in Chinese and English text, compared by meaning: 1.2万 = 12,000, 十二个月 = 一年, 2024-03 = March 2024.

Quantities with units, money, shares, ordinals, dates and times, identifiers. Characters that are numerals by form only
(一些, 三明治) are left out. Where a sentence conflicts with its source is decided in `gezhi.language.conflicts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from gezhi.language.dates import Moment, dates, refines
from gezhi.language.identifiers import identifiers, identity
from gezhi.language.numbers import Numeral, number, numerals
from gezhi.language.plain import Plain, plain
from gezhi.language.units import NONE, ORDINAL, Unit, money_before, unit_behind
from gezhi.language.words import groups, pattern

ValueKind = Literal["quantity", "date", "identifier"]
Comparator = Literal["", ">", "<", "~"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value at `text[start:end]` of the original text."""

    kind: ValueKind
    start: int
    end: int
    text: str
    low: float = 0.0
    """In the base unit of the dimension, as is `high`."""
    high: float = 0.0
    """Equals `low` unless the number is vague."""
    number: float = 0.0
    """As written, before the unit: 5 in 5公里."""
    unit: Unit = NONE
    moment: Moment | None = None
    comparator: Comparator = ""
    """At least or more, at most or less, about; empty for exactly."""
    weak: bool = False
    """An article or figure of speech (一个, one of) rather than a statement: it needs no support, but may give it."""


def values(text: str) -> list[Value]:
    """All values, left to right, not overlapping."""
    made = plain(text)
    claimed = bytearray(len(made.text))
    found: list[Value] = []
    for start, end in identifiers(made.text):
        _claim(claimed, start, end)
        found.append(_value(made, text, start, end, kind="identifier"))
    for dated in dates(_unclaimed(made.text, claimed)):
        _claim(claimed, dated.start, dated.end)
        found.append(_value(made, text, dated.start, dated.end, kind="date", moment=dated.moment))
    found += _shares(made, text, claimed)
    for match in pattern("idioms").finditer(made.text):
        if made.text[match.start() - 1 : match.start()] not in tuple("一二三四五六七八九十百千万亿两"):  # 三十万一千
            _claim(claimed, *match.span())
    found += _quantities(made, text, claimed)
    found += _ordinal_words(made, text, claimed)
    return sorted(found, key=lambda value: value.start)


def supports(found: Value, said: Value) -> bool:
    """Whether a source that has the value `found` says the value `said`, whole or more precisely."""
    if "identifier" in (found.kind, said.kind):
        return _identity(found) == _identity(said)
    if found.moment and said.moment:
        return refines(found.moment, said.moment)
    if found.moment or said.moment:
        return _year_as_number(found, said)
    if {found.comparator, said.comparator} == {"<", ">"}:
        return False
    return any(_overlap(*pair, found, said) for pair in _comparable(found, said))


def _identity(value: Value) -> str:
    return identity(f"{value.number:g}" if value.kind == "quantity" else value.text)


def _year_as_number(one: Value, other: Value) -> bool:
    dated, counted = (one, other) if one.moment else (other, one)
    years = dated.moment.years if dated.moment else None
    # 618年 reads as a duration: years of three digits are told from spans of time only by what the text is about
    plain_year = counted.unit.dimension in ("", "months")
    return bool(years and plain_year and years[0] == years[1] == counted.number)


def _comparable(found: Value, said: Value) -> list[tuple[float, float, float, float]]:
    """Pairs of ranges (low, high of `found`, then of `said`) in one scale; none where the two cannot be compared."""
    one, other = found.unit.dimension, said.unit.dimension
    both = {one, other}
    same = [(found.low, found.high, said.low, said.high)]
    if one == other == "data":
        return [*same, _binary(found, said)]
    if one == other or both == {"times", "ratio"}:
        return same
    if both == {"seconds", "months"}:
        return [(1.0, 1.0, 1.0, 1.0)] if _equal_spans(found, said) else []
    if both == {"age", "months"}:
        scale = {"age": 12.0, "months": 1.0}
        return [(found.low * scale[one], found.high * scale[one], said.low * scale[other], said.high * scale[other])]
    ordinals = one.startswith("ordinal") and other.startswith("ordinal") and "ordinal" in both
    rates = one.startswith(f"{other}/") or other.startswith(f"{one}/")
    # a bare number may be any quantity's, but 数十 is no sign of 84.79%
    bare = "" in both and (found.low == found.high) == (said.low == said.high)
    if bare or both in _LOOSE or ordinals or rates:
        return [(found.number, found.number + _spread(found), said.number, said.number + _spread(said))]
    return []


def _binary(found: Value, said: Value) -> tuple[float, float, float, float]:
    """A GB is a thousand MB to some and 1,024 to others."""
    factor = 1.024 ** (_log1000(found) - _log1000(said))
    return found.low * factor, found.high * factor, said.low, said.high


def _equal_spans(one: Value, other: Value) -> bool:
    """A month is thirty days in everyday use, a year 365 or 366."""
    days, months = (one, other) if one.unit.dimension == "seconds" else (other, one)
    most = 366 * months.low / 12 if months.low >= 12 else 31 * months.low
    return 30 * months.low <= days.low / 86400 <= most


_LOOSE = ({"temperature", "degree"}, {"pound", "GBP"}, {"pound", "mass"})


def _log1000(value: Value) -> int:
    factor, power = value.unit.factor, 0
    while factor >= 1000:
        factor, power = factor / 1000, power + 1
    return power


def _spread(value: Value) -> float:
    return (value.high - value.low) / (value.unit.factor or 1.0)


def _overlap(low: float, high: float, other_low: float, other_high: float, found: Value, said: Value) -> bool:
    if (found.comparator == "~") != (said.comparator == "~"):
        slack = 0.05  # "about 12,000" for 11,940; two that both say "about" must agree
    else:
        slack = 1e-9 if found.unit.factor == said.unit.factor or _decimal(found.unit, said.unit) else 0.01
    margin = slack * max(abs(low), abs(other_low))
    return low - margin <= other_high and other_low - margin <= high


def _decimal(one: Unit, other: Unit) -> bool:
    """Whether conversion is exact; miles to kilometres are rounded by those who write them."""
    return one.dimension not in ("length", "area", "volume", "mass", "temperature", "length/seconds", "power")


_SHARE = re.compile(
    r"(?P<per>[百千万])分之(?P<part>\d+(?:[.,]\d+)*|[〇零一二两三四五六七八九十百点]+)"
    r"|(?P<whole>[二三四五六七八九十百\d]+)分之(?P<some>[一二两三四五六七八九十\d]+)"
    r"|(?<![\d/.])(?P<over>[1-9]\d?)/(?P<under>[2-9]|[1-9]\d)(?![\d/])|(?P<half>一半|过半|\b(?i:half)\b)"
    r"|\b(?i:(?P<count>a|an|one|two|three|four|five|six|seven|eight|nine|\d)[ -](?P<nth>half|third|quarter|fourth|fifth"
    r"|sixth|seventh|eighth|ninth|tenth)s?)\b(?!\s+(?:of|in|to)\s+(?:January|[12]\d{3}))"
)
_NTH = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
        "ninth": 9, "tenth": 10}  # fmt: skip


def _shares(made: Plain, text: str, claimed: bytearray) -> list[Value]:
    found = []
    for match in _SHARE.finditer(_unclaimed(made.text, claimed)):
        share = _share(match)
        if share is None:
            continue
        _claim(claimed, *match.span())
        comparator, _ = _compared(made.text, *match.span())
        weak = bool(match["half"]) and match["half"].isascii()
        found.append(
            replace(
                _value(made, text, *match.span(), kind="quantity"),
                low=share,
                high=share,
                number=share * 100,
                unit=Unit("ratio", 0.01),
                comparator=comparator,
                weak=weak,
            )
        )
    return found


def _share(match: re.Match[str]) -> float | None:
    if match["half"]:
        return 0.5
    if match["per"]:
        part = number(match["part"])
        return None if part is None else part / {"百": 100, "千": 1000, "万": 10000}[match["per"]]
    if match["nth"]:
        count = match["count"].lower()
        times = 1.0 if count in ("a", "an") else number(count) or 0.0
        return times / _NTH[match["nth"].lower()] if times < 10 else None
    some = number(match["some"] or match["over"])
    whole = number(match["whole"] or match["under"])
    return some / whole if some and whole else None


def _quantities(made: Plain, text: str, claimed: bytearray) -> list[Value]:
    plain_text = _unclaimed(made.text, claimed)
    read: list[_Read] = []
    for numeral in numerals(plain_text):
        # 百 of 25个百分点 stands inside a unit that is already read
        if (not read or numeral.start >= read[-1][1]) and numeral.written not in tuple("百千万亿"):
            read.append(_quantity(made, text, plain_text, numeral))
            _claim(claimed, *read[-1][:2])
    ranged = _with_units_of_ranges(made.text, read)
    return [value for _, _, value in ranged if not _is_word(value)]


_Read = tuple[int, int, Value]
"""Start and end in plain text, and the value."""
_TAIL = re.compile(r"\s?(?:\+|多|余|来(?=[个名位人只年天岁米公里元]))")
_HALF = re.compile(r"半(?![导岛决球径壁截路])")
_SIGN = re.compile(r"(?:零下|负|(?i:minus)\s|(?<![A-Za-z0-9)])(?<!\d )[-−])$")


def _quantity(made: Plain, text: str, plain_text: str, numeral: Numeral) -> _Read:
    start, end = numeral.start, numeral.end
    tail = _TAIL.match(plain_text, end)
    at = tail.end() if tail else end
    unit_end, unit = _unit(plain_text, at)
    if unit is NONE:
        start, unit = money_before(plain_text, start)
        unit_end = at
    low, high = numeral.low, numeral.high
    half = _HALF.match(plain_text, unit_end)
    if half and unit.dimension and low == high:
        # 两年半, 三个半小时
        unit_end, inner = _unit(plain_text, half.end()) if unit.dimension == "count" else (half.end(), unit)
        low, high, unit = low + 0.5, high + 0.5, inner if inner is not NONE else unit
    if _SIGN.search(plain_text, max(0, start - 6), start):
        low, high = -high, -low
    if plain_text[start - 1 : start] == "第":
        # 第52分钟 is not 第52小时, but third may be any of them
        timed = unit.dimension in ("seconds", "months")
        start, unit = start - 1, Unit(f"ordinal {unit.dimension} {unit.factor:g}") if timed else ORDINAL
    comparator, weak = _compared(plain_text, start, unit_end)
    if (tail or re.search("[多余][万亿]", numeral.written)) and not comparator:
        comparator = ">"
    weak = weak or _is_article(plain_text, start, numeral, unit) or _is_frequency(plain_text, start, unit_end)
    origin_start, origin_end = made.span(start, unit_end)
    return start, unit_end, Value(
        kind="quantity", start=origin_start, end=origin_end, text=text[origin_start:origin_end],
        low=low * unit.factor + unit.offset, high=high * unit.factor + unit.offset, number=low, unit=unit,
        comparator=comparator, weak=weak,
    )  # fmt: skip


def _unit(plain_text: str, at: int) -> tuple[int, Unit]:
    end, unit = unit_behind(plain_text, at)
    written, following = plain_text[at:end], plain_text[end : end + 1]
    wrong = {
        "成": "为功立员长都本分果就效熟交",
        "折": "叠磨返射合断",
        "分": "别布析",
        "大": "多小家会量学",
        "点": "钟",
        "元": "旦首月",
        "日": "本前益",
        "市": "场",
        "首": "都先脑",
        "部": "分队门",
        "名": "为字叫称",
        "家": "庭",
    }
    if following and following in wrong.get(written, ""):
        return at, NONE
    return end, unit


_LESS = (
    r"不超过|不多于|不高于|不大于|至多|最多|最高|少于|低于|小于|不足|不到|不满|未满|以内|上限为?|"
    r"(?i:no more than|not more than|up to|at most|fewer than|less than|under|below|maximum of|"
    r"not (?:exceed(?:ing)?|above|over))\s?"
)
_MORE = (
    r"不少于|不低于|不小于|超过|多于|高于|大于|至少|最少|最低|逾|超|突破|"
    r"(?i:no less than|not less than|at least|more than|over|above|exceed(?:s|ing|ed)?|minimum of)\s?"
)
_ABOUT = r"大约|大概|将近|接近|约|近|(?i:about|around|approximately|nearly|almost|roughly|some)\s?"
_BEFORE = re.compile(f"(?:(?P<less>{_LESS})|(?P<more>{_MORE})|(?P<about>{_ABOUT}))(?:为|达|有|了|a |an )?$")
_AFTER = re.compile(
    r"\s?(?:(?P<less>及?以下|以内|之内|(?i:or (?:less|fewer|below)))"
    r"|(?P<more>及?以上|多(?!少)|余|(?i:or (?:more|above)))|(?P<about>左右|上下))"
)


def _compared(plain_text: str, start: int, end: int) -> tuple[Comparator, bool]:
    before = _BEFORE.search(plain_text, max(0, start - 16), start)
    after = _AFTER.match(plain_text, end)
    for match in (before, after):
        if match:
            return "<" if match["less"] else ">" if match["more"] else "~", False
    return "", False


_POINTING = "这那有某每同另前后当哪任其头又过"


def _is_article(plain_text: str, start: int, numeral: Numeral, unit: Unit) -> bool:
    """一个 and "one" say that there is something, not how many."""
    if numeral.low != 1 or numeral.style == "digits":
        return False
    if unit.dimension in ("", "count", "ordinal"):
        return True
    if unit == Unit("seconds", 86400.0):
        return True  # 一天 is "one day" of a story, or "a day"
    return plain_text[start - 1 : start] in tuple(_POINTING) or plain_text[numeral.end + 1 : numeral.end + 2] == "一"


_OFTEN = re.compile(r"(?:次|回|(?i:times?))$")
_EVERY = re.compile(r"每|(?i:\b(?:per|every|each|an?)\s(?:day|week|month|quarter|year|\w+ (?:days|weeks|months)))")


def _is_frequency(plain_text: str, start: int, end: int) -> bool:
    """每年两次 is as often as 每半年一次: compared in its place only."""
    around = plain_text[max(0, start - 8) : end + 18]
    return bool(_OFTEN.search(plain_text, start, end) and _EVERY.search(around))


def _is_word(value: Value) -> bool:
    """A single Chinese numeral that counts nothing belongs to a word."""
    written = value.text
    return value.unit is NONE and len(written) == 1 and not written.isdigit() and not written.isascii()


_LINK = re.compile(r"\s?(?:-|–|—|~|至|到|to|and|or|或|、|和)\s?")
_GROUP = re.compile(r"(?:[百千]?万亿?|[百千]?亿|thousand|million|billion|trillion)$", re.IGNORECASE)


def _with_units_of_ranges(plain_text: str, read: list[_Read]) -> list[_Read]:
    """3至5天 is three days to five days; 1-2万 is ten thousand to twenty thousand."""
    for i in range(len(read) - 2, -1, -1):
        (start, end, value), (next_start, _, following) = read[i], read[i + 1]
        link = plain_text[end:next_start]
        if value.unit is not NONE or not _LINK.fullmatch(link) or following.unit is ORDINAL:
            continue
        unit, factor = following.unit, 1.0
        group = _GROUP.search(_number_part(following))
        if group and not _GROUP.search(value.text) and link.strip() in ("-", "–", "—", "~", "至", "到", "to"):
            factor = number(f"1{group[0]}") or number(f"1 {group[0]}") or 1.0
        low, high = (bound * factor * unit.factor + unit.offset for bound in (value.low, value.high))
        read[i] = (start, end, replace(value, low=low, high=high, number=value.number * factor, unit=unit))
    return read


def _number_part(value: Value) -> str:
    found = numerals(plain(value.text).text)
    return found[0].written if found else ""


_ORDINAL_WORDS = {word: i for i, word in enumerate(groups("ordinals")[0], 1)} | {
    word: i for i, line in enumerate(groups("ranks"), 1) for word in line
}
_ORDINAL_WORD = re.compile(
    r"\b(?i:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)\b|首[次个位届家]|[冠亚季]军"
    r"|\b(?i:twice|double[ds]?|thrice)\b|翻番|翻倍"
)


def _ordinal_words(made: Plain, text: str, claimed: bytearray) -> list[Value]:
    found = []
    for match in _ORDINAL_WORD.finditer(_unclaimed(made.text, claimed)):
        written = match.group().lower()
        rank = _ORDINAL_WORDS.get(written)
        amount = float(rank or (3 if written == "thrice" else 2))
        unit = ORDINAL if rank else Unit("times")
        weak = not written.isascii() or written in ("first", "second") or rank is None
        value = _value(made, text, *match.span(), kind="quantity")
        found.append(replace(value, low=amount, high=amount, number=amount, unit=unit, weak=weak))
    return found


def _value(made: Plain, text: str, start: int, end: int, kind: ValueKind, moment: Moment | None = None) -> Value:
    first, last = made.span(start, end)
    return Value(kind=kind, start=first, end=last, text=text[first:last], moment=moment)


def _claim(claimed: bytearray, start: int, end: int) -> None:
    claimed[start:end] = b"\1" * (end - start)


def _unclaimed(plain_text: str, claimed: Iterable[int]) -> str:
    """The text with what is already read blanked out, so that positions stay."""
    return "".join("\0" if taken else character for character, taken in zip(plain_text, claimed, strict=True))
