"""What may be wrong with texts: near-duplicates, garbled characters, boilerplate, unsure OCR, chunks of odd length.

Documents and chunks are streamed; what is kept a document is a sketch of about a kilobyte. Nothing is changed.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gezhi.core.errors import BadOptions
from gezhi.core.types import Chunk, Document
from gezhi.documents.garbled import garbled_share


@dataclass(frozen=True, kw_only=True)
class QualityOptions:
    """What counts as worth telling."""

    similarity: float = 0.8
    """Share of common five-character strings (Jaccard) from which two documents are near-duplicates, 0.3 to 1."""
    garbled: float = 0.002
    """Share of characters from which a document counts as garbled."""
    repeated: int = 3
    """Documents that have a line before it counts as boilerplate; at least a tenth of all must have it too."""
    confidence: float = 0.8
    """Mean OCR confidence below which a document is named."""
    short: int = 20
    """Chunks with fewer characters are too short to answer anything."""
    long: int = 2000
    """Chunks with more characters are too long for most embedders."""

    def __post_init__(self) -> None:
        if not 0.3 <= self.similarity <= 1:
            raise BadOptions("documents.option_low", name="similarity", low="0.3 (≤ 1)", value=self.similarity)
        if self.short >= self.long:
            raise BadOptions("documents.option_low", name="long", low=self.short + 1, value=self.long)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two documents that say nearly the same."""

    source: str
    other: str
    similarity: float
    """Jaccard over five-character strings; exact for short texts, else estimated to about .03."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A document and a number about it."""

    source: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedLine:
    """A line that many documents have."""

    text: str
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """Characters a chunk; all 0 where there is no chunk."""

    count: int
    least: int
    p05: int
    p25: int
    p50: int
    p75: int
    p95: int
    most: int
    too_short: int
    too_long: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityReport:
    """Worst first in every list."""

    documents: int
    near_duplicates: tuple[Pair, ...]
    garbled: tuple[Finding, ...]
    """Value: share of characters that are replacement characters or text in the wrong encoding."""
    boilerplate: tuple[RepeatedLine, ...]
    recognised: int
    """Documents whose text, or part of it, comes from OCR."""
    ocr_confidence: float | None
    """Mean over all recognised blocks, weighted by length; None without OCR."""
    unsure: tuple[Finding, ...]
    """Documents of low OCR confidence; value: the mean."""
    chunk_lengths: Lengths
    repeated_chunks: int
    """Chunks whose text another chunk has too, beyond the first of each."""


_SKETCH = 128
"""Smallest hashes kept a document."""
_ENTRIES = 16
"""Smallest hashes by which candidates are found: two documents of similarity .8 share one with p > 1 - 1e-9."""
_CROWD = 50
"""More documents than this share a hash only when it is boilerplate."""
_SHINGLE = 5
_LINES = 400_000
"""Lines counted at once; beyond, those seen once are forgotten (lossy counting, Manku and Motwani 2002)."""
_MOST = 50
"""Longest list in a report."""


def quality(
    documents: Iterable[Document], chunks: Iterable[Chunk], options: QualityOptions | None = None
) -> QualityReport:
    """Examine documents, then chunks; each is read once."""
    options = options or QualityOptions()
    seen = _Documents(options)
    for document in documents:
        seen.add(document)
    lengths, repeated = _chunk_lengths(chunks, options)
    confidence = seen.ocr_sum / seen.ocr_weight if seen.ocr_weight else None
    return QualityReport(
        documents=len(seen.sources),
        near_duplicates=_pairs(seen.sources, seen.sketches, options.similarity),
        garbled=_worst(seen.garbled, reverse=True),
        boilerplate=_boilerplate(seen.lines, seen.texts, len(seen.sources), options.repeated),
        recognised=seen.recognised,
        ocr_confidence=confidence,
        unsure=_worst(seen.unsure, reverse=False),
        chunk_lengths=lengths,
        repeated_chunks=repeated,
    )


class _Documents:
    """What is kept of the documents."""

    def __init__(self, options: QualityOptions) -> None:
        self._options = options
        self.sources: list[str] = []
        self.sketches: list[NDArray[np.uint64]] = []
        self.garbled: list[Finding] = []
        self.unsure: list[Finding] = []
        self.recognised = 0
        self.ocr_sum = self.ocr_weight = 0.0
        self.lines: Counter[bytes] = Counter()
        self.texts: dict[bytes, str] = {}

    def add(self, document: Document) -> None:
        self.sources.append(document.source)
        self.sketches.append(sketch(document.text))
        share = garbled_share(document.text)
        if share >= self._options.garbled:
            self.garbled.append(Finding(source=document.source, value=round(share, 4)))
        self._add_confidence(document)
        self._add_lines(document.text)

    def _add_confidence(self, document: Document) -> None:
        told = [(b.confidence, b.end - b.start) for b in document.blocks if b.confidence is not None]
        self.recognised += bool(told or document.meta.get("ocr"))
        total, weight = sum(c * n for c, n in told), sum(n for _, n in told)
        self.ocr_sum += total
        self.ocr_weight += weight
        if weight and total / weight < self._options.confidence:
            self.unsure.append(Finding(source=document.source, value=round(total / weight, 4)))

    def _add_lines(self, text: str) -> None:
        # Figures are left open: "Page 3 of 9" is one line throughout.
        folded = {" ".join(re.sub(r"\d+", "#", line).split()) for line in text.splitlines()}
        for line in folded:
            if 6 <= len(line) <= 200:
                key = blake2b(line.encode("utf-8", "replace"), digest_size=8).digest()
                self.lines[key] += 1
                self.texts.setdefault(key, line)
        if len(self.lines) > _LINES:
            self.lines = Counter({key: count for key, count in self.lines.items() if count > 1})
            self.texts = {key: self.texts[key] for key in self.lines}


def sketch(text: str) -> NDArray[np.uint64]:
    """The smallest distinct hashes of the five-character strings of a text, ascending (bottom-k, Broder 1997).

    Blank space and case do not count. Shape (at most 128,).
    """
    folded = "".join(text.split()).casefold()
    codes = np.frombuffer(folded.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < _SHINGLE:
        return np.unique(codes)
    hashes = np.zeros(len(codes) - _SHINGLE + 1, dtype=np.uint64)
    for offset in range(_SHINGLE):
        hashes = hashes * np.uint64(0x100000001B3) + codes[offset : offset + len(hashes)]
    # Finaliser of MurmurHash3: neighbours in the polynomial end far apart.
    hashes ^= hashes >> np.uint64(33)
    hashes *= np.uint64(0xFF51AFD7ED558CCD)
    hashes ^= hashes >> np.uint64(33)
    return np.unique(hashes)[:_SKETCH]


def _pairs(sources: list[str], sketches: list[NDArray[np.uint64]], least: float) -> tuple[Pair, ...]:
    entries: dict[int, list[int]] = {}
    for index, values in enumerate(sketches):
        for value in values[:_ENTRIES].tolist():
            entries.setdefault(value, []).append(index)
    candidates: set[tuple[int, int]] = set()
    for members in entries.values():
        # A crowd is chained, not crossed: copies of one file are all named, without n² pairs.
        partners = ((a, b) for i, a in enumerate(members) for b in members[i + 1 :])
        candidates.update(pairwise(members) if len(members) > _CROWD else partners)
    pairs = []
    for one, other in candidates:
        similarity = jaccard(sketches[one], sketches[other])
        if similarity >= least:
            pairs.append(Pair(source=sources[one], other=sources[other], similarity=round(similarity, 3)))
    return tuple(sorted(pairs, key=lambda pair: (-pair.similarity, pair.source, pair.other)))


def jaccard(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """Estimated from the smallest hashes of the union, which are a random sample of it; exact for short texts."""
    if not len(one) or not len(other):
        return 0.0
    union = np.union1d(one, other)[: max(_SKETCH, min(len(one), len(other)))]
    return float(np.isin(union, one).astype(bool)[np.isin(union, other)].sum() / len(union))


def _boilerplate(
    lines: Counter[bytes], texts: dict[bytes, str], documents: int, repeated: int
) -> tuple[RepeatedLine, ...]:
    least = max(repeated, documents / 10)
    common = [(count, texts[key]) for key, count in lines.items() if count >= least]
    common.sort(key=lambda entry: (-entry[0], entry[1]))
    return tuple(RepeatedLine(text=text, documents=count) for count, text in common[:_MOST])


def _worst(findings: list[Finding], *, reverse: bool) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.value, reverse=reverse)[:_MOST])


def _chunk_lengths(chunks: Iterable[Chunk], options: QualityOptions) -> tuple[Lengths, int]:
    sizes = array("L")
    texts: set[bytes] = set()
    for chunk in chunks:
        sizes.append(len(chunk.text))
        texts.add(blake2b(chunk.text.encode("utf-8", "replace"), digest_size=8).digest())
    values = np.array(sizes, dtype=np.int64) if sizes else np.zeros(1, dtype=np.int64)
    points = [int(point) for point in np.percentile(values, [0, 5, 25, 50, 75, 95, 100])]
    lengths = Lengths(
        count=len(sizes),
        least=points[0],
        p05=points[1],
        p25=points[2],
        p50=points[3],
        p75=points[4],
        p95=points[5],
        most=points[6],
        too_short=int((values < options.short).sum()) if sizes else 0,
        too_long=int((values > options.long).sum()),
    )
    return lengths, len(sizes) - len(texts)
