"""For a drafted sentence, the quotes that hold it: looked for in the passages it names first, then in all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from gezhi.answering.terms import content_terms
from gezhi.answering.units import Unit, leans_on_previous
from gezhi.answering.writing import Quote
from gezhi.core.protocols import Embedder
from gezhi.core.types import Passage
from gezhi.evaluation.quality.support import Support

if TYPE_CHECKING:
    from gezhi.core.protocols import Vectors

_SINGLES = 4
"""Units tried alone, nearest first."""
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s)）\]】>\"'，。；]+", re.IGNORECASE)


class Checker(Protocol):
    """Decides whether quotes support a sentence."""

    def check_many(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[Support]:
        """One verdict a pair."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was found for one sentence."""

    quotes: tuple[Quote, ...]
    """Those that support it; where nothing does, the nearest one."""
    supported: bool


class Prover:
    """Finds quotes for sentences.

    Args:
        units: Of each passage, those that may be quoted.
    """

    def __init__(
        self, passages: Sequence[Passage], units: Sequence[Sequence[Unit]], embedder: Embedder, checker: Checker
    ) -> None:
        self._passages, self._units = passages, units
        self._embedder, self._checker = embedder, checker
        self._flat = [unit for of_passage in units for unit in of_passage]

    def prove(self, sentence: str, marks: Iterable[int]) -> Proof:
        """The quotes of `sentence`.

        Args:
            marks: Passage numbers that the draft gave, from 1. Numbers of no passage are passed over; where the named
                passages do not hold the sentence but others do, those are quoted instead.
        """
        if not self._flat:
            return Proof(quotes=(), supported=False)
        named = {mark - 1 for mark in marks}
        ranked = self._ranked(sentence)
        first = [unit for unit in ranked if unit.passage in named] or ranked
        tries = [*_tries(first, self._units), *(_tries(ranked, self._units) if len(first) < len(ranked) else [])]
        verdicts = self._checker.check_many([(sentence, self._evidence(units)) for units in tries])
        for units, verdict in zip(tries, verdicts, strict=True):
            if verdict.supported and self._addresses_stand(sentence, units):
                return Proof(quotes=tuple(map(_quote, units)), supported=True)
        return Proof(quotes=(_quote(first[0]),), supported=False)

    def _ranked(self, sentence: str) -> list[Unit]:
        """All units, nearest first."""
        wanted = content_terms(sentence)
        vector = self._embedder.embed_passages([sentence])[0]
        cosines = self._vectors @ vector
        shared = [len(wanted & has) / max(1, len(wanted)) for has in self._terms]
        nearness = [2 * float(cosine) + share for cosine, share in zip(cosines, shared, strict=True)]
        order = sorted(range(len(self._flat)), key=lambda i: -nearness[i])
        return [self._flat[i] for i in order]

    @cached_property
    def _vectors(self) -> Vectors:
        return self._embedder.embed_passages([unit.shown for unit in self._flat])

    @cached_property
    def _terms(self) -> list[frozenset[str]]:
        return [content_terms(unit.shown) for unit in self._flat]

    def _evidence(self, units: Sequence[Unit]) -> list[str]:
        """The quotes, and the headings they stand under: what 它 or "the period" in a quote is about stands there."""
        above = {self._passages[unit.passage].chunk.context for unit in units}
        return [*(unit.shown for unit in units), *sorted(context for context in above if context)]

    def _addresses_stand(self, sentence: str, units: Sequence[Unit]) -> bool:
        quoted = "\n".join(unit.text for unit in units)
        return all(address in quoted for address in _ADDRESS.findall(sentence))


def _tries(ranked: Sequence[Unit], units: Sequence[Sequence[Unit]]) -> list[list[Unit]]:
    """Sets of units to try: one; one with its neighbour; the best of several passages; the nearest three."""
    singles = [[unit] for unit in ranked[:_SINGLES]]
    pairs = [_with_previous(unit, units[unit.passage]) for unit in ranked[:2]]
    best_of: dict[int, Unit] = {}
    for unit in ranked:
        best_of.setdefault(unit.passage, unit)
    across = list(best_of.values())[:3]
    sets = [
        *singles,
        *(pair for pair in pairs if len(pair) > 1),
        list(ranked[:2]),
        across[:2],
        across,
        list(ranked[:3]),
    ]
    unique: dict[frozenset[tuple[int, int]], list[Unit]] = {}
    for one in sets:
        unique.setdefault(frozenset((unit.passage, unit.start) for unit in one), one)
    return list(unique.values())


def _with_previous(unit: Unit, units: Sequence[Unit]) -> list[Unit]:
    here = units.index(unit)
    if here > 0 and (leans_on_previous(unit) or unit.kind == "item"):
        return [units[here - 1], unit]
    return [unit]


def _quote(unit: Unit) -> Quote:
    return Quote(passage=unit.passage, start=unit.start, end=unit.end)
