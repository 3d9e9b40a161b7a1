"""Thoughts that a reasoning model writes into its text as `<think>...</think>`, told apart while they stream in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from gezhi.core.types import Delta

OPEN, CLOSE = "<think>", "</think>"
Beginning = Literal["unknown", "likely_thought", "thought"]
"""How a reply begins. Some chat templates put the opening tag into the prompt, so that only the closing one arrives."""


class Thoughts:
    """Sorts the pieces of one reply. Tags count only before the first text: later they are words about tags.

    Args:
        begins: With `thought`, all is a thought up to the closing tag. With `likely_thought`, text is held back until
            that tag comes, unless thoughts arrive in a field of their own; if it never comes, it was the text.
    """

    def __init__(self, *, begins: Beginning = "unknown") -> None:
        self.any_text = False
        self._state = {"unknown": "start", "likely_thought": "guess", "thought": "inside"}[begins]
        self._held = ""

    def feed(self, piece: Delta) -> Iterator[Delta]:
        """What is certain after this piece; only `text` and `reasoning` are set, one of them."""
        if piece.reasoning:
            if self._state != "text":
                self._state = "start"
            yield Delta(reasoning=piece.reasoning)
        if not piece.text:
            return
        self._held += piece.text
        while self._held and (step := self._step()) is not None:
            if step.text or step.reasoning:
                yield step

    def end(self) -> Iterator[Delta]:
        """What was still held back when the stream ended."""
        held, self._held = self._held, ""
        if self._state == "inside":
            if held:
                yield Delta(reasoning=held)
        elif held.strip():
            yield self._said(held if self._state == "text" else held.lstrip())

    def _step(self) -> Delta | None:
        """Take what is certain from the held text; None: wait for more. An empty Delta: only the state changed."""
        if self._state == "text":
            return self._said(self._take(len(self._held)))
        if self._state == "guess":
            return self._guess()
        if self._state == "inside":
            return self._inside()
        self._held = self._held.lstrip()
        if self._held.startswith(OPEN):
            self._take(len(OPEN))
            self._state = "inside"
            return Delta()
        if OPEN.startswith(self._held):
            return None
        self._state = "text"
        return Delta()

    def _guess(self) -> Delta | None:
        if self._held.lstrip().startswith(OPEN):
            self._state = "start"
            return Delta()
        if CLOSE not in self._held:
            return None
        self._state = "inside"
        return Delta()

    def _inside(self) -> Delta | None:
        end = self._held.find(CLOSE)
        if end >= 0:
            thought = self._take(end)
            self._take(len(CLOSE))
            self._state = "start"
            return Delta(reasoning=thought)
        safe = len(self._held) - begun(self._held, CLOSE)
        return Delta(reasoning=self._take(safe)) if safe else None

    def _said(self, text: str) -> Delta:
        self.any_text = self.any_text or bool(text.strip())
        return Delta(text=text)

    def _take(self, length: int) -> str:
        taken, self._held = self._held[:length], self._held[length:]
        return taken


def begun(text: str, tag: str) -> int:
    """Length of the longest end of `text` that is a beginning of `tag`."""
    return next((size for size in range(len(tag) - 1, 0, -1) if text.endswith(tag[:size])), 0)
