"""Lines of a region to headings, paragraphs, lists and tables.

A new paragraph begins where the spacing, the size or the indent changes, and where the line above ended although the
first word below would still have fitted on it. Headings are short paragraphs that are larger than the text, set in
another font, or numbered like one. Paragraphs are not joined across pages or columns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Literal

from gezhi.core.types import Box
from gezhi.documents.build import TextBuilder
from gezhi.documents.pages.aligned import find_tables
from gezhi.documents.pages.layout import Line, Rule, Table, mean_confidence
from gezhi.documents.pages.wording import joined


@dataclass(frozen=True, slots=True)
class Body:
    """How the running text of a document is set: most of its characters."""

    size: float
    font: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together."""

    lines: tuple[Line, ...]
    text: str
    kind: Literal["heading", "paragraph", "list"]
    level: int = 0
    weak: bool = False
    """A heading only because it is short and numbered."""


_BULLET = re.compile(r"[•●○■□▪◦‣▶➢◆◇★☆]|[·–—*-]\s")
_NUMBERED = re.compile(
    r"(?P<open>[(\[（【]?)(?P<number>\d{1,3}|[一二三四五六七八九十]{1,3}|[a-zA-Z]|[①-⑳])(?P<close>[.)\]）】、．]|(?<=[①-⑳]))\s*(?=\S)"
)
_LABELLED = re.compile(r"\[[\w.+-]{1,12}\]")
_CHINESE = {text: value for value, text in enumerate([*"一二三四五六七八九十", "十一", "十二", "十三"], start=1)}
_MARKS = (_BULLET, _NUMBERED, _LABELLED)
_SECTION = re.compile(
    r"""(?P<chapter>第\s*[\d一二三四五六七八九十百]+\s*[章编篇部卷])|(?P<part>第\s*[\d一二三四五六七八九十百]+\s*[节条])
        |(?P<chinese>[一二三四五六七八九十]{1,3}、)|(?P<bracket>[(（][一二三四五六七八九十]{1,3}[)）])
        |(?P<digits>\d{1,2}(?:\.\d{1,2}){0,4})(?:[.．、]?\s+|(?=[^\W\d_a-zA-Z]))(?=\S)
        |(?P<english>(?:chapter|section|appendix|part)\s+[\divxa-z]+\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_END = tuple("。！？；，、.!?;,…")
_BOLD = re.compile(r"bold|bd\b|black|heavy|demi|medi|hei|cmbx|csc|bx\d", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{5}")


def body_of(lines: Iterable[Line]) -> Body:
    """Size and font of most characters."""
    sizes: Counter[float] = Counter()
    fonts: Counter[str] = Counter()
    for line in lines:
        for piece in line.pieces:
            sizes[round(piece.size * 2) / 2] += len(piece.text)
            fonts[piece.font] += len(piece.text)
    return Body(
        max(sizes, key=lambda size: sizes[size], default=10.0), max(fonts, key=lambda font: fonts[font], default="")
    )


def page_blocks(
    regions: Sequence[Sequence[Line]], rules: Sequence[Rule], body: Body, words: Collection[str] = ()
) -> list[Paragraph | Table]:
    """What stands on one page, in reading order; a paragraph that goes on in the next column is one."""
    found: list[Paragraph | Table] = []
    for lines in regions:
        blocks = _with_lists(_region_blocks(lines, rules, body, words))
        if found and blocks and (whole := _rejoined(found[-1], blocks[0], words)):
            found[-1:] = [whole]
            blocks = blocks[1:]
        found += blocks
    return found


def add_blocks(out: TextBuilder, blocks: Iterable[Paragraph | Table], page: int) -> None:
    """Append the blocks of one page to `out`."""
    for block in blocks:
        if isinstance(block, Table):
            out.table(block.rows, header=block.header, page=page, box=_rounded(block.box), confidence=block.confidence)
        elif block.kind == "heading":
            out.heading(block.text, block.level, page=page, box=around(block.lines))
        elif block.kind == "list":
            out.bullets(block.text, page=page, box=around(block.lines))
        else:
            confidence = mean_confidence(piece for line in block.lines for piece in line.pieces)
            out.paragraph(block.text, page=page, box=around(block.lines), confidence=confidence)


def _region_blocks(
    lines: Sequence[Line], rules: Sequence[Rule], body: Body, words: Collection[str]
) -> list[Paragraph | Table]:
    found: list[Paragraph | Table] = []
    start = 0
    for begin, end, table in [*_tables(lines, rules), (len(lines), len(lines), None)]:
        found += paragraphs(lines[start:begin], body, words)
        if table is not None:
            found.append(table)
        start = end
    return found


def _with_lists(blocks: list[Paragraph | Table]) -> list[Paragraph | Table]:
    """Numbered lines that follow each other with nothing between are a list, not headings."""
    weak = [block.level if isinstance(block, Paragraph) and block.weak else 0 for block in blocks]
    beside = [{0, *weak[max(0, i - 1) : i], *weak[i + 1 : i + 2]} for i in range(len(weak))]
    return [
        replace(block, kind="list", level=0) if isinstance(block, Paragraph) and level and level in near else block
        for block, level, near in zip(blocks, weak, beside, strict=True)
    ]


def _tables(lines: Sequence[Line], rules: Sequence[Rule]) -> list[tuple[int, int, Table]]:
    """(first line, line behind the last, table): those that were found by their grid, and those between them."""
    found: list[tuple[int, int, Table]] = []
    start = 0
    grids = [(index, line.pieces[0].table) for index, line in enumerate(lines) if line.pieces[0].table]
    for index, table in [*grids, (len(lines), None)]:
        found += [(start + a, start + b, aligned) for a, b, aligned in find_tables(lines[start:index], rules)]
        if table is not None:
            found.append((index, index + 1, table))
        start = index + 1
    return found


def _rejoined(last: Paragraph | Table, first: Paragraph | Table, words: Collection[str]) -> Paragraph | None:
    """The paragraph that `last`, at the foot of a column, and `first`, at the head of the next, make together."""
    if isinstance(last, Table) or isinstance(first, Table) or last.kind == "heading" or first.kind != "paragraph":
        return None
    below, above = first.lines[0], last.lines[-1]
    stands_alone = last.text.endswith(_SENTENCE_END[:2]) or last.text.endswith((".", "!", "?", "：", ":"))
    if stands_alone or below.top >= above.top or abs(below.size - above.size) > 1 or below.font != above.font:
        return None
    # An indented line opens a paragraph; all but the first line of a paragraph say where the column begins.
    if len(first.lines) > 1 and below.left > first.lines[1].left + 0.8 * below.size:
        return None
    return Paragraph((*last.lines,), joined([last.text, first.text], words), last.kind)


def paragraphs(lines: Sequence[Line], body: Body, words: Collection[str] = ()) -> list[Paragraph]:
    """The paragraphs of lines that stand under each other."""
    found = []
    for stretch in _stretches(lines):
        for group in _groups(stretch, _right_edge(stretch, lines)):
            found += _paragraph(group, body, words)
    return found


def _stretches(lines: Sequence[Line]) -> list[list[Line]]:
    """Cut where the spacing grows or the size changes."""
    stretches: list[list[Line]] = []
    pitches = [below.base - above.base for above, below in pairwise(lines)]
    usual = median(pitches) if pitches else 0.0
    for index, line in enumerate(lines):
        above = lines[index - 1] if index else None
        if above is not None and stretches and _goes_on(above, line, pitches[index - 1], usual):
            stretches[-1].append(line)
        else:
            stretches.append([line])
    return stretches


def _goes_on(above: Line, line: Line, pitch: float, usual: float) -> bool:
    size = max(above.size, line.size)
    if size > 1.15 * min(above.size, line.size) and min(len(above.pieces[0].text), len(line.pieces[0].text)) > 1:
        return False
    if pitch > 1.15 * usual and pitch > 1.3 * size and above.text.endswith(_SENTENCE_END[:2]):
        return False
    return pitch < max(1.3 * min(usual, 2.2 * size), 1.15 * size)


def _right_edge(stretch: Sequence[Line], lines: Sequence[Line]) -> float:
    """Where lines of the stretch could end: as far as any other that begins where they do."""
    left = min(line.left for line in stretch)
    beside = (line.right for line in lines if abs(line.left - left) < 1.2 * line.size)
    return max(*(line.right for line in stretch), *beside)


def _groups(stretch: list[Line], right: float) -> list[list[Line]]:
    left = min(line.left for line in stretch)
    groups: list[list[Line]] = []
    number: tuple[str, str, int] | None = None
    for index, line in enumerate(stretch):
        above = stretch[index - 1] if index else None
        marked = _marker(line)
        follows = marked is not None and number is not None and marked[:2] == number[:2] and marked[2] == number[2] + 1
        if above is None or follows or _begins(above, line, left, right):
            groups.append([line])
            number = marked
        else:
            groups[-1].append(line)
    return groups


def _begins(above: Line, line: Line, left: float, right: float) -> bool:
    """Whether `line` begins a paragraph."""
    em = line.size
    if _opens_item(above, line):
        return True
    short = above.right < right - 2 * em
    if above.font != line.font and short and _is_uniform(above) and _is_uniform(line):
        return True
    centred = abs(above.left + above.right - line.left - line.right) < em and above.left > left + em
    if centred:
        return line.left < left + em and short
    if line.left > above.left + 0.8 * em and above.left < left + 0.8 * em:
        # An indent opens a paragraph, but the lines under "[1]" or "•" hang.
        return not any(mark.match(above.text) for mark in _MARKS)
    goes_on = line.text[0].islower() and not above.text.endswith(_SENTENCE_END)
    return not goes_on and right - above.right > _first_word(line) + 1.2 * em


def _opens_item(above: Line, line: Line) -> bool:
    if _LABELLED.match(line.text):
        return line.left < above.left - 0.8 * line.size or bool(_LABELLED.match(above.text))
    return bool(_BULLET.match(line.text))


def _first_word(line: Line) -> float:
    """Width of what could not be broken off: a word, or two ideographs."""
    text = line.text
    word = text.split(" ", 1)[0]
    if not word.isascii():
        return min(len(word), 2) * line.size
    return (line.right - line.left) * min(len(word), 25) / max(1, len(text))


def _is_uniform(line: Line) -> bool:
    return all(piece.font == line.font for piece in line.pieces)


def _marker(line: Line) -> tuple[str, str, int] | None:
    match = _NUMBERED.match(line.text)
    if match is None:
        return None
    number = match["number"]
    value = int(number) if number.isascii() and number.isdigit() else _CHINESE.get(number, ord(number[0]))
    return match["open"], match["close"], value


def _paragraph(group: list[Line], body: Body, words: Collection[str]) -> list[Paragraph]:
    text = joined([line.text for line in group], words).strip()
    if not text:
        return []
    level, weak = _heading_level(group, text, body)
    if level:
        return [Paragraph(tuple(group), text, "heading", level, weak)]
    kind: Literal["list", "paragraph"] = "list" if any(mark.match(text) for mark in _MARKS) else "paragraph"
    return [Paragraph(tuple(group), text, kind)]


def _heading_level(group: list[Line], text: str, body: Body) -> tuple[int, bool]:
    """1 to 6, or 0 for what is no heading; and whether only its number makes it one."""
    if len(group) > 3 or not 2 <= len(text) <= 120 or text.endswith(_SENTENCE_END) or not any(map(str.isalpha, text)):
        return 0, False
    ratio = min(line.size for line in group) / body.size
    section = _SECTION.match(text)
    large = ratio > 1.15
    other_font = body.font != "" and all(_is_uniform(line) and line.font != body.font for line in group)
    if section and len(group) == 1 and (large or other_font or _is_short(text)):
        return _section_level(section), not (large or other_font)
    if large and len(text) <= 80 and "://" not in text and sum(map(str.isalpha, text)) * 2 > len(text):
        return (1 if ratio > 1.5 else 2), False
    if other_font and len(group) == 1 and ratio > 0.9 and _is_title(text) and _is_strong(text, group[0].font):
        return 2, False
    return 0, False


def _section_level(section: re.Match[str]) -> int:
    if section["digits"]:
        return min(6, 2 + section["digits"].count("."))
    return {"chapter": 1, "part": 2, "chinese": 2, "bracket": 3, "english": 1}[section.lastgroup or "part"]


def _is_short(text: str) -> bool:
    return len(text) <= (30 if not text.isascii() else 70)


def _is_title(text: str) -> bool:
    return (
        _is_short(text)
        and sum(map(str.isalpha, text)) > 1
        and not _LONG_NUMBER.search(text)
        and not re.search(r"[@*=<>;；�]|[,，].*[,，]|[:：].|://", text)
    )


def _is_strong(text: str, font: str) -> bool:
    """Whether another font than the text's is meant as emphasis; names of Chinese fonts do not tell."""
    return bool(_BOLD.search(font)) or text.isupper() or not text.isascii()


def around(lines: Sequence[Line]) -> Box:
    """The box around lines."""
    return _rounded(
        Box(
            min(line.left for line in lines),
            min(line.top for line in lines),
            max(line.right for line in lines),
            max(line.bottom for line in lines),
        )
    )


def _rounded(box: Box) -> Box:
    return Box(*(round(value, 1) for value in box))
