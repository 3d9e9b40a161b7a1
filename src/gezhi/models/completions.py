"""The OpenAI chat completions protocol, as its many servers speak it: a request from messages, deltas from events.

Whole replies are streamed too: a timeout then measures silence, not the length of the answer. No tools, no images.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from gezhi.core.errors import ModelError, ModelRefused, ModelTimeout, ModelUnreachable
from gezhi.core.names import hint
from gezhi.core.types import Delta, Message, Sampling, Usage
from gezhi.models.events import DONE, number, table
from gezhi.models.http import Service

log = logging.getLogger(__name__)

_REFUSES = re.compile(
    r"unsupported|not support|unrecogni[sz]ed|unknown|unexpected|extra|not permitted|not allowed", re.I
)
_NEEDED = frozenset({"model", "messages", "stream"})


class Completions:
    """Asks one model of one server. May be used by several threads at once.

    Args:
        limit: What the server calls the most tokens of a reply.
        extras: Further fields of every request.
    """

    def __init__(
        self, service: Service, model: str, *, limit: str = "max_tokens", extras: Mapping[str, Any] | None = None
    ) -> None:
        self._service, self._model = service, model
        self._limit, self._extras = limit, dict(extras or {})
        self._unwanted: frozenset[str] = frozenset()

    def pieces(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        """The reply as the server gives it. Raises ModelError; also when the stream ends before the reply does."""
        ended = False
        try:
            for event in self._events(messages, sampling):
                if event == DONE:
                    return
                delta = _delta(event, self._service.address.base_url)
                ended = ended or delta.finish_reason is not None
                yield delta
        except (ModelUnreachable, ModelTimeout):
            # Some servers end the reply and then lose or hold the connection: nothing of the reply is missing.
            if not ended:
                raise
        if not ended:
            raise ModelUnreachable("models.cut", url=self._service.address.base_url, reason="no finish_reason")

    def _events(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Any]:
        """The events; a field that this server does not know is left out from then on, with a warning in the log."""
        while True:
            body = self._body(messages, sampling)
            try:
                with closing(self._service.post_events("/chat/completions", body)) as events:
                    yield from events
            except ModelRefused as refusal:
                name = _unknown_field(refusal, body)
                if name is None:
                    raise self._explained(refusal) from refusal
                log.warning("%s does not take %s, left out: %s", self._model, name, refusal.values.get("reason"))
                self._unwanted |= {name}
            else:
                return

    def _body(self, messages: Sequence[Message], sampling: Sampling) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "temperature": sampling.temperature,
            self._limit: sampling.max_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
            **self._extras,
        }
        if sampling.top_p != 1.0:
            body["top_p"] = sampling.top_p
        if sampling.seed is not None:
            body["seed"] = sampling.seed
        if sampling.stop:
            body["stop"] = list(sampling.stop)
        return {name: value for name, value in body.items() if name not in self._unwanted}

    def _explained(self, refusal: ModelRefused) -> ModelRefused:
        """For a model that the server does not have: the same with the nearest it has."""
        reason = str(refusal.values.get("reason", ""))
        if refusal.values.get("status") != 404 and "model" not in reason.lower():
            return refusal
        try:
            known = model_names(self._service)
        except ModelError:
            return refusal
        if self._model in known:
            return refusal
        values = {**refusal.values, "model": self._model, "hint": hint(self._model, known)}
        return ModelRefused("models.unknown_on_server", **values, known=", ".join(known[:20]))


def model_names(service: Service) -> list[str]:
    """What a server says it has. Raises ModelError."""
    return [str(entry["id"]) for entry in model_entries(service) if "id" in entry]


def model_entries(service: Service) -> list[dict[str, Any]]:
    """The entries of `/models`: `id` and what else the server tells of each. Raises ModelError."""
    entries = table(service.get("/models")).get("data")
    return [table(entry) for entry in entries] if isinstance(entries, list) else []


def _unknown_field(refusal: ModelRefused, body: Mapping[str, Any]) -> str | None:
    """The field of the request that the server names as the one it does not know."""
    reason = str(refusal.values.get("reason", ""))
    if refusal.values.get("status") not in {400, 422} or not _REFUSES.search(reason):
        return None
    named = [name for name in body if name not in _NEEDED and re.search(rf"\b{name}\b", reason)]
    return max(named, key=len, default=None)


def _delta(event: Any, url: str) -> Delta:
    choices = table(event).get("choices")
    if not isinstance(choices, list):
        raise ModelRefused("models.not_json", url=url, status=200, reason=str(event)[:200])
    choice = table(choices[0]) if choices else {}
    # A server that does not stream answers with `message` in the place of `delta`.
    said = table(choice.get("delta")) or table(choice.get("message"))
    return Delta(
        text=_text(said.get("content")) or _text(said.get("refusal")),
        reasoning=_text(said.get("reasoning_content")) or _text(said.get("reasoning")),
        finish_reason=_text(choice.get("finish_reason")) or None,
        usage=_usage(table(event.get("usage"))),
    )


def _text(content: Any) -> str:
    """Content is a text, or a list of parts of which those with a text count."""
    if isinstance(content, list):
        return "".join(_text(table(part).get("text")) for part in content)
    return content if isinstance(content, str) else ""


def _usage(usage: dict[str, Any]) -> Usage | None:
    prompt, completion = number(usage.get("prompt_tokens")), number(usage.get("completion_tokens"))
    return Usage(prompt_tokens=prompt, completion_tokens=completion) if completion else None
