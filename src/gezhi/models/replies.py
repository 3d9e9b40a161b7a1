"""What every backend does with the pieces its engine gives: thoughts apart, usage counted, an end that is an end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from gezhi.core.errors import ModelRefused
from gezhi.core.types import Delta, Reply, Usage
from gezhi.models.thinking import Beginning, Thoughts, begun


def finished(
    pieces: Iterable[Delta], *, model: str, estimate: Callable[[str], Usage], begins: Beginning = "unknown"
) -> Iterator[Delta]:
    """The pieces of a reply as callers may rely on them.

    Thoughts written inside the text (`<think>...</think>`) go to `reasoning`; white space before the text is dropped;
    exactly one last piece has the finish reason and the usage.

    Args:
        estimate: Usage for the whole output (thoughts and text), where the engine does not tell.
        begins: Whether the reply begins with a thought, maybe without an opening tag.

    Raises:
        ModelRefused: The reply is empty.
    """
    thoughts, reason, usage = Thoughts(begins=begins), "", None
    written: list[str] = []
    for piece in pieces:
        reason, usage = piece.finish_reason or reason, piece.usage or usage
        for delta in thoughts.feed(piece):
            written.append(delta.text or delta.reasoning)
            yield delta
    for delta in thoughts.end():
        written.append(delta.text or delta.reasoning)
        yield delta
    if not thoughts.any_text:
        raise empty_reply(model, reason)
    yield Delta(finish_reason=reason or "stop", usage=usage or estimate("".join(written)))


def joined(deltas: Iterable[Delta], *, model: str) -> Reply:
    """A whole reply from its pieces, so that `reply` and `stream` cannot differ. Raises ModelRefused if it is empty."""
    text: list[str] = []
    reasoning: list[str] = []
    reason, usage = "stop", Usage()
    for delta in deltas:
        text.append(delta.text)
        reasoning.append(delta.reasoning)
        reason, usage = delta.finish_reason or reason, delta.usage or usage
    whole = "".join(text)
    if not whole.strip():
        raise empty_reply(model, reason)
    return Reply(text=whole, reasoning="".join(reasoning), finish_reason=reason, usage=usage)


class StopTexts:
    """Finds the stop texts in a growing reply, for engines that do not; what may be the beginning of one is held back.

    Args:
        stops: The reply ends before the first of these.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self.found = False
        self._stops = [stop for stop in stops if stop]
        self._held = ""

    def feed(self, text: str) -> str:
        """What is certain to belong to the reply; all of it that is left once `found` is true."""
        self._held += text
        places = [place for stop in self._stops if (place := self._held.find(stop)) >= 0]
        self.found = bool(places)
        if places:
            return self._held[: min(places)]
        return self._take(len(self._held) - max((begun(self._held, stop) for stop in self._stops), default=0))

    def rest(self) -> str:
        """What was held back and turned out to be text."""
        return self._take(len(self._held))

    def _take(self, length: int) -> str:
        taken, self._held = self._held[:length], self._held[length:]
        return taken


def empty_reply(model: str, finish_reason: str) -> ModelRefused:
    """The error for a reply without text: all tokens went into thoughts, or nothing came at all."""
    return ModelRefused("models.only_thoughts" if finish_reason == "length" else "models.empty_reply", model=model)
