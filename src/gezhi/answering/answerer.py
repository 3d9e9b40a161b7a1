"""Question in, events out: what was found, each checked sentence, the whole answer.

The routes: a chat model's draft (`grounded`), the passages' own sentences (`extractive`, or `fallback` where the model
failed), what the model knows (`model_only`, off by default), a `refusal`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from gezhi.answering.draft import declines
from gezhi.answering.extractive import extract, separator
from gezhi.answering.filters import OutputFilter
from gezhi.answering.followup import by_model, by_rule
from gezhi.answering.grounded import Grounding, drafted
from gezhi.answering.memory import RememberingEmbedder
from gezhi.answering.options import AnswerOptions
from gezhi.answering.prompt import alone_messages, cited_prompt, recent, version
from gezhi.answering.proof import Checker, Prover
from gezhi.answering.question import checked, language_of, missing_subjects
from gezhi.answering.turn import Turn
from gezhi.answering.units import Unit, quotable_units
from gezhi.answering.writing import Writer
from gezhi.core.errors import ModelError
from gezhi.core.protocols import ChatModel, Embedder, Retriever
from gezhi.core.types import Answer, AnswerEvent, Finished, Found, Message, Passage, Refusal, Route, Said
from gezhi.evaluation.quality.answerability import Answerability
from gezhi.evaluation.quality.support import SupportChecker
from gezhi.privacy.injection import gives_orders

_ORIGINAL_WEIGHT = 0.5
"""How much a passage found by the question as typed counts beside those of the question made to stand alone."""


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
    output_filters: Sequence[OutputFilter] = field(default=(), kw_only=True)
    """Each checked sentence passes all of them before it is said."""
    versions: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    """Of what lies below (gezhi, collection, index ...), for `Answer.versions`."""
    checker: Checker | None = field(default=None, kw_only=True)
    """Decides whether quotes support a sentence; None: the SupportChecker of this embedder."""
    answerability: Answerable | None = field(default=None, kw_only=True)
    """Decides, with `options.refuse_below`, whether passages are worth an answer; None: the one of this embedder."""

    def answer(self, question: str, history: Sequence[Message] = (), where: str | None = None) -> Answer:
        """The whole answer. Raises BadQuestion, BadFilter, CollectionError."""
        for event in self.stream(question, history, where):
            if isinstance(event, Finished):
                return event.answer
        raise AssertionError("a stream ends with Finished")

    def stream(self, question: str, history: Sequence[Message] = (), where: str | None = None) -> Iterator[AnswerEvent]:
        """Found, any number of Said, Finished. Raises BadQuestion at once, BadFilter and CollectionError on the way."""
        question = checked(question, self.options.longest_question)
        turn = Turn(
            question=question, language=language_of(question), history=recent(history, self.options.history_turns)
        )
        return self._events(turn, where)

    def _events(self, turn: Turn, where: str | None) -> Iterator[AnswerEvent]:
        empty = self.empty()
        if not empty:
            with turn.timed("rewrite"):
                turn.asked = self._standing_alone(turn)
            with turn.timed("search"):
                turn.passages = self._search(turn, where)
        yield Found(passages=tuple(turn.passages))
        writer = Writer(turn.passages, self.document_text, self.output_filters)
        refused: Refusal | None = (
            "no_documents" if empty else None if self._worth_answering(turn) else "nothing_relevant"
        )
        route: Route = "refusal"
        if refused is None:
            route = yield from self._from_passages(turn, writer)
            refused = None if writer.text else "not_supported"
        if refused and self.options.model_only and self.model and not turn.model_failed:
            yield from self._from_model(turn, writer, self.model)
            route, refused = ("model_only", None) if writer.text else ("refusal", refused)
        answer = turn.answer(writer, "refusal" if refused else route, refused, self._versions())
        if refused:
            yield Said(text=answer.text, citations=())
        yield Finished(answer=answer)

    def _from_passages(self, turn: Turn, writer: Writer) -> Generator[Said, None, Route]:
        units, embedder = quotable_units(turn.passages), RememberingEmbedder(self.embedder)
        if self.model and not turn.model_failed:
            prover = Prover(turn.asked, turn.passages, units, embedder, self.checker or SupportChecker(embedder))
            yield from self._grounded(turn, writer, self.model, prover)
            if not turn.model_failed:
                return "grounded"
        yield from self._extracted(turn, writer, units, embedder)
        return "fallback" if turn.model_failed else "extractive"

    def _standing_alone(self, turn: Turn) -> str:
        if not turn.history:
            return turn.question
        try:
            if self.model:
                asked, usage = by_model(self.model, turn.history, turn.question)
                turn.usage += usage
            else:
                asked = by_rule(turn.history, turn.question)
        except ModelError as error:
            self._failed(turn, error)
            asked = by_rule(turn.history, turn.question)
        if asked != turn.question:
            turn.note("answering.understood_as", question=asked)
        return asked

    def _search(self, turn: Turn, where: str | None) -> list[Passage]:
        found = self.retriever.search(turn.asked, self.options.passages, where)
        if turn.asked == turn.question:
            return found
        # Rewriting may lose what was meant: what was typed is searched too.
        typed = self.retriever.search(turn.question, self.options.passages, where)
        best: dict[tuple[str, int, int], Passage] = {}
        for passage in [*found, *(replace(p, score=p.score * _ORIGINAL_WEIGHT) for p in typed)]:
            key = (passage.chunk.document_id, passage.chunk.start, passage.chunk.end)
            if key not in best or best[key].score < passage.score:
                best[key] = passage
        return sorted(best.values(), key=lambda p: -p.score)[: self.options.passages]

    def _worth_answering(self, turn: Turn) -> bool:
        if not turn.passages:
            return False
        with turn.timed("judge"):
            judge = self.answerability or Answerability(self.embedder.name)
            turn.confidence = judge.probability(turn.asked, turn.passages)
            texts = [f"{p.chunk.meta.get('title', '')}\n{p.chunk.embedded_text}" for p in turn.passages]
            turn.missing = missing_subjects(turn.asked, texts)
        for source in dict.fromkeys(p.chunk.source for p in turn.passages if gives_orders(p.chunk.embedded_text)):
            turn.note("answering.screened", source=source)
        return not turn.missing and (turn.confidence is None or turn.confidence >= self.options.refuse_below)

    def _grounded(self, turn: Turn, writer: Writer, model: ChatModel, prover: Prover) -> Iterator[Said]:
        try:
            prompt = cited_prompt(
                model, turn.passages, turn.asked, turn.history, turn.language, self.options.max_tokens
            )
            turn.omitted = prompt.omitted
            turn.versions["prompt"] = version(turn.language)
            yield from Grounding(prover, writer, self.options, turn).say(model, prompt)
        except ModelError as error:
            self._failed(turn, error)

    def _failed(self, turn: Turn, error: ModelError) -> None:
        turn.model_failed = True
        turn.note("answering.model_failed", reason=error)

    def _extracted(
        self, turn: Turn, writer: Writer, units: Sequence[Sequence[Unit]], embedder: Embedder
    ) -> Iterator[Said]:
        with turn.timed("draft"):
            pieces = extract(turn.asked, turn.passages, units, embedder, self.options.max_sentences)
        before, previous = writer.cited(), None
        for piece in pieces:
            known = any(quote.overlaps(earlier) for quote in piece.quotes for earlier in before)
            if not known and all(map(writer.stands, piece.quotes)):
                said = writer.write(separator(piece, previous, writer.text), piece.text, piece.quotes, supported=True)
                previous = piece
                if said:
                    yield said

    def _from_model(self, turn: Turn, writer: Writer, model: ChatModel) -> Iterator[Said]:
        messages = alone_messages(turn.history, turn.question, turn.language)
        try:
            for sentence in drafted(model, messages, self.options.max_tokens, self.options, turn):
                if declines(sentence.text):
                    break
                said = writer.write(sentence.separator, sentence.text)
                if said:
                    yield said
        except ModelError as error:
            self._failed(turn, error)
        if writer.text:
            turn.versions["prompt"] = version(turn.language)
            turn.note("answering.model_only", model=model.name)

    def _versions(self) -> dict[str, str]:
        own = {"embedder": self.embedder.name}
        if self.model:
            own["model"] = self.model.name
        return {**own, **self.versions}
