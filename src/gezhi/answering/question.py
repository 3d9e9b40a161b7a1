"""What is asked, checked and understood: its language, and the names in it that an answer must be about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from contextvars import copy_context

from gezhi.core.catalogue import Language, say, use_language
from gezhi.core.errors import BadQuestion, GezhiError
from gezhi.language.fold import fold
from gezhi.language.tokens import is_chinese

# X1, GB/T-19001, RTX4090, v2.3.1, 3M: letters and digits in one word. Not 5kg or 3pm, and not 2nd: see _UNIT.
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9/._+-]*[A-Za-z])(?=[A-Za-z0-9/._+-]*\d)[A-Za-z0-9]+(?:[/._+-]?[A-Za-z0-9]+)*"
)
_UNIT = re.compile(r"\d+(?:[.,]\d+)*(?:[a-z]{1,3}|[A-Z]|kWh|MHz|GHz|GiB|MiB)(?:/[a-z]{1,2})?")


def checked(question: str, longest: int) -> str:
    """The question without blank space around it. Raises BadQuestion when it is empty or too long."""
    question = question.strip()
    if not question:
        raise BadQuestion("answering.empty_question")
    if len(question) > longest:
        raise BadQuestion("answering.long_question", length=len(question), longest=longest)
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
    """Product numbers and the like, in order: words of letters and digits that are not a measure (5kg)."""
    found = (match.group() for match in _CODE.finditer(unicodedata.normalize("NFKC", text)))
    return list(dict.fromkeys(code for code in found if not _UNIT.fullmatch(code)))


def missing_codes(question: str, texts: Sequence[str]) -> list[str]:
    """Codes of the question that none of `texts` has."""
    joined = fold("\n".join(texts))
    return [code for code in codes(question) if not _pattern(code).search(joined)]


def _pattern(code: str) -> re.Pattern[str]:
    # X1 is also X-1 and "X 1", but x1 stands neither in x10 nor in ax1
    runs = re.findall(r"[^\W\d_]+|\d+", fold(code))
    return re.compile(r"(?<![a-z0-9])" + r"[\s_./-]?".join(map(re.escape, runs)) + r"(?!\d)")
