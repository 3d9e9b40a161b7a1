"""Cuts a document into chunks: exact spans, Chinese-aware, and so local that an edit changes only its neighbourhood.

Headings go into the context of what stands below them, a table's header row into that of its later chunks. Chunks
overlap only where one long paragraph was cut. Where to cut is decided in `cut.py`, what may be cut in `atoms.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from gezhi.core.errors import BadOptions
from gezhi.core.types import Block, Chunk, Document
from gezhi.documents.atoms import block_atoms, clauses, refined, stripped
from gezhi.documents.build import CELL
from gezhi.documents.cut import BLOCK, Atom, pieces
from gezhi.language.sentences import sentences

_LONGEST_HEADING = 120
"""Characters; a longer "heading" is a paragraph in bold, and stays one."""
_LONGEST_HEADER = 200
_SCRAP = 10
"""Characters; what stands alone between long paragraphs and tables and is shorter joins one of them."""
_PATH = " > "
_Span = tuple[int, int]
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, kw_only=True)
class SplitOptions:
    """How documents are cut."""

    size: int = 400
    """Longest chunk, in characters."""
    overlap: int = 60
    """Most characters repeated from the chunk before, where one paragraph had to be cut."""

    def __post_init__(self) -> None:
        if not 40 <= self.size <= 20_000:
            raise BadOptions("documents.split_size", value=self.size)
        if not 0 <= self.overlap <= self.size // 2:
            raise BadOptions("documents.split_overlap", value=self.overlap, high=self.size // 2)


def split(document: Document, options: SplitOptions | None = None) -> list[Chunk]:
    """Chunks in the order of the text; `document.text[chunk.start:chunk.end] == chunk.text`.

    Each character of a block that is no blank space stands in a chunk; a heading only where nothing stands below it.
    No chunk is longer than `options.size`; identical texts may occur more than once.
    """
    options = options or SplitOptions()
    runs = _without_scraps(_runs(document, options))
    return [chunk for run in runs for chunk in _chunks(document, run, options)]


@dataclass
class _Run:
    """Neighbouring atoms that may share a chunk."""

    path: tuple[str, ...]
    page: int | None
    header: str = ""
    long: bool = False
    """One paragraph that does not fit into a chunk."""
    atoms: list[Atom] = field(default_factory=list)
    lead: _Span | None = None
    """A few characters before it, to stand in its first chunk."""
    trail: _Span | None = None
    """A few characters behind it, to stand in its last chunk."""

    @property
    def span(self) -> _Span:
        """From the first atom to the last."""
        return self.atoms[0].start, self.atoms[-1].end


@dataclass
class _Heading:
    level: int
    block: Block
    text: str
    used: bool = False


class _Grouping:
    """Collects atoms into runs; a run ends where its kind, page or heading path does."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.finished: list[_Run] = []
        self._headings: list[_Heading] = []

    def heading(self, level: int, block: Block, text: str) -> None:
        """Go below a heading; those it closes that nothing stood below become text themselves."""
        self.close(level)
        self._headings.append(_Heading(level, block, text))

    def close(self, level: int) -> None:
        """Leave all headings of `level` and deeper."""
        while self._headings and self._headings[-1].level >= level:
            last = self._headings.pop()
            if not last.used:
                start, end = stripped(self.text, last.block.start, last.block.end)
                self.add([Atom(start, end, BLOCK)], last.block.page)

    def add(self, atoms: list[Atom], page: int | None, *, header: str = "", long: bool = False) -> None:
        """Append atoms below the current headings. What has a header, or is long, is a run of its own."""
        for heading in self._headings:
            heading.used = True
        run = _Run(tuple(heading.text for heading in self._headings), page, header, long)
        last = self.finished[-1] if self.finished else None
        own = bool(header) or long
        if last is None or own or last.header or last.long or (last.path, last.page) != (run.path, run.page):
            self.finished.append(run)
            last = run
        last.atoms += atoms


def _runs(document: Document, options: SplitOptions) -> list[_Run]:
    grouping = _Grouping(document.text)
    for block in document.blocks or _paragraphs(document.text):
        heading = " ".join(document.text[block.start : block.end].split()) if block.kind == "heading" else ""
        if heading and len(heading) <= min(_LONGEST_HEADING, options.size):
            grouping.heading(block.level, block, heading)
        else:
            _add_block(grouping, block, options)
    grouping.close(0)
    return grouping.finished


def _without_scraps(runs: Sequence[_Run]) -> list[_Run]:
    """Give runs of a few characters to the run they lead to, else to the one they follow, in the same section."""
    kept: list[_Run] = []
    for run, following in zip(runs, [*runs[1:], None], strict=False):
        start, end = run.span
        if end - start >= _SCRAP or run.header or run.long:
            kept.append(run)
        elif following and _is_beside(run, following):
            following.lead = (start, end)
        elif kept and _is_beside(run, kept[-1]) and not kept[-1].trail:
            kept[-1].trail = (start, end)
        else:
            kept.append(run)
    return kept


def _is_beside(run: _Run, other: _Run) -> bool:
    return (run.path, run.page) == (other.path, other.page)


def _add_block(grouping: _Grouping, block: Block, options: SplitOptions) -> None:
    start, end = stripped(grouping.text, block.start, block.end)
    if end - start > options.size and block.kind in ("paragraph", "heading"):
        core = options.size - options.overlap
        grouping.add(list(refined(grouping.text, start, end, BLOCK, core)), block.page, long=True)
        return
    atoms = block_atoms(grouping.text, block, options.size)
    if atoms:
        grouping.add(atoms, block.page, header=_short(block.header) if len(atoms) > 1 else "")


def _short(header: str) -> str:
    while len(header) > _LONGEST_HEADER:
        fewer = header[: -len(CELL)].rpartition(CELL)[0] if CELL in header[: -len(CELL)] else ""
        header = fewer or header[:_LONGEST_HEADER]
    return header.strip()


def _paragraphs(text: str) -> Iterator[Block]:
    """For a document without blocks: what stands between empty lines."""
    start = 0
    for gap in _EMPTY_LINE.finditer(text):
        yield Block(kind="paragraph", start=start, end=gap.start())
        start = gap.end()
    yield Block(kind="paragraph", start=start, end=len(text))


def _chunks(document: Document, run: _Run, options: SplitOptions) -> Iterator[Chunk]:
    heading = _PATH.join(run.path)
    meta = {**document.meta, "title": document.title} | ({"heading": heading} if heading else {})
    if run.long:
        size = options.size - options.overlap
        spans = _joined(pieces(document.text, run.atoms, size, size * 3 // 10), run, options.size)
        spans = _overlapped(document.text, spans, options)
    else:
        spans = _joined(pieces(document.text, run.atoms, options.size, options.size // 4), run, options.size)
    for number, (start, end) in enumerate(spans):
        # The first chunk of a table has the header row in its own text.
        header = run.header if number else ""
        yield Chunk(
            document_id=document.id,
            source=document.source,
            text=document.text[start:end],
            start=start,
            end=end,
            context="\n".join(line for line in (heading, header) if line),
            page=run.page,
            meta=meta,
        )


def _joined(spans: list[_Span], run: _Run, size: int) -> list[_Span]:
    """With the few characters before and behind, where they fit: beside a long paragraph, the overlap leaves room."""
    if run.lead:
        first = (run.lead[0], spans[0][1])
        spans = [first, *spans[1:]] if first[1] - first[0] <= size else [run.lead, *spans]
    if run.trail:
        last = (spans[-1][0], run.trail[1])
        spans = [*spans[:-1], last] if last[1] - last[0] <= size else [*spans, run.trail]
    return spans


def _overlapped(text: str, spans: Sequence[_Span], options: SplitOptions) -> list[_Span]:
    """Each span but the first begins earlier, with the sentence or else the clause that fits into the overlap."""
    overlap = options.overlap
    begun = [spans[0]]
    for (before, before_end), (start, end) in pairwise(spans):
        low = max(before + 1, start - overlap, end - options.size)
        # Starts are looked for in a window that goes further back, so that they are starts in the whole text too.
        back = max(before, start - 4 * overlap)
        starts = [back + first for first, _ in sentences(text[back:before_end])]
        near = [place for place in starts if low <= place < start]
        if not near:
            near = [place for place, _ in clauses(text, back, before_end) if low <= place < start]
        begun.append((stripped(text, near[0], end)[0] if near else start, end))
    return begun
