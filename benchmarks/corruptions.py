"""Corruptions that make a sentence wrong: number, unit, date, negation, name, or the wrong source.

Not a benchmark itself; the rules are written apart from those of the checker. What is put in must not stand in the
paragraph, so that the sentence is contradicted and not merely shuffled.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from gezhi.language.sentences import sentences
from paragraphs import Paragraph
from rewrites import CHINESE_DIGITS, MONTHS, SMALL, chinese_numeral


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("corruptions.toml").read_text(encoding="utf-8"))


def number(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    """Another number, or one digit of it, that the paragraph does not have."""
    text = paragraph.text
    if paragraph.language == "zh":
        patterns = [r"(?<![\d.,第A-Za-z-])\d+(?:,\d{3})*(?:\.\d+)?(?![\d.,年月日號号世時点點A-Za-z:/-])",
                    r"(?<=[共有为為达達约約过過])[二三四五六七八九](?=[個个名位次種种座條条所家])"]  # fmt: skip
    else:
        patterns = [
            r"(?<![\w.,/$-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w/:-]|[.,]\d|st|nd|rd|th)",
            r"(?<!-)\b(?:two|three|four|five|six|seven|eight|nine|ten)\b(?!-)",
        ]
    matches = [m for pattern in patterns for m in re.finditer(pattern, sentence)]
    random.shuffle(matches)
    for match in matches:
        old = match.group()
        # years in English are dates
        if paragraph.language == "en" and re.fullmatch(r"1[0-9]{3}|20[0-2]\d", old):
            continue
        for _ in range(10):
            new = other_number(old, random)
            if new != old and new not in text and _spelled_otherwise(new, text):
                return sentence[: match.start()] + new + sentence[match.end() :]
    return None


def _spelled_otherwise(new: str, text: str) -> bool:
    if new.isdigit() and int(new) < 100:
        return chinese_numeral(int(new)) not in text and (int(new) > 12 or SMALL[int(new)] not in text.lower())
    return True


def other_number(old: str, random: Random) -> str:
    """A number of the same form: another digit, one place more or less."""
    if old in SMALL:
        return random.choice([word for word in SMALL[2:11] if word != old])
    if old in CHINESE_DIGITS:
        return random.choice([digit for digit in CHINESE_DIGITS[2:] if digit != old])
    digits = [k for k, c in enumerate(old) if c.isdigit()]
    way = random.randrange(3)
    if way == 0 and len(digits) > 1 and "." not in old:  # one place more or less
        return old.replace(",", "")[:-1] if random.random() < 0.5 else old.replace(",", "") + "0"
    at = random.choice(digits) if way == 1 else digits[0]
    choices = [c for c in "123456789" if c != old[at]]
    return old[:at] + random.choice(choices) + old[at + 1 :]


def unit(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    """Another unit behind the same number."""
    swaps = re.split(r"; |\n", _rules()["units"][paragraph.language]["swaps"].strip())
    for swap in random.sample(swaps, len(swaps)):
        old, new = swap.split("|")
        if old in "$£":
            match = re.search(rf"{re.escape(old)}(?=\d)", sentence)
        elif paragraph.language == "zh":
            match = re.search(rf"(?<=[\d十百千萬万億亿]){re.escape(old)}(?![多餘余上下前後后])", sentence)
            # 1986年, 天 of 天前 and the like are not units; neither is what belongs to a longer unit
            if match and re.match("人民|[億亿萬万]|分[点點]|半|[千百]", sentence[match.end() : match.end() + 2]):
                continue
        else:
            match = re.search(rf"(?<=\d) ?\b{re.escape(old)}\b|(?<=\d){re.escape(old)}", sentence)
        if match:
            space = " " if match.group().startswith(" ") else ""
            return sentence[: match.start()] + space + new + sentence[match.end() :]
    return None


def date(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    """Another year, month or day."""
    if paragraph.language == "en":
        patterns = [r"(?<![\w.,$-])(1[0-9]{3}|20[0-2]\d)(?![\w,/-])", rf"\b({'|'.join(MONTHS)})(?= \d)"]
    else:
        patterns = [r"(?<!\d)(1[0-9]{3}|20[0-2]\d)(?=年)", r"(?<!\d)(\d{1,2})(?=月)", r"(?<=月)(\d{1,2})(?=日)"]
    matches = [m for pattern in patterns for m in re.finditer(pattern, sentence)]
    random.shuffle(matches)
    for match in matches:
        old = match[1]
        for _ in range(10):
            new = other_date(old, random)
            unit = sentence[match.end() : match.end() + 1] if paragraph.language == "zh" else ""
            if new != old and new + unit not in paragraph.text:
                return sentence[: match.start()] + new + sentence[match.end() :]
    return None


def other_date(old: str, random: Random) -> str:
    """A year some years off, another month, another day."""
    if old in MONTHS:
        return random.choice(MONTHS)
    if len(old) == 4:
        return str(int(old) + random.choice([-30, -10, -5, -3, -2, -1, 1, 2, 3, 5, 10]))
    return str(random.randint(1, 12 if int(old) <= 12 else 28))


def negation(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    """A negation put in or taken out, or a word turned into its opposite."""
    rules = _rules()["negations"][paragraph.language]
    for pattern, new in random.sample(rules, len(rules)):
        matches = list(re.finditer(pattern, sentence))
        if matches:
            match = random.choice(matches)
            return sentence[: match.start()] + match.expand(new) + sentence[match.end() :]
    return None


def name(sentence: str, paragraph: Paragraph, every: Sequence[Paragraph], random: Random) -> str | None:
    """The answer to a question for a person or place replaced by the answer to another such question."""
    for kind, name in random.sample(paragraph.names, len(paragraph.names)):
        if name not in sentence:
            continue
        for _ in range(20):
            other = random.choice(every)
            pool = [
                n for k, n in other.names if k == kind and n not in paragraph.text and n not in name and name not in n
            ]
            if pool and other.article != paragraph.article and kind != "which":
                return sentence.replace(name, random.choice(pool), 1)
    return None


def swapped(sentence: str, paragraph: Paragraph, every: Sequence[Paragraph], random: Random) -> str | None:
    """Another paragraph on the same subject: of the same article, else the one that shares most pairs of characters."""
    same = [p for p in every if p.article == paragraph.article and p.text != paragraph.text]
    if same:
        return random.choice(same).text
    pairs = _pairs(sentence)
    others = random.sample(every, min(150, len(every)))
    best = max(others, key=lambda p: len(pairs & _pairs(p.text)) if p.text != paragraph.text else -1)
    return best.text


def neighbours(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    """The sentence before or behind, in whose place the right one should have been quoted."""
    texts = [paragraph.text[a:b] for a, b in sentences(paragraph.text)]
    at = texts.index(sentence)
    near = [text for k, text in enumerate(texts) if abs(k - at) == 1 and len(text) > 12]
    return random.choice(near) if near else None


def added_clause(sentence: str, paragraph: Paragraph, every: Sequence[Paragraph], random: Random) -> str | None:
    """A true sentence with a clause more, which stands in another paragraph on the subject."""
    same = [p for p in every if p.article == paragraph.article and p.text != paragraph.text] or every
    other = random.choice(same).text
    mark = "，" if paragraph.language == "zh" else ", and "
    clauses = re.split("[，。；：]" if paragraph.language == "zh" else r"[,.;:]\s", other)
    length = (6, 18) if paragraph.language == "zh" else (25, 80)
    plain = [
        c.strip() for c in clauses if length[0] <= len(c.strip()) <= length[1] and not re.search('[“”「」()（）"]', c)
    ]
    if not plain or sentence[-1] not in "。.":
        return None
    clause = random.choice(plain)
    return sentence[:-1] + mark + clause[0].lower() + clause[1:] + sentence[-1]


def _pairs(text: str) -> set[str]:
    words = text.lower().split() if text.isascii() else text
    return {"".join(words[i : i + 2]) for i in range(len(words) - 1)}
