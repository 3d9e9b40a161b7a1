"""The nouns every room speaks: documents in, chunks, passages, cited answers out.

All are frozen standard-library dataclasses: values, never behaviour with side effects. Character positions are
Python string indices, half open `[start, end)`; pages count from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Meta = Mapping[str, str | int | float | bool]
BlockKind = Literal["heading", "paragraph", "list", "table", "code"]
Refusal = Literal["no_documents", "nothing_relevant", "not_supported"]
Route = Literal["grounded", "extractive", "fallback", "model_only", "refusal"]
Role = Literal["system", "user", "assistant", "tool"]
Progress = Callable[[str, int, int], None]
"""Called with (stage, done, total); total is 0 where it is not known."""


class Box(NamedTuple):
    """A rectangle on a page in points (1/72 inch), origin at the top left."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, heading, list, table or piece of code: `document.text[start:end]`."""

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    level: int = 0
    """1 (outermost) to 6 for a heading, 0 otherwise."""
    box: Box | None = None
    header: str = ""
    """A table's header row, to be repeated in the context of each of its chunks."""
    confidence: float | None = None
    """Mean confidence of the recogniser, 0 to 1, where the text was read from an image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The text of one file (or one member of an archive, one mail ...) with the blocks it is made of."""

    id: str
    source: str
    """Where it came from, as shown to people: a path or URI; a member of an archive is `pack.zip/inner.md`."""
    title: str
    text: str
    meta: Meta = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    """In reading order, not overlapping. Text outside blocks is separators only."""
    notes: tuple[str, ...] = ()
    """What a person should know about the reading, in their language: pages without text, sheets left out ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A piece of a document: `document.text[start:end] == text`."""

    document_id: str
    source: str
    text: str
    start: int
    end: int
    context: str = ""
    """Heading path and repeated table header: indexed and embedded with the text, never part of it."""
    page: int | None = None
    meta: Meta = field(default_factory=dict)
    """The document's meta, `title`, and `heading` ("A > B") where it stands under one."""

    @property
    def embedded_text(self) -> str:
        """What indexes and embedders are given."""
        return f"{self.context}\n{self.text}" if self.context else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A chunk as found by one search."""

    chunk: Chunk
    score: float
    """The fused score the passages are ordered by, 0 to 1 with the default fusion; higher is better."""
    found_by: Mapping[str, float] = field(default_factory=dict)
    """Leg (`keyword`, `dense`) to the raw score it gave: BM25, or cosine. A leg that did not find it is absent.
    `dense_above`: by how much the cosine exceeds what the question may well get from texts of this language by chance
    (mean and two standard deviations); absent where they are too few to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Which quote, verbatim in a source, supports which stretch of the answer."""

    number: int
    """As shown to people, from 1; one quote keeps one number throughout an answer."""
    answer_start: int
    answer_end: int
    passage: int
    """Index into `Answer.passages`."""
    quote: str
    source: str
    source_start: int
    source_end: int
    """Where the quote stands in the text of the document."""
    page: int | None = None
    heading: str = ""
    supported: bool | None = None
    """None: not checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens that models charged for."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False
    """Whether a part was not told by the model but estimated from the texts."""

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            estimated=self.estimated or other.estimated,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a question got: text with checked citations, or a typed refusal."""

    id: str
    question: str
    text: str
    """Without citation marks: `marked()` sets them. Of a refusal: one sentence saying so."""
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    """All that were found, best first, whether quoted or not."""
    refused: Refusal | None = None
    route: Route = "refusal"
    confidence: float | None = None
    """Calibrated probability that the passages answer the question; None where nothing was calibrated."""
    usage: Usage = field(default_factory=Usage)
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds by stage."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """What answered: gezhi, embedder, chat model, prompt, collection."""
    notes: tuple[str, ...] = ()
    """What a person should know: the model failed and why, a filter acted ..."""
    omitted: tuple[int, ...] = ()
    """Indices of passages that did not fit into the model's context."""
    dropped: tuple[str, ...] = ()
    """Sentences of the draft that had no support and were left out."""

    def marked(self) -> str:
        """The text with `[1]`-like marks behind each supported stretch."""
        ends: dict[int, list[int]] = {}
        for citation in self.citations:
            numbers = ends.setdefault(citation.answer_end, [])
            if citation.number not in numbers:
                numbers.append(citation.number)
        text = self.text
        for end in sorted(ends, reverse=True):
            text = text[:end] + "".join(f"[{n}]" for n in sorted(ends[end])) + text[end:]
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Event: the search is done."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Event: a checked stretch of the answer. The answer's text is the joined text of these, nothing is withdrawn."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """Event: the whole answer; the last one of a stream."""

    answer: Answer


AnswerEvent = Found | Said | Finished


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A model's wish to call a tool; `arguments` is a JSON object as text."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How a chat model picks tokens."""

    temperature: float = 0.0
    top_p: float = 1.0
    max_tokens: int = 512
    seed: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A chat model's whole reply. `reasoning` (what it thought aloud) is kept apart and never cited."""

    text: str
    reasoning: str = ""
    finish_reason: str = "stop"
    usage: Usage = field(default_factory=Usage)
    tool_calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """A piece of a streamed reply; the last one carries `finish_reason` and `usage`."""

    text: str = ""
    reasoning: str = ""
    finish_reason: str | None = None
    usage: Usage | None = None
