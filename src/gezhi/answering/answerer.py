"""Question in, events out: what was found, each checked sentence, the whole answer.

The routes: a chat model's draft (`grounded`), the passages' own sentences (`extractive`, or `fallback` where the model
failed), what the model knows (`model_only`, off by default), a `refusal`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol

from gezhi.answering.extractive import extract
from gezhi.answering.filters import OutputFilter
from gezhi.answering.options import AnswerOptions
from gezhi.answering.question import checked, language_of, missing_codes, tell
from gezhi.answering.writing import Quote, Writer
from gezhi.core.protocols import ChatModel, Embedder, Retriever
from gezhi.core.types import Answer, AnswerEvent, Finished, Found, Message, Passage, Refusal, Route, Said


class Answerable(Protocol):
    """Says how likely it is that passages answer a question."""

    def probability(self, question: str, passages: Sequence[Passage]) -> float | None:
        """0 to 1; None where nothing was calibrated."""
        ...


@dataclass(frozen=True)
class Answerer:
    """Answers questions from the passages that a retriever finds."""

    retriever: Retriever
    embedder: Embedder
    model: ChatModel | None
    """None for extractive answers."""
    options: AnswerOptions
    empty: Callable[[], bool] = field(kw_only=True)
    """Whether the collection has no documents at all."""
    document_text: Callable[[str], str] = field(kw_only=True)
    """From a document's id to its text: every quote is looked up there."""
    answerability: Answerable | None = field(default=None, kw_only=True)
    """Decides, with `options.refuse_below`, whether the passages are worth an answer."""
    output_filters: Sequence[OutputFilter] = field(default=(), kw_only=True)
    """Each checked sentence passes all of them before it is said."""
    versions: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    """Of what lies below (collection, index ...), for `Answer.versions`."""

    def answer(self, question: str, history: Sequence[Message] = (), where: str | None = None) -> Answer:
        """The whole answer. Raises BadQuestion, BadFilter, CollectionError."""
        for event in self.stream(question, history, where):
            if isinstance(event, Finished):
                return event.answer
        raise AssertionError("a stream ends with Finished")

    def stream(self, question: str, history: Sequence[Message] = (), where: str | None = None) -> Iterator[AnswerEvent]:
        """Found, any number of Said, Finished. Raises BadQuestion at once, BadFilter and CollectionError on the way."""
        return self._events(checked(question, self.options.longest_question), history, where)

    def _events(self, question: str, history: Sequence[Message], where: str | None) -> Iterator[AnswerEvent]:
        started = perf_counter()
        language = language_of(question)
        empty = self.empty()
        passages = [] if empty else self.retriever.search(question, self.options.passages, where)
        timings = {"search": perf_counter() - started}
        yield Found(passages=tuple(passages))
        writer = Writer(passages, self.document_text, self.output_filters)
        confidence = self.answerability.probability(question, passages) if self.answerability and passages else None
        refused: Refusal | None = None
        missing = missing_codes(question, [p.chunk.embedded_text for p in passages])
        if empty:
            refused = "no_documents"
        elif not passages or missing or (confidence is not None and confidence < self.options.refuse_below):
            refused = "nothing_relevant"
        else:
            yield from self._extracted(question, passages, writer)
            refused = None if writer.text else "nothing_relevant"
        route: Route = "refusal" if refused else "extractive"
        timings["total"] = perf_counter() - started
        text = tell(language, f"answering.refused_{refused}") if refused else writer.text
        if refused:
            yield Said(text=text, citations=())
        yield Finished(
            answer=Answer(
                id=uuid.uuid4().hex,
                question=question,
                text=text,
                citations=tuple(writer.citations),
                passages=tuple(passages),
                refused=refused,
                route=route,
                confidence=confidence,
                timings=timings,
                versions=dict(self.versions),
            )
        )

    def _extracted(self, question: str, passages: Sequence[Passage], writer: Writer) -> Iterator[Said]:
        for piece in extract(question, passages, self.embedder, self.options.max_sentences):
            quote = Quote(passage=piece.passage, start=piece.start, end=piece.end)
            if writer.stands(quote):
                said = writer.write("\n" if piece.own_line else "", piece.text, [quote], supported=True)
                if said:
                    yield said
