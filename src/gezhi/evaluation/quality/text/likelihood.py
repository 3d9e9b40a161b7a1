"""Perplexity and bits per byte of texts by a model's log-probabilities, over all tokens of all texts."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gezhi.core.protocols import LogProbs
from gezhi.evaluation.quality.text.score import Score, signature


class Perplexity:
    """How little a model expects the texts. Only bits per byte compare models with different vocabularies.

    Each text stands by itself, behind the mark of beginnings that the signature names; empty ones do not count.
    """

    referenced = False

    def __init__(self, model: LogProbs) -> None:
        self._model = model

    def __call__(self, texts: Sequence[str], references: Sequence[Sequence[str]] = ()) -> tuple[Score, ...]:
        """The scores `perplexity` (1 and above) and `bits-per-byte` (of UTF-8). Raises ModelError."""
        sums = [self._model.score("", text) for text in texts if text]
        tokens, bytes_ = sum(map(len, sums)), sum(len(text.encode()) for text in texts)
        nats = -math.fsum(map(math.fsum, sums))
        # A start mark such as "\n" must not break the line of the signature.
        sign = signature(model=self._model.name, start=repr(self._model.start)[1:-1])
        counts = {"texts": len(sums), "tokens": tokens, "bytes": bytes_, "nats": nats}
        values = {"perplexity": _exp(nats / tokens), "bits-per-byte": nats / math.log(2) / bytes_} if tokens else {}
        return tuple(
            Score(name=name, value=values.get(name), signature=sign, counts=counts)
            for name in ("perplexity", "bits-per-byte")
        )


def _exp(nats: float) -> float | None:
    """None where it is beyond any float: a model that holds a text impossible has no perplexity on it."""
    return math.exp(nats) if nats < 700 else None
