"""A scripted chat model for tests, of Gezhi and of what is built on it. It keeps the contract of a real one."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gezhi.core.errors import ModelError
from gezhi.core.types import Delta, Message, Reply, Sampling, Usage
from gezhi.models.chat import ChatOptions
from gezhi.models.replies import joined

_TOKEN = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Call:
    """What the model was asked."""

    messages: tuple[Message, ...]
    sampling: Sampling


class FakeChat:
    """Gives the scripted replies, one a call, in order; `calls` records what was asked.

    Stop texts, `max_tokens` and usage work as in a real model; a token is a word, a run of blanks, or any other
    character. May be used by several threads at once.

    Args:
        replies: Texts, whole Reply values (with reasoning, finish reason), or errors to raise.
        delay: Seconds to sleep before each piece.
        fail: Raised by every call after `fail_after` pieces of the reply.
        repeat: Start again from the first reply after the last one, instead of raising LookupError.

    Raises:
        LookupError: More calls than replies: the test's own mistake, so no GezhiError.
    """

    def __init__(
        self,
        replies: Sequence[str | Reply | ModelError],
        *,
        delay: float = 0.0,
        fail: ModelError | None = None,
        fail_after: int = 0,
        repeat: bool = False,
        context_length: int = 8192,
        name: str = "fake:scripted",
    ) -> None:
        self.name, self.context_length = name, context_length
        self.calls: list[Call] = []
        self._replies, self._repeat = list(replies), repeat
        self._delay, self._fail, self._fail_after = delay, fail, fail_after
        self._lock = threading.Lock()

    def reply(self, messages: Sequence[Message], sampling: Sampling) -> Reply:
        """The next scripted reply, whole."""
        return joined(self.stream(messages, sampling), model=self.name)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        """The next scripted reply, a token a piece."""
        # Not the generator itself: the call counts when it is made, not when its first piece is taken.
        return self._pieces(self._next(messages, sampling), messages, sampling)

    def count_tokens(self, text: str) -> int:
        """Words, runs of blanks, and other characters."""
        return len(_TOKEN.findall(text))

    def _next(self, messages: Sequence[Message], sampling: Sampling) -> Reply | ModelError:
        with self._lock:
            index = len(self.calls)
            self.calls.append(Call(tuple(messages), sampling))
        if index >= len(self._replies) and not self._repeat:
            raise LookupError(f"FakeChat has {len(self._replies)} replies and was called {index + 1} times")
        scripted = self._replies[index % len(self._replies)]
        return Reply(text=scripted) if isinstance(scripted, str) else scripted

    def _pieces(self, scripted: Reply | ModelError, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        if isinstance(scripted, ModelError):
            raise scripted
        text, reason = _until_stop(scripted, sampling)
        tokens = [Delta(reasoning=token) for token in _TOKEN.findall(scripted.reasoning)]
        tokens += [Delta(text=token) for token in _TOKEN.findall(text)]
        if len(tokens) > sampling.max_tokens:
            tokens, reason = tokens[: sampling.max_tokens], "length"
        for index, token in enumerate([*tokens, None]):
            if self._fail and index == min(self._fail_after, len(tokens)):
                raise self._fail
            if token:
                time.sleep(self._delay)
                yield token
        prompt = sum(self.count_tokens(message.content) for message in messages)
        counted = Usage(prompt_tokens=prompt, completion_tokens=len(tokens))
        yield Delta(finish_reason=reason, usage=counted if scripted.usage == Usage() else scripted.usage)


def fake_chat(options: ChatOptions) -> FakeChat:
    """`fake:TEXT` gives TEXT to every question: a stand-in where a configuration wants a model's name."""
    return FakeChat([options.target], repeat=True, context_length=options.context_length or 8192, name=options.model)


def _until_stop(reply: Reply, sampling: Sampling) -> tuple[str, str]:
    found = [place for stop in sampling.stop if stop and (place := reply.text.find(stop)) >= 0]
    return (reply.text[: min(found)], "stop") if found else (reply.text, reply.finish_reason)
