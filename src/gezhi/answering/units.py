"""The smallest pieces of a passage that can be quoted: sentences, list items, table rows; with what they lean on.

Headings are no units: they say what a text is about, never what is so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal

from gezhi.core.types import Passage
from gezhi.language.fold import fold
from gezhi.language.sentences import sentences
from gezhi.language.tokens import CJK
from gezhi.privacy.injection import find_suspicions

Kind = Literal["sentence", "item", "row", "title"]
"""A title is a line that introduces what stands below it and says nothing alone."""
CELL = " | "
"""Between the cells of a table row, as the readers write it."""
_ITEM = re.compile(
    r"(?:[-*•·▪●○‣–—]|\(?\d{1,2}[.)、）]|[（(][\d一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|[a-z][.)])\s*\S"
)
_BARE_MARK = re.compile(r"\(?\d{1,2}[.)]|[a-zA-Z][.)]|[-*•·]")
_TERMINAL = re.compile(r"[。！？!?.;；…：:，,、][”’\"'」』）)】》\]]*$")
_LEADS_IN = re.compile(
    r"[：:]\s*$|见下表[。.]?$|如下(?:表所?示)?[。.]?$|\b(?:as follows|table below)[.:]?$", re.IGNORECASE
)
_LEANS = re.compile(
    r"(?:其中|其|该|此|这|那|它|他|她|以上|上述|前者|后者|同时|但是?|因此|所以|然而|不过|此外|另外|并且?|而且?)"
    r"|(?:it|its|he|she|they|his|her|their|this|that|these|those|such|however|but|therefore|thus|so|then|the latter|"
    r"the former|both|there)\b",
    re.IGNORECASE,
)
_LINE = re.compile(r"[^\n]+")
_LIMITS = re.compile(r"但|不过|除非|除外|例外|然而|(?:however|but|except|unless|the exception)\b", re.IGNORECASE)
_LONGEST_JOINED = 160
"""Characters; clauses behind semicolons and sentences of a list item are one unit up to here."""
_LONGEST_LIST = 12
"""Items shown behind their introduction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """`passage.chunk.text[start:end]`."""

    passage: int
    """Index of the passage."""
    start: int
    end: int
    text: str
    kind: Kind
    header: str
    """Of a row: the names of its columns, in the same form; "" where they are not known."""
    about: str
    """What it stands under: the headings of the chunk, and the title or introduction of its list."""
    order: int
    """Position among the units of its passage."""

    @property
    def shown(self) -> str:
        """As a reader understands it: a row with the names of its columns, anything else as it is."""
        return readable_row(self.text, self.header) if self.kind == "row" else self.text


def quotable_units(passages: Sequence[Passage]) -> list[list[Unit]]:
    """The units of each passage, without those that give orders to a model."""
    return [_without_orders(units_of(passage, i), passage.chunk.text) for i, passage in enumerate(passages)]


def units_of(passage: Passage, index: int) -> list[Unit]:
    """The units of one passage, in order."""
    text, units = passage.chunk.text, list[Unit]()
    above = "\n".join(line for line in passage.chunk.context.split("\n") if CELL not in line)
    headings = {_plain(part) for part in re.split(r"\s*[>\n]\s*", above)}
    for start, end, header in sorted([*_rows(text, _header_above(passage)), *_prose(text)]):
        piece = text[start:end]
        if CELL not in piece and (_plain(piece) in headings or _is_heading(text, start, end)):
            continue
        kind = _kind(text, start, end)
        units.append(
            Unit(
                passage=index, start=start, end=end, text=piece, kind=kind, header=header, about=above, order=len(units)
            )
        )
        if kind == "item" and (intro := introduction(units, len(units) - 1)):
            units[-1] = replace(units[-1], about=f"{above}\n{intro.text}".strip())
    return units


def _kind(text: str, start: int, end: int) -> Kind:
    piece = text[start:end]
    if CELL in piece:
        return "row"
    if _ITEM.match(piece):
        return "item"
    below = text[end:].lstrip(" ")
    begins_list = below.startswith("\n") and not below.startswith("\n\n") and _ITEM.match(below.lstrip()) is not None
    return "title" if begins_list and not _TERMINAL.search(piece) else "sentence"


def readable_row(row: str, header: str) -> str:
    """`name: value` for each cell that is not empty; the row as it is where the header does not fit."""
    cells, names = row.split(CELL.strip()), header.split(CELL.strip())
    if not header or len(cells) != len(names):
        return row
    chinese = re.search(f"[{CJK}]", header) is not None
    colon, comma = ("：", "；") if chinese else (": ", "; ")
    pairs = ((name.strip(), cell.strip()) for name, cell in zip(names, cells, strict=True))
    return comma.join(f"{name}{colon}{cell}" if name else cell for name, cell in pairs if cell)


def leans_on_previous(unit: Unit) -> bool:
    """Whether it begins with a word that points to the sentence before (它, 其, this, however ...)."""
    return unit.kind == "sentence" and _LEANS.match(unit.text) is not None


def leads_in(unit: Unit) -> bool:
    """Whether a list or table must follow ("规定如下：")."""
    return unit.kind == "title" or _LEADS_IN.search(unit.text) is not None


def limits_previous(unit: Unit) -> bool:
    """Whether it takes back a part of the sentence before (但电池除外, however, except)."""
    return unit.kind == "sentence" and _LIMITS.match(unit.text) is not None


def items_behind(units: Sequence[Unit], here: int) -> list[Unit]:
    """The list or table behind its introduction, or the one sentence that stands there."""
    behind = list(units[here + 1 : here + 1 + _LONGEST_LIST])
    # "见下表。" may be followed by a remark before the table comes.
    remark = behind[:1] if behind and behind[0].kind == "sentence" else []
    rest = behind[len(remark) :]
    if not rest or rest[0].kind not in ("item", "row"):
        return remark
    return [*remark, *takewhile(lambda unit: unit.kind == rest[0].kind, rest)]


def items_around(units: Sequence[Unit], here: int) -> list[Unit]:
    """The whole list that the item at `here` belongs to."""
    before = list(takewhile(lambda unit: unit.kind == "item", reversed(units[:here])))
    behind = list(takewhile(lambda unit: unit.kind == "item", units[here:]))
    return [*reversed(before), *behind]


def introduction(units: Sequence[Unit], here: int) -> Unit | None:
    """The sentence that introduces the list which the item at `here` belongs to."""
    before = next((unit for unit in reversed(units[:here]) if unit.kind != "item"), None)
    return before if before and leads_in(before) else None


def _without_orders(units: list[Unit], text: str) -> list[Unit]:
    orders = [one for one in find_suspicions(text) if one.kind == "order"]
    kept = [unit for unit in units if not any(one.start < unit.end and unit.start < one.end for one in orders)]
    return _numbered(kept)


def _numbered(units: Sequence[Unit]) -> list[Unit]:
    return [replace(unit, order=order) for order, unit in enumerate(units)]


def _header_above(passage: Passage) -> str:
    """The header row of the table that the passage goes on with, or ""."""
    lines = [line for line in passage.chunk.context.split("\n") if CELL in line]
    return lines[-1] if lines else ""


def _rows(text: str, header: str) -> list[tuple[int, int, str]]:
    """Lines that are table rows, with their header. The header row of a table that begins here is none of them."""
    rows: list[tuple[int, int, str]] = []
    current, last_end = header, -2
    for match in _LINE.finditer(text):
        if CELL not in match.group():
            continue
        line, starts_table = match.group(), match.start() != last_end + 1
        last_end = match.end()
        if line == header or (
            starts_table and _names_columns(line) and text[match.end() + 1 :].split("\n", 1)[0].count(CELL)
        ):
            current = line
            continue
        if starts_table and rows:
            current = ""
        rows.append((match.start(), match.end(), current))
    return rows


def _names_columns(line: str) -> bool:
    cells = [cell.strip() for cell in line.split(CELL.strip())]
    return all(len(cell) <= 20 and not re.match(r"[-+¥$]?\d", cell) for cell in cells) and sum(map(bool, cells)) > 1


def _prose(text: str) -> list[tuple[int, int, str]]:
    """Sentences of what is no table."""
    blanked = _LINE.sub(lambda m: "\n" * len(m.group()) if CELL in m.group() else m.group(), text)
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(blanked):
        if spans and _goes_on(text, spans[-1], start) and end - spans[-1][0] <= _LONGEST_JOINED:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [(start, end, "") for start, end in spans]


def _goes_on(text: str, before: tuple[int, int], start: int) -> bool:
    """Whether what starts at `start` is a further clause behind a semicolon, or more of the same list item."""
    piece = text[slice(*before)]
    in_line = "\n" not in text[before[1] : start]
    return in_line and (piece.endswith(("；", ";")) or _ITEM.match(piece) is not None)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Sentence spans; a lone "1." or "-" is put before what it numbers."""
    spans: list[tuple[int, int]] = []
    for start, end in sentences(text):
        if spans and _BARE_MARK.fullmatch(text[spans[-1][0] : spans[-1][1]]) and "\n" not in text[spans[-1][1] : start]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _is_heading(text: str, start: int, end: int) -> bool:
    """A `#` line, or a short line of its own without a full stop that a longer one follows."""
    piece = text[start:end]
    if re.match(r"#{1,6}\s", piece):
        return True
    alone = (start == 0 or text[start - 1] == "\n") and text[end : end + 1] == "\n"
    if not alone or _TERMINAL.search(piece) or CELL in piece or _ITEM.match(piece):
        return False
    following = text[end:].lstrip().split("\n", 1)[0]
    return len(piece) <= 30 and len(following) > len(piece) and text[end : end + 2] == "\n\n"


def _plain(text: str) -> str:
    return fold(text).lstrip("#").strip()
