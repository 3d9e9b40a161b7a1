"""What every backend does with the pieces its engine gives: thoughts apart, usage counted, an end that is an end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gezhi.core.errors import ModelRefused
from gezhi.core.types import Delta, Reply, Usage
from gezhi.models.thinking import Thoughts


def finished(
    pieces: Iterable[Delta], *, model: str, estimate: Callable[[str], Usage], thinking: bool = False
) -> Iterator[Delta]:
    """The pieces of a reply as callers may rely on them.

    Thoughts written inside the text (`<think>...</think>`) go to `reasoning`; white space before the text is dropped;
    exactly one last piece has the finish reason and the usage.

    Args:
        estimate: Usage for the whole output (thoughts and text), where the engine does not tell.
        thinking: The reply is known to begin with a thought, maybe without an opening tag.

    Raises:
        ModelRefused: The reply is empty.
    """
    thoughts, reason, usage = Thoughts(opened=thinking), "", None
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


def empty_reply(model: str, finish_reason: str) -> ModelRefused:
    """The error for a reply without text: all tokens went into thoughts, or nothing came at all."""
    return ModelRefused("models.only_thoughts" if finish_reason == "length" else "models.empty_reply", model=model)
