"""An exam: questions with what is known about their answers. A solver answers them, scorers measure the answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gezhi.core.plain import to_json
from gezhi.core.types import Answer, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Relevant:
    """A place that answers the question: a document, or a stretch of it."""

    source: str
    """Of the document: whole, or the end of its path (`handbook/leave.md`, `leave.md`)."""
    start: int | None = None
    end: int | None = None
    """Characters of the document's text; None: the document as a whole."""
    quote: str = ""
    """The text that stands there, where it is known: found again when spans have moved."""
    grade: float = 1.0
    """How relevant, for graded nDCG; above 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question of an exam."""

    id: str
    question: str
    answers: tuple[str, ...] = ()
    """Reference answers, each of which is right by itself; none where they are not known, or there is none."""
    relevant: tuple[Relevant, ...] = ()
    """Where the answer stands; empty where that is not known."""
    unanswerable: bool = False
    """Whether a refusal is the right answer."""
    history: tuple[Message, ...] = ()
    """What was said before a follow-up question."""
    tags: tuple[str, ...] = ()
    """Reports have a table of them."""
    document: str = ""
    """The document it was made from. Items of one document are never parted between a development and a held-out part,
    and are not independent: standard errors are clustered by it. Empty: a cluster of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """A named set of items."""

    name: str
    items: tuple[Item, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
    """Source to text of the documents that the exam brings along, as sets in SQuAD form do; empty: it is about
    documents that are indexed."""
    reviewed: bool = True
    """Whether a person has looked at the items; drafts have not been, and decide nothing."""

    @property
    def sha256(self) -> str:
        """Of items and texts, whatever file they stand in: runs of one hash can be compared."""
        return hashlib.sha256(to_json([self.items, self.texts], None).encode()).hexdigest()


class Solver(Protocol):
    """Answers questions: `Knowledge.ask`, or any function from a question to an Answer."""

    def __call__(self, question: str, history: Sequence[Message] = ...) -> Answer:
        """`history` is given only where the item has one."""
        ...


class Scorer(Protocol):
    """Measures one answer. Names are as in the table of scorers: `recall@8`, `f1` ..."""

    name: str
    higher_is_better: bool

    def __call__(self, item: Item, answer: Answer) -> float | None:
        """A number, mostly 0 to 1; None where it does not apply or could not be measured, never a made-up 0."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one item."""

    item: str
    """Its id."""
    answer: Answer | None
    """None: the solver failed."""
    error: str = ""
    """Why it failed, in a sentence."""
    scores: Mapping[str, float | None] = field(default_factory=dict)
    """Scorer to score."""
    seconds: float = 0.0
