"""A LogProbs for tests: a unigram model whose likely words are told, so that every sum can be worked out by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from gezhi.core.errors import ModelError

_TOKEN = re.compile(r"\s?[A-Za-z0-9']+|.", re.DOTALL)


class Unigrams:
    """Each token has the log-probability told for it (without its blank), else `other`; `after` may change it.

    Args:
        after: From the text before and the token to a log-probability, or None for the table's.
        fail: Raises for texts that hold this.
    """

    name, start = "scripted:unigrams", "\n"

    def __init__(
        self,
        told: Mapping[str, float] | None = None,
        *,
        other: float = -5.0,
        after: Callable[[str, str], float | None] | None = None,
        fail: str = "",
    ) -> None:
        self.asked: list[tuple[str, str]] = []
        self._told, self._other, self._after, self._fail = told or {}, other, after, fail

    def score(self, prompt: str, continuation: str) -> tuple[float, ...]:
        self.asked.append((prompt, continuation))
        if self._fail and self._fail in prompt + continuation:
            raise ModelError("models.empty_reply", model=self.name)
        scores, before = [], prompt
        for token in _TOKEN.findall(continuation):
            given = self._after(before, token.strip()) if self._after else None
            scores.append(self._told.get(token.strip(), self._other) if given is None else given)
            before += token
        return tuple(scores)
