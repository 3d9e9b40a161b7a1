"""The hook for safety and compliance rules: every checked sentence passes all filters before anyone sees it."""

from __future__ import annotations

from typing import Protocol


class OutputFilter(Protocol):
    """A rule about what may be said."""

    name: str
    """Shown in the notes of an answer that it changed."""

    def __call__(self, sentence: str) -> str | None:
        """The sentence, a changed one (a masked number, say), or None to withhold it."""
        ...
