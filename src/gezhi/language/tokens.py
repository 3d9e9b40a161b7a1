"""Terms for keyword search: characters and character pairs of Chinese, whole words of everything else.

No dictionary, so new names and words are found like old ones (the measured choice is in docs/decisions).
"""

from __future__ import annotations

import re
from operator import add

from gezhi.language.fold import fold

# Han with its extensions, kana, Hangul, and the iteration mark and zero that are written among Han characters
CJK = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
_TERM = re.compile(rf"([{CJK}]+)|([^\W_{CJK}]+)")
_FUNCTION_WORDS = """
a about am an and any are as at be been being but by can could did do does doing for from had has have he her his how i
if in into is it its may me might must my no not of on or our shall she should so some than that the their them then
there these they this those to us was we were what when where which who whom whose why will with would you your
"""
_NOT_SEARCHED = frozenset(_FUNCTION_WORDS.split())
_CJK_RUN = re.compile(f"[{CJK}]+")


def tokens(text: str) -> list[str]:
    """Folded terms in order: for each run of CJK characters its characters, then its pairs; other words whole."""
    terms: list[str] = []
    for run, word in _TERM.findall(fold(text)):
        if run:
            terms.extend(run)
            terms.extend(map(add, run, run[1:]))
        else:
            terms.append(word)
    return terms


def query_tokens(question: str) -> list[str]:
    """The tokens of a question without English function words, unless it has no others.

    Where most texts are Chinese, "the" and "of" are rare, and BM25 would take any English passage for a good one.
    """
    terms = tokens(question)
    return [term for term in terms if term not in _NOT_SEARCHED] or terms


def is_chinese(text: str) -> bool:
    """Whether a reader of `text` reads Chinese: at least a quarter of its letters are CJK."""
    cjk = sum(map(len, _CJK_RUN.findall(text)))
    letters = sum(map(str.isalpha, text))
    return letters > 0 and cjk * 4 >= letters
