"""What stands inside a Word paragraph: its text as it is shown, and the notes and text boxes that hang on it.

Tracked deletions and hidden text are left out, tracked insertions are kept; of a field its last result is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from gezhi.documents.ooxml import A, M, R, W, shown_children
from gezhi.documents.word.styles import Style, switched

_LEFT_OUT = frozenset(
    f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText", "delInstrText", "rt", "sdtPr")
)
_SIGNS = {
    f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-",
}  # fmt: skip
# Characters of the fonts Wingdings and Symbol that stand for ticks and boxes in forms, by their last byte.
_SYMBOLS = {0xFE: "☑", 0xFD: "☒", 0xA8: "□", 0x6F: "□", 0xFC: "✓", 0xFB: "✗", 0x52: "☑", 0x53: "☒", 0xB7: "•",
            0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xB0: "°", 0xB4: "×", 0x6D: "μ", 0x57: "Ω"}  # fmt: skip


@dataclass
class Paragraph:
    """The content of one paragraph."""

    text: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Part (`footnotes`, `endnotes`) and id of each note that is referred to."""
    boxes: list[etree._Element] = field(default_factory=list)
    """The content of text boxes, to be read like a document."""
    graphics: list[str] = field(default_factory=list)
    """Relationship ids of charts and diagrams."""
    letters: int = 0
    bold: int = 0
    """How many of the letters are bold."""
    size: int = 0
    """Half points of the largest letters; 0 is not told."""


def paragraph(element: etree._Element, style: Style) -> Paragraph:
    """The content of a `w:p` of this style."""
    found = Paragraph()
    _Reader(found, style).children(element)
    found.text = found.text.strip(" \t\n")
    return found


class _Reader:
    def __init__(self, found: Paragraph, style: Style) -> None:
        self.found, self.style = found, style
        self.bold, self.size = style.bold, style.size

    def children(self, element: etree._Element) -> None:
        for child in shown_children(element):
            self.one(child)

    def one(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _LEFT_OUT:
            return
        if tag in _SIGNS:
            self.found.text += _SIGNS[tag]
        elif tag in _KINDS:
            _KINDS[tag](self, element)
        else:
            self.children(element)

    def run(self, element: etree._Element) -> None:
        told = element.find(f"{W}rPr")
        if switched(told, "vanish"):
            return
        bold = switched(told, "b")
        size = told.find(f"{W}sz") if told is not None else None
        points = size.get(f"{W}val") or "" if size is not None else ""
        self.bold = self.style.bold if bold is None else bold
        self.size = int(points) if points.isdecimal() else self.style.size
        self.children(element)

    def letters(self, element: etree._Element) -> None:
        text = element.text or ""
        count = len(text.strip())
        if count:
            self.found.letters += count
            self.found.bold += count if self.bold else 0
            self.found.size = max(self.found.size, self.size)
        self.found.text += text

    def symbol(self, element: etree._Element) -> None:
        code = element.get(f"{W}char") or ""
        try:
            self.found.text += _SYMBOLS.get(int(code, 16) & 0xFF, "")
        except ValueError:
            return

    def note(self, element: etree._Element) -> None:
        part = "footnotes" if element.tag == f"{W}footnoteReference" else "endnotes"
        self.found.notes.append((part, element.get(f"{W}id") or ""))

    def box(self, element: etree._Element) -> None:
        self.found.boxes.append(element)

    def graphic(self, element: etree._Element) -> None:
        for inner in element:
            reference = inner.get(f"{R}id") or inner.get(f"{R}dm")
            if reference:
                self.found.graphics.append(reference)
        # Text boxes and groups of shapes stand in a graphic too.
        self.children(element)

    def formula(self, element: etree._Element) -> None:
        self.found.text += linear(element)


_Kind = Callable[[_Reader, etree._Element], None]
_KINDS: dict[str, _Kind] = {
    f"{W}r": _Reader.run,
    f"{W}t": _Reader.letters,
    f"{W}sym": _Reader.symbol,
    f"{W}footnoteReference": _Reader.note,
    f"{W}endnoteReference": _Reader.note,
    f"{W}txbxContent": _Reader.box,
    f"{M}oMath": _Reader.formula,
    f"{A}graphicData": _Reader.graphic,
}


def linear(element: etree._Element) -> str:
    """A formula in one line: (a)/(b), x^(2), x_(i); without the layout."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag == f"{M}t":
        return element.text or ""
    sign = _FORMULAS.get(tag)
    if sign is None:
        return "".join(linear(child) for child in element if child.tag not in _FORMULA_PROPERTIES)
    parts = [linear(child) for child in element if child.tag in _OPERANDS]
    return sign.join(part if len(part) < 2 else f"({part})" for part in parts)


_FORMULAS = {f"{M}f": "/", f"{M}sSup": "^", f"{M}sSub": "_"}
_OPERANDS = frozenset(f"{M}{name}" for name in ("num", "den", "e", "sup", "sub"))
_FORMULA_PROPERTIES = frozenset((f"{W}rPr", f"{M}rPr", f"{M}ctrlPr"))
