"""The shapes of a slide with text, from the XML: their kind, their place, their paragraphs with marks of lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from gezhi.documents.ooxml import A, M, P, R, shown_children
from gezhi.documents.slides.order import Area, reading_order
from gezhi.documents.tables.grid import Cell
from gezhi.documents.word.runs import linear

_MOST_COLUMNS = 1000
_TITLES = ("title", "ctrTitle")
_FURNITURE = frozenset(("dt", "ftr", "sldNum", "hdr", "sldImg"))
_PLACES = {f"{P}sp": f"{P}spPr/{A}xfrm", f"{P}grpSp": f"{P}grpSpPr/{A}xfrm", f"{P}graphicFrame": f"{P}xfrm"}


@dataclass
class Shape:
    """A text, table or graphic."""

    role: str = ""
    """Type of its placeholder: `title`, `body` ...; "" for none."""
    lines: list[str] = field(default_factory=list)
    """Its paragraphs."""
    listed: bool = False
    """Whether lines have marks of a list."""
    rows: list[list[Cell]] = field(default_factory=list)
    header: bool = False
    """Whether the first of `rows` is marked as a header."""
    graphic: str = ""
    """Relationship id of a chart or diagram."""

    @property
    def is_title(self) -> bool:
        """Whether it is the title of its slide."""
        return self.role in _TITLES


def shapes(slide: etree._Element, bases: tuple[etree._Element | None, ...] = ()) -> list[Shape]:
    """All in reading order, but for dates, footers and numbers. `bases`: the layout, then the master of a slide."""
    tree = slide.find(f"{P}cSld/{P}spTree")
    return [] if tree is None else _ordered(tree, bases)


def _ordered(group: etree._Element, bases: tuple[etree._Element | None, ...]) -> list[Shape]:
    found: list[tuple[Area, list[Shape]]] = []
    for element in shown_children(group):
        if element.tag == f"{P}grpSp":
            # Shapes of a group are placed in its own measure, and belong together.
            inside = _ordered(element, bases)
        else:
            shape = _shape(element)
            inside = [shape] if shape and shape.role not in _FURNITURE else []
        if inside:
            found.append((_area(element, bases), inside))
    return [shape for part in reading_order(found) for shape in part]


def _area(element: etree._Element, bases: tuple[etree._Element | None, ...]) -> Area:
    for place in (element, *(_base(element, base) for base in bases)):
        frame = place.find(_PLACES.get(place.tag, "")) if place is not None and place.tag in _PLACES else None
        off, ext = (frame.find(f"{A}off"), frame.find(f"{A}ext")) if frame is not None else (None, None)
        if off is not None and ext is not None:
            left, top = _number(off, "x"), _number(off, "y")
            return Area(left, top, left + max(0, _number(ext, "cx")), top + max(0, _number(ext, "cy")))
    return Area(0, 0, 0, 0)


def _base(element: etree._Element, base: etree._Element | None) -> etree._Element | None:
    """The placeholder of a layout or master that `element` takes its place from."""
    holder = element.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
    if holder is None or base is None:
        return None
    candidates = [(one, ph) for one in base.iter(f"{P}sp") if (ph := one.find(f"{P}nvSpPr/{P}nvPr/{P}ph")) is not None]
    for attribute in ("idx", "type"):
        wanted = holder.get(attribute)
        for one, other in candidates:
            if wanted and other.get(attribute) == wanted:
                return one
    return None


def _number(element: etree._Element, name: str) -> int:
    try:
        return int(element.get(name) or 0)
    except ValueError:
        return 0


def _shape(element: etree._Element) -> Shape | None:
    if element.tag == f"{P}graphicFrame":
        return _graphic(element)
    text = element.find(f"{P}txBody")
    if text is None:
        return None
    holder = element.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
    # A placeholder without a type is one for any content.
    role = (holder.get("type") or "body") if holder is not None else ""
    lines = list(_lines(text, bulleted=role == "body"))
    return Shape(role, [mark + line for mark, line in lines], listed=any(mark.strip() for mark, _ in lines))


def _graphic(element: etree._Element) -> Shape | None:
    table = element.find(f"{A}graphic/{A}graphicData/{A}tbl")
    if table is not None:
        properties = table.find(f"{A}tblPr")
        marked = properties is not None and properties.get("firstRow") in ("1", "true")
        return Shape(rows=[list(_cells(row)) for row in table.iterfind(f"{A}tr")], header=marked)
    for inner in element.iterfind(f"{A}graphic/{A}graphicData/*"):
        reference = inner.get(f"{R}id") or inner.get(f"{R}dm")
        if reference:
            return Shape(graphic=reference)
    return None


def _cells(row: etree._Element) -> Iterator[Cell]:
    for cell in row.iterfind(f"{A}tc"):
        if cell.get("hMerge") in ("1", "true"):
            continue
        body = cell.find(f"{A}txBody")
        text = "\n".join(mark + line for mark, line in _lines(body)) if body is not None else ""
        across = min(max(_number(cell, "gridSpan"), 1), _MOST_COLUMNS)
        yield Cell(text, across, cell.get("vMerge") in ("1", "true"))


def _lines(body: etree._Element, *, bulleted: bool = False) -> Iterator[tuple[str, str]]:
    """Each paragraph with text: its mark ("- ", "2. ", indented by level; "") and its words."""
    counts: dict[int, int] = {}
    for element in body.iterfind(f"{A}p"):
        text = _words(element).strip()
        properties = element.find(f"{A}pPr")
        depth = min(max(_number(properties, "lvl"), 0), 8) if properties is not None else 0
        told = {child.tag for child in properties} if properties is not None else set()
        if not text:
            continue
        if f"{A}buAutoNum" in told and properties is not None:
            counts = {level: count for level, count in counts.items() if level <= depth}
            first = _number(properties.find(f"{A}buAutoNum"), "startAt") or 1
            counts[depth] = counts.get(depth, first - 1) + 1
            yield "  " * depth + f"{counts[depth]}. ", text
        elif f"{A}buChar" in told or f"{A}buBlip" in told or (bulleted and f"{A}buNone" not in told):
            yield "  " * depth + "- ", text.replace("\n", " ")
        else:
            counts = {}
            yield "", text


def _words(element: etree._Element) -> str:
    text = ""
    for child in shown_children(element):
        if child.tag == f"{A}br":
            text += "\n"
        elif child.tag in (f"{A}r", f"{A}fld"):
            text += child.findtext(f"{A}t") or ""
        else:
            text += "".join(linear(formula) for formula in child.iter(f"{M}oMath"))
    return text.replace("\v", "\n")
