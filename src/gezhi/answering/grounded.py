"""An answer drafted by a chat model from the passages: every sentence is said only when its quotes hold it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter

from gezhi.answering.draft import Cutter, Drafted, declines
from gezhi.answering.options import AnswerOptions
from gezhi.answering.prompt import NO_ANSWER, Prompt
from gezhi.answering.proof import Proof, Prover
from gezhi.answering.question import tell
from gezhi.answering.turn import Turn
from gezhi.answering.writing import Writer
from gezhi.core.protocols import ChatModel
from gezhi.core.types import Message, Said, Sampling, Usage


def drafted(
    model: ChatModel, messages: Sequence[Message], max_tokens: int, options: AnswerOptions, turn: Turn
) -> Iterator[Drafted]:
    """The model's sentences as they become complete; usage and time go to the turn. Raises ModelError.

    A last sentence that the token limit cut off is left out, and noted.
    """
    cutter, reason = Cutter(), None
    began = perf_counter()
    sampling = Sampling(temperature=options.temperature, max_tokens=max_tokens)
    stream = model.stream(messages, sampling)
    try:
        for delta in stream:
            reason = delta.finish_reason or reason
            turn.usage += delta.usage or Usage()
            for sentence in cutter.feed(delta.text):
                turn.timings["draft"] = turn.timings.get("draft", 0.0) + perf_counter() - began
                yield sentence
                began = perf_counter()
    finally:
        turn.timings["draft"] = turn.timings.get("draft", 0.0) + perf_counter() - began
    if reason == "length":
        turn.note("answering.cut_off", tokens=max_tokens)
        return
    yield from cutter.finish()


class Grounding:
    """Turns drafted sentences into said ones."""

    def __init__(self, prover: Prover, writer: Writer, options: AnswerOptions, turn: Turn) -> None:
        self._prover, self._writer, self._options, self._turn = prover, writer, options, turn
        self._intro: Drafted | None = None
        self._seen: set[str] = set()

    def say(self, model: ChatModel, prompt: Prompt) -> Iterator[Said]:
        """Draft, check, say or drop. Ends where the model says that there is no answer. Raises ModelError."""
        for sentence in drafted(model, prompt.messages, prompt.max_tokens, self._options, self._turn):
            if NO_ANSWER in sentence.text:
                return
            # Small models run in circles; what was checked once need not be said twice.
            if sentence.text in self._seen:
                continue
            self._seen.add(sentence.text)
            if declines(sentence.text) and not sentence.marks:
                self._turn.dropped.append(sentence.text)
                continue
            yield from self._checked(sentence)

    def _checked(self, sentence: Drafted) -> Iterator[Said]:
        if sentence.text.endswith(("：", ":")):
            # Says nothing alone: it is kept until what it introduces has been checked.
            self._intro = sentence
            return
        with self._turn.timed("check"):
            proof = self._proof(sentence.text[len(sentence.bullet) :], sentence.marks)
        if proof.supported:
            yield from self._introduced(proof, sentence)
            said = self._writer.write(sentence.separator, sentence.text, proof.quotes, supported=True)
        elif self._options.keep_unsupported:
            marked = sentence.text + tell(self._turn.language, "answering.unsupported")
            said = self._writer.write(sentence.separator, marked, proof.quotes, supported=False)
        else:
            self._turn.dropped.append(sentence.text)
            return
        if said:
            yield said

    def _introduced(self, proof: Proof, sentence: Drafted) -> Iterator[Said]:
        """The introduction that was kept, if it says nothing against the quotes of the first thing it introduces."""
        intro, self._intro = self._intro, None
        if intro is None:
            return
        with self._turn.timed("check"):
            together = self._proof(f"{intro.text}{sentence.text[len(sentence.bullet) :]}", sentence.marks)
        if together.supported:
            said = self._writer.write(intro.separator, intro.text)
            if said:
                yield said
        else:
            self._turn.dropped.append(intro.text)

    def _proof(self, sentence: str, marks: Sequence[int]) -> Proof:
        proof = self._prover.prove(sentence, marks)
        standing = tuple(quote for quote in proof.quotes if self._writer.stands(quote))
        return Proof(quotes=standing, supported=proof.supported and len(standing) == len(proof.quotes))
