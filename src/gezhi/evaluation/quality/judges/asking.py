"""Asking a chat model for a verdict in JSON: strictly read, mended once, failures typed and counted, usage added up.

What is judged is data: fenced by a line that it cannot contain, its chat template marks taken out, its orders left to
be judged but not followed. Leaves out what is asked: that is in `grading` and `comparing`.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from gezhi.core.catalogue import Language, say
from gezhi.core.errors import BadOptions, ModelError, ModelTimeout
from gezhi.core.protocols import ChatModel
from gezhi.core.types import Message, Reply, Sampling, Usage
from gezhi.language.tokens import is_chinese
from gezhi.privacy.injection import find_suspicions

Reason = Literal["not_json", "wrong_form", "wrong_level", "cut_off", "timeout", "model"]
T = TypeVar("T")
R = TypeVar("R")

_FENCED = re.compile(r"\A```(?:json)?\s*\n(.*?)\n?```\Z", re.DOTALL | re.IGNORECASE)
_MEND = {
    "zh": "上面的回复不能使用：{problem}。请重新给出裁定，只回复一个符合要求的 JSON 对象，不要有任何其他文字。",
    "en": "That reply cannot be used: {problem}. Give the verdict again: reply with one JSON object of the form asked "
    "for, and no other text.",
}


@dataclass(frozen=True, kw_only=True)
class JudgeOptions:
    """How a judge is asked."""

    parallel: int = 4
    """Most requests at once, whoever asks."""
    max_tokens: int = 1024
    """Of a verdict; reasoning models need room for their thoughts."""
    seed: int | None = 0
    """Sent to models that take one."""
    language: Language | None = None
    """Of the instructions; None: Chinese for Chinese questions, else English."""

    def __post_init__(self) -> None:
        for name, value, low, high in (("parallel", self.parallel, 1, 256), ("max_tokens", self.max_tokens, 16, 65536)):
            if not low <= value <= high:
                raise BadOptions("judging.out_of_range", name=name, value=value, low=low, high=high)


@dataclass(frozen=True, slots=True)
class Verdict(Generic[T]):
    """What the judge found, and what that took."""

    found: T
    usage: Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """No usable verdict, and why."""

    reason: Reason
    detail: str
    """One sentence."""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a judge has done so far."""

    asked: int = 0
    """Verdicts asked for; a mended one counts once."""
    mended: int = 0
    """Verdicts that were usable only at the second attempt."""
    failures: Mapping[str, int] = field(default_factory=dict)
    """Reason to count."""
    usage: Usage = field(default_factory=Usage)

    @property
    def failed(self) -> int:
        """Verdicts that never came."""
        return sum(self.failures.values())


class Unusable(Exception):
    """A reply that is no verdict."""

    def __init__(self, reason: Reason, problem: str) -> None:
        super().__init__(problem)
        self.reason: Reason = reason
        self.problem = problem


class Bench:
    """Asks one chat model for verdicts and keeps the tally. May be used by several threads at once."""

    def __init__(self, model: ChatModel, options: JudgeOptions | None = None) -> None:
        self.model, self.options = model, options or JudgeOptions()
        self._room = threading.BoundedSemaphore(self.options.parallel)
        self._lock = threading.Lock()
        self._tally, self._failures = Tally(), Counter[str]()

    @property
    def tally(self) -> Tally:
        """A snapshot."""
        with self._lock:
            now = self._tally
            return Tally(asked=now.asked, mended=now.mended, failures=dict(self._failures), usage=now.usage)

    def language(self, question: str) -> Language:
        """Of the instructions about this question."""
        return self.options.language or ("zh" if is_chinese(question) else "en")

    def ask(self, language: Language, messages: Sequence[Message], read: Callable[[str], T]) -> Verdict[T] | Failure:
        """The verdict that `read` finds in the reply, or why there is none.

        Args:
            read: Raises Unusable, which is answered with one request to mend it.
        """
        with self._room:
            used, attempts, result = self._attempts(language, list(messages), read)
        with self._lock:
            failed = isinstance(result, Unusable)
            self._failures.update([result.reason] if isinstance(result, Unusable) else [])
            self._tally = Tally(
                asked=self._tally.asked + 1,
                mended=self._tally.mended + (attempts == 2 and not failed),
                usage=self._tally.usage + used,
            )
        if isinstance(result, Unusable):
            return Failure(reason=result.reason, detail=result.problem, usage=used)
        return Verdict(result, used)

    def _attempts(
        self, language: Language, messages: list[Message], read: Callable[[str], T]
    ) -> tuple[Usage, int, T | Unusable]:
        used, problem = Usage(), Unusable("model", "")
        for attempt in (1, 2):
            try:
                reply = self._reply(messages)
                used += reply.usage
                return used, attempt, _read(reply, read)
            except Unusable as unusable:
                problem = unusable
                if unusable.reason in ("timeout", "model"):
                    return used, attempt, unusable
            mend = _MEND[language].format(problem=problem.problem)
            messages = [*messages, Message("assistant", reply.text), Message("user", mend)]
        return used, 2, problem

    def _reply(self, messages: Sequence[Message]) -> Reply:
        try:
            return self.model.reply(messages, Sampling(max_tokens=self.options.max_tokens, seed=self.options.seed))
        except ModelTimeout as error:
            raise Unusable("timeout", str(error)) from error
        except ModelError as error:
            raise Unusable("model", str(error)) from error

    def each(self, judge: Callable[[T], R], cases: Sequence[T]) -> list[R]:
        """`judge` of every case, in order, as many at once as the options allow."""
        with ThreadPoolExecutor(max_workers=self.options.parallel) as pool:
            return list(pool.map(judge, cases))


def one_object(text: str) -> dict[str, Any]:
    """The reply as one JSON object; a code fence around the whole of it is all that may stand beside.

    Raises:
        Unusable: Anything else, two values for one key, or NaN.
    """
    bare = text.strip()
    fenced = _FENCED.match(bare)
    try:
        value = json.loads(fenced[1] if fenced else bare, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unusable("not_json", say("judging.not_json", text=_short(bare))) from error
    if not isinstance(value, dict):
        raise Unusable("not_json", say("judging.not_json", text=_short(bare)))
    return value


def exact_keys(value: Any, keys: Sequence[str], where: str) -> dict[str, Any]:
    """`value` as an object with these keys and no others. Raises Unusable."""
    if not isinstance(value, dict) or set(value) != set(keys):
        raise Unusable("wrong_form", say("judging.wrong_keys", where=where, keys=", ".join(keys)))
    return value


def fenced(parts: Mapping[str, str]) -> str:
    """Titled texts between lines that none of them can contain: the line is a digest of them all.

    The same texts give the same words, so that a judged exam can be repeated, and its requests cached.
    """
    clean = {title: _without_marks(text) for title, text in parts.items()}
    digest = hashlib.sha256(json.dumps(clean, ensure_ascii=True).encode()).hexdigest()[:16]
    fence = f"===={digest}===="
    return "\n\n".join(f"{title}\n{fence}\n{text}\n{fence}" for title, text in clean.items())


def _without_marks(text: str) -> str:
    """Orders stay, for the judge to see; what would end the message in some engine, or is invisible, does not."""
    parts, done = [], 0
    for found in find_suspicions(text):
        if found.kind in ("mark", "hidden") and found.end > done:
            parts.append(text[done : max(done, found.start)])
            done = found.end
    return "".join(parts) + text[done:]


def _read(reply: Reply, read: Callable[[str], T]) -> T:
    try:
        return read(reply.text)
    except Unusable as unusable:
        if reply.finish_reason == "length":
            raise Unusable("cut_off", say("judging.cut_off")) from unusable
        raise


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(pairs)
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
