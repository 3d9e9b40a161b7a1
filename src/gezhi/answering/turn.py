"""The state of one question on its way to an answer: what is known so far, counted and timed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from gezhi.answering.question import tell
from gezhi.answering.writing import Writer
from gezhi.core.catalogue import Language
from gezhi.core.types import Answer, Message, Passage, Refusal, Route, Usage


@dataclass(kw_only=True)
class Turn:
    """Filled in step by step by the Answerer."""

    question: str
    language: Language
    history: Sequence[Message] = ()
    asked: str = ""
    """The question made to stand alone."""
    passages: Sequence[Passage] = ()
    confidence: float | None = None
    missing: list[str] = field(default_factory=list)
    """Product numbers of the question that no passage has."""
    model_failed: bool = False
    usage: Usage = field(default_factory=Usage)
    timings: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    omitted: tuple[int, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    started: float = field(default_factory=perf_counter)

    def note(self, key: str, /, **values: object) -> None:
        """Say something about this answer, in the language of the question."""
        text = tell(self.language, key, **values)
        if text not in self.notes:
            self.notes.append(text)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Count the seconds of the block to a stage. No yield to the reader of the stream may stand inside."""
        began = perf_counter()
        try:
            yield
        finally:
            self.timings[stage] = self.timings.get(stage, 0.0) + perf_counter() - began

    def answer(self, writer: Writer, route: Route, refused: Refusal | None, versions: Mapping[str, str]) -> Answer:
        """All of it; `writer` has the text."""
        for name, count in writer.withheld.items():
            self.note("answering.withheld", name=name, count=count)
        for name, count in writer.changed.items():
            self.note("answering.changed", name=name, count=count)
        self.timings["total"] = perf_counter() - self.started
        return Answer(
            id=uuid.uuid4().hex,
            question=self.question,
            text=self._refusal(refused) if refused else writer.text,
            citations=() if refused else tuple(writer.citations),
            passages=tuple(self.passages),
            refused=refused,
            route=route,
            confidence=self.confidence,
            usage=self.usage,
            timings=dict(self.timings),
            versions={**versions, **self.versions},
            notes=tuple(self.notes),
            omitted=self.omitted,
            dropped=tuple(self.dropped),
        )

    def _refusal(self, refused: Refusal) -> str:
        if refused == "nothing_relevant" and self.missing:
            return tell(self.language, "answering.refused_missing", names=", ".join(self.missing))
        return tell(self.language, f"answering.refused_{refused}")
