"""What kind of thing a question asks for, and whether a sentence has one: a number, a time, a person, a place ..."""

from __future__ import annotations

import re
from typing import Literal

from gezhi.language.fold import fold
from gezhi.language.plain import plain
from gezhi.language.tagging import tagged
from gezhi.language.values import Value, values

Asked = Literal[
    "length", "money", "share", "count", "time", "person", "place", "reason", "definition", "list", "phone", "contact"
]

_QUESTIONS: dict[Asked, str] = {
    "phone": r"(?:电话|手机|传真|热线)(?:号码?)?(?:是|为)?(?:多少|什么|几号|[?？]|$)|"
    r"\b(?:phone number|telephone|hotline)\b",
    "contact": r"邮箱|邮件地址|网址|联系方式|\b(?:e-?mail address|website|url)\b",
    "length": r"多久|多长时间|(?<![公西]元)(?<![在于前后])几(?:个)?(?:天|日|年|小时|分钟|周|星期)|几个月|期限|"
    r"多少(?:个)?(?:天|日|月|年|小时|分钟|周)|\bhow long\b|"
    r"\bhow many (?:\w+ )?(?:day|week|month|year|hour|minute|second)s\b",
    "money": r"多少(?:钱|元|块|美元|费用|金额|预算)|价格|售价|费用|金额|报销(?:标准|上限)|营业?收入|租金|工资|"
    r"薪资|奖金|"
    r"\b(?:how much|price|costs?|fees?|salary|budget|allowance|revenue)\b",
    "share": r"比例|百分之|百分比|占多少|几成|率(?:是|为)?多少|\b(?:percent|percentage|proportion|what share|rate)\b",
    "time": r"何时|什么时候|什么时间|什么时期|几[点月年日]|"
    r"哪(?:一)?(?:年|天|月|日|个?世纪|个?年代|个?时期)|哪个(?:年|月)|何年|日期|"
    r"\bwhen\b|\bwh(?:at|ich) (?:time|year|date|day|month|century|decade|era|period)\b|\bdeadline\b|\buntil when\b",
    "count": r"多少|几[个名位台家次座条种本项人岁]|多大(?!学)|多高|多重|多远|"
    r"\bhow (?:many|far|tall|high|large|big|heavy|deep|old|fast)\b|"
    r"\bnumber of\b",
    "person": r"谁|哪(?:一)?[位人]|何人|什么人|\b(?:who|whom|whose)\b",
    "place": r"哪里|哪儿|何处|什么地方|哪(?:个|座)?(?:城市|国家|省|市|县|楼|层|地方|地区)|在哪|地址|"
    r"\bwhere\b|\bwh(?:at|ich) (?:city|country|town|floor|room|place|region|state)\b|\b(?:location|address)\b",
    "reason": r"为什么|为何|为啥|原因|怎么会|\b(?:why|reason|causes?)\b",
    "list": r"哪些|有什么|包括什么|哪几|分别|步骤|流程|\b(?:what are|which (?:\w+ ){1,3}are|steps|what kinds)\b",
    "definition": r"什么是|是什么|是指什么|什么意思|含义|定义|\bwhat (?:is|does)\b|\b(?:define|definition)\b",
}
_WORDS: dict[Asked, str] = {
    "length": r"终身|永久|长期|无限期|期间|直[到至]|\b(?:lifetime|permanent|indefinite|until|well into)\b",
    "money": r"[（(](?:百万|千万|万|亿)?(?:元|美元)[^）)]{0,8}[）)][:：]\s*\d|免费|\b(?:free of charge|no charge)\b",
    "share": r"一半|过半|\b(?:half|third|quarter|majority)\b",
    "time": r"\d\s*年|年[初底末中前后间]|世纪|年代|时期|时代|[春夏秋冬]季?|[初中晚]期|"
    r"上午|下午|周[一二三四五六日末]|星期[一二三四五六日天]|"
    r"每[天日周月年]|[战纪朝][前后]|\b\d{3,4}\b|"
    r"\b(?:century|months?|weeks?|daily|annual|before|after|during|era|period|war)\b",
    "count": r"没有|无|全部|唯一|若干|前[一二三四五六七八九十]|\b(?:none|no|only|single)\b",
    "person": r"先生|女士|经理|总监|主任|部长|主席|教授|博士|由[^，。]{2,12}(?:负责|担任|发明|创作|编写|执导|经营)|"
    r"人力资源|队|(?-i:(?<=[a-z,] )[A-Z][a-z]+|^[A-Z][a-z]+ [A-Z][a-z]+)|"
    r"manager|director|officer|president|king|queen|team\b",
    "place": r"位于|地处|坐落|在[^，。]{2,12}(?:举行|成立|出生|开|设)|[省市县区镇村路街楼层室馆国州洲场院]|"
    r"located|based in|\b(?:in|at|to|from|near|of) (?-i:the [A-Z]|[A-Z])|street|road|floor|room|building",
    "reason": r"因|由于|所以|导致|为了|使得|造成|"
    r"\b(?:because|due to|since|therefore|as a result|so that|owing to|caused?|to [a-z]+)\b",
    "list": r"、|以下|如下|包括|分为|第一|首先|1[.)、]|, .*\band\b|\b(?:includ\w+|following|first)\b",
    "definition": r"是指|指的是|是一|即|是.{1,30}的|称为|又称|[|]|：|"
    r"refers? to|\b(?:is|are|was|were) (?:an?|the)\b|\b(?:means|called|known as)\b",
    "phone": r"(?:\d[- ]?){7,}|内线|分机",
    "contact": r"(?:\d[- ]?){7,}|内线|分机|@|https?://|www\.|[a-z]\.(?:com|cn|org|net)\b",
}
_OF_VALUES = ("length", "money", "share", "count")
_HOW_MUCH = re.compile(
    r"多少|几|多(?:[久长高重远]|大(?!学))|百分|"
    r"\bhow (?:many|much|long|far|tall|high|large|big|heavy|old)\b|\bwhat percentage\b"
)
_HOW_MANY = re.compile(r"多少|几|\bhow many\b", re.IGNORECASE)
_MONEY = frozenset(("CNY", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "KRW", "RUB", "INR", "pound"))
_QUESTION_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _QUESTIONS.items()}
_WORD_PATTERNS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _WORDS.items()}


def asked_kind(question: str) -> Asked | None:
    """The most specific kind that the question's words ask for; None where they say nothing about it."""
    folded = fold(question)
    return next((kind for kind, pattern in _QUESTION_PATTERNS.items() if pattern.search(folded)), None)


def wants_value(question: str) -> bool:
    """Whether only a sentence with a value can answer: how many, how long, what share, which telephone number."""
    kind = asked_kind(question)
    return kind in ("phone", "contact") or (kind in _OF_VALUES and _HOW_MUCH.search(fold(question)) is not None)


def counted_in(question: str) -> str | None:
    """The dimension of what 多少 or "how many" counts: 台 and people are counts, 公里 a length; None where unknown."""
    match = _HOW_MANY.search(question)
    if match is None:
        return None
    # The question answered with some number, read like any text.
    made = values(f"{question[: match.start()]}3{question[match.end() :]}")
    dimensions = [value.unit.dimension for value in made if value.start == match.start() and value.kind == "quantity"]
    return dimensions[0] if dimensions and dimensions[0] else None


def has_kind(text: str, kind: Asked, counted: str | None = None) -> bool:
    """Whether the text has something of that kind, by its values, its names, or words that go with it.

    Args:
        counted: What `counted_in` says of the question.
    """
    if kind == "count" and counted is not None:
        return any(_is(value, kind) and _counts(value, text, counted) for value in values(text))
    if kind in (*_OF_VALUES, "time") and any(_is(value, kind) for value in values(text)):
        return True
    if kind == "person" and any(word.is_name and word.tag.startswith("nr") for word in tagged(text)):
        return True
    if kind == "place" and any(word.tag == "ns" for word in tagged(text)):
        return True
    if kind in ("phone", "contact"):
        text = _without_dates(text)
    return _WORD_PATTERNS[kind].search(plain(text).text) is not None


def _without_dates(text: str) -> str:
    """2026-03-16 01:30 has as many digits as a telephone number."""
    for value in values(text):
        if value.kind == "date":
            text = text[: value.start] + "。" * (value.end - value.start) + text[value.end :]
    return text


def _counts(value: Value, text: str, dimension: str) -> bool:
    """Whether it has that dimension, or none and no column's name in front that gives it another: 价格（元）：260."""
    bare = not value.unit.dimension and re.search(r"[)）][:：] ?$", text[: value.start]) is None
    return bare or value.unit.dimension == dimension


def _is(value: Value, kind: Asked) -> bool:
    if kind == "time":
        return value.kind == "date"
    if value.kind != "quantity":
        return False
    dimension = value.unit.dimension.partition("/")[0]
    if kind == "length":
        return dimension in ("seconds", "months")
    if kind == "money":
        return dimension in _MONEY
    return dimension == "ratio" if kind == "share" else not value.weak
