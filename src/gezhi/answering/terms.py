"""The words of a question or sentence that carry meaning: names and things, without question words and grammar."""

from __future__ import annotations

import re

from gezhi.language.fold import fold
from gezhi.language.tokens import CJK

# Longest first, so that 什么时候 goes before 什么. Only words that no name is likely to contain.
_GRAMMAR_ZH = re.compile(
    "什么时候|什么地方|什么时间|请问一下|为什么|是什么|有什么|怎么样|怎么办|有哪些|是多少|是不是|有没有|能不能|可不可以|多长时间|"
    "哪一年|哪一个|哪些|哪里|哪儿|哪个|哪位|哪年|什么|多少|多久|多长|多大|怎么|怎样|如何|为何|何时|何处|请问|是否|可以|应该|应当|"
    "需要|一共|总共|分别|关于|以及|或者|还是|如果|的话|时候|告诉我|谁|几|吗|呢|吧|啊|的|了|是|在|有|和|与|及|或|被|把|对|从|到|为|"
    "由|于|以|之|将|会|能|要|就|都|也|还|个|这|那|哪|我们|我|你们|您|你|它们|它|他们|他|她"
)
_GRAMMAR_EN = """
    a an the of in on at to for from by with about into over under between and or but if is are was were be been being
    do does did have has had can could will would shall should may might must what which who whom whose when where why
    how many much long far often this that these those it its he his she her they their them we our us you your i my me
    there here not no yes as than then so such please tell any some all each per
    """
_GRAMMAR_WORDS = frozenset(_GRAMMAR_EN.split())
_RUN = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
_IS_CJK = re.compile(f"[{CJK}]")


def content_terms(text: str) -> frozenset[str]:
    """Pairs of Chinese characters (a single one where it stands alone) and other words, folded, English plurals cut."""
    terms: set[str] = set()
    for run in _RUN.findall(fold(text)):
        if not _IS_CJK.match(run):
            if run not in _GRAMMAR_WORDS:
                terms.add(_stem(run))
            continue
        for piece in _GRAMMAR_ZH.split(run):
            terms.update(piece[i : i + 2] for i in range(max(1, len(piece) - 1)) if piece)
    return frozenset(terms)


def _stem(word: str) -> str:
    for ending, short in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
            return word[: len(word) - len(ending)] + short
    return word
