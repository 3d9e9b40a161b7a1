"""What is asked, checked and understood: its language, and the names in it that an answer must be about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextvars import copy_context
from dataclasses import replace
from functools import lru_cache

from gezhi.core.catalogue import Language, say, use_language
from gezhi.core.errors import BadQuestion, GezhiError
from gezhi.language.dates import Moment
from gezhi.language.identifiers import identifiers
from gezhi.language.plain import plain
from gezhi.language.tokens import is_chinese
from gezhi.language.values import Value, supports, values

# A number that English readers take for a year; in Chinese 年 says so.
_YEAR = re.compile(r"\b(?:in|of|by|for|during|since|year)\s+((?:19|20)\d\d)(?![\d年])", re.IGNORECASE)
# A word behind a product number that makes another product of it.
_EDITION = r"(?:\s?(?:Pro|Max|Plus|Mini|Lite|Ultra|Air|Nano|Turbo|SE)(?![A-Za-z]))*"


def checked(question: str, longest: int) -> str:
    """The question without blank space around it. Raises BadQuestion when it has no letter or digit, or is too long."""
    question = question.strip()
    if len(question) > longest:
        raise BadQuestion("answering.long_question", length=len(question), longest=longest)
    if not any(map(str.isalnum, question)):
        raise BadQuestion("answering.no_question")
    return question


def language_of(question: str) -> Language:
    """The language to answer in."""
    return "zh" if is_chinese(question) else "en"


def tell(language: Language, key: str, /, **values: object) -> str:
    """The catalogue's text in the language of the question, whatever the language of the screen is.

    A GezhiError among `values` is told in that language too.
    """

    def told() -> str:
        use_language(language)
        return say(key, **{name: str(v) if isinstance(v, GezhiError) else v for name, v in values.items()})

    return copy_context().run(told)


def codes(text: str) -> list[str]:
    """Product numbers and the like with the words that belong to them, in order: X1 Pro, GB/T 19001. No measures."""
    made = plain(text).text
    found = (made[start : _edition_end(made, end)] for start, end in identifiers(made))
    return list(dict.fromkeys(code for code in found if not re.search("@|://", code)))


def stands(code: str, text: str, *, exactly: bool = False) -> bool:
    """Whether the product number is in the text, also as X-1 for X1; not x1 in x10.

    Args:
        exactly: X1 Pro is then not X1.
    """
    return _pattern(code, exactly).search(plain(text).text) is not None


def missing_subjects(question: str, texts: Sequence[str]) -> list[str]:
    """Product numbers and years of the question that none of `texts` has, however they are written there."""
    joined = plain("\n".join(texts)).text
    missing = [code for code in codes(question) if not _pattern(code, False).search(joined)]
    years = [value for value in values(_YEAR.sub(r" \1年", question)) if value.moment and _is_one_year(value.moment)]
    if years:
        there = [value for text in texts for value in values(text)]
        missing += [
            year.text.rstrip("年") for year in years if not any(supports(value, _only_year(year)) for value in there)
        ]
    return list(dict.fromkeys(missing))


def _edition_end(text: str, end: int) -> int:
    match = re.compile(_EDITION).match(text, end)
    return match.end() if match else end


@lru_cache(maxsize=256)
def _pattern(code: str, exactly: bool) -> re.Pattern[str]:
    # X1 is also X-1 and "X 1", but x1 stands neither in x10 nor in ax1
    runs = re.findall(r"[^\W\d_]+|\d+", code)
    other = rf"(?!\d|{_EDITION[:-1]}+)" if exactly else r"(?!\d)"
    return re.compile(r"(?<![A-Za-z0-9])" + r"[\s_./-]?".join(map(re.escape, runs)) + other, re.IGNORECASE)


def _is_one_year(moment: Moment) -> bool:
    return moment.years is not None and moment.years[0] == moment.years[1]


def _only_year(value: Value) -> Value:
    assert value.moment is not None
    return replace(value, moment=Moment(years=value.moment.years))
