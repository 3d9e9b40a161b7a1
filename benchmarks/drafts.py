"""Scripted drafts for the support checker: true sentences of public texts, lightly rewritten, and corrupted ones.

Not a benchmark itself: `checker.py` measures on these, `fit_support.py` fits on others. The rules here are written apart
from those of the checker and share nothing with them but sentence ends: a mistake there is not repeated here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from opencc import OpenCC

from gezhi.language.sentences import sentences

Language = str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of a data set."""

    text: str
    article: str
    language: Language
    names: tuple[tuple[str, str], ...] = ()
    """(class of the question, answer) of its questions for people, places and the like, verbatim in `text`."""
    questions: tuple[tuple[str, str], ...] = ()
    """All its questions with their answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A sentence that a model could have written, and what it cites."""

    kind: str
    true: bool
    language: Language
    sentence: str
    quotes: tuple[str, ...]
    original: str


def squad(path: Path, language: Language) -> list[Paragraph]:
    """Paragraphs of a file in SQuAD form."""
    return [
        Paragraph(text=paragraph["context"], article=article.get("title") or f"{path.stem}-{number}", language=language,
                  names=tuple(_names(paragraph, language)),
                  questions=tuple((qa["question"], qa["answers"][0]["text"]) for qa in paragraph["qas"]))
        for number, article in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"])
        for paragraph in article["paragraphs"]
    ]  # fmt: skip


def news(path: Path, most: int) -> list[Paragraph]:
    """News texts, one a line; what stands before the text proper is dropped."""
    lines = path.read_text(encoding="utf-8").splitlines()[:most]
    return [Paragraph(text=line.partition("正文：")[2][:600], article=f"news-{k}", language="zh")
            for k, line in enumerate(lines) if len(line) > 200]  # fmt: skip


def drafts(paragraphs: Sequence[Paragraph], each: int, seed: int) -> list[Draft]:
    """At most `each` drafts of every kind, spread over the paragraphs; a sentence is used once a kind."""
    random = Random(seed)
    made: list[Draft] = []
    for kind, (true, rewrite) in _KINDS.items():
        order = random.sample(range(len(paragraphs)), len(paragraphs))
        count = 0
        for number in order:
            if count == each:
                break
            if kind.startswith("restated"):
                draft = _restatement(kind, paragraphs, number, random)
            else:
                draft = _draft(kind, true, rewrite, paragraphs, number, random)
            if draft:
                made.append(draft)
                count += 1
    return made


def _restatement(kind: str, paragraphs: Sequence[Paragraph], number: int, random: Random) -> Draft | None:
    """A question as a statement with its answer (Chinese asks in place): the wording of a reader, not of the text."""
    paragraph = paragraphs[number]
    for question, answer in random.sample(paragraph.questions, len(paragraph.questions)):
        asked = next((m for pattern, fits in _ASKED if (m := re.search(pattern, question)) and re.fullmatch(fits, answer)), None)
        if not asked or paragraph.language == "en":
            continue
        said = answer if kind == "restated" else _other_answer(answer, paragraph, paragraphs, random)
        if said is None:
            continue
        unit = asked["unit"] if "unit" in asked.groupdict() and not re.search(r"\D$", answer) else ""
        sentence = question[: asked.start()] + said + (unit or "") + question[asked.end() :]
        if re.search("[？?]$", sentence) and not re.search("[吗嗎呢什甚哪谁誰幾几]", sentence):
            return Draft(kind=kind, true=kind == "restated", language="zh", sentence=sentence[:-1] + "。",
                         quotes=(paragraph.text,), original=f"{question} {answer}")  # fmt: skip
    return None


_ASKED = (
    (r"谁|誰|何人|哪位|什么人|甚麼人", r"[\u4e00-\u9fff·．・]{2,12}"),
    (r"(?:在|于|於)?(?:哪一?年|何年|什么时候|甚麼時候|什麼時候|何时|何時)", r"[12]\d{3}年(?:\d{1,2}月)?(?:\d{1,2}日)?"),
    (r"哪里|哪裡|何处|何處|什么地方|什麼地方|哪一?[个個座](?:城市|国家|國家|地方|地区|地區|省)|哪一?[国國省]", r"[\u4e00-\u9fff]{2,10}"),
    (r"多少(?P<unit>[人名分米個个公萬元年歲岁天]?[里尺斤元民]?)", r"[約约]?\d[\d,.]*[萬万億亿]?[\u4e00-\u9fff%]{0,4}"),
)  # fmt: skip


def _other_answer(answer: str, paragraph: Paragraph, every: Sequence[Paragraph], random: Random) -> str | None:
    digits = re.search(r"\d+", answer)
    if digits:
        year = re.fullmatch(r"[12]\d{3}", digits.group()) and "年" in answer
        for _ in range(10):
            new = _other_date(digits.group(), random) if year else _other_number(digits.group(), random)
            if new != digits.group() and new not in paragraph.text:
                return answer[: digits.start()] + new + answer[digits.end() :]
        return None
    kind = next((kind for kind, name in paragraph.names if name == answer), None)
    for other in random.sample(every, min(40, len(every))):
        pool = [name for k, name in other.names if k == kind and name not in paragraph.text]
        if pool and other.article != paragraph.article:
            return random.choice(pool)
    return None


def _draft(
    kind: str, true: bool, rewrite: Rewrite, paragraphs: Sequence[Paragraph], number: int, random: Random
) -> Draft | None:
    paragraph = paragraphs[number]
    spans = [(a, b) for a, b in sentences(paragraph.text) if _length(paragraph.text[a:b], paragraph.language)]
    random.shuffle(spans)
    for start, end in spans:
        sentence = paragraph.text[start:end]
        written = rewrite(sentence, paragraph, paragraphs, random)
        if written is None or written == sentence and kind not in ("verbatim", "swapped source"):
            continue
        quotes = (_quote(paragraph.text, start, end, random),)
        if kind == "swapped source":
            quotes, written = (written,), sentence
        return Draft(kind=kind, true=true, language=paragraph.language, sentence=written, quotes=quotes, original=sentence)
    return None


def _length(sentence: str, language: Language) -> bool:
    if sentence[-1] not in "。！？.!?" or sentence.count("“") != sentence.count("”"):
        return False
    return 15 <= len(sentence) <= 140 if language == "zh" else 8 <= len(sentence.split()) <= 45


def _quote(text: str, start: int, end: int, random: Random) -> str:
    """The sentence alone, with its neighbours, or the whole paragraph, in equal parts."""
    choice = random.randrange(3)
    if choice == 0:
        return text[start:end]
    if choice == 1:
        return text
    spans = sentences(text)
    at = next(k for k, (a, b) in enumerate(spans) if a <= start < b)
    return text[spans[max(0, at - 1)][0] : spans[min(len(spans) - 1, at + 1)][1]]


# ---------------------------------------------------------------------------------------------------------- true ones
Rewrite = Callable[[str, Paragraph, Sequence[Paragraph], Random], str | None]
_HAN_DIGITS = "零一二三四五六七八九"
_MONTH_NAMES = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                "November", "December"]  # fmt: skip
_SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def _verbatim(sentence: str, *_: object) -> str | None:
    return sentence


def _number_format(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    rules = _NUMBER_RULES[paragraph.language]
    for pattern, write in random.sample(rules, len(rules)):
        match = re.search(pattern, sentence)
        if match:
            return sentence[: match.start()] + write(match) + sentence[match.end() :]
    return None


def _han(number: int) -> str:
    """Chinese numeral of 0 to 9,999."""
    if number < 10:
        return _HAN_DIGITS[number]
    out, zero = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            out += ("零" if zero and out else "") + _HAN_DIGITS[digit] + name
        zero = not digit if out else False
    return out.removeprefix("一") if 10 <= number < 20 else out


def _wan(match: re.Match[str]) -> str:
    number = int(match[1].replace(",", ""))
    return f"{number / 10000:g}万" if number % 100 == 0 else f"{number:,}"


_NUMBER_RULES: dict[str, list[tuple[str, Callable[[re.Match[str]], str]]]] = {
    "zh": [
        (r"(?<![\d.,第年月/-])(\d{1,3})(?=[个个人名位次岁座条种部家萬万米])", lambda m: _han(int(m[1]))),
        (r"(?<![\d.,])(\d{1,2})%", lambda m: f"百分之{_han(int(m[1]))}"),
        (r"(?<![\d.,第])(\d{5,8}|\d{2,3},\d{3})(?=[人元个名公平])", _wan),
        (r"(?<![\d.,])(\d{4})(?=[人元个名米])", lambda m: f"{int(m[1]):,}"),
        (r"(?<![\d.,])(\d{2,4})(?=[人元个名米公])", lambda m: "".join(chr(ord(c) + 0xFEE0) for c in m[1])),
        (r"(?<![\d.,])(\d{1,2}(?:\.\d)?)万(?=[人元名])", lambda m: f"{round(float(m[1]) * 10000)}"),
    ],
    "en": [
        (r"(?<![\w.,$-])([2-9]|1[0-2])(?= [a-z]{3})(?! (?:million|billion|thousand|percent|January))", lambda m: _SMALL[int(m[1])]),
        (r"(?<!-)\b(three|four|five|six|seven|eight|nine|ten|twelve)\b(?![ -](?:hundred|thousand|million))",
         lambda m: str(_SMALL.index(m[1]))),
        (r"(?<![\w.,])(\d{1,3}),(\d{3})(?![,\d])", lambda m: m[1] + m[2]),
        (r"(?<![\w.,])(\d+(?:\.\d+)?)%", lambda m: f"{m[1]} percent"),
        (r"(?<![\w.,])(\d+(?:\.\d+)?) percent\b", lambda m: f"{m[1]}%"),
        (r"(?<![\w.,])(\d+\.\d) million\b", lambda m: f"{round(float(m[1]) * 1e6):,}"),
    ],
}  # fmt: skip


def _date_format(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    if paragraph.language == "en":
        return _english_date_format(sentence)
    match = re.search(r"(?<!\d)([12]\d{3})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?", sentence)
    if not match:
        return None
    year, month, day = match.groups()
    han_year = "".join("〇一二三四五六七八九"[int(c)] for c in year)
    forms = [f"{han_year}年" + (f"{_han(int(month))}月" if month else "") + (f"{_han(int(day))}日" if day else "")]
    if month and day:
        forms += [f"{year}-{month:0>2}-{day:0>2}", f"{year}/{month}/{day}", f"{year}.{month:0>2}.{day:0>2}"]
    elif month:
        forms += [f"{year}-{month:0>2}"]
    return sentence[: match.start()] + random.choice(forms) + sentence[match.end() :]


def _english_date_format(sentence: str) -> str | None:
    months = "|".join(_MONTH_NAMES)
    match = re.search(rf"\b({months}) (\d{{1,2}}), (\d{{4}})", sentence)
    if match:
        return sentence[: match.start()] + f"{match[2]} {match[1]} {match[3]}" + sentence[match.end() :]
    match = re.search(rf"\b(\d{{1,2}}) ({months}) (\d{{4}})", sentence)
    if match:
        number = _MONTH_NAMES.index(match[2]) + 1
        return sentence[: match.start()] + f"{match[3]}-{number:02}-{int(match[1]):02}" + sentence[match.end() :]
    match = re.search(rf"\b({months}) (\d{{4}})", sentence)
    if match:
        return sentence[: match.start()] + f"{match[1][:3]}. {match[2]}" + sentence[match.end() :]
    return None


def _clause_order(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    if paragraph.language == "en":
        match = re.match(r"((?:In|On|During|After|By|At|Since|From) [^,]{4,40}), ([^,;:]+)\.$", sentence)
        if not match:
            return None
        word = match[2].split()[0]
        body = match[2] if word.lower() not in ("the", "a", "an", "it", "they", "he", "she", "this") else match[2]
        return f"{body[0].upper()}{body[1:]} {match[1][0].lower()}{match[1][1:]}."
    parts = sentence[:-1].split("，")
    if len(parts) < 2 or any(len(part) < 5 for part in parts) or any(q in sentence for q in "“”「」（）()：:"):
        return None
    at = random.randrange(len(parts) - 1)
    parts[at], parts[at + 1] = parts[at + 1], parts[at]
    return "，".join(parts) + sentence[-1]


_TO_SIMPLIFIED, _TO_TRADITIONAL = OpenCC("t2s"), OpenCC("s2t")


def _script(sentence: str, paragraph: Paragraph, *_: object) -> str | None:
    if paragraph.language == "en":
        return None
    simplified = _TO_SIMPLIFIED.convert(sentence)
    return simplified if simplified != sentence else _TO_TRADITIONAL.convert(sentence)


def _trimmed(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
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


def _prefix(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    zh = ("根据文件，", "据资料显示，", "文中提到，", "根据所给材料，", "资料指出：")
    en = ("According to the document, ", "The text says that ", "As stated in the passage, ", "Based on the source, ")
    if paragraph.language == "zh":
        return random.choice(zh) + sentence
    lower = sentence[0].lower() if sentence.split()[0] in ("The", "A", "In", "It", "This", "On", "An") else sentence[0]
    return random.choice(en) + lower + sentence[1:]


# ----------------------------------------------------------------------------------------------------- corrupted ones
def _number(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    text = paragraph.text
    if paragraph.language == "zh":
        patterns = [r"(?<![\d.,第A-Za-z-])\d+(?:,\d{3})*(?:\.\d+)?(?![\d.,年月日號号世時点點A-Za-z:/-])",
                    r"(?<=[共有为為达達约約过過])[二三四五六七八九](?=[個个名位次種种座條条所家])"]  # fmt: skip
    else:
        patterns = [r"(?<![\w.,/$-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w/:-]|[.,]\d|st|nd|rd|th)", r"(?<!-)\b(?:two|three|four|five|six|seven|eight|nine|ten)\b(?!-)"]
    matches = [m for pattern in patterns for m in re.finditer(pattern, sentence)]
    random.shuffle(matches)
    for match in matches:
        old = match.group()
        # years in English are dates
        if paragraph.language == "en" and re.fullmatch(r"1[0-9]{3}|20[0-2]\d", old):
            continue
        for _ in range(10):
            new = _other_number(old, random)
            if new != old and new not in text and _spelled_otherwise(new, text):
                return sentence[: match.start()] + new + sentence[match.end() :]
    return None


def _spelled_otherwise(new: str, text: str) -> bool:
    if new.isdigit() and int(new) < 100:
        return _han(int(new)) not in text and (int(new) > 12 or _SMALL[int(new)] not in text.lower())
    return True


def _other_number(old: str, random: Random) -> str:
    if old in _SMALL:
        return random.choice([word for word in _SMALL[2:11] if word != old])
    if old in _HAN_DIGITS:
        return random.choice([digit for digit in _HAN_DIGITS[2:] if digit != old])
    digits = [k for k, c in enumerate(old) if c.isdigit()]
    way = random.randrange(3)
    if way == 0 and len(digits) > 1 and "." not in old:  # one place more or less
        return old.replace(",", "")[:-1] if random.random() < 0.5 else old.replace(",", "") + "0"
    at = random.choice(digits) if way == 1 else digits[0]
    choices = [c for c in "123456789" if c != old[at]]
    return old[:at] + random.choice(choices) + old[at + 1 :]


_UNIT_SWAPS = {
    "zh": ["公里|米", "公尺|公里", "公里|英里", "千米|米", "公斤|吨", "公斤|克", "噸|公斤", "平方公里|平方米", "平方公里|公顷", "公顷|平方公里",
           "小时|分钟", "小時|分鐘", "分钟|小时", "分鐘|小時", "美元|欧元", "美元|人民币", "歐元|美元", "英鎊|美元", "万元|亿元", "亿元|万元", "億|萬",
           "萬|億", "万|亿", "亿|万", "%|‰", "厘米|毫米", "公分|公尺", "毫米|厘米", "個月|年", "个月|年", "天|年", "个百分点|%", "度|公里",
           "元|美元", "米|公里", "吨|克", "公克|公斤"],
    "en": ["kilometres|miles", "km|m", "miles|metres", "metres|kilometres", "feet|miles", "meters|kilometers", "million|billion",
           "billion|million", "thousand|million", "percent|times", "years|months", "years|days", "days|years", "hours|minutes",
           "minutes|hours", "weeks|years", "months|years", "dollars|euros", "pounds|dollars", "tons|grams", "kg|tonnes",
           "inches|feet", "acres|square miles", "square miles|acres", "mi|km", "°C|°F", "seconds|hours", "%|‰", "$|€", "£|$"],
}  # fmt: skip


def _unit(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    swaps = _UNIT_SWAPS[paragraph.language]
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


def _date(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    if paragraph.language == "en":
        patterns = [r"(?<![\w.,$-])(1[0-9]{3}|20[0-2]\d)(?![\w,/-])", rf"\b({'|'.join(_MONTH_NAMES)})(?= \d)"]
    else:
        patterns = [r"(?<!\d)(1[0-9]{3}|20[0-2]\d)(?=年)", r"(?<!\d)(\d{1,2})(?=月)", r"(?<=月)(\d{1,2})(?=日)"]
    matches = [m for pattern in patterns for m in re.finditer(pattern, sentence)]
    random.shuffle(matches)
    for match in matches:
        old = match[1]
        for _ in range(10):
            new = _other_date(old, random)
            unit = sentence[match.end() : match.end() + 1] if paragraph.language == "zh" else ""
            if new != old and new + unit not in paragraph.text:
                return sentence[: match.start()] + new + sentence[match.end() :]
    return None


def _other_date(old: str, random: Random) -> str:
    if old in _MONTH_NAMES:
        return random.choice(_MONTH_NAMES)
    if len(old) == 4:
        return str(int(old) + random.choice([-30, -10, -5, -3, -2, -1, 1, 2, 3, 5, 10]))
    return str(random.randint(1, 12 if int(old) <= 12 else 28))


_NEGATIONS = {
    "zh": [(r"(?<![不没未無无可只就还還若如倘若而也都便算总總像但於于])是(?=[一由在以中位世美日法英個个])", "不是"), (r"(?<![没沒未曾只具所含持享擁拥占設设帶带都就也还還])有(?=[一二三四五六七八九十\d许許很多])", "没有"),
           (r"(?<![不只就才])能(?=[够夠在使将將])", "不能"), (r"(?<![不])可以(?=[在使用通被把])", "不可以"), (r"(?<![不機机社协協議议])会(?=[在使被对将])", "不会"),
           (r"不能(?=[在使用被])", "能"), (r"没有|沒有", "有"), (r"(?<![並并])不是", "是"), (r"並未|并未|尚未", "已经"), (r"不会|不會", "会"),
           (r"位于|位於", "并不位于"), (r"(?<=[他她年月日司会會])(成立|出版|获得|獲得|参加|參加|開始|开始|发现|發現|建立|加入)(?![了的])", r"并未\1"),
           (r"增加", "减少"), (r"减少|減少", "增加"), (r"上升", "下降"), (r"下降", "上升"), (r"上涨", "下跌"), (r"允许|允許", "禁止"), (r"支持", "反对"),
           (r"反对|反對", "支持"), (r"(?<!不)同意", "拒绝"), (r"最大", "最小"), (r"最高", "最低"), (r"增长|增長", "下降"), (r"提高", "降低"),
           (r"成功", "失败"), (r"(?<!不)包括", "不包括"), (r"(?<!不)属于|(?<!不)屬於", "不属于"), (r"(?<![不所])需要", "不需要")],
    "en": [(r"\b(is|was|are|were|has been|have been|can|could|will|would|may|should|must)\b(?! not|n't| no\b| only)", r"\1 not"),
           (r"\b(is|was|are|were|did|does|do|has|had|have|could|would|will) not\b", r"\1"), (r"\bcannot\b", "can"),
           (r"\b(didn|doesn|wasn|isn|weren|couldn|won)'t\b", r"did"), (r"\bincreased\b", "decreased"), (r"\bincrease\b", "decrease"),
           (r"\blargest\b", "smallest"), (r"\bhigher\b", "lower"), (r"\bsupported\b", "opposed"), (r"\bwon\b", "lost"),
           (r"\bbefore\b", "after"), (r"\balways\b", "never"), (r"\bwith\b", "without"), (r"\ballowed\b", "forbade"), (r"\bmore than\b", "less than"),
           (r"\breduced\b", "increased"), (r"\bfirst\b(?= [a-z]+)", "last"), (r"\ball\b", "none of")],
}  # fmt: skip


def _negation(sentence: str, paragraph: Paragraph, _all: object, random: Random) -> str | None:
    rules = _NEGATIONS[paragraph.language]
    for pattern, new in random.sample(rules, len(rules)):
        matches = list(re.finditer(pattern, sentence))
        if matches:
            match = random.choice(matches)
            return sentence[: match.start()] + match.expand(new) + sentence[match.end() :]
    return None


def _names(paragraph: dict[str, list[dict[str, object]]], language: Language) -> Iterator[tuple[str, str]]:
    for item in paragraph["qas"]:
        question, answer = str(item["question"]), str(item["answers"][0]["text"])  # type: ignore[index]
        words = (("谁|誰|何人|什么人|甚麼人|哪位", "who"), ("哪里|哪裡|何处|何處|哪座|哪个城市|哪國|哪国|哪个国家|哪一個國家|哪省|何地", "where"),
                 ("哪个|哪個|哪一|什么名|甚麼|什麼|何种", "which")) if language == "zh" else (
                 ("^Who|Whose|whom", "who"), ("^Where|[Ww]hat (?:city|country|state)", "where"), ("^Which|^What", "which"))  # fmt: skip
        kind = next((kind for pattern, kind in words if re.search(pattern, question)), None)
        good = r"[\u4e00-\u9fff·]{2,10}" if language == "zh" else r"[A-Z][A-Za-z'’.-]+(?: (?:of |the |de |von )?[A-Z][A-Za-z'’.-]+){0,3}"
        if kind and re.fullmatch(good, answer) and not re.search("[一二三四五六七八九十]", answer):
            yield kind, answer


def _name(sentence: str, paragraph: Paragraph, every: Sequence[Paragraph], random: Random) -> str | None:
    for kind, name in random.sample(paragraph.names, len(paragraph.names)):
        if name not in sentence:
            continue
        for _ in range(20):
            other = random.choice(every)
            pool = [n for k, n in other.names if k == kind and n not in paragraph.text and n not in name and name not in n]
            if pool and other.article != paragraph.article and kind != "which":
                return sentence.replace(name, random.choice(pool), 1)
    return None


def _swapped(sentence: str, paragraph: Paragraph, every: Sequence[Paragraph], random: Random) -> str | None:
    """Another paragraph on the same subject: of the same article, else the one that shares most pairs of characters."""
    same = [p for p in every if p.article == paragraph.article and p.text != paragraph.text]
    if same:
        return random.choice(same).text
    pairs = _pairs(sentence)
    others = random.sample(every, min(150, len(every)))
    best = max(others, key=lambda p: len(pairs & _pairs(p.text)) if p.text != paragraph.text else -1)
    return best.text


def _pairs(text: str) -> set[str]:
    words = text.lower().split() if text.isascii() else text
    return {"".join(words[i : i + 2]) for i in range(len(words) - 1)}


_KINDS: dict[str, tuple[bool, Rewrite]] = {
    "verbatim": (True, _verbatim),
    "number format": (True, _number_format),
    "date format": (True, _date_format),
    "clause order": (True, _clause_order),
    "other script": (True, _script),
    "trimmed": (True, _trimmed),
    "prefix": (True, _prefix),
    "restated": (True, _verbatim),
    "number": (False, _number),
    "unit": (False, _unit),
    "date": (False, _date),
    "negation": (False, _negation),
    "name": (False, _name),
    "swapped source": (False, _swapped),
    "restated wrong": (False, _verbatim),
}
