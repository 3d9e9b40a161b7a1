"""The characters of a PDF page as pieces of text with their boxes, through PDFium's C functions.

PDFium has no call for many characters at once, and a Python loop over all of them costs more than PDFium itself. So the
text of a page is taken whole, and boxes are asked for only where words begin and end, in C loops (`map` over function
pointers that keep the GIL).
"""

from __future__ import annotations

import ctypes
import math
from collections import deque
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from gezhi.documents.pages.layout import Piece, Rule
from gezhi.documents.pages.wording import HYPHEN

_POINTER = ctypes.c_void_p


def _fast(function: Any, *arguments: Any, result: Any = ctypes.c_int) -> Any:
    return ctypes.PYFUNCTYPE(result, _POINTER, *arguments)(ctypes.cast(function, _POINTER).value)  # type: ignore[arg-type]


_loose_box = _fast(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, _POINTER)
_tight_box = _fast(pdfium.FPDFText_GetCharBox, ctypes.c_int, _POINTER, _POINTER, _POINTER, _POINTER)
_code = _fast(pdfium.FPDFText_GetUnicode, ctypes.c_int, result=ctypes.c_uint)
_angle = _fast(pdfium.FPDFText_GetCharAngle, ctypes.c_int, result=ctypes.c_float)
_font_size = _fast(pdfium.FPDFText_GetFontSize, ctypes.c_int, result=ctypes.c_double)
_matrix = _fast(pdfium.FPDFText_GetMatrix, ctypes.c_int, _POINTER)
_font = _fast(pdfium.FPDFText_GetFontInfo, ctypes.c_int, _POINTER, ctypes.c_ulong, _POINTER)
_object = _fast(pdfium.FPDFPage_GetObject, ctypes.c_int, result=_POINTER)
_object_type = _fast(pdfium.FPDFPageObj_GetType)
_object_bounds = _fast(pdfium.FPDFPageObj_GetBounds, *[_POINTER] * 4)

_MARK = 0xFFFE
"""PDFium's stand-in for two things: the hyphen at the end of a line, and a glyph without any Unicode value."""
_BLANK = np.array([9, 10, 13, 32, 0xA0, 0x3000], dtype=np.uint32)
_APART = 0.9
"""Ems between words of two pieces."""


@dataclass(frozen=True, slots=True)
class PageText:
    """What stands on one page."""

    pieces: list[Piece]
    """Upright, in the order of the file."""
    aside: list[str]
    """Texts that run in another direction than most, such as a stamp in the margin."""
    rules: list[Rule]
    images: float
    """Share of the page that its largest image covers."""
    paths: int
    """Lines and shapes drawn: many where letters were turned into outlines."""
    unmapped: int
    """Visible characters without a Unicode value."""
    width: float
    height: float


def page_text(page: Any) -> PageText:
    """Read one `pypdfium2.PdfPage`."""
    textpage = page.get_textpage()
    try:
        raw = _address(textpage)
        codes, unmapped = _codes(textpage, raw)
        left, bottom, right, top = page.get_bbox()
        turn, words = _words(raw, codes)
        place = _Placing(turn, left, bottom, right, top)
        rules, images, paths = _drawn(page, place)
        pieces, aside = _pieces(raw, codes, words, place, rules)
    finally:
        textpage.close()
    return PageText(pieces, aside, rules, images, paths, unmapped, place.width, place.height)


def _address(handle: Any) -> int:
    return ctypes.cast(handle.raw, _POINTER).value or 0


def _codes(textpage: Any, raw: int) -> tuple[NDArray[np.uint32], int]:
    """A code point for each character: divided words end in HYPHEN and a newline, what has no code is U+FFFD."""
    count = max(0, textpage.count_chars())
    buffer = (ctypes.c_ushort * (count + 1))()
    # One UTF-16 unit a character is the rule; where PDFium leaves some out, or a character takes two, one by one.
    if count and pdfium.FPDFText_GetText(textpage.raw, 0, count, buffer) == count + 1:
        codes = np.frombuffer(buffer, dtype=np.uint16)[:count].astype(np.uint32)
    else:
        codes = np.fromiter(map(_code, repeat(raw), range(count)), dtype=np.uint32, count=count)
        codes[codes == 2] = _MARK
    _pair(codes)
    unmapped = 0
    for index in np.flatnonzero((codes == _MARK) | (codes == 0)):
        if _code(raw, int(index)) == 2 or pdfium.FPDFText_IsHyphen(textpage.raw, int(index)) == 1:
            codes[index] = ord(HYPHEN)
        elif _visible(raw, int(index)):
            codes[index] = 0xFFFD
            unmapped += 1
        else:
            codes[index] = 32
    return codes, unmapped


def _pair(codes: NDArray[np.uint32]) -> None:
    """Join the halves of surrogate pairs in place; U+FFFF, which no text keeps, fills the second place."""
    high = np.flatnonzero((codes[:-1] >> 10 == 0xD800 >> 10) & (codes[1:] >> 10 == 0xDC00 >> 10))
    codes[high] = 0x10000 + ((codes[high] & 0x3FF) << 10) + (codes[high + 1] & 0x3FF)
    codes[high + 1] = 0xFFFF


def _visible(raw: int, index: int) -> bool:
    box = (ctypes.c_double * 4)()
    start = ctypes.addressof(box)
    _tight_box(raw, index, start, start + 8, start + 16, start + 24)
    return bool(box[1] - box[0] > 0.1 and box[3] - box[2] > 0.1)


@dataclass(frozen=True, slots=True)
class _Words:
    """One entry a word; `first` and `last` are character indices, `line` counts PDFium's own lines."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    line: NDArray[np.int64]
    boxes: NDArray[np.float64]
    """(n, 4): left, bottom, right, top in PDF space."""
    turns: NDArray[np.int64]
    """Quarter turns, counter-clockwise, that the word is rotated by."""


def _words(raw: int, codes: NDArray[np.uint32]) -> tuple[int, _Words]:
    """The words, and the quarter turns by which most characters are rotated."""
    blank = np.isin(codes, _BLANK)
    divided = codes == ord(HYPHEN)
    before = np.concatenate(([True], (blank | divided)[:-1])) if len(codes) else blank
    after = np.concatenate((blank[1:], [True])) | divided if len(codes) else blank
    first, last = np.flatnonzero(~blank & before), np.flatnonzero(~blank & after)
    breaks = np.isin(codes, _BLANK[1:3]) | np.concatenate(([False], divided[:-1])) if len(codes) else blank
    line: NDArray[np.int64] = np.cumsum(breaks, dtype=np.int64)[first]
    begin, end = _boxes(raw, first), _boxes(raw, last)
    boxes = np.stack(
        (
            np.minimum(begin[:, 0], end[:, 0]),
            np.minimum(begin[:, 3], end[:, 3]),
            np.maximum(begin[:, 2], end[:, 2]),
            np.maximum(begin[:, 1], end[:, 1]),
        ),
        axis=1,
    )
    turns = _turns(raw, first, line)
    lengths = last - first + 1
    weights = np.bincount(turns, weights=lengths, minlength=4) if len(turns) else np.ones(1)
    return int(np.argmax(weights)), _Words(first, last, line, boxes, turns)


def _boxes(raw: int, indices: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n, 4): left, top, right, bottom of characters, over the whole height of their font."""
    boxes = np.zeros((len(indices), 4), dtype=np.float32)
    start = boxes.ctypes.data
    deque(map(_loose_box, repeat(raw), indices.tolist(), range(start, start + boxes.nbytes, 16)), maxlen=0)
    return boxes.astype(np.float64)


def _turns(raw: int, first: NDArray[np.int64], line: NDArray[np.int64]) -> NDArray[np.int64]:
    if not len(first):
        return np.zeros(0, dtype=np.int64)
    # All words of a line have one direction: only the first of each is asked.
    opens = np.flatnonzero(np.concatenate(([True], line[1:] != line[:-1])))
    angles = np.fromiter(map(_angle, repeat(raw), first[opens].tolist()), dtype=np.float64, count=len(opens))
    # PDFium's angles run clockwise.
    turns = -np.round(np.maximum(angles, 0) / (np.pi / 2)).astype(np.int64) % 4
    return np.repeat(turns, np.diff(np.append(opens, len(line))))


class _Placing:
    """From PDF space (origin bottom left, any rotation) to points from the top left, upright for most of the text."""

    def __init__(self, turn: int, left: float, bottom: float, right: float, top: float) -> None:
        self.turn, self._left, self._bottom, self._right, self._top = turn, left, bottom, right, top
        self.width, self.height = right - left, top - bottom
        if turn % 2:
            self.width, self.height = self.height, self.width

    def __call__(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 4) left, bottom, right, top -> (n, 4) left, top, right, bottom."""
        left, bottom, right, top = boxes.T
        a, b, c, d = left - self._left, self._top - top, right - self._left, self._top - bottom
        width, height = self._right - self._left, self._top - self._bottom
        placed = ((a, b, c, d), (height - d, a, height - b, c), (width - c, height - d, width - a, height - b),
                  (b, width - c, d, width - a))[self.turn]  # fmt: skip
        return np.stack(placed, axis=1)


def _pieces(
    raw: int, codes: NDArray[np.uint32], words: _Words, place: _Placing, rules: list[Rule]
) -> tuple[list[Piece], list[str]]:
    if not len(words.first):
        return [], []
    text = codes.astype("<u4").tobytes().decode("utf-32-le", "replace")
    boxes = place(words.boxes)
    left, top, right, bottom = boxes.T
    size = bottom - top
    middle = (top + bottom) / 2
    upright = words.turns == place.turn
    # A word opens a piece where PDFium's line changes, the gap is wide, or it stands higher, lower or further left.
    jump = np.ones(len(left), dtype=bool)
    em = np.maximum(np.minimum(size[1:], size[:-1]), 1)
    jump[1:] = (
        (words.line[1:] != words.line[:-1])
        | (left[1:] - right[:-1] > _APART * em)
        | (left[1:] < left[:-1])
        | (np.abs(middle[1:] - middle[:-1]) > 0.6 * np.maximum(size[1:], size[:-1]))
    )
    for rule in rules:
        if not rule.horizontal:
            # A vertical rule between two words parts two cells, however close they stand.
            jump[1:] |= (
                (right[:-1] <= rule.right + 1)
                & (left[1:] >= rule.left - 1)
                & (middle[1:] > rule.top)
                & (middle[1:] < rule.bottom)
            )
    opens = np.flatnonzero(jump).tolist()
    first, last, placed = words.first.tolist(), words.last.tolist(), boxes.tolist()
    fonts = _Fonts(raw)
    pieces: list[Piece] = []
    aside: list[str] = []
    turned = -1
    for begin, end in zip(opens, [*opens[1:], len(first)], strict=True):
        content = " ".join([text[first[i] : last[i] + 1] for i in range(begin, end)])
        if not upright[begin]:
            if aside and words.line[begin] == turned:
                aside[-1] += f" {content}"
            else:
                aside.append(content)
            turned = words.line[begin]
            continue
        # A superscript may open or end the piece: its longest word stands for it.
        longest = max(range(begin, end), key=lambda i: last[i] - first[i])
        _, head, _, base = placed[longest]
        points, font = fonts.at(first[longest], base - head)
        pieces.append(Piece(content, placed[begin][0], head, placed[end - 1][2], base, points, font))
    return pieces, aside


class _Fonts:
    """Size and name of the font of a character, with buffers that serve the whole page."""

    def __init__(self, raw: int) -> None:
        self._raw = raw
        self._matrix, self._name, self._flags = (ctypes.c_float * 6)(), ctypes.create_string_buffer(128), ctypes.c_int()
        self._places = [ctypes.addressof(buffer) for buffer in (self._matrix, self._name, self._flags)]

    def at(self, index: int, height: float) -> tuple[float, str]:
        """The size is the height where the file hides it: Type 3 fonts have a size of 1."""
        matrix, name, flags = self._places
        size = height
        if _matrix(self._raw, index, matrix):
            told = _font_size(self._raw, index) * math.hypot(self._matrix[2], self._matrix[3])
            size = told if 0.5 * height < told < 2 * height else height
        length = _font(self._raw, index, name, 128, flags)
        return size, self._name.raw[: max(0, min(length, 128) - 1)].decode("utf-8", "replace")


def _drawn(page: Any, place: _Placing) -> tuple[list[Rule], float, int]:
    """Straight lines, the share of the page under its largest image, and how many paths are drawn."""
    raw = _address(page)
    paths: list[tuple[float, ...]] = []
    largest = 0.0
    bounds = (ctypes.c_float * 4)()
    start = ctypes.addressof(bounds)
    for index in range(pdfium.FPDFPage_CountObjects(page.raw)):
        item = _object(raw, index)
        kind = _object_type(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT or not _object_bounds(item, start, start + 4, start + 8, start + 12):
            continue
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            paths.append(tuple(bounds))
        else:
            # Images, and forms, in which scanners like to wrap them.
            largest = max(largest, (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]))
    rules = [rule for box in place(np.array(paths)).tolist() for rule in _rules(*box)] if paths else []
    return rules, largest / max(1.0, place.width * place.height), len(paths)


def _rules(left: float, top: float, right: float, bottom: float) -> list[Rule]:
    width, height = right - left, bottom - top
    if min(width, height) < 3 and max(width, height) > 12:
        return [Rule(left, top, right, bottom)]
    if width > 30 and 6 < height < 400:
        # A frame or a filled cell: its edges are rules.
        return [Rule(left, top, right, top), Rule(left, bottom, right, bottom),
                Rule(left, top, left, bottom), Rule(right, top, right, bottom)]  # fmt: skip
    return []
