"""What kind of thing a question asks for, and whether a sentence has one: a number, a time, a person, a place ..."""

from __future__ import annotations

import re
from typing import Literal

from gezhi.language.fold import fold

Asked = Literal[
    "length", "money", "share", "count", "time", "person", "place", "reason", "definition", "list", "contact"
]

_DIGITS = (
    r"(?:\d|[一二两三四五六七八九十百千万亿半〇零]|"
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty)\b)"
)
_QUESTIONS: dict[Asked, str] = {
    "contact": r"电话|手机号|邮箱|邮件地址|网址|联系方式|phone|e-?mail|hotline|website|url|contact",
    "length": r"多久|多长时间|几(?:个)?(?:天|日|月|年|小时|分钟|周|星期)|多少(?:个)?(?:天|日|月|年|小时|分钟|周)|期限|"
    r"how long|how many (?:\w+ )?(?:days?|weeks?|months?|years?|hours?|minutes?|seconds?)",
    "money": r"多少(?:钱|元|块|美元|费用|金额|预算)|价格|售价|费用|金额|报销(?:标准|上限)|"
    r"how much|price|cost|fee|salary|budget|allowance",
    "share": r"比例|百分之|百分比|占多少|几成|率(?:是|为)?多少|percent|proportion|what share|rate",
    "time": r"何时|什么时候|什么时间|几点|几月|哪(?:一)?(?:年|天|月|日)|哪个(?:年|月)|何年|时间是|日期|"
    r"when\b|what (?:time|year|date|day|month)|which (?:year|day|month)|deadline",
    "count": r"多少|几|多大|多高|多重|多远|how (?:many|far|tall|high|large|big|heavy|deep|old|fast)|number of",
    "person": r"谁|哪(?:一)?位|何人|什么人|who\b|whom\b|whose\b",
    "place": r"哪里|哪儿|何处|什么地方|哪(?:个|座)?(?:城市|国家|省|市|县|楼|层)|在哪|地址|"
    r"where\b|which (?:city|country|town|floor|room|place)|location|address",
    "reason": r"为什么|为何|原因|怎么会|why\b|reason|cause",
    "definition": r"什么是|是什么|是指什么|含义|定义|what (?:is|are|does)\b.{0,40}(?:mean)?|define|definition",
    "list": r"哪些|有什么|包括什么|哪几|分别|步骤|流程|what are|which .{0,20} are|list |steps|what kinds",
}
_HAS: dict[Asked, str] = {
    "length": rf"{_DIGITS}\s*(?:个|多|余|-)?\s*(?:天|日|月|年|小时|分钟|秒|周|星期|工作日|季度|days?|weeks?|months?|"
    r"years?|hours?|minutes?|seconds?|working days?|business days?)|终身|永久|lifetime",
    "money": rf"{_DIGITS}\s*(?:余|多)?\s*(?:元|块|美元|欧元|港元|日元|英镑|人民币|rmb|cny|usd|yuan|dollars?|"
    r"euros?|pounds?)|[¥$€£￥]\s*\d|免费|free of charge|rmb \d",
    "share": rf"%|％|百分之|{_DIGITS}成|percent|per cent|一半|half|{_DIGITS}分之",
    "time": r"\d{1,4}\s*(?:年|月|日|号|点|时)|[一二三四五六七八九十〇零]+(?:年|月|日|号|点)|\d{1,2}:\d{2}|"
    r"世纪|年代|朝|上午|下午|周[一二三四五六日]|星期|每[天日周月年]|\b(?:1\d|20)\d\d\b|january|february|march|april|\bmay\b|june|july|august|"
    r"september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|century|"
    r"\b(?:am|pm|a\.m|p\.m)\b",
    "count": rf"{_DIGITS}",
    "person": r"先生|女士|经理|总监|主任|部长|董事长|总裁|教授|博士|老师|"
    r"由[^，。]{2,12}(?:负责|担任|发明|创作|编写|执导)|人(?:事|力)|部|(?-i:\b[A-Z][a-z]+ [A-Z][a-z]+)|"
    r"manager|director|officer|president|professor|\bdr\b|\bmr\b|\bms\b",
    "place": r"位于|地处|坐落|在[^，。]{2,12}(?:举行|成立|出生|开|设)|[省市县区镇村路街号楼层室馆国州]|"
    r"located|based in|\b(?:in|at) (?-i:[A-Z])|street|road|floor|room|building",
    "reason": r"因为|由于|因此|所以|导致|为了|原因|使得|造成|"
    r"because|due to|since|therefore|as a result|so that|owing to|cause",
    "definition": r"是指|指的是|是一|即|是.{1,30}的|称为|又称|"
    r"refers? to|\b(?:is|are|was|were) (?:an?|the)\b|means|called|known as",
    "list": r"、|以下|如下|包括|分为|第一|首先|1[.)、]|, .*\band\b|include|following|first",
    "contact": r"\d{3,}[-\d]{4,}|@|https?://|www\.|[a-z]\.(?:com|cn|org|net)",
}
_QUESTION_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _QUESTIONS.items()}
_HAS_PATTERNS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _HAS.items()}


def asked_kind(question: str) -> Asked | None:
    """The most specific kind that the question's words ask for; None where they say nothing about it."""
    folded = fold(question)
    return next((kind for kind, pattern in _QUESTION_PATTERNS.items() if pattern.search(folded)), None)


def has_kind(text: str, kind: Asked) -> bool:
    """Whether the text has something of that kind."""
    return _HAS_PATTERNS[kind].search(text) is not None
