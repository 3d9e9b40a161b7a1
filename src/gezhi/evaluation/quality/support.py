"""Does a quote support a sentence? The one checker of the package.

What conflicts - numbers, dates, units, negation, names - is unsupported, whatever its meaning looks like; the rest is
weighed by a small logistic model over shared words and, with an embedder, meaning. It judges the sentence against the
quotes alone: whether the quotes are true, or stand in a source, is checked elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from gezhi.core.protocols import Embedder
from gezhi.evaluation.logistic import Logistic, stored
from gezhi.evaluation.quality.support_features import MODELS, Compared, Remembered, add_cosines, compared
from gezhi.language.conflicts import Conflict

__all__ = ["Conflict", "Support", "SupportChecker"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """The verdict on one sentence."""

    supported: bool
    score: float
    """Calibrated probability of support, 0 to 1 (three of four sentences taken to be true); low where `conflicts`."""
    conflicts: tuple[Conflict, ...] = ()


class SupportChecker:
    """Checks sentences against quotes.

    Args:
        embedder: For meaning. None, or one that the model was not fitted on, leaves words and values to decide; a
            sentence in another language than its quotes is then supported only where values agree.
    """

    def __init__(self, embedder: Embedder | None) -> None:
        fitted = embedder is not None and embedder.name == _fit().embedder
        self._vectors = Remembered(embedder) if embedder is not None and fitted else None

    def check(self, sentence: str, quotes: Sequence[str]) -> Support:
        """Whether `quotes`, taken together, support `sentence`."""
        return self.check_many([(sentence, quotes)])[0]

    def check_many(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[Support]:
        """One verdict a pair of sentence and quotes; all texts are embedded in one batch."""
        items = [compared(sentence, [quote for quote in quotes if quote.strip()]) for sentence, quotes in pairs]
        if self._vectors is not None:
            # a conflict decides by itself: nothing to embed
            add_cosines([item for item in items if not item.conflicts and item.windows], self._vectors)
        return [_verdict(item) for item in items]


@dataclass(frozen=True, slots=True)
class _Fit:
    embedder: str
    with_conflict: float
    models: dict[str, Logistic]


@cache
def _fit() -> _Fit:
    record = stored("support")
    models = {name: Logistic.from_json(record["models"][name]) for name in MODELS}
    return _Fit(record["embedder"], record["with_conflict"], models)


def _verdict(item: Compared) -> Support:
    if not item.windows or not item.sentence.strip():
        return Support(supported=False, score=0.0)
    if item.conflicts:
        return Support(supported=False, score=_fit().with_conflict, conflicts=item.conflicts)
    score = float(_fit().models[item.model].probability([item.features])[0])
    return Support(supported=score >= 0.5, score=score)
