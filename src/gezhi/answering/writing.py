"""The answer as it grows: sentences are appended with the quotes that hold them, and never taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gezhi.answering.filters import OutputFilter
from gezhi.core.types import Citation, Passage, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """`passages[passage].chunk.text[start:end]`."""

    passage: int
    start: int
    end: int

    def overlaps(self, other: Quote) -> bool:
        """Whether both have some of the same characters."""
        return self.passage == other.passage and self.start < other.end and other.start < self.end


class Writer:
    """Appends checked sentences, numbers their quotes, and looks each quote up in its document once more.

    Args:
        passages: Those that quotes point into.
        document_text: From a document's id to its text, for the verbatim check.
        filters: Each may change or withhold a sentence.
    """

    def __init__(
        self, passages: Sequence[Passage], document_text: Callable[[str], str], filters: Sequence[OutputFilter]
    ) -> None:
        self._passages = passages
        self._document_text = document_text
        self._filters = filters
        self._texts: dict[str, str] = {}
        self._numbers: dict[Quote, int] = {}
        self.text = ""
        self.citations: list[Citation] = []
        self.withheld: dict[str, int] = {}
        """Filter name to how many sentences it kept back."""
        self.changed: dict[str, int] = {}
        """Filter name to how many sentences it changed."""

    def stands(self, quote: Quote) -> bool:
        """Whether the quote is, character for character, in the document where its passage says."""
        chunk = self._passages[quote.passage].chunk
        if chunk.document_id not in self._texts:
            self._texts[chunk.document_id] = self._document_text(chunk.document_id)
        start, end = chunk.start + quote.start, chunk.start + quote.end
        return self._texts[chunk.document_id][start:end] == chunk.text[quote.start : quote.end]

    def write(
        self, separator: str, sentence: str, quotes: Sequence[Quote] = (), supported: bool | None = None
    ) -> Said | None:
        """Append the sentence behind the separator; None where a filter withholds it.

        The separator is left out at the very beginning. Quotes must stand (see `stands`).
        """
        filtered = self._filtered(sentence)
        if filtered is None:
            return None
        separator = separator if self.text else ""
        start = len(self.text) + len(separator)
        self.text += separator + filtered
        citations = tuple(self._cite(quote, start, len(self.text), supported) for quote in quotes)
        self.citations.extend(citations)
        return Said(text=separator + filtered, citations=citations)

    def cited(self) -> list[Quote]:
        """All quotes so far."""
        return list(self._numbers)

    def _filtered(self, sentence: str) -> str | None:
        for rule in self._filters:
            passed = rule(sentence)
            if passed is None:
                self.withheld[rule.name] = self.withheld.get(rule.name, 0) + 1
                return None
            if passed != sentence:
                self.changed[rule.name] = self.changed.get(rule.name, 0) + 1
            sentence = passed
        return sentence

    def _cite(self, quote: Quote, start: int, end: int, supported: bool | None) -> Citation:
        chunk = self._passages[quote.passage].chunk
        return Citation(
            number=self._numbers.setdefault(quote, len(self._numbers) + 1),
            answer_start=start,
            answer_end=end,
            passage=quote.passage,
            quote=chunk.text[quote.start : quote.end],
            source=chunk.source,
            source_start=chunk.start + quote.start,
            source_end=chunk.start + quote.end,
            page=chunk.page,
            heading=str(chunk.meta.get("heading", "")),
            supported=supported,
        )
