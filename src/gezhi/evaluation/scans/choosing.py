"""Multiple choice: by the log-probabilities of the letters, or by a reply that a letter is read from.

The prompts are those usual for MMLU and C-Eval: question, lettered options, "Answer:". Options are not shuffled.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gezhi.core.catalogue import Language
from gezhi.core.errors import ModelError
from gezhi.core.protocols import ChatModel, LogProbs
from gezhi.core.types import Message, Progress, Sampling
from gezhi.evaluation.scans.asking import Rate, ScanOptions, each, grouped, rate, sampled
from gezhi.evaluation.scans.questions import LETTERS, Choice
from gezhi.language.tokens import is_chinese

Answered = int | None
"""Index of the option chosen; None where none could be read."""

_INTRO = {"zh": "以下是单项选择题。", "en": "The following are multiple choice questions."}
_ANSWER = {"zh": "答案：", "en": "Answer:"}
_ONLY = {"zh": "只回复正确选项的字母。", "en": "Reply with the letter of the right option only."}
_MARKS = r"[\s*_`\"'“”‘’(\[（【:：]*"
_SAID = re.compile(
    r"(?:答案(?:应该|应当|应)?(?:是|为|选)?|(?:应该?|故|所以|因此|我)选(?:择)?(?:选项)?|选择(?:选项)?|正确(?:的)?选项(?:是|为)"
    r"|\b(?:answer|correct (?:option|choice)|best (?:option|choice))\b(?:\s+is)?(?:\s+option)?"
    rf"|\boption\b(?=\s+[A-J]\s+is (?:the )?(?:right|correct|best))|\bI (?:choose|pick)\b(?:\s+option)?){_MARKS}"
    r"(?P<letter>[A-J])(?![A-Za-z])",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"\A{_MARKS}(?P<letter>[A-J])(?:[\s*_`\"'“”‘’)\]）】.。:：,，、]*\Z|\s*[)\]）】.。:：,，、]|\*\*|\s*\n)"
)
_STANDING = re.compile(r"(?<![A-Za-z'’])([A-J])(?![A-Za-z'’])(?!\s+[a-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question and what the model chose."""

    id: str
    chosen: Answered
    right: int
    reply: str = ""
    """Of a chat model."""
    error: str = ""
    """Why the request failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceReport:
    """Accuracy over all, and by group."""

    model: str
    by: str
    """logprobs or generation."""
    shots: int
    accuracy: Rate
    groups: tuple[Rate, ...]
    asked: tuple[Asked, ...]
    guessing: float
    """Accuracy of blind guessing: the mean of 1 over the number of options."""


def scan_choices(
    model: ChatModel | LogProbs,
    questions: Sequence[Choice],
    options: ScanOptions | None = None,
    progress: Progress | None = None,
) -> ChoiceReport:
    """Ask all questions. A LogProbs is asked how likely each letter is, a ChatModel for a reply.

    Raises:
        ModelError: Every request failed.
    """
    options = options or ScanOptions()
    examples, rest = questions[: options.shots], sampled(questions[options.shots :], options)
    by, asked = choose(model, rest, options, progress, examples)
    hits = [None if one.chosen is None else one.chosen == one.right for one in asked if not one.error]
    groups = grouped([(question.group, one) for question, one in zip(rest, asked, strict=True)])
    return ChoiceReport(
        model=model.name,
        by=by,
        shots=len(examples),
        accuracy=rate("", hits, sum(bool(one.error) for one in asked)),
        groups=tuple(_accuracy(name, part) for name, part in groups.items()) if len(groups) > 1 else (),
        asked=tuple(asked),
        guessing=sum(1 / len(question.options) for question in rest) / len(rest) if rest else 0.0,
    )


def choose(
    model: ChatModel | LogProbs, questions: Sequence[Choice], options: ScanOptions, progress: Progress | None = None,
    examples: Sequence[Choice] = (),
) -> tuple[str, list[Asked]]:  # fmt: skip
    """How it was asked, and one Asked a question."""
    ask: Callable[[Choice], tuple[Answered, str]]
    if isinstance(model, LogProbs):
        by, ask = "logprobs", _likeliest(model, examples)
    else:
        by, ask = "generation", _replied(model, examples, options)
    results = each(ask, questions, options, progress, "choice")
    return by, [_asked(one, result) for one, result in zip(questions, results, strict=True)]


def letter_in(reply: str, options: Sequence[str]) -> Answered:
    """The option that a reply chooses, or None where that cannot be told.

    In order: a letter alone or at the front ("B", "**B.** because"); the last letter after words such as "答案是" or
    "the answer is"; the whole reply being the text of one option; the only letter that stands alone in it.
    """
    text = unicodedata.normalize("NFKC", reply).strip()
    known = LETTERS[: len(options)]
    alone = _ALONE.match(text)
    if alone and alone["letter"] in known:
        return known.index(alone["letter"])
    said = [match["letter"] for match in _SAID.finditer(text) if match["letter"] in known]
    if said:
        return known.index(said[-1])
    bare = [_bare(option) for option in options]
    if bare.count(_bare(text)) == 1:
        return bare.index(_bare(text))
    standing = {letter for letter in _STANDING.findall(text) if letter in known}
    return known.index(standing.pop()) if len(standing) == 1 else None


def _likeliest(model: LogProbs, examples: Sequence[Choice]) -> Callable[[Choice], tuple[Answered, str]]:
    def ask(question: Choice) -> tuple[Answered, str]:
        language = _language(question)
        prompt = _prompt(question, examples, language)
        # After an English colon comes a blank, which belongs to the letter's token.
        blank = " " if language == "en" else ""
        scores = [sum(model.score(prompt, blank + LETTERS[i])) for i in range(len(question.options))]
        best = max(scores)
        return (scores.index(best) if scores.count(best) == 1 else None), ""

    return ask


def _replied(
    model: ChatModel, examples: Sequence[Choice], options: ScanOptions
) -> Callable[[Choice], tuple[Answered, str]]:
    sampling = Sampling(max_tokens=options.max_tokens, seed=options.seed)

    def ask(question: Choice) -> tuple[Answered, str]:
        language = _language(question)
        content = f"{_prompt(question, examples, language)}\n\n{_ONLY[language]}"
        text = model.reply([Message("user", content)], sampling).text
        return letter_in(text, question.options), text

    return ask


def _language(question: Choice) -> Language:
    return "zh" if is_chinese(question.question) else "en"


def _prompt(question: Choice, examples: Sequence[Choice], language: Language) -> str:
    blank = " " if language == "en" else ""
    shown = [f"{_shown(one, language)}{blank}{LETTERS[one.right]}" for one in examples]
    return "\n\n".join([_INTRO[language], *shown, _shown(question, language)])


def _shown(question: Choice, language: Language) -> str:
    lettered = [f"{LETTERS[i]}. {text}" for i, text in enumerate(question.options)]
    before = [question.context] if question.context else []
    return "\n".join([*before, question.question, *lettered, _ANSWER[language]])


def _asked(question: Choice, result: tuple[Answered, str] | ModelError) -> Asked:
    if isinstance(result, ModelError):
        return Asked(id=question.id, chosen=None, right=question.right, error=str(result))
    return Asked(id=question.id, chosen=result[0], right=question.right, reply=result[1])


def _accuracy(name: str, asked: Sequence[Asked]) -> Rate:
    hits = [None if one.chosen is None else one.chosen == one.right for one in asked if not one.error]
    return rate(name, hits, sum(bool(one.error) for one in asked))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()
