"""What a person may set about answering."""

from __future__ import annotations

from dataclasses import dataclass

from gezhi.core.errors import BadOptions

_RANGES: dict[str, tuple[float, float]] = {
    "passages": (1, 100),
    "max_sentences": (1, 20),
    "max_tokens": (16, 100_000),
    "temperature": (0.0, 2.0),
    "refuse_below": (0.0, 1.0),
    "history_turns": (0, 50),
    "longest_question": (10, 1_000_000),
}


@dataclass(frozen=True, kw_only=True)
class AnswerOptions:
    """How a question is answered."""

    passages: int = 8
    """Passages that are searched for each question."""
    max_sentences: int = 3
    """Most sentences of an extractive answer; a list with its introduction counts as one."""
    keep_unsupported: bool = False
    """Keep sentences of a chat model that no passage supports, marked as such, instead of leaving them out."""
    model_only: bool = False
    """Let the chat model answer from what it knows when the documents do not answer; marked, without citations."""
    max_tokens: int = 1024
    """Tokens reserved in the model's context for its reply, thinking included."""
    temperature: float = 0.0
    """Of the chat model."""
    refuse_below: float = 0.35
    """Refuse when the probability that the passages answer the question is lower; 0 never does."""
    history_turns: int = 3
    """Question-and-answer pairs before this question that are looked at to understand it."""
    longest_question: int = 10_000
    """Characters; a longer question is an error."""

    def __post_init__(self) -> None:
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise BadOptions("answering.option_range", name=name, low=low, high=high, value=value)
