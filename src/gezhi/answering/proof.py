"""For a drafted sentence, the quotes that hold it: looked for in the passages it names first, then in all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from gezhi.answering.question import codes, stands
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
_SAME_MATTER = 0.5
"""A unit with such a share of the sentence's words is about the same; where it contradicts, no other is looked for."""
_CLEARLY = 0.1
_FAR_NEARER = 0.3
"""So much larger a share of the sentence's words in another passage shows that the draft named the wrong one."""
_CONTRIBUTES = 0.2
"""A unit with a smaller share adds nothing to others but chances of an accidental match."""
_CLAUSE = re.compile(r"[，；,;]|、(?=而)|(?<=\S)\s+(?:and|while|whereas|but)\s+|而(?=[^且])", re.IGNORECASE)
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

    Searching many quotes for one that fits finds, sooner or later, a wrong one that fits by accident. So few are tried,
    a passage that the draft did not name counts only where the named one says nothing on the matter, and a nearer quote
    that contradicts the sentence outweighs a farther one that supports it.

    Args:
        units: Of each passage, those that may be quoted.
        question: Its product numbers are what a sentence without any speaks of.
    """

    def __init__(
        self,
        question: str,
        passages: Sequence[Passage],
        units: Sequence[Sequence[Unit]],
        embedder: Embedder,
        checker: Checker,
    ) -> None:
        self._asked = codes(question)
        self._passages, self._units = passages, units
        self._embedder, self._checker = embedder, checker
        self._flat = [unit for of_passage in units for unit in of_passage]

    def prove(self, sentence: str, marks: Iterable[int]) -> Proof:
        """The quotes of `sentence`.

        Args:
            marks: Passage numbers that the draft gave, from 1; numbers of no passage are passed over.
        """
        ranked = self._ranked(sentence)
        if not ranked:
            return Proof(quotes=(), supported=False)
        named = {mark - 1 for mark in marks}
        cited = [near for near in ranked if near.unit.passage in named]
        if cited and ranked[0].shared > cited[0].shared + _FAR_NEARER:
            cited = []
        for near in (cited, ranked) if cited else (ranked,):
            proof, contradicted = self._proof(sentence, near)
            if proof or contradicted:
                break
        return proof or Proof(quotes=(_quote((cited or ranked)[0].unit),), supported=False)

    def _proof(self, sentence: str, ranked: Sequence[_Near]) -> tuple[Proof | None, bool]:
        """Quotes that support the sentence, and whether a unit that has more of its words contradicts it."""
        tries = [[near.unit] for near in ranked[:_SINGLES]]
        tries += [_with_previous(near.unit, self._units[near.unit.passage]) for near in ranked[:2]]
        verdicts = self._verdicts([(sentence, units) for units in tries])
        shared = {near.unit: near.shared for near in ranked}
        singles = zip(ranked[:_SINGLES], verdicts, strict=False)
        against = max((near.shared for near, one in singles if one.opposed), default=0.0)
        for units, verdict in zip(tries, verdicts, strict=True):
            if verdict.supported:
                if against > max(shared[unit] for unit in units) + _CLEARLY:
                    return None, True
                return _proof_of(units), False
        together = self._by_clauses(sentence, [near.unit for near in ranked[:_SINGLES] if near.shared >= _CONTRIBUTES])
        return together, against >= _SAME_MATTER

    def _by_clauses(self, sentence: str, units: Sequence[Unit]) -> Proof | None:
        """Each clause held by one unit: two taken together would hold the value of one for the subject of the other."""
        clauses = [clause for clause in _CLAUSE.split(sentence) if len(content_terms(clause)) > 1]
        if len(clauses) < 2 or len(units) < 2:
            return None
        verdicts = iter(self._verdicts([(clause, [unit]) for clause in clauses for unit in units]))
        holding = [next((u for u, one in [(u, next(verdicts)) for u in units] if one.supported), None) for _ in clauses]
        found = [unit for unit in dict.fromkeys(holding) if unit is not None]
        return _proof_of(found) if None not in holding else None

    def _verdicts(self, pairs: Sequence[tuple[str, Sequence[Unit]]]) -> list[_Verdict]:
        supports = self._checker.check_many([(text, self._evidence(units)) for text, units in pairs])
        return [
            _Verdict(
                supported=support.supported and self._is_about(text, units),
                opposed=any(conflict.kind != "name" for conflict in support.conflicts),
            )
            for (text, units), support in zip(pairs, supports, strict=True)
        ]

    def _ranked(self, sentence: str) -> list[_Near]:
        """All units, nearest first."""
        wanted = content_terms(sentence)
        cosines = self._vectors @ self._embedder.embed_passages([sentence])[0] if self._flat else []
        found = [
            _Near(unit, len(wanted & has) / max(1, len(wanted)), float(cosine))
            for unit, has, cosine in zip(self._flat, self._terms, cosines, strict=True)
        ]
        return sorted(found, key=lambda near: -(2 * near.cosine + near.shared))

    @cached_property
    def _vectors(self) -> Vectors:
        return self._embedder.embed_passages([unit.shown for unit in self._flat])

    @cached_property
    def _terms(self) -> list[frozenset[str]]:
        return [content_terms(f"{unit.shown} {unit.about}") for unit in self._flat]

    def _evidence(self, units: Sequence[Unit]) -> list[str]:
        """The quotes, and the headings they stand under: what 它 or "the period" in a quote is about stands there."""
        above = {self._passages[unit.passage].chunk.context for unit in units}
        return [*(unit.shown for unit in units), *sorted(context for context in above if context)]

    def _is_about(self, sentence: str, units: Sequence[Unit]) -> bool:
        """Whether the quotes are about the products of the sentence (else of the question) and have its addresses."""
        quoted = "\n".join(unit.shown for unit in units)
        whole = "\n".join([quoted, *(unit.about for unit in units)])
        if not all(address in quoted for address in _ADDRESS.findall(sentence)):
            return False
        said = codes(sentence)
        if said:
            return all(stands(code, whole, exactly=True) for code in said)
        return not (self._asked and codes(quoted)) or any(stands(code, whole, exactly=True) for code in self._asked)


class _Near(NamedTuple):
    """A unit and how near it is to a sentence."""

    unit: Unit
    shared: float
    """Share of the sentence's words that it has, headings counted."""
    cosine: float


class _Verdict(NamedTuple):
    """What the quotes say about a sentence."""

    supported: bool
    opposed: bool
    """They have another value, or the opposite."""


def _with_previous(unit: Unit, units: Sequence[Unit]) -> list[Unit]:
    here = unit.order
    if here > 0 and (leans_on_previous(unit) or unit.kind == "item"):
        return [units[here - 1], unit]
    return [unit]


def _proof_of(units: Sequence[Unit]) -> Proof:
    return Proof(quotes=tuple(map(_quote, units)), supported=True)


def _quote(unit: Unit) -> Quote:
    return Quote(passage=unit.passage, start=unit.start, end=unit.end)
