"""Light rewrites of a sentence that leave it true: another format, order or script, a part left out, a prefix.

Not a benchmark itself; the rules are written apart from those of the checker.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from opencc import OpenCC

from paragraphs import Paragraph

Rewrite = Callable[[str, Paragraph, Sequence[Paragraph], Random], str | None]
"""Of a sentence, its paragraph and all paragraphs; None where the rule does not fit."""
CHINESE_DIGITS = "零一二三四五六七八九"
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December"]  # fmt: skip
SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def verbatim(sentence: str, *_: object) -> str | None:
    """The sentence itself."""
    return sentence


def number_format(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    """A number written otherwise: 25 as 二十五 or ２５, 12,000 as 1.2万, three as 3."""
    rules = _NUMBER_RULES[paragraph.language]
    for pattern, write in random.sample(rules, len(rules)):
        match = re.search(pattern, sentence)
        if match:
            return sentence[: match.start()] + write(match) + sentence[match.end() :]
    return None


def chinese_numeral(number: int) -> str:
    """Chinese numeral of 0 to 9,999."""
    if number < 10:
        return CHINESE_DIGITS[number]
    out, zero = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            out += ("零" if zero and out else "") + CHINESE_DIGITS[digit] + name
        zero = not digit if out else False
    return out.removeprefix("一") if 10 <= number < 20 else out


def _wan(match: re.Match[str]) -> str:
    number = int(match[1].replace(",", ""))
    return f"{number / 10000:g}万" if number % 100 == 0 else f"{number:,}"


_NUMBER_RULES: dict[str, list[tuple[str, Callable[[re.Match[str]], str]]]] = {
    "zh": [
        (r"(?<![\d.,第年月/-])(\d{1,3})(?=[个个人名位次岁座条种部家萬万米])", lambda m: chinese_numeral(int(m[1]))),
        (r"(?<![\d.,])(\d{1,2})%", lambda m: f"百分之{chinese_numeral(int(m[1]))}"),
        (r"(?<![\d.,第])(\d{5,8}|\d{2,3},\d{3})(?=[人元个名公平])", _wan),
        (r"(?<![\d.,])(\d{4})(?=[人元个名米])", lambda m: f"{int(m[1]):,}"),
        (r"(?<![\d.,])(\d{2,4})(?=[人元个名米公])", lambda m: "".join(chr(ord(c) + 0xFEE0) for c in m[1])),
        (r"(?<![\d.,])(\d{1,2}(?:\.\d)?)万(?=[人元名])", lambda m: f"{round(float(m[1]) * 10000)}"),
    ],
    "en": [
        (r"(?<![\w.,$-])([2-9]|1[0-2])(?= [a-z]{3})(?! (?:million|billion|thousand|percent|January))",
         lambda m: SMALL[int(m[1])]),
        (r"(?<!-)\b(three|four|five|six|seven|eight|nine|ten|twelve)\b(?![ -](?:hundred|thousand|million))",
         lambda m: str(SMALL.index(m[1]))),
        (r"(?<![\w.,])(\d{1,3}),(\d{3})(?![,\d])", lambda m: m[1] + m[2]),
        (r"(?<![\w.,])(\d+(?:\.\d+)?)%", lambda m: f"{m[1]} percent"),
        (r"(?<![\w.,])(\d+(?:\.\d+)?) percent\b", lambda m: f"{m[1]}%"),
        (r"(?<![\w.,])(\d+\.\d) million\b", lambda m: f"{round(float(m[1]) * 1e6):,}"),
    ],
}  # fmt: skip


def date_format(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    """A date written otherwise: 2024年3月5日 as 2024-03-05 or 二〇二四年三月五日."""
    if paragraph.language == "en":
        return _english_date_format(sentence)
    match = re.search(r"(?<!\d)([12]\d{3})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?", sentence)
    if not match:
        return None
    year, month, day = match.groups()
    han_year = "".join("〇一二三四五六七八九"[int(c)] for c in year)
    forms = [
        f"{han_year}年"
        + (f"{chinese_numeral(int(month))}月" if month else "")
        + (f"{chinese_numeral(int(day))}日" if day else "")
    ]
    if month and day:
        forms += [f"{year}-{month:0>2}-{day:0>2}", f"{year}/{month}/{day}", f"{year}.{month:0>2}.{day:0>2}"]
    elif month:
        forms += [f"{year}-{month:0>2}"]
    return sentence[: match.start()] + random.choice(forms) + sentence[match.end() :]


def _english_date_format(sentence: str) -> str | None:
    months = "|".join(MONTHS)
    match = re.search(rf"\b({months}) (\d{{1,2}}), (\d{{4}})", sentence)
    if match:
        return sentence[: match.start()] + f"{match[2]} {match[1]} {match[3]}" + sentence[match.end() :]
    match = re.search(rf"\b(\d{{1,2}}) ({months}) (\d{{4}})", sentence)
    if match:
        number = MONTHS.index(match[2]) + 1
        return sentence[: match.start()] + f"{match[3]}-{number:02}-{int(match[1]):02}" + sentence[match.end() :]
    match = re.search(rf"\b({months}) (\d{{4}})", sentence)
    if match:
        return sentence[: match.start()] + f"{match[1][:3]}. {match[2]}" + sentence[match.end() :]
    return None


def clause_order(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    """Two neighbouring clauses in the other order; in English what stands in front goes to the end."""
    if paragraph.language == "en":
        match = re.match(r"((?:In|On|During|After|By|At|Since|From) [^,]{4,40}), ([^,;:]+)\.$", sentence)
        if not match:
            return None
        return f"{match[2][0].upper()}{match[2][1:]} {match[1][0].lower()}{match[1][1:]}."
    parts = sentence[:-1].split("，")
    if len(parts) < 2 or any(len(part) < 5 for part in parts) or any(q in sentence for q in "“”「」（）()：:"):
        return None
    at = random.randrange(len(parts) - 1)
    parts[at], parts[at + 1] = parts[at + 1], parts[at]
    return "，".join(parts) + sentence[-1]


_TO_SIMPLIFIED, _TO_TRADITIONAL = OpenCC("t2s"), OpenCC("s2t")


_TO_SIMPLIFIED, _TO_TRADITIONAL = OpenCC("t2s"), OpenCC("s2t")


def other_script(sentence: str, paragraph: Paragraph, *_: object) -> str | None:
    """Traditional Chinese as simplified, or the reverse."""
    if paragraph.language == "en":
        return None
    simplified: str = _TO_SIMPLIFIED.convert(sentence)
    return simplified if simplified != sentence else str(_TO_TRADITIONAL.convert(sentence))


def trimmed(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    """One clause, or what stands in brackets, left out."""
    if paragraph.language == "en":
        shorter = re.sub(r" \([^()]*\)", "", sentence)
        shorter = shorter if shorter != sentence else re.sub(r", (?:which|who|where) [^,]{5,80},", "", sentence)
        return shorter if shorter != sentence else None
    bare = re.sub(r"[（(][^（）()]*[）)]", "", sentence)
    parts = bare[:-1].split("，")
    if len(parts) < 3 or any(q in bare for q in "“”「」：:"):
        return bare if bare != sentence else None
    drop = random.randrange(1, len(parts))
    return "，".join(part for k, part in enumerate(parts) if k != drop) + sentence[-1]


def prefix(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    """根据文件， and the like in front."""
    zh = ("根据文件，", "据资料显示，", "文中提到，", "根据所给材料，", "资料指出：")
    en = ("According to the document, ", "The text says that ", "As stated in the passage, ", "Based on the source, ")
    if paragraph.language == "zh":
        return random.choice(zh) + sentence
    lower = (
        sentence[0].lower()
        if sentence.split(maxsplit=1)[0] in ("The", "A", "In", "It", "This", "On", "An")
        else sentence[0]
    )
    return random.choice(en) + lower + sentence[1:]
