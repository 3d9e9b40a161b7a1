"""Word problems in the form of GSM8K (Cobbe et al. 2021): a reply is worked out, and its last word is a number.

Differs from the paper's script: numbers may be written in words (十八, eighteen, 1.2万), and where no mark or phrase
announces the answer the last number counts. The option `shots` puts worked problems before each.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from gezhi.core.catalogue import Language
from gezhi.core.errors import ExamError, ModelError
from gezhi.core.protocols import ChatModel
from gezhi.core.types import Message, Progress, Sampling
from gezhi.evaluation.scans.asking import Rate, ScanOptions, each, rate, sampled
from gezhi.evaluation.scans.questions import Problem
from gezhi.language.numbers import Numeral, numerals
from gezhi.language.plain import plain
from gezhi.language.tokens import is_chinese

_ASK = {
    "zh": "逐步解答下面的题目，最后一行只写“#### ”和数字答案。",
    "en": 'Solve the problem step by step, and end with a line of "#### " and the number.',
}
_BOXED = re.compile(r"\\boxed\{([^{}]*)\}")
_CUE = re.compile(
    r"(?:答案|结果)(?:应该|应)?(?:是|为|[:=])|(?:\b(?:final )?answer\b\s*(?:is|[:=]))|\btherefore\b|\bthus\b|所以|因此",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """One problem and what the model gave."""

    id: str
    found: float | None
    right: float
    reply: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemReport:
    """Share of problems whose number is right."""

    model: str
    shots: int
    accuracy: Rate
    solved: tuple[Solved, ...]


def scan_problems(
    model: ChatModel,
    problems: Sequence[Problem],
    options: ScanOptions | None = None,
    progress: Progress | None = None,
) -> ProblemReport:
    """Ask all problems.

    Raises:
        ExamError: A problem whose own answer holds no number.
        ModelError: Every request failed.
    """
    options = options or ScanOptions()
    examples, rest = problems[: options.shots], sampled(problems[options.shots :], options)
    right = [_gold(problem) for problem in rest]
    sampling = Sampling(max_tokens=options.max_tokens, seed=options.seed)

    def ask(problem: Problem) -> str:
        return model.reply(_messages(problem, examples), sampling).text

    replies = each(ask, rest, options, progress, "problems")
    solved = [_solved(*each_one) for each_one in zip(rest, right, replies, strict=True)]
    hits = [None if one.found is None else _same(one.found, one.right) for one in solved if not one.error]
    failed = sum(bool(one.error) for one in solved)
    return ProblemReport(model=model.name, shots=len(examples), accuracy=rate("", hits, failed), solved=tuple(solved))


def number_in(reply: str) -> float | None:
    """The number that a reply gives as its answer.

    In order: what follows the first `####` (small models go on to problems of their own), the last `boxed` formula,
    what follows the last "the answer is" or "答案是", the last number. Digits go before words: in "18 dollars from one
    market" the answer is 18.
    """
    text = plain(reply).text
    for marked in text.split("####")[1:]:
        if (number := _first(marked.strip().partition("\n")[0])) is not None:
            return number
    boxed = _BOXED.findall(text)
    if boxed:
        return _first(boxed[-1])
    cues = list(_CUE.finditer(text))
    if cues:
        found = _numbers(text[cues[-1].end() :])
        if found:
            # "therefore 9 * 2 = 18": what stands last; "the answer is 18 (9 for each of 2)": what stands first
            return found[0] if "=" not in text[cues[-1].end() :] else found[-1]
    found = _numbers(text)
    return found[-1] if found else None


def _first(text: str) -> float | None:
    found = _numbers(text)
    return found[0] if found else None


def _numbers(text: str) -> list[float]:
    exact = [one for one in numerals(text) if one.low == one.high]
    digits = [one for one in exact if one.style == "digits"]
    return [_signed(text, one) for one in digits or exact]


def _signed(text: str, one: Numeral) -> float:
    before = text[: one.start].rstrip(" $¥￥€£")
    sign = before[-1:]
    # 9 - 2 is a difference, and 2020-05 a date; what opens the line or follows "=" or "is" is a sign
    if sign in ("负",) or (sign in ("-", "−") and not re.search(r"[\w)]\s*[-−]\Z", before)):
        return -one.low
    return one.low


def _same(found: float, right: float) -> bool:
    return math.isclose(found, right, rel_tol=1e-6, abs_tol=1e-6)


def _gold(problem: Problem) -> float:
    value = number_in(problem.answer)
    if value is None:
        raise ExamError("scans.no_number", id=problem.id)
    return value


def _messages(problem: Problem, examples: Sequence[Problem]) -> list[Message]:
    language: Language = "zh" if is_chinese(problem.question) else "en"
    turns = [(f"{_ASK[language]}\n\n{one.question}", _clean(one.answer)) for one in examples]
    worked = [one for asked, said in turns for one in (Message("user", asked), Message("assistant", said))]
    return [*worked, Message("user", f"{_ASK[language]}\n\n{problem.question}")]


def _clean(answer: str) -> str:
    """Without the calculator's marks of GSM8K: <<16-3-4=9>>."""
    return re.sub(r"<<[^<>]*>>", "", answer)


def _solved(problem: Problem, right: float, reply: str | ModelError) -> Solved:
    if isinstance(reply, ModelError):
        return Solved(id=problem.id, found=None, right=right, error=str(reply))
    return Solved(id=problem.id, found=number_in(reply), right=right, reply=reply)
